"""What training needs to know of a model's architecture, and no more: the seam between a model family and a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image
from torch import Tensor, nn


class UnknownModel(ValueError):
    """The folder is no model that this trainer can work on."""


@dataclass(frozen=True)
class Drawing:
    """One picture to draw."""

    prompt: str
    seed: int
    negative_prompt: str = ""
    steps: int = 25
    guidance: float = 7.5
    width: int | None = None
    """pixels; None is the model's own"""
    height: int | None = None


@dataclass(frozen=True)
class Moments:
    """What the picture encoder says of n pictures, ready to be sampled: (n, channels, h, w) each."""

    mean: Tensor
    deviation: Tensor

    def sample(self, noise: Tensor) -> Tensor:
        return self.mean + self.deviation * noise


class Family(Protocol):
    resolution: int
    """pixels of a side that the model was made for"""
    grain: int
    """width and height of a picture are multiples of this"""
    architecture: str
    """as ModelSpec names it"""
    velocity: bool
    """whether the network predicts velocity (Salimans & Ho 2022, arXiv 2202.00512) instead of the noise"""

    def parts(self) -> dict[str, nn.Module]:
        """The modules that a method may train, by the name of their subfolder."""

    def adaptable(self, parts: Sequence[str], convolutions: bool) -> dict[str, nn.Module]:
        """The modules of these parts that adapters learn beside, by part and path: those of attention, and convolutions if asked for."""

    def rest(self, part: str) -> None:
        """From now on the part, a subfolder's name, stays in the memory of the CPU, but while it is asked for something."""

    def recompute(self) -> None:
        """From now on, what a forward pass makes on its way is made again by the backward pass instead of being kept until then."""

    def compile(self) -> None:
        """From now on, the network's repeated blocks are compiled when they are first trained; names and pictures stay as they are."""

    def encode_prompts(self, prompts: Sequence[str]) -> Tensor:
        """(n, tokens, width); keeps the graph, so that a text encoder can be trained."""

    def encode_pictures(self, pictures: Sequence[Image.Image]) -> Moments: ...

    def random_timesteps(self, uniform: Tensor) -> Tensor:
        """(n,) in 0..1 to (n,) integers."""

    def signal_to_noise(self, timesteps: Tensor) -> Tensor:
        """(n,) integers to the ratio of the powers of signal and noise, (n,); 0 where nothing of the signal is left."""

    def predict(self, latents: Tensor, noise: Tensor, timesteps: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        """Noise the latents, ask the network, and return (prediction, target), both shaped as the latents."""

    def draw(self, drawings: Sequence[Drawing], poll: Callable[[], None]) -> list[Image.Image]:
        """All drawings share their steps, guidance and size. `poll` is called at each denoising step, and may raise."""

    def save(self, folder: Path, trained: Sequence[str], about: Mapping[str, str]) -> None:
        """A folder as the base's, with the named parts replaced by what was learnt. Safetensors and JSON only. `about` goes into the header
        of the denoiser's file."""
