"""What the steps of a run learn from: pictures, noise and timesteps, all of them functions of the seed and the step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from images.trainer.captions import prompts_of
from images.trainer.config import TrainConfig
from images.trainer.draws import batch_of, bucket_of, generator
from images.trainer.family import Family, Moments


@dataclass(frozen=True)
class Examples:
    instance: Moments
    """the subject's pictures, or those of one shape"""
    prior: Moments | None
    """the class pictures, if there is a prior"""
    captions: tuple[str, ...] = ()
    """what is said of each of the subject's pictures; empty is nothing of any"""
    masks: tuple[Tensor, ...] | None = None
    """how much each place of the subject's pictures counts: (n, 1, h, w) in 0..1 for each shape; None is all of all"""
    others: tuple[Moments, ...] = ()
    """the subject's pictures of other shapes, those of one shape together; captions go on in this order"""

    @property
    def buckets(self) -> tuple[Moments, ...]:
        return self.instance, *self.others


@dataclass(frozen=True)
class Half:
    """Pictures of the subject, or of the class: (n, ...) each."""

    latents: Tensor
    halves: Tensor
    """0 of the subject, 1 of the class"""
    prompts: Tensor
    """their numbers"""
    masks: Tensor


@dataclass(frozen=True)
class Batch:
    """One half, or both, the subject first, and the noise that is to be found in them: (n or 2n, ...) each."""

    latents: Tensor
    halves: Tensor
    prompts: Tensor
    masks: Tensor
    noise: Tensor
    timesteps: Tensor

    def part(self, number: int, parts: int, size: int) -> Batch:
        """`size` of each half, behind the parts before."""
        whole = (getattr(self, field.name) for field in fields(self))
        return Batch(*(tensor.unflatten(0, (-1, parts, size))[:, number].flatten(0, 1) for tensor in whole))


class Batches:
    def __init__(self, family: Family, config: TrainConfig, examples: Examples, device: torch.device) -> None:
        self.family, self.config, self.examples, self.device = family, config, examples, device
        self.prompts, self.prompt_numbers = _prompts(config, examples)
        self.sizes = [len(moments.mean) for moments in examples.buckets]
        self.count = config.batch_size * config.accumulate

    def of(self, step: int) -> tuple[Batch, ...]:
        """All parts of it at once: what is drawn does not depend on how many there are. It is one batch, or one for each half where
        pictures of the class have another shape than the subject's of this step."""
        halves = [self._subject(step), *self._kind(step)]
        if len({half.latents.shape for half in halves}) == 1:
            return (self._noised(halves, step),)
        return tuple(self._noised([half], step, f" of half {number}") for number, half in enumerate(halves))

    def _subject(self, step: int) -> Half:
        bucket, turn = bucket_of(self.config.seed, step, self.sizes)
        chosen = batch_of(self.config.seed, "half 0", turn, self.count, self.sizes[bucket])
        latents = self._latents(0, self.examples.buckets[bucket], chosen, step)
        masks = torch.ones_like(latents[:, :1])
        if self.examples.masks is not None:
            masks = self.examples.masks[bucket][chosen].clamp(min=self.config.mask_floor).to(self.device)
        return self._half(0, latents, self.prompt_numbers[0].split(self.sizes)[bucket][chosen], masks)

    def _kind(self, step: int) -> list[Half]:
        """None without a prior. Of a picture of the class, everything counts."""
        prior = self.examples.prior
        if prior is None:
            return []
        chosen = batch_of(self.config.seed, "half 1", step, self.count, len(prior.mean))
        latents = self._latents(1, prior, chosen, step)
        return [self._half(1, latents, self.prompt_numbers[1][chosen], torch.ones_like(latents[:, :1]))]

    def _half(self, half: int, latents: Tensor, prompts: Tensor, masks: Tensor) -> Half:
        return Half(latents, torch.full((self.count,), half, device=self.device), prompts, masks)

    def _latents(self, half: int, moments: Moments, chosen: Tensor, step: int) -> Tensor:
        places = chosen.to(self.device)
        picked = Moments(moments.mean[places], moments.deviation[places])
        dice = generator(self.config.seed, f"latents {half}", step)
        return picked.sample(torch.randn(picked.mean.shape, generator=dice).to(self.device))

    def _noised(self, halves: Sequence[Half], step: int, purpose: str = "") -> Batch:
        latents, of_halves, prompts, masks = (torch.cat([getattr(half, field.name) for half in halves]) for field in fields(Half))
        noise, timesteps = self._noise(latents.shape, step, purpose)
        return Batch(latents, of_halves, prompts, masks, noise, timesteps)

    def _noise(self, shape: torch.Size, step: int, purpose: str) -> tuple[Tensor, Tensor]:
        """For each of the latents, and the timestep that it stands for."""
        dice = generator(self.config.seed, f"noise{purpose}", step)
        noise = torch.randn(shape, generator=dice)
        timesteps = self.family.random_timesteps(torch.rand(shape[0], generator=dice))
        if self.config.offset_noise:  # one number for a whole channel (N. Guttenberg 2023, Diffusion with Offset Noise)
            shift = torch.randn(*shape[:2], 1, 1, generator=generator(self.config.seed, f"offset{purpose}", step))
            noise = noise + self.config.offset_noise * shift
        return noise.to(self.device), timesteps.to(self.device)


def _prompts(config: TrainConfig, examples: Examples) -> tuple[tuple[str, ...], tuple[Tensor, ...]]:
    """The distinct ones; and for each half, the numbers in it of its pictures' prompts."""
    captions = examples.captions or ("",) * sum(len(moments.mean) for moments in examples.buckets)
    said = [prompts_of(config.instance_prompt, captions)]
    if examples.prior:
        said.append((config.class_prompt,) * len(examples.prior.mean))
    number = {prompt: place for place, prompt in enumerate(dict.fromkeys(prompt for half in said for prompt in half))}
    return tuple(number), tuple(torch.tensor([number[prompt] for prompt in half]) for half in said)
