from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from images.trainer.batches import Examples
from images.trainer.config import TrainConfig
from images.trainer.draws import generator
from images.trainer.dreambooth import DreamBooth
from images.trainer.family import Drawing, Moments
from images.trainer.stable_diffusion import StableDiffusion

CPU = torch.device("cpu")


class Silent:
    """A family that always predicts nothing, so that the loss is the mean square of the target, the noise."""

    resolution, grain, velocity = 8, 1, False

    def __init__(self) -> None:
        self.seen: list[Tensor] = []
        self.noised: list[Tensor] = []
        self.resting: list[str] = []

    def rest(self, part: str) -> None:
        self.resting.append(part)

    def parts(self) -> dict[str, nn.Module]:
        return {"unet": nn.Linear(1, 1)}

    def encode_prompts(self, prompts: Sequence[str]) -> Tensor:
        return torch.tensor([len(prompt) for prompt in prompts]).float()[:, None, None]

    def encode_pictures(self, pictures: Sequence[Image.Image]) -> Moments:
        raise NotImplementedError

    def random_timesteps(self, uniform: Tensor) -> Tensor:
        return (uniform * 1000).long()

    def signal_to_noise(self, timesteps: Tensor) -> Tensor:
        return 1000 / (timesteps + 1) - 1  # from 999 down to 0

    def predict(self, latents: Tensor, noise: Tensor, timesteps: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        self.seen, self.noised = [latents, states], [noise, timesteps]
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


@pytest.mark.parametrize("batch", [1, 2])
def test_weights_of_the_half_and_of_the_noise_meet_each_picture_before_the_sum(batch: int) -> None:
    family = Silent()
    config = TrainConfig("a sks circle", "a circle", batch_size=batch, prior_weight=0.5, min_snr_gamma=2.0, seed=3)
    method = DreamBooth(family, config, Examples(moments(1.0, 5), moments(-1.0, 9)), CPU)  # type: ignore[arg-type]

    loss = method.loss(7)

    noise, timesteps = family.noised
    expected = 0.0
    for number, (each, timestep) in enumerate(zip(noise, timesteps.tolist(), strict=True)):
        ratio = 1000 / (timestep + 1) - 1
        half = 1.0 if number < batch else 0.5
        expected += half / batch * min(ratio, 2.0) / ratio * each.square().mean().item()
    assert loss.item() == pytest.approx(expected)


@pytest.mark.parametrize("batch", [1, 2])
def test_the_mask_of_a_picture_meets_its_weights_and_none_of_the_class(batch: int) -> None:
    """Two by two latents, of which the upper two count in full and the lower two a quarter."""
    family = Silent()
    config = TrainConfig("a circle", "a", batch_size=batch, prior_weight=0.5, min_snr_gamma=2.0, mask_floor=0.25, seed=3)
    masks = torch.tensor([1.0, 1.0, 0.0, 0.0]).view(1, 1, 2, 2).expand(5, 1, 2, 2)
    method = DreamBooth(family, config, Examples(moments(1.0, 5), moments(-1.0, 9), masks=(masks,)), CPU)  # type: ignore[arg-type]

    loss = method.loss(7)

    expected = 0.0
    for number, (each, timestep) in enumerate(zip(family.noised[0], family.noised[1].tolist(), strict=True)):
        ratio = 1000 / (timestep + 1) - 1
        upper, lower = each[:, 0].square().mean().item(), each[:, 1].square().mean().item()
        error, half = ((2 * upper + 0.5 * lower) / 2.5, 1.0) if number < batch else ((upper + lower) / 2, 0.5)
        expected += half / batch * min(ratio, 2.0) / ratio * error
    assert loss.item() == pytest.approx(expected)


def test_offset_noise_shifts_each_channel_as_a_whole_and_is_part_of_the_target() -> None:
    config = TrainConfig("a sks circle", batch_size=3, prior_weight=0, seed=3)
    families = [Silent(), Silent()]

    for family, offset in zip(families, (0.0, 0.1), strict=True):
        DreamBooth(family, replace(config, offset_noise=offset), Examples(moments(1.0, 5), None), CPU).loss(4)  # type: ignore[arg-type]

    shift = families[1].noised[0] - families[0].noised[0]
    assert torch.allclose(shift, shift[:, :, :1, :1].expand_as(shift), atol=1e-6)
    assert shift[:, :, 0, 0].unique().numel() == 12
    assert torch.equal(families[0].noised[1], families[1].noised[1])


def test_a_picture_is_learnt_by_its_own_caption_and_each_prompt_is_encoded_once() -> None:
    family = Silent()
    config = TrainConfig("a sks circle", "a circle", batch_size=5, seed=3)
    captions = ("on a mat", "", "on a mat", "outside", "")
    instance = Moments(torch.arange(5.0)[:, None, None, None].expand(5, 4, 2, 2), torch.zeros(5, 4, 2, 2))
    method = DreamBooth(family, config, Examples(instance, moments(-1.0, 9), captions), CPU)  # type: ignore[arg-type]

    method.loss(0)

    latents, states = family.seen
    learnt = dict(zip(latents[:5, 0, 0, 0].int().tolist(), states[:5, 0, 0].int().tolist(), strict=True))
    assert method.prompts == ("a sks circle, on a mat", "a sks circle", "a sks circle, outside", "a circle")
    assert learnt == {0: 22, 1: 12, 2: 22, 3: 21, 4: 12}
    assert states[5:, 0, 0].tolist() == [8] * 5
    assert method.frozen_states is not None
    assert len(method.frozen_states) == 4
    assert set(family.resting) == {"vae", "text_encoder"}


def test_a_text_encoder_that_learns_is_asked_for_the_prompts_of_the_step_alone() -> None:
    family = Taught()
    config = TrainConfig("a sks circle", "a circle", batch_size=1, seed=3, train_text_encoder=True)
    method = DreamBooth(family, config, Examples(moments(1.0, 3), moments(-1.0, 9), ("one", "two", "three")), CPU)  # type: ignore[arg-type]

    method.loss(0)

    assert len(family.encoded) == 1
    assert len(family.encoded[0]) == 2
    assert family.encoded[0][1] == "a circle"


class Taught(Silent):
    def __init__(self) -> None:
        super().__init__()
        self.encoded: list[Sequence[str]] = []

    def parts(self) -> dict[str, nn.Module]:
        return {"unet": nn.Linear(1, 1), "text_encoder": nn.Linear(1, 1)}

    def encode_prompts(self, prompts: Sequence[str]) -> Tensor:
        self.encoded.append(prompts)
        return super().encode_prompts(prompts)


def test_without_a_prior_there_is_one_half() -> None:
    family = Silent()
    method = DreamBooth(family, TrainConfig("a sks circle", batch_size=3, prior_weight=0), Examples(moments(1.0, 5), None), CPU)  # type: ignore[arg-type]

    method.loss(0)

    assert len(family.seen[0]) == 3


def test_a_text_encoder_that_has_learnt_enough_is_asked_once_more_for_all() -> None:
    family = Taught()
    config = TrainConfig("a sks circle", "a circle", steps=9, train_text_encoder=True, text_encoder_steps=2, text_encoder_rate=1e-6)
    method = DreamBooth(family, config, Examples(moments(1.0, 3), moments(-1.0, 9)), CPU)  # type: ignore[arg-type]

    for step in range(4):
        method.loss(step)

    assert [len(prompts) for prompts in family.encoded] == [2, 2, 2]
    assert family.resting == ["vae", "text_encoder"]
    assert (method.rate("text_encoder.weight"), method.rate("unet.weight")) == (1e-6, 5e-6)


def test_what_no_step_needs_leaves_the_device_but_while_it_is_asked_for_something(base: Path) -> None:
    device = torch.device("cpu", 0)  # another name of the one device that is surely here
    family, moved = StableDiffusion.load(base, device), []
    plain = family.draw(DRAWN, lambda: None)[0]
    for part in ("vae", "text_encoder"):
        getattr(family, part).to = lambda device, part=part: (moved.append((part, device)), getattr(family, part))[1]

    family.rest("vae")
    family.rest("text_encoder")
    kept = list(moved)
    again = family.draw(DRAWN, lambda: None)[0]

    assert kept == [("vae", CPU), ("text_encoder", CPU)]
    assert moved == [*kept, ("text_encoder", device), ("text_encoder", CPU), ("vae", device), ("vae", CPU)]
    assert plain.tobytes() == again.tobytes()
    family.encode_pictures([again])
    assert moved[-2:] == [("vae", device), ("vae", CPU)]


DRAWN = [Drawing("a photo", seed=3, steps=2)]


def test_the_target_is_the_noise_or_the_velocity(base: Path, velocity_base: Path) -> None:
    latents, noise, timesteps = torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8), torch.tensor([10, 800])

    for folder, velocity in ((base, False), (velocity_base, True)):
        family = StableDiffusion.load(folder, CPU)
        _, target = family.predict(latents, noise, timesteps, family.encode_prompts(["a", "a"]))
        kept = family.scheduler.alphas_cumprod[timesteps][:, None, None, None]
        expected = kept.sqrt() * noise - (1 - kept).sqrt() * latents if velocity else noise
        assert torch.allclose(target, expected, atol=1e-6)
