"""The likeness network: learns shape and colours of the drawing, and to be blind to its background."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from images.trainer.likeness import FeatureNetwork, NetworkConfig
from scripts.base_model import world
from scripts.base_model.schedule import descend


class Reader(nn.Module):
    """The network and the heads that teach it; the heads also grade the base model."""

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
        batch = world.decorated(64, config.side, generator)
        blurred = batch.pictures * 2 - 1 + 0.05 * torch.randn(batch.pictures.shape, generator=generator)
        shape, colours = reader(blurred)
        truth = torch.cat([batch.body, batch.bar, batch.rim], dim=1)
        return nn.functional.cross_entropy(shape, batch.shape) + 10 * nn.functional.mse_loss(colours, truth)

    descend("likeness", reader, loss, steps, rate=3e-3)
    return reader.eval()
