"""What a run tells while it works, in the order it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stage:
    name: str
    """reading, loading, drawing before, drawing class, caching, training, drawing after, saving"""

    def __str__(self) -> str:
        return f"stage {self.name}"


@dataclass(frozen=True)
class Step:
    step: int
    total: int
    loss: float
    eta_s: float
    """seconds until the last step, at the pace so far"""

    def __str__(self) -> str:
        return f"step {self.step}/{self.total} loss {self.loss:.4f} eta {self.eta_s:.0f} s"


@dataclass(frozen=True)
class Resumed:
    """An earlier process had got this far."""

    step: int
    losses: tuple[tuple[int, float], ...]
    """as its step events told them: step, loss"""

    def __str__(self) -> str:
        return f"resumed after step {self.step}"


@dataclass(frozen=True)
class PassedOver:
    """A checkpoint of this run that cannot be gone on from."""

    step: int
    reason: str

    def __str__(self) -> str:
        return f"checkpoint of step {self.step} passed over: {self.reason}"


@dataclass(frozen=True)
class ClassDrawn:
    paths: tuple[Path, ...]
    """the new ones"""
    count: int
    """there now"""
    wanted: int

    def __str__(self) -> str:
        return f"class pictures {self.count}/{self.wanted}"


@dataclass(frozen=True)
class Sample:
    """A grid of sample pictures: a row for each prompt, a column for each seed."""

    step: int
    path: Path

    def __str__(self) -> str:
        return f"sample of step {self.step}: {self.path}"


@dataclass(frozen=True)
class Measured:
    """The folder now holds the figures of this step, and its weights if it is the best so far."""

    step: int
    folder: Path
    names: tuple[str, ...]
    """of the new files, each of which is there before those that need it"""

    def __str__(self) -> str:
        return f"measured step {self.step}"


@dataclass(frozen=True)
class Checkpoint:
    """The folder now holds a checkpoint of this step."""

    step: int
    folder: Path
    names: tuple[str, ...]
    """as of Measured"""

    def __str__(self) -> str:
        return f"checkpoint of step {self.step} in {self.folder}"


@dataclass(frozen=True)
class Done:
    output: Path

    def __str__(self) -> str:
        return f"done: {self.output}"


Event = Stage | Resumed | PassedOver | ClassDrawn | Step | Sample | Measured | Checkpoint | Done
Report = Callable[[Event], None]


class Stopped(BaseException):
    """The run was asked to stop, and did; what it had learnt is in the newest checkpoint, if it has a folder for them. As with
    KeyboardInterrupt, whoever catches all that can go wrong does not catch this: libraries do while they load a model."""


class Superseded(Stopped):
    """Another process has taken this run over. What this one learnt since is left to it."""

    def __init__(self) -> None:
        super().__init__("another process has taken this run over; this one leaves all to it")


class NotLearnt(ValueError):
    """There is no model to keep; the text says what to change."""


class Diverged(NotLearnt):
    """The loss grows, or is no longer a number."""


class LearntNothing(NotLearnt):
    """Half of the steps are done, and the pictures are no closer to the subject."""


@dataclass
class Stop:
    """Set by a signal or another thread, polled in every loop."""

    asked: bool = False
    superseded: bool = False
    enough: bool = False
    """what is learnt by now is to be kept: training ends before its next step, and the run goes on to its end"""
    interrupts: bool = False

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Within, until something is learnt that is in no file yet, whoever asks does not wait for the next poll: a download, an import or
        a large picture can take longer than a machine waits that is taken away. What then fails, fails of that: compiled libraries make an
        error of their own of a Stopped that passes through them, as safetensors does."""
        self.interrupts = True
        try:
            yield
        except Exception:
            if self.interrupts:
                self.check()
            raise
        finally:
            self.interrupts = False

    def ask(self) -> None:
        """For a signal's handler, in the main thread. Raises Stopped, the first time, within `at_once`."""
        first, self.asked = not self.asked, True
        if first and self.interrupts:
            self.check()

    def check(self) -> None:
        if self.superseded:
            raise Superseded
        if self.asked:
            raise Stopped("stopped on request; run again with the same checkpoint folder to go on")
