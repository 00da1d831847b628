"""What a training run is told: every number, with its unit, and the contradictions that are refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

CHOICES = {
    "method": ("dreambooth", "lora"),
    "moments": ("float32", "eight-bit", "factored"),
    "device": ("auto", "cpu", "cuda"),
    "precision": ("auto", "float32", "bfloat16", "float16"),
    "compile": ("auto", "on", "off"),
    "step_in_backward": ("auto", "on", "off"),
}
COUNTS = (
    *("steps", "batch_size", "accumulate", "samples_per_prompt", "sampling_steps", "report_every"),
    *("class_pictures", "measured_pictures", "guidance", "rank"),
)
FROM_NOTHING = (
    *("sample_every", "checkpoint_every", "prior_weight", "seed", "text_encoder_steps"),
    *("min_snr_gamma", "offset_noise", "least_gain"),
)
MEASURING = ("sample_prompts", "samples_per_prompt", "sample_every", "contexts", "measured_pictures", "least_gain")
"""what decides which step is kept, and not what is learnt"""


class Contradiction(ValueError):
    """The settings of a run cannot hold together."""


@dataclass(frozen=True)
class TrainConfig:
    """The defaults suit Stable Diffusion 1.5; a small base wants a higher learning rate and larger batches."""

    instance_prompt: str
    """what the pictures show, with the rare word that is to mean the subject, as in 'a photo of a sks dog'"""
    class_prompt: str = ""
    """the same without the rare word, as in 'a photo of a dog'; needed when `prior_weight` is not 0"""
    method: str = "dreambooth"
    """dreambooth changes all weights of what it trains; lora learns small matrices beside them, with the same loss"""
    rank: int = 8
    """of the matrices of lora"""
    alpha: float = 8.0
    """what lora learns is scaled by alpha over rank"""
    adapt_convolutions: bool = True
    """lora learns beside convolutions, too, not beside attention alone"""
    steps: int = 800
    """optimiser steps"""
    learning_rate: float = 5e-6
    """of AdamW, constant"""
    batch_size: int = 1
    """instance pictures that go through the network together; as many class pictures come on top"""
    accumulate: int = 1
    """batches a step, one after the other: their gradients are those of one large batch, in the memory of a small one"""
    gradient_checkpointing: bool = False
    """parts of the forward pass are done again in the backward pass instead of being kept: less memory, about a third more work (Chen et
    al. 2016, arXiv 1604.06174)"""
    prior_weight: float = 1.0
    """weight of the class half of the loss; 0 trains without class pictures"""
    class_pictures: int = 48
    """pictures of the class that the base draws once, before training"""
    train_text_encoder: bool = False
    """also train the text encoder"""
    text_encoder_rate: float | None = None
    """of the text encoder; None is the learning rate"""
    text_encoder_steps: int = 0
    """steps after which the text encoder stays as it is; 0 is all of them"""
    min_snr_gamma: float = 0.0
    """steps with a signal-to-noise ratio above this count less (Hang et al. 2023, who take 5); 0 weighs all alike"""
    offset_noise: float = 0.0
    """share of noise that shifts a whole channel, so that pictures can become darker or brighter than average; 0.05 to 0.1 is usual"""
    mask_floor: float = 0.1
    """what is black in a picture's mask counts this share of what is white, lest the network forgets what surrounds a subject; 0 to 1"""
    max_gradient_norm: float = 1.0
    """gradients are scaled down to this norm, of all together: with `step_in_backward`, by what the step before needed, or their own"""
    moments: str = "float32"
    """what the optimiser remembers: float32 is AdamW with 8 bytes a parameter; eight-bit the same with 2, in some more operations for each
    tensor; factored is Adafactor, with next to none, and without momentum"""
    step_in_backward: str = "auto"
    """on: a sixteenth of the weights after the other changes as soon as its gradients are there, which are then freed: 4 bytes a parameter
    less. The norm of all gradients together is known too late then: that of the step before stands for it. off: all change together; or
    auto, which is on where 16 million numbers learn or more, in one batch a step and but for float16"""
    resolution: int | None = None
    """pixels, square; None is the base's own"""
    buckets: bool = False
    """each picture is cut to whichever shape of that area is nearest to its own, instead of to the square; pictures of the class and those
    that are drawn stay square"""
    seed: int = 0
    """every draw is a function of the seed and the step"""
    sample_prompts: tuple[str, ...] = ()
    """prompts of the sample pictures; empty is the instance prompt alone"""
    samples_per_prompt: int = 8
    """sample pictures for each prompt, one seed each"""
    sample_every: int = 100
    """steps between sample pictures, by which the run is measured; 0 is at its end alone"""
    contexts: tuple[str, ...] = ()
    """surroundings in which the subject is drawn to be measured, as in 'in the snow'; empty is the base's own, or two of everyday life"""
    measured_pictures: int = 4
    """that are drawn to measure each of the surroundings, and the class"""
    least_gain: float = 0.02
    """of the way to the subject, in 0..1, that half of the steps must have brought, lest the run be given up; 0 never gives up"""
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
    """of the forward pass: float32, bfloat16, float16 with a scaled loss, or auto, which is bfloat16 on a GPU; the weights stay float32"""
    compile: str = "auto"
    """the network's repeated blocks, by torch.compile: on, off, or auto, which is on for 500 steps and more on a GPU"""

    def __post_init__(self) -> None:
        for name in COUNTS:
            _refuse(getattr(self, name) < 1, f"{name} is {getattr(self, name)}; it must be 1 or more")
        for name in FROM_NOTHING:
            _refuse(getattr(self, name) < 0, f"{name} is {getattr(self, name)}; it must not be negative")
        for name, known in CHOICES.items():
            _refuse(getattr(self, name) not in known, f"{name} is {getattr(self, name)!r}; it must be one of {', '.join(known)}")
        for name in ("learning_rate", "text_encoder_rate"):
            rate = getattr(self, name)
            _refuse(rate is not None and not 0 < rate < 1, f"{name} is {rate}; it must lie between 0 and 1")
        for name in ("max_gradient_norm", "alpha"):
            _refuse(getattr(self, name) <= 0, f"{name} is {getattr(self, name)}; it must be above 0")
        _refuse(self.resolution is not None and self.resolution < 8, f"resolution is {self.resolution}; it must be 8 or more")
        within, scaled = self.step_in_backward == "on", self.precision == "float16"
        _refuse(within and self.accumulate > 1, "step_in_backward changes weights at each batch; accumulate must be 1")
        _refuse(within and scaled, "step_in_backward cannot leave a step out, as float16 must: take bfloat16 or float32")
        _refuse(not 0 <= self.mask_floor <= 1, f"mask_floor is {self.mask_floor}; it must lie between 0 and 1")
        self._check_text_encoder()
        self._check_prompts()

    def _check_text_encoder(self) -> None:
        for name in ("text_encoder_rate", "text_encoder_steps"):
            _refuse(bool(getattr(self, name)) and not self.train_text_encoder, f"{name} is set, but train_text_encoder is not")
        last = self.text_encoder_steps
        _refuse(last > self.steps, f"text_encoder_steps is {last}; training ends after {self.steps}")

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
        """Equal for runs whose weights would be equal at each step, on the same pictures; a checkpoint of another one is not resumed."""
        return self._digest({"checkpoint_every", "report_every", *MEASURING})

    def whole_fingerprint(self) -> str:
        """Equal for runs that, besides, would be measured alike."""
        return self._digest({"checkpoint_every", "report_every"})

    def _digest(self, without: set[str]) -> str:
        deciding = {name: value for name, value in asdict(self).items() if name not in without}
        return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()[:16]


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise Contradiction(why)
