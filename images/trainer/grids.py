"""Sample pictures at fixed seeds, and the grids that show them: a row for each prompt, a column for each seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from images.trainer.config import TrainConfig
from images.trainer.family import Drawing, Family

TILE = 128
"""least pixels of a side; smaller pictures are enlarged"""

Rows = list[list[Image.Image]]


def draw_rows(family: Family, config: TrainConfig, poll: Callable[[], None]) -> Rows:
    return [family.draw([drawing(config, prompt, seed) for seed in config.seeds], poll) for prompt in config.prompts]


def drawing(config: TrainConfig, prompt: str, seed: int) -> Drawing:
    side = config.resolution
    return Drawing(prompt, seed, steps=config.sampling_steps, guidance=config.guidance, width=side, height=side)


def save_grid(rows: Sequence[Sequence[Image.Image]], path: Path) -> None:
    """Tiles touch, so that tile (row, column) can be cut out again."""
    side = max(TILE, rows[0][0].width)
    grid = Image.new("RGB", (side * len(rows[0]), side * len(rows)))
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            grid.paste(picture.resize((side, side), Image.Resampling.BICUBIC), (x * side, y * side))
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    grid.save(partial, "PNG", optimize=True)
    partial.replace(path)
