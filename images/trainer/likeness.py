"""How alike two sets of pictures are: the mean cosine between the features that a network sees in them.

A base folder may bring its feature network under `likeness/`: one of ours, DINOv2 or CLIP.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_model, save_model
from torch import Tensor, nn

KIND = "convolutional"


class UnknownLikeness(ValueError):
    """The folder holds a feature network of a kind that this trainer does not know."""


class Likeness(Protocol):
    def features(self, pictures: Sequence[Image.Image]) -> Tensor:
        """(n, f), each row of length one."""


@dataclass(frozen=True)
class NetworkConfig:
    widths: tuple[int, ...] = (32, 64, 128)
    features: int = 64
    side: int = 32
    """pixels"""


class FeatureNetwork(nn.Module):  # type: ignore[misc]
    """A small convolutional network. Features are centred, so that unrelated pictures have a cosine near zero."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        layers: list[nn.Module] = []
        for before, after in zip((3, *config.widths), config.widths, strict=False):
            layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
        flat = config.widths[-1] * (config.side // 2 ** len(config.widths)) ** 2
        self.trunk = nn.Sequential(*layers, nn.Flatten(), nn.Linear(flat, config.features, bias=False))
        self.centre = nn.BatchNorm1d(config.features, affine=False)

    def forward(self, pixels: Tensor) -> Tensor:
        """(n, 3, side, side) in -1..1 to (n, features)."""
        features: Tensor = self.centre(self.trunk(pixels))
        return features

    def features(self, pictures: Sequence[Image.Image]) -> Tensor:
        pixels = torch.stack([_pixels(picture, self.config.side) for picture in pictures])
        with torch.no_grad():
            return nn.functional.normalize(self.eval()(pixels), dim=-1)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps({"kind": KIND, **asdict(self.config)}, indent=2) + "\n")
        save_model(self, str(folder / "model.safetensors"))


def load_likeness(base: Path) -> Likeness | None:
    """The network in `base/likeness`, or None if the base has none. Raises UnknownLikeness."""
    folder = base / "likeness"
    if not (folder / "config.json").is_file():
        return None
    config = json.loads((folder / "config.json").read_text())
    kind = config.get("kind") or config.get("model_type")
    if kind in {"dinov2", "clip"}:
        from images.trainer.vision import Clip, Dino  # theirs are large to import

        return Dino(folder) if kind == "dinov2" else Clip(folder)
    if kind != KIND:
        raise UnknownLikeness(f"{folder}/config.json: kind {kind!r} is unknown; this trainer knows {KIND!r}, dinov2 and clip")
    network = FeatureNetwork(NetworkConfig(widths=tuple(config["widths"]), features=config["features"], side=config["side"]))
    load_model(network, str(folder / "model.safetensors"))
    return network


def mean_cosine(ours: Tensor, theirs: Tensor) -> float:
    """Over all pairs. Rows must have length one."""
    return float((ours @ theirs.T).mean())


def ceiling(features: Tensor) -> float:
    """The mean cosine among different instance pictures: what a perfect copy of the subject would reach."""
    n = len(features)
    if n < 2:
        return 1.0
    pairs = features @ features.T
    return float((pairs.sum() - pairs.diagonal().sum()) / (n * (n - 1)))


def _pixels(picture: Image.Image, side: int) -> Tensor:
    resized = picture.convert("RGB").resize((side, side), Image.Resampling.BOX if picture.width > side else Image.Resampling.BICUBIC)
    return torch.from_numpy(np.asarray(resized, dtype=np.float32) / 127.5 - 1).permute(2, 0, 1)
