"""What a terminal shows: results on standard output, progress on standard error; bars for people, lines for everything else."""

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from services.upload import wire

_TENTHS = 10
# of training, of which the service itself says how long it takes
STEPS = "steps"


class Track(Protocol):
    """How far each of several things is; may be told from several threads."""

    def at(self, name: str, done: int, total: int, fact: str = "") -> None: ...


class Lines:
    """One as each thing ends, and one each tenth of what takes longer."""

    def __init__(self, unit: str) -> None:
        self._unit, self._lock = unit, threading.Lock()
        self._began: dict[str, tuple[float, int]] = {}
        self._tenths: dict[str, int] = {}
        self._told: dict[str, float] = {}

    def at(self, name: str, done: int, total: int, fact: str = "") -> None:
        with self._lock:
            now = time.monotonic()
            began, first = self._began.setdefault(name, (now, done))
            tenth = done * _TENTHS // max(total, 1)
            over = done >= total and self._tenths.get(name) != _TENTHS
            if not over and (tenth <= self._tenths.get(name, 0) or now - self._told.get(name, began) < 1):
                return
            self._tenths[name], self._told[name] = tenth, now
            note(
                "  ".join(
                    filter(None, (name, _of(done, total, self._unit), _rate(done - first, total - done, now - began, self._unit), fact))
                )
            )


class Bars:
    """With the rate and the time that is left."""

    def __init__(self, progress: Any) -> None:
        self._progress, self._tasks, self._lock = progress, dict[str, Any](), threading.Lock()

    def at(self, name: str, done: int, total: int, fact: str = "") -> None:
        with self._lock:
            if name not in self._tasks:
                self._tasks[name] = self._progress.add_task(name, total=max(total, 1), fact="")
            self._progress.update(self._tasks[name], completed=done if total else 1, total=max(total, 1), fact=fact)


class Screen:
    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def result(self, shown: wire.Wire | Sequence[wire.Wire], text: str) -> None:
        """What was asked for: as JSON, or as people read it."""
        out(_json(shown) if self.as_json else text)

    def paths(self, paths: Sequence[Path]) -> None:
        names = [str(path) for path in paths]
        out(json.dumps(names) if self.as_json else "\n".join(names))

    @contextmanager
    def track(self, unit: str) -> Iterator[Track]:
        """`unit` is B for bytes, or what is counted."""
        progress = _bars(unit) if sys.stderr.isatty() else None
        if progress is None:
            yield Lines(unit)
            return
        with progress:
            yield Bars(progress)


def out(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def amount(count: float) -> str:
    for name, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= size:
            return f"{count / size:.1f} {name}"
    return f"{count:.0f} B"


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _of(done: int, total: int, unit: str) -> str:
    return f"{amount(done)} of {amount(total)}" if unit == "B" else f"{done} of {total} {unit}"


def _rate(came: int, left: int, took_s: float, unit: str) -> str:
    if took_s < 0.05 or came <= 0:
        return ""
    rate = came / took_s
    shown = f"{amount(rate)}/s" if unit == "B" else f"{rate:.1f}/s"
    return f"{shown}, {duration(left / rate)} left" if left and unit != STEPS else shown


def _json(shown: wire.Wire | Sequence[wire.Wire]) -> str:
    if isinstance(shown, wire.Wire):
        return shown.model_dump_json(by_alias=True)
    return json.dumps([each.model_dump(mode="json", by_alias=True) for each in shown])


def _bars(unit: str) -> Any:
    """None where rich is not installed."""
    try:
        from rich import progress
        from rich.console import Console
        from rich.text import Text
    except ImportError:
        return None

    class Rate(progress.ProgressColumn):
        def render(self, task: progress.Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    if unit == "B":
        counted: list[Any] = [progress.DownloadColumn(binary_units=True), progress.TransferSpeedColumn()]
    else:
        counted = [progress.MofNCompleteColumn(), progress.TextColumn(unit), Rate()]
    left = [] if unit == STEPS else [progress.TimeRemainingColumn(compact=True)]
    columns = [progress.TextColumn("{task.description}"), progress.BarColumn(), *counted, *left]
    return progress.Progress(*columns, progress.TextColumn("{task.fields[fact]}"), console=Console(stderr=True))
