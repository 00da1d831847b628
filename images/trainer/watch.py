"""What is said to a run from outside while it works: that it is enough, or that another process has taken it over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Self

from images.trainer.events import Stop

INTERVAL = 2.0
"""seconds between looks"""


class RunWatch:
    """Looks from a thread of its own, so that no step waits for it. If it cannot look, training goes on, and `complain` is told."""

    def __init__(
        self,
        enough: Callable[[], bool],
        superseded: Callable[[], bool],
        stop: Stop,
        complain: Callable[[Exception], None],
        interval: float = INTERVAL,
    ) -> None:
        self.enough, self.superseded, self.stop, self.complain, self.interval = enough, superseded, stop, complain, interval
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self.stop.superseded and not self._closed.is_set():
            try:
                self.stop.superseded = self.superseded()
                self.stop.enough = self.stop.enough or self.enough()
            except OSError as error:
                self.complain(error)
            self._closed.wait(self.interval)
