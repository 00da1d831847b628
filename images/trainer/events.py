"""What a run tells while it works, in the order it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stage:
    name: str
    """reading, loading, drawing before, drawing class, caching, training, drawing after, saving"""


@dataclass(frozen=True)
class Step:
    step: int
    total: int
    loss: float
    eta_s: float
    """seconds until the last step, at the pace so far"""


@dataclass(frozen=True)
class Sample:
    """A grid of sample pictures: a row for each prompt, a column for each seed."""

    step: int
    path: Path


@dataclass(frozen=True)
class Checkpoint:
    """The folder now holds a checkpoint of this step."""

    step: int
    folder: Path


@dataclass(frozen=True)
class Done:
    output: Path


Event = Stage | Step | Sample | Checkpoint | Done
Report = Callable[[Event], None]


class Stopped(Exception):
    """The run was asked to stop, and did; what it had learnt is in the newest checkpoint, if it has a folder for them."""


@dataclass
class Stop:
    """Set by a signal, polled in every loop."""

    asked: bool = False

    def check(self) -> None:
        if self.asked:
            raise Stopped("stopped on request; run again with the same checkpoint folder to go on")
