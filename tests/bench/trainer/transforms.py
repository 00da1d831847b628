"""What diffusers' scripts use of torchvision.transforms, on Pillow's pictures as there."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor


class InterpolationMode(Enum):
    NEAREST = Image.Resampling.NEAREST
    BILINEAR = Image.Resampling.BILINEAR
    BICUBIC = Image.Resampling.BICUBIC
    BOX = Image.Resampling.BOX
    HAMMING = Image.Resampling.HAMMING
    LANCZOS = Image.Resampling.LANCZOS


class Compose:
    def __init__(self, steps: Sequence[Callable[[Any], Any]]) -> None:
        self.steps = steps

    def __call__(self, value: Any) -> Any:
        for step in self.steps:
            value = step(value)
        return value


class Resize:
    """The shorter side becomes `size`."""

    def __init__(self, size: int, interpolation: InterpolationMode = InterpolationMode.BILINEAR) -> None:
        self.size, self.interpolation = size, interpolation

    def __call__(self, picture: Image.Image) -> Image.Image:
        shorter = min(picture.size)
        width, height = (int(self.size * side / shorter) for side in picture.size)
        return picture.resize((width, height), self.interpolation.value)


class _Crop:
    def __init__(self, size: int) -> None:
        self.size = size

    def __call__(self, picture: Image.Image) -> Image.Image:
        left, top = (self.start(side - self.size) for side in picture.size)
        return picture.crop((left, top, left + self.size, top + self.size))

    def start(self, room: int) -> int:
        raise NotImplementedError


class CenterCrop(_Crop):
    def start(self, room: int) -> int:
        return round(room / 2)


class RandomCrop(_Crop):
    def start(self, room: int) -> int:
        return int(torch.randint(room + 1, (1,)))


class ToTensor:
    """(3, h, w) in 0..1"""

    def __call__(self, picture: Image.Image) -> Tensor:
        return torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous().float().div(255)


class Normalize:
    def __init__(self, mean: Sequence[float], deviation: Sequence[float]) -> None:
        self.mean, self.deviation = (torch.tensor(values).view(-1, 1, 1) for values in (mean, deviation))

    def __call__(self, pixels: Tensor) -> Tensor:
        return (pixels - self.mean) / self.deviation
