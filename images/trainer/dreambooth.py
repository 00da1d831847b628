"""DreamBooth with prior preservation (Ruiz et al. 2022, arXiv 2208.12242)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from images.trainer.config import TrainConfig
from images.trainer.draws import batch_of, generator
from images.trainer.family import Family, Moments


class Method(Protocol):
    """What the loop needs to know of a way to fine-tune."""

    trained: tuple[str, ...]
    """names of the model's parts that change"""

    def parameters(self) -> dict[str, nn.Parameter]: ...

    def loss(self, step: int) -> Tensor:
        """A scalar with its graph; a function of the parameters and the step alone."""


@dataclass(frozen=True)
class Examples:
    instance: Moments
    """the subject's pictures"""
    prior: Moments | None
    """the class pictures, if there is a prior"""


class DreamBooth:
    def __init__(self, family: Family, config: TrainConfig, examples: Examples, device: torch.device) -> None:
        self.family, self.config, self.examples, self.device = family, config, examples, device
        self.trained: tuple[str, ...] = ("unet", "text_encoder") if config.train_text_encoder else ("unet",)
        for name in self.trained:
            family.parts()[name].requires_grad_(True).train()
        self.prompts = (config.instance_prompt, config.class_prompt) if examples.prior else (config.instance_prompt,)
        with torch.no_grad():
            self.frozen_states = None if config.train_text_encoder else family.encode_prompts(self.prompts)
        low = config.precision == "bfloat16" or (config.precision == "auto" and device.type == "cuda")
        self.precision = torch.bfloat16 if low else torch.float32

    def parameters(self) -> dict[str, nn.Parameter]:
        parts = self.family.parts()
        return {f"{part}.{name}": parameter for part in self.trained for name, parameter in parts[part].named_parameters()}

    def loss(self, step: int) -> Tensor:
        latents, halves = self._latents(step)  # (2B, 4, h, w): instance half, class half
        dice = generator(self.config.seed, "noise", step)
        noise = torch.randn(latents.shape, generator=dice).to(self.device)
        timesteps = self.family.random_timesteps(torch.rand(len(latents), generator=dice)).to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == torch.bfloat16):
            states = self.frozen_states if self.frozen_states is not None else self.family.encode_prompts(self.prompts)
            predicted, target = self.family.predict(latents, noise, timesteps, states[halves])
        return weighted_loss(predicted.float(), target.float(), self._weights(halves))

    def _latents(self, step: int) -> tuple[Tensor, Tensor]:
        drawn, halves = [], []
        for half, moments in enumerate(filter(None, (self.examples.instance, self.examples.prior))):
            chosen = batch_of(self.config.seed, f"half {half}", step, self.config.batch_size, len(moments.mean)).to(self.device)
            picked = Moments(moments.mean[chosen], moments.deviation[chosen])
            dice = generator(self.config.seed, f"latents {half}", step)
            drawn.append(picked.sample(torch.randn(picked.mean.shape, generator=dice).to(self.device)))
            halves.append(torch.full((self.config.batch_size,), half, device=self.device))
        return torch.cat(drawn), torch.cat(halves)

    def _weights(self, halves: Tensor) -> Tensor:
        """The paper's equation 2: the first term is the mean over the subject's pictures, the second, the class-specific
        prior preservation loss, the mean over pictures that the frozen model drew of the class, times lambda."""
        each = torch.tensor([1.0, self.config.prior_weight], device=self.device) / self.config.batch_size
        return each[halves]


def weighted_loss(predicted: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Squared error per picture, times its weight, summed: weights meet the pictures before any reduction mixes them. (n, ...) and (n,)"""
    errors = (predicted - target).square().flatten(1).mean(1)
    return (errors * weights).sum()
