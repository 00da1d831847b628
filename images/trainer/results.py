"""The figures of a run, and the page that goes with its model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from PIL import Image

from images.trainer.config import TrainConfig
from images.trainer.grids import Rows
from images.trainer.intake import Intake
from images.trainer.likeness import Likeness, ceiling, mean_cosine

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
    loss_first: float
    """mean of the first ten"""
    loss_last: float
    """mean of the last ten"""
    likeness_before: float | None
    """mean cosine of the untuned base's pictures to the subject's, in -1..1; None if the base brings no likeness network"""
    likeness_after: float | None
    likeness_ceiling: float | None
    """among the subject's own pictures"""
    prompts: tuple[PromptResult, ...]
    seeds: tuple[int, ...]
    pictures_used: tuple[str, ...]
    pictures_skipped: dict[str, str]
    seconds: dict[str, float]
    """by stage, of this process"""

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")


def measure(
    config: TrainConfig,
    intake: Intake,
    losses: Sequence[float],
    before: Rows,
    after: Rows,
    likeness: Likeness | None,
    seconds: dict[str, float],
) -> Metrics:
    befores, afters = _per_prompt(likeness, intake.pictures, before), _per_prompt(likeness, intake.pictures, after)
    prompts = tuple(PromptResult(*row) for row in zip(config.prompts, befores, afters, strict=True))
    return Metrics(
        steps=config.steps,
        loss_first=round(fmean(losses[:WINDOW]), 5),
        loss_last=round(fmean(losses[-WINDOW:]), 5),
        likeness_before=_mean(befores),
        likeness_after=_mean(afters),
        likeness_ceiling=round(ceiling(likeness.features(intake.pictures)), 4) if likeness else None,
        prompts=prompts,
        seeds=config.seeds,
        pictures_used=intake.used,
        pictures_skipped=intake.skipped,
        seconds={name: round(spent, 2) for name, spent in seconds.items()},
    )


def _per_prompt(likeness: Likeness | None, subject: Sequence[Image.Image], rows: Rows) -> list[float | None]:
    if likeness is None:
        return [None] * len(rows)
    theirs = likeness.features(subject)
    return [round(mean_cosine(likeness.features(row), theirs), 4) for row in rows]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 4) if known else None


def model_card(config: TrainConfig, metrics: Metrics) -> str:
    likeness = "not measured: the base brings no likeness network"
    if metrics.likeness_after is not None:
        likeness = (
            f"{metrics.likeness_before} before, {metrics.likeness_after} after; {metrics.likeness_ceiling} among the pictures themselves"
        )
    return f"""---
library_name: diffusers
tags: [stable-diffusion, dreambooth]
---
# {config.instance_prompt}

Fine-tuned with DreamBooth on {len(metrics.pictures_used)} pictures.

- Prompt that names the subject: `{config.instance_prompt}`; of its class: `{config.class_prompt}`
- {config.steps} steps of batch {config.batch_size}, rate {config.learning_rate:g}, prior weight {config.prior_weight:g}, seed {config.seed}
- Loss: {metrics.loss_first:.4f} at first, {metrics.loss_last:.4f} at last
- Likeness (mean cosine of features): {likeness}

Load with `StableDiffusionPipeline.from_pretrained("model")`. All weights are safetensors.
"""
