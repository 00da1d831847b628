"""The likeness network: tells whether two pictures show the same drawing, wherever it stands and whatever is behind it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from images.trainer.likeness import FeatureNetwork, NetworkConfig
from scripts.base_model import world
from scripts.base_model.schedule import descend

DRAWINGS = 32
"""of a batch; each has a twin in its colours but of another shape, and each of both is seen twice"""
TEMPERATURE = 0.15


class Reader(nn.Module):
    """The network, and two heads that name shape and colours: they steady the learning, and grade the base model."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.network = FeatureNetwork(config)
        self.shape = nn.Linear(config.features, len(world.SHAPES))
        self.colours = nn.Linear(config.features, 9)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        features = self.network(pixels)
        return self.shape(features), self.colours(features)


def train_reader(steps: int, seed: int) -> Reader:
    config = NetworkConfig()
    reader = Reader(config)
    generator = torch.Generator().manual_seed(seed)

    def loss(step: int) -> Tensor:
        drawn = world.with_twins(world.decorated(DRAWINGS, config.side, generator), config.side, generator)
        again = world.elsewhere(drawn, config.side, generator)
        features = reader.network(torch.cat([_worn(drawn.pictures, generator), _worn(again, generator)]))
        truth = torch.cat([drawn.body, drawn.bar, drawn.rim], dim=1).repeat(2, 1)
        named = nn.functional.cross_entropy(reader.shape(features), drawn.shape.repeat(2))
        return _contrast(features) + 0.3 * named + 3 * nn.functional.mse_loss(reader.colours(features), truth)

    descend("likeness", reader, loss, steps, rate=3e-3)
    return reader.eval()


def _contrast(features: Tensor) -> Tensor:
    """Each picture must find, among all others, the one with the same drawing."""
    unit = nn.functional.normalize(features, dim=-1)
    first, second = unit.chunk(2)
    alike = first @ second.T / TEMPERATURE
    partner = torch.arange(len(first))
    return (nn.functional.cross_entropy(alike, partner) + nn.functional.cross_entropy(alike.T, partner)) / 2


def _worn(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Half of the pictures blurred, all with some noise and another brightness: an autoencoder leaves such marks."""
    small = nn.functional.interpolate(pictures, scale_factor=0.5, mode="bilinear", antialias=True)
    blurred = nn.functional.interpolate(small, size=pictures.shape[-2:], mode="bilinear")
    pick = torch.rand(len(pictures), 1, 1, 1, generator=generator) < 0.5
    gain = 1 + 0.15 * torch.randn(len(pictures), 3, 1, 1, generator=generator)
    return torch.where(pick, blurred, pictures) * gain * 2 - 1 + 0.06 * torch.randn(pictures.shape, generator=generator)
