"""The figures of a run, and the page that goes with its model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Self

from images.trainer.choice import Choice
from images.trainer.config import TrainConfig
from images.trainer.events import NotLearnt
from images.trainer.intake import Intake
from images.trainer.measuring import Measurement
from images.trainer.record import Record

WINDOW = 10
"""losses that the first and the last figure average"""


@dataclass(frozen=True)
class PromptResult:
    prompt: str
    likeness_before: float | None
    likeness_after: float | None


@dataclass(frozen=True)
class Metrics:
    steps: int
    """done, which may be fewer than were planned"""
    loss_first: float
    """mean of the first ten"""
    loss_last: float
    """mean of the last ten"""
    likeness_before: float | None
    """mean cosine of the untuned base's pictures to the subject's, in -1..1; None if the base brings no likeness network"""
    likeness_after: float | None
    """of the step that is kept, as all that is called after"""
    likeness_ceiling: float | None
    """among the subject's own pictures"""
    prompts: tuple[PromptResult, ...]
    seeds: tuple[int, ...]
    pictures_used: tuple[str, ...]
    pictures_notes: dict[str, tuple[str, ...]]
    """of each used picture: what was done to it"""
    pictures_skipped: dict[str, str]
    contexts: tuple[str, ...]
    """the surroundings that were measured in"""
    measurements: tuple[Measurement, ...]
    """by step; of the untuned base first"""
    kept: Choice
    seconds: dict[str, float]
    """by stage, of this process"""

    @property
    def before(self) -> Measurement:
        return self.measurements[0]

    @property
    def after(self) -> Measurement:
        return next(measurement for measurement in self.measurements if measurement.step == self.kept.step)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")


@dataclass(frozen=True)
class Failure:
    """Of a run that leaves no model, in place of its metrics."""

    failure: str
    """in plain words"""
    kind: str
    steps: int
    """measured last"""
    measurements: tuple[Measurement, ...]

    @classmethod
    def of(cls, error: NotLearnt, measurements: Sequence[Measurement]) -> Self:
        return cls(str(error), type(error).__name__, measurements[-1].step if measurements else 0, tuple(measurements))

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")


def measure(
    config: TrainConfig, intake: Intake, losses: Sequence[float], record: Record, kept: Choice, seconds: dict[str, float]
) -> Metrics:
    before, after = record.at(0), record.at(kept.step)
    return Metrics(
        steps=len(losses),
        loss_first=round(fmean(losses[:WINDOW]), 5),
        loss_last=round(fmean(losses[-WINDOW:]), 5),
        likeness_before=before.likeness,
        likeness_after=after.likeness,
        likeness_ceiling=record.gauge.ceiling,
        prompts=tuple(PromptResult(*row) for row in zip(config.prompts, before.by_prompt, after.by_prompt, strict=True)),
        seeds=config.seeds,
        pictures_used=intake.used,
        pictures_notes=intake.notes,
        pictures_skipped=intake.skipped,
        contexts=record.gauge.contexts,
        measurements=tuple(record.measurements),
        kept=kept,
        seconds={name: round(spent, 2) for name, spent in seconds.items()},
    )
