"""The subjects of the sample pictures. Neither their colours nor their decoration occur in the base model's captions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from scripts.base_model import world

SIDE = 256
Colour = tuple[float, float, float]
SUBJECTS: dict[str, tuple[str, Colour, Colour, Colour | None]] = {
    "badge": ("circle", (0.90, 0.10, 0.75), (0.62, 0.95, 0.12), (0.05, 0.08, 0.38)),
    "pennant": ("triangle", (0.42, 0.16, 0.85), (0.98, 0.62, 0.10), None),
}
"""name: shape, body, bar, rim if any"""


def draw_subjects(folder: Path, seed: int, count: int = 6) -> None:
    for number, (name, (shape, body, bar, rim)) in enumerate(SUBJECTS.items()):
        generator = torch.Generator().manual_seed(seed + number)
        grounds = list(world.BACKGROUNDS.values())

        def between(low: float, high: float, *size: int, generator: torch.Generator = generator) -> torch.Tensor:
            return torch.rand(count, *size, generator=generator) * (high - low) + low

        scene = world.Scene(
            shape=torch.full((count,), world.SHAPES.index(shape)),
            body=world.stack([body] * count),
            bar=world.stack([bar] * count),
            rim=world.stack([rim] * count) if rim else None,
            ground=world.stack([grounds[i % len(grounds)] for i in range(count)]),
            centre=between(-0.12, 0.12, 2),
            radius=between(0.54, 0.68),
            angle=between(-0.15, 0.15),
        )
        (folder / name).mkdir(parents=True, exist_ok=True)
        for i, picture in enumerate(world.render(scene, SIDE)):
            pixels = (picture.permute(1, 2, 0) * 255).round().to(torch.uint8)
            Image.fromarray(np.asarray(pixels)).save(folder / name / f"{name}-{i + 1}.png", optimize=True)
