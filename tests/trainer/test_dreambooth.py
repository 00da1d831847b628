from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from images.trainer.config import TrainConfig
from images.trainer.draws import generator
from images.trainer.dreambooth import DreamBooth, Examples, weighted_loss
from images.trainer.family import Moments
from images.trainer.stable_diffusion import StableDiffusion

CPU = torch.device("cpu")


def test_the_loss_of_a_case_worked_out_by_hand() -> None:
    predicted = torch.tensor([[1.0, 3.0], [0.0, 0.0], [2.0, 2.0], [0.0, 4.0]])
    target = torch.tensor([[0.0, 1.0], [0.0, 2.0], [2.0, 0.0], [0.0, 0.0]])
    weights = torch.tensor([0.5, 0.5, 0.25, 0.25])  # two of the subject, two of the class, lambda a half

    loss = weighted_loss(predicted, target, weights)

    # squared errors: (1 + 4) / 2 = 2.5, 4 / 2 = 2, 4 / 2 = 2, 16 / 2 = 8
    assert loss.item() == pytest.approx(0.5 * 2.5 + 0.5 * 2 + 0.25 * 2 + 0.25 * 8)


class Silent:
    """A family that always predicts nothing, so that the loss is the mean square of the target, the noise."""

    resolution, grain = 8, 1

    def __init__(self) -> None:
        self.seen: list[Tensor] = []

    def parts(self) -> dict[str, nn.Module]:
        return {"unet": nn.Linear(1, 1)}

    def encode_prompts(self, prompts: Sequence[str]) -> Tensor:
        return torch.tensor([len(prompt) for prompt in prompts]).float()[:, None, None]

    def encode_pictures(self, pictures: Sequence[Image.Image]) -> Moments:
        raise NotImplementedError

    def random_timesteps(self, uniform: Tensor) -> Tensor:
        return (uniform * 1000).long()

    def predict(self, latents: Tensor, noise: Tensor, timesteps: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        self.seen = [latents, states]
        return torch.zeros_like(noise), noise


def moments(value: float, count: int) -> Moments:
    return Moments(torch.full((count, 4, 2, 2), value), torch.zeros(count, 4, 2, 2))


def test_instance_and_class_halves_go_through_the_network_together() -> None:
    family = Silent()
    config = TrainConfig("a sks circle", "a circle", batch_size=2, prior_weight=0.5, seed=3)
    method = DreamBooth(family, config, Examples(moments(1.0, 5), moments(-1.0, 9)), CPU)  # type: ignore[arg-type]

    loss = method.loss(7)

    latents, states = family.seen
    assert latents[:, 0, 0, 0].tolist() == [1, 1, -1, -1]
    assert states[:, 0, 0].tolist() == [12, 12, 8, 8]
    noise = torch.randn(4, 4, 2, 2, generator=generator(3, "noise", 7))
    assert loss.item() == pytest.approx(noise[:2].square().mean().item() + 0.5 * noise[2:].square().mean().item())


def test_without_a_prior_there_is_one_half() -> None:
    family = Silent()
    method = DreamBooth(family, TrainConfig("a sks circle", batch_size=3, prior_weight=0), Examples(moments(1.0, 5), None), CPU)  # type: ignore[arg-type]

    method.loss(0)

    assert len(family.seen[0]) == 3


def test_the_target_is_the_noise_or_the_velocity(base: Path, velocity_base: Path) -> None:
    latents, noise, timesteps = torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8), torch.tensor([10, 800])

    for folder, velocity in ((base, False), (velocity_base, True)):
        family = StableDiffusion.load(folder, CPU)
        _, target = family.predict(latents, noise, timesteps, family.encode_prompts(["a", "a"]))
        kept = family.scheduler.alphas_cumprod[timesteps][:, None, None, None]
        expected = kept.sqrt() * noise - (1 - kept).sqrt() * latents if velocity else noise
        assert torch.allclose(target, expected, atol=1e-6)
