"""What a training run is told: every number, with its unit, and the contradictions that are refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

CHOICES = {"device": ("auto", "cpu", "cuda"), "precision": ("auto", "float32", "bfloat16")}


class Contradiction(ValueError):
    """The settings of a run cannot hold together."""


@dataclass(frozen=True)
class TrainConfig:
    """The defaults suit Stable Diffusion 1.5; a small base wants a higher learning rate and larger batches."""

    instance_prompt: str
    """what the pictures show, with the rare word that is to mean the subject, as in 'a photo of a sks dog'"""
    class_prompt: str = ""
    """the same without the rare word, as in 'a photo of a dog'; needed when `prior_weight` is not 0"""
    steps: int = 800
    """optimiser steps"""
    learning_rate: float = 5e-6
    """of AdamW, constant"""
    batch_size: int = 1
    """instance pictures a step; as many class pictures come on top"""
    prior_weight: float = 1.0
    """weight of the class half of the loss; 0 trains without class pictures"""
    class_pictures: int = 48
    """pictures of the class that the base draws once, before training"""
    train_text_encoder: bool = False
    """also train the text encoder, at the same rate"""
    max_gradient_norm: float = 1.0
    """gradients are scaled down to this global norm"""
    resolution: int | None = None
    """pixels, square; None is the base's own"""
    seed: int = 0
    """every draw is a function of the seed and the step"""
    sample_prompts: tuple[str, ...] = ()
    """prompts of the sample pictures; empty is the instance prompt alone"""
    samples_per_prompt: int = 8
    """sample pictures for each prompt, one seed each"""
    sample_every: int = 100
    """steps between sample pictures; 0 is never"""
    sampling_steps: int = 25
    """denoising steps of every picture drawn here"""
    guidance: float = 7.5
    """classifier-free guidance scale of every picture drawn here"""
    checkpoint_every: int = 200
    """steps between checkpoints; 0 is only when asked to stop"""
    report_every: int = 5
    """steps between step events"""
    device: str = "auto"
    """auto, cpu or cuda"""
    precision: str = "auto"
    """of the forward pass: float32, bfloat16 or auto, which is bfloat16 on a GPU; the weights stay float32"""

    def __post_init__(self) -> None:
        for name in ("steps", "batch_size", "samples_per_prompt", "sampling_steps", "report_every", "class_pictures", "guidance"):
            _refuse(getattr(self, name) < 1, f"{name} is {getattr(self, name)}; it must be 1 or more")
        for name in ("sample_every", "checkpoint_every", "prior_weight", "seed"):
            _refuse(getattr(self, name) < 0, f"{name} is {getattr(self, name)}; it must not be negative")
        for name, known in CHOICES.items():
            _refuse(getattr(self, name) not in known, f"{name} is {getattr(self, name)!r}; it must be one of {', '.join(known)}")
        _refuse(not 0 < self.learning_rate < 1, f"learning_rate is {self.learning_rate}; it must lie between 0 and 1")
        _refuse(self.max_gradient_norm <= 0, f"max_gradient_norm is {self.max_gradient_norm}; it must be above 0")
        _refuse(self.resolution is not None and self.resolution < 8, f"resolution is {self.resolution}; it must be 8 or more")
        self._check_prompts()

    def _check_prompts(self) -> None:
        subject, kind = self.instance_prompt.strip(), self.class_prompt.strip()
        _refuse(not subject, "instance_prompt is empty; say what the pictures show")
        if self.prior_weight > 0:
            _refuse(not kind, "class_prompt is empty; give it, or set prior_weight to 0")
            _refuse(kind == subject, "class_prompt equals instance_prompt; leave the rare word out of it")

    @property
    def prompts(self) -> tuple[str, ...]:
        return self.sample_prompts or (self.instance_prompt,)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the sample pictures, the same before, during and after training."""
        return tuple(self.seed + 1000 + i for i in range(self.samples_per_prompt))

    def fingerprint(self) -> str:
        """Equal for runs whose weights would be equal on the same pictures; a checkpoint of another one is not resumed."""
        watching = {"sample_prompts", "samples_per_prompt", "sample_every", "checkpoint_every", "report_every"}
        deciding = {name: value for name, value in asdict(self).items() if name not in watching}
        return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()[:16]


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise Contradiction(why)
