"""What a model has learnt and what it has forgotten, in figures: always from the same prompts and seeds, so that steps can be compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import torch
from PIL import Image

from images.trainer.config import TrainConfig
from images.trainer.family import Family
from images.trainer.grids import Rows, drawing
from images.trainer.likeness import Likeness, ceiling, mean_cosine
from images.trainer.onlooker import Onlooker

EVERYDAY = ("in the snow", "on a city street at night")


@dataclass(frozen=True)
class Measurement:
    """All figures are None where there is nothing to measure them with."""

    step: int
    likeness: float | None
    """subject fidelity: mean cosine of the sample pictures to the subject's own, in -1..1"""
    by_prompt: tuple[float | None, ...]
    """the same for each sample prompt"""
    elsewhere: float | None
    """the same in other surroundings"""
    recognised: float | None
    """prompt fidelity: share of pictures in other surroundings whose surroundings are told by their look, in 0..1"""
    class_likeness: float | None
    """mean cosine of pictures of the plain class to the subject's own: it rises if the whole class turns into the subject"""
    diversity: float | None
    """one less the mean cosine among the sample pictures of a prompt, in 0..2"""


def contexts(config: TrainConfig, base: Path) -> tuple[str, ...]:
    """The surroundings to measure in. A base that knows little of the world names its own, in contexts.json: a list of texts."""
    own = base / "contexts.json"
    return config.contexts or (tuple(json.loads(own.read_text())) if own.is_file() else EVERYDAY)


class Gauge:
    def __init__(
        self, config: TrainConfig, contexts: Sequence[str], subject: Sequence[Image.Image], likeness: Likeness | None, onlooker: Onlooker
    ) -> None:
        self.config, self.contexts, self.likeness, self.onlooker = config, tuple(contexts), likeness, onlooker
        self.subject = likeness.features(subject) if likeness else None
        self.ceiling = round(ceiling(self.subject), 4) if self.subject is not None else None
        """what a perfect copy of the subject would reach: the likeness among its own pictures"""

    def draw(self, family: Family, poll: Callable[[], None]) -> Rows:
        """A row for each of the surroundings, and, if the class has a prompt, one for the class."""
        prompts = [f"{self.config.instance_prompt} {context}" for context in self.contexts]
        prompts += [self.config.class_prompt] if self.config.class_prompt else []
        seeds = range(self.config.seeds[0], self.config.seeds[0] + self.config.measured_pictures)
        return [family.draw([drawing(self.config, prompt, seed) for seed in seeds], poll) for prompt in prompts]

    def measure(self, step: int, samples: Rows, drawn: Rows, poll: Callable[[], None]) -> Measurement:
        elsewhere, plain = drawn[: len(self.contexts)], drawn[len(self.contexts) :]
        by_prompt = tuple(self._alike([row]) for row in samples)
        return Measurement(
            step=step,
            likeness=self._alike(samples),
            by_prompt=by_prompt,
            elsewhere=self._alike(elsewhere),
            recognised=self._recognised(elsewhere, poll),
            class_likeness=self._alike(plain),
            diversity=self._diversity(samples),
        )

    def _alike(self, rows: Rows) -> float | None:
        if self.likeness is None or self.subject is None or not rows:
            return None
        return round(fmean(mean_cosine(self.likeness.features(row), self.subject) for row in rows), 4)

    def _recognised(self, rows: Rows, poll: Callable[[], None]) -> float | None:
        """The rare word is left out: the onlooker has never learnt it."""
        named = self.config.class_prompt or self.config.instance_prompt
        texts = [f"{named} {context}" for context in self.contexts]
        return round(self.onlooker.recognised(rows, texts, poll), 4) if len(rows) > 1 else None

    def _diversity(self, rows: Rows) -> float | None:
        if self.likeness is None or len(rows[0]) < 2:
            return None
        return round(1 - fmean(ceiling(torch.as_tensor(self.likeness.features(row))) for row in rows), 4)
