"""Which step of a run is kept, and why; and when there is nothing to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from images.trainer.events import LearntNothing
from images.trainer.measuring import Measurement

ROOM = 0.05
"""least distance of likeness between the base and the subject's own pictures in which progress can be told from chance"""


@dataclass(frozen=True)
class Standing:
    """Of one step, against the untuned base; each in 0..1."""

    step: int
    learnt: float
    """how far the sample pictures have come from the base's likeness to that of the subject's own pictures"""
    prompts_kept: float
    """the base's prompt fidelity that is left"""
    class_kept: float
    """one less how far pictures of the plain class have come towards the subject"""

    @property
    def score(self) -> float:
        return round(self.learnt * self.prompts_kept * self.class_kept, 4)

    def __str__(self) -> str:
        kept = f"{self.prompts_kept:.0%} of the prompts kept, {self.class_kept:.0%} of the class"
        return f"{self.learnt:.0%} of the way to the subject, {kept}"


@dataclass(frozen=True)
class Choice:
    step: int
    why: str


def standing(now: Measurement, untuned: Measurement, ceiling: float | None) -> Standing | None:
    """None if there is nothing to measure with, or no room between the base and the subject."""
    learnt = _way(now.likeness, untuned.likeness, ceiling)
    if learnt is None:
        return None
    drift = _way(now.class_likeness, untuned.class_likeness, ceiling) or 0.0
    kept = 1.0 if now.recognised is None or not untuned.recognised else min(1.0, now.recognised / untuned.recognised)
    return Standing(now.step, learnt, kept, 1 - drift)


def choose(standings: Sequence[Standing], last: int) -> Choice:
    """The best score; of equals, the later."""
    if not standings:
        return Choice(last, "the last step: there is nothing to measure the others with")
    best, *others = sorted(standings, key=lambda each: (each.score, each.step), reverse=True)
    also = "; ".join(f"step {each.step}: {each}" for each in sorted(others, key=lambda each: each.step))
    return Choice(best.step, f"step {best.step} has the best product of {best}" + (f" (others: {also})" if also else ""))


def check_progress(now: Standing | None, steps: int, least: float) -> None:
    """Raises LearntNothing from half of the steps on."""
    if now is not None and 2 * now.step >= steps and now.learnt < least:
        raise LearntNothing(
            f"after {now.step} of {steps} steps the pictures are no closer to the subject ({now.learnt:.0%} of the way). "
            "Pictures that show the subject larger and from more sides help most; a higher learning rate is the next to try."
        )


def _way(now: float | None, before: float | None, ceiling: float | None) -> float | None:
    if now is None or before is None or ceiling is None or ceiling - before < ROOM:
        return None
    return min(1.0, max(0.0, (now - before) / (ceiling - before)))
