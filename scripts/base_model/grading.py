"""How well the base model draws what its prompts say."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from torch import Tensor

from scripts.base_model import world
from scripts.base_model.features import Reader


@torch.no_grad()
def grade(pipeline: StableDiffusionPipeline, reader: Reader, seed: int, guidance: float = 3.0, steps: int = 25) -> dict[str, float]:
    """Share of right shape, colour and background over each combination of words, and of all three together."""
    wanted = list(product(range(len(world.SHAPES)), range(len(world.COLOURS)), range(len(world.BACKGROUNDS))))
    shapes, colours, grounds = list(world.SHAPES), list(world.COLOURS), list(world.BACKGROUNDS)
    prompts = [world.caption(shapes[s], colours[c], grounds[b]) for s, c, b in wanted]
    generator = torch.Generator().manual_seed(seed)
    drawn = pipeline(prompts, num_inference_steps=steps, guidance_scale=guidance, generator=generator, output_type="np").images
    pictures = torch.from_numpy(np.asarray(drawn)).permute(0, 3, 1, 2)
    shape, painted = reader(pictures * 2 - 1)
    border = torch.cat([pictures[:, :, :2].flatten(2), pictures[:, :, -2:].flatten(2)], dim=2).median(dim=2).values
    seen = (shape.argmax(1), _nearest(painted[:, :3], world.COLOURS), _nearest(border, world.BACKGROUNDS))
    right = torch.stack([found == torch.tensor(wanted)[:, i] for i, found in enumerate(seen)]).float()
    shares = dict(zip(("shape", "colour", "background"), right.mean(1).tolist(), strict=True))
    by_shape = {name: float(right[0][torch.tensor(wanted)[:, 0] == i].mean()) for i, name in enumerate(shapes)}
    return {**shares, "all": float(right.prod(0).mean()), **by_shape}


def _nearest(colours: Tensor, palette: Mapping[str, tuple[float, float, float]]) -> Tensor:
    return torch.cdist(colours, torch.tensor(list(palette.values()))).argmin(1)
