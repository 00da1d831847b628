"""`progress.json`: where a run stands, for whoever watches; written at most once a second, from a thread of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Self

INTERVAL = 1.0
"""seconds between writes: Cloud Storage takes one a second for an object"""
MOST_LOSSES = 120
"""that are written"""


@dataclass(frozen=True)
class Progress:
    stage: str = "starting"
    """a stage of the run, then uploading, then done; failed or stopped otherwise"""
    step: int = 0
    total: int = 0
    loss: float | None = None
    eta_s: float | None = None
    samples: tuple[str, ...] = field(default=())
    """uris of the grids so far, oldest first"""
    losses: tuple[tuple[int, float], ...] = field(default=())
    """step and loss, of the whole run"""
    error: str = ""

    def wire(self) -> str:
        points = thinned(self.losses)
        body = {
            "stage": self.stage,
            "step": self.step,
            "total": self.total,
            "loss": self.loss,
            "etaSeconds": None if self.eta_s is None else round(self.eta_s, 1),
            "samples": list(self.samples),
            "lossSteps": [step for step, _ in points],
            "losses": [round(loss, 5) for _, loss in points],
            "updatedAt": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        return json.dumps(body | ({"error": self.error} if self.error else {}))


def thinned(losses: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The first, the last, and between them every second, fourth, eighth...: what was shown once moves nowhere as more come."""
    every = 1
    while len(losses) > every * (MOST_LOSSES - 1):
        every *= 2
    kept = list(losses[::every])
    return kept if not kept or kept[-1] == losses[-1] else [*kept, losses[-1]]


class ProgressWriter:
    """The latest state wins. Writing is a courtesy: if it fails, training goes on, and `complain` is told."""

    def __init__(self, write: Callable[[str], None], complain: Callable[[Exception], None]) -> None:
        self.now = Progress()
        self.write, self.complain = write, complain
        self._changed, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)

    def update(self, **changes: object) -> None:
        self.now = replace(self.now, **changes)  # type: ignore[arg-type]
        self._changed.set()

    def __enter__(self) -> Self:
        self._changed.set()
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._closed.set()
        self._changed.set()
        self._thread.join()
        self._write()

    def _run(self) -> None:
        while self._changed.wait() and not self._closed.is_set():
            self._changed.clear()
            self._write()
            self._closed.wait(INTERVAL)

    def _write(self) -> None:
        try:
            self.write(self.now.wire())
        except OSError as error:
            self.complain(error)
