"""What of a picture counts: beside `cat.jpg` may lie `cat.mask.png`, where white counts, black does not, and grey does in part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor, nn

from images.trainer.shapes import Size

SUFFIX = ".mask.png"
_SAME = 0.02
"""by which the proportions of a mask may differ from its picture's: rounding"""


class _Unusable(ValueError):
    """The text says why."""


def is_mask(path: Path) -> bool:
    return path.name.endswith(SUFFIX)


def read_masks(folder: Path, names: Sequence[str], sizes: Sequence[Size]) -> tuple[tuple[Image.Image | None, ...], dict[str, str]]:
    """For each of these pictures its mask, cut to the size that the picture was; and of each mask that is not used, why."""
    masks: list[Image.Image | None] = []
    skipped = {str(path.relative_to(folder)): "it is the mask of no picture that is used" for path in sorted(folder.rglob(f"*{SUFFIX}"))}
    for name, size in zip(names, sizes, strict=True):
        path = (folder / name).with_suffix(SUFFIX)
        mask, reason = None, skipped.pop(str(path.relative_to(folder)), "")
        if reason:
            try:
                mask = _read(path, folder / name, size)
            except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
                skipped[str(path.relative_to(folder))] = str(error)
        masks.append(mask)
    return tuple(masks), skipped


def _read(path: Path, picture: Path, size: Size) -> Image.Image:
    with Image.open(path) as opened, Image.open(picture) as photo:
        upright = ImageOps.exif_transpose(photo)
        if abs(opened.width * upright.height / (opened.height * upright.width) - 1) > _SAME:
            raise _Unusable("its proportions are not those of its picture")
        mask = ImageOps.fit(opened.convert("L"), size, Image.Resampling.BOX)
    if not mask.getbbox():
        raise _Unusable("it is black all over")
    return mask


def latent_masks(masks: Sequence[Image.Image | None], latents: Sequence[Tensor]) -> tuple[Tensor, ...] | None:
    """For latents of (n, c, h, w), those of one shape together, masks of (n, 1, h, w) in 0..1, each value the mean over the pixels that it
    stands for. All of a picture without a mask counts."""
    if not any(masks):
        return None
    each = iter(masks)
    return tuple(torch.cat([_reduced(next(each), *of_one_shape.shape[-2:]) for _ in of_one_shape]) for of_one_shape in latents)


def _reduced(mask: Image.Image | None, height: int, width: int) -> Tensor:
    if mask is None:
        return torch.ones(1, 1, height, width)
    pixels = torch.from_numpy(np.array(mask, dtype=np.float32) / 255)
    return nn.functional.interpolate(pixels[None, None], size=(height, width), mode="area")
