"""The class pictures of prior preservation: drawn once, by the base itself, before it changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from images.trainer.config import TrainConfig
from images.trainer.events import ClassDrawn, Report
from images.trainer.family import Family
from images.trainer.grids import drawing

AT_ONCE = 8
FIRST_SEED = 100_000
"""far from the seeds of sample pictures; the same for every run, so that what one has drawn serves another"""


def class_folder(folder: Path, config: TrainConfig, base: str) -> Path:
    """Where the class pictures of all runs are that would draw the same: of this base, this prompt and this way to draw."""
    told = [base, config.class_prompt, config.resolution, config.sampling_steps, config.guidance]
    return folder / hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def class_pictures(family: Family, config: TrainConfig, folder: Path, poll: Callable[[], None], report: Report) -> list[Image.Image]:
    """Kept in the folder without loss, each whole or absent, so that only what is missing is drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:04d}.png" for number in range(config.class_pictures)]
    for start in range(0, len(paths), AT_ONCE):
        group = range(start, min(start + AT_ONCE, len(paths)))
        if all(paths[number].is_file() for number in group):
            continue
        drawings = [drawing(config, config.class_prompt, FIRST_SEED + number) for number in group]
        for number, picture in zip(group, family.draw(drawings, poll), strict=True):
            partial = folder / f".{number:04d}.partial"
            picture.save(partial, "PNG")
            partial.replace(paths[number])
        report(ClassDrawn(tuple(paths[number] for number in group), group.stop, len(paths)))
    return [Image.open(path).convert("RGB") for path in paths]
