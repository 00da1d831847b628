"""DreamBooth with prior preservation (Ruiz et al. 2022, arXiv 2208.12242)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from images.trainer.batches import Batch, Batches, Examples
from images.trainer.config import TrainConfig
from images.trainer.family import Family
from images.trainer.learnt import learnt_by
from images.trainer.precision import compiles, precision_of
from images.trainer.weighting import min_snr, weighted_loss


class Method(Protocol):
    """What the loop needs to know of a way to fine-tune."""

    trained: tuple[str, ...]
    """names of the model's parts that change"""

    def parameters(self) -> dict[str, nn.Parameter]: ...

    def rate(self, name: str) -> float:
        """The learning rate of the parameter of that name."""

    def loss(self, step: int, part: int = 0) -> Tensor:
        """A scalar with its graph, of one of the parts of a step, whose losses add up; a function of the parameters, the step and the part
        alone."""

    def settle(self, folder: Path, about: Mapping[str, str]) -> None:
        """Learning is over: leave in the folder what stands beside the model, with `about` in its header, and make the model itself ready
        to be saved."""


class DreamBooth:
    def __init__(self, family: Family, config: TrainConfig, examples: Examples, device: torch.device) -> None:
        self.family, self.config, self.device = family, config, device
        self.trained: tuple[str, ...] = ("unet", "text_encoder") if config.train_text_encoder else ("unet",)
        self.learnt = learnt_by(family, config, self.trained)
        if config.gradient_checkpointing:
            family.recompute()
        if compiles(config, device):
            family.compile()
        self.batches = Batches(family, config, examples, device)
        self.prompts = self.batches.prompts
        self.frozen_states: Tensor | None = None
        if not config.train_text_encoder:
            self._keep_states()
        family.rest("vae")  # what it says of the pictures is kept, too
        self.precision = precision_of(config, device)

    def parameters(self) -> dict[str, nn.Parameter]:
        return self.learnt.parameters()

    def settle(self, folder: Path, about: Mapping[str, str]) -> None:
        self.learnt.settle(folder, about)

    def rate(self, name: str) -> float:
        own = self.config.text_encoder_rate if name.startswith("text_encoder.") else None
        return own or self.config.learning_rate

    def loss(self, step: int, part: int = 0) -> Tensor:
        batches = (batch.part(part, self.config.accumulate, self.config.batch_size) for batch in self.batches.of(step))
        return torch.stack([self._loss(batch, step) for batch in batches]).sum()

    def _loss(self, batch: Batch, step: int) -> Tensor:
        with torch.autocast(self.device.type, self.precision, enabled=self.precision != torch.float32):
            states = self._states(batch.prompts, step)
            predicted, target = self.family.predict(batch.latents, batch.noise, batch.timesteps, states)
        return weighted_loss(predicted.float(), target.float(), self._weights(batch), batch.masks)

    def _states(self, prompts: Tensor, step: int) -> Tensor:
        """Of the text, for each prompt; with a text encoder that learns, of those that this step needs, each once."""
        if self.frozen_states is None and 0 < self.config.text_encoder_steps <= step:
            self._freeze_text()
        if self.frozen_states is not None:
            return self.frozen_states[prompts.to(self.device)]
        used, places = torch.unique(prompts, return_inverse=True)
        return self.family.encode_prompts([self.prompts[number] for number in used.tolist()])[places.to(self.device)]

    def _freeze_text(self) -> None:
        """It is left without gradients, so that the optimiser passes over it."""
        self.family.parts()["text_encoder"].requires_grad_(False).eval()
        self._keep_states()

    def _keep_states(self) -> None:
        with torch.no_grad():
            self.frozen_states = self.family.encode_prompts(self.prompts)
        self.family.rest("text_encoder")

    def _weights(self, batch: Batch) -> Tensor:
        """The paper's equation 2: the first term is the mean over the subject's pictures, the second, the class-specific
        prior preservation loss, the mean over pictures that the frozen model drew of the class, times lambda."""
        each = (torch.tensor([1.0, self.config.prior_weight], device=self.device) / self.batches.count)[batch.halves]
        if not self.config.min_snr_gamma:
            return each
        return each * min_snr(self.family.signal_to_noise(batch.timesteps), self.config.min_snr_gamma, self.family.velocity)
