"""The class pictures of prior preservation: drawn once, by the base itself, before it changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from images.trainer.config import TrainConfig
from images.trainer.family import Family
from images.trainer.grids import drawing

AT_ONCE = 8


def class_pictures(family: Family, config: TrainConfig, folder: Path, poll: Callable[[], None]) -> list[Image.Image]:
    """Kept in the folder, each whole or absent, so that a second run draws only what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:04d}.png" for number in range(config.class_pictures)]
    for start in range(0, len(paths), AT_ONCE):
        group = range(start, min(start + AT_ONCE, len(paths)))
        if all(paths[number].is_file() for number in group):
            continue
        drawings = [drawing(config, config.class_prompt, config.seed + 100_000 + number) for number in group]
        for number, picture in zip(group, family.draw(drawings, poll), strict=True):
            partial = folder / f".{number:04d}.partial"
            picture.save(partial, "PNG")
            partial.replace(paths[number])
    return [Image.open(path).convert("RGB") for path in paths]
