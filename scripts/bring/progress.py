"""How far a transfer is, told every few seconds. It promises nothing before it has measured."""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY_S = 5.0
_UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


class Progress:
    def __init__(self, verb: str, total: int, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        """Of `total` bytes that are still to go."""
        self.verb, self.total, self.say, self.clock = verb, total, say, clock
        self.done = 0
        self._began = self._told = clock()

    def add(self, count: float | None) -> None:
        self.done += int(count or 0)
        now = self.clock()
        if now - self._told >= _EVERY_S:
            self._told = now
            self.say(f"{self.verb} {sized(self.done)} of {sized(self.total)}, {self._pace(now)}")

    def _pace(self, now: float) -> str:
        """Of this run alone: what an earlier one brought says nothing of this network."""
        rate = self.done / (now - self._began)
        if rate <= 0:
            return "nothing has come yet"
        return f"{sized(rate)}/s, about {lasting((self.total - self.done) / rate)} left at this pace"


def sized(count: float) -> str:
    """Bytes, in units of a thousand, as the hub's pages tell them."""
    return next((f"{count / size:.1f} {unit}" for size, unit in _UNITS if count >= size), f"{count:.0f} bytes")


def lasting(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
