"""What saves memory learns the same."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from images.trainer.batches import Examples
from images.trainer.config import TrainConfig
from images.trainer.dreambooth import DreamBooth
from images.trainer.family import Moments
from images.trainer.stable_diffusion import StableDiffusion
from images.trainer.train import Places, train
from tests.trainer.test_training import CONFIG, same, stopped_at, weights

CPU = torch.device("cpu")
ASKED = TrainConfig(
    "a photo of a sks circle",
    "a photo of a circle",
    batch_size=4,
    prior_weight=0.5,
    train_text_encoder=True,
    min_snr_gamma=5.0,
    offset_noise=0.1,
    seed=3,
)


def moments(count: int, seed: int) -> Moments:
    dice = torch.Generator().manual_seed(seed)
    return Moments(torch.randn(count, 4, 8, 8, generator=dice), torch.rand(count, 4, 8, 8, generator=dice))


def examples() -> Examples:
    """Five pictures, of which two have captions and all have masks, and seven of the class."""
    masks = torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(4))
    return Examples(moments(5, 1), moments(7, 2), ("", "of a photo", "", "", "a circle"), (masks,))


def gradients(base: Path, config: TrainConfig, step: int = 3) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of a step, and what each parameter is told by it."""
    method = DreamBooth(StableDiffusion.load(base, CPU), config, examples(), CPU)
    losses = [method.loss(step, part) for part in range(config.accumulate)]
    torch.stack(losses).sum().backward()
    return torch.stack(losses).sum().detach(), {name: parameter.grad for name, parameter in method.parameters().items()}


@pytest.mark.parametrize("method", ["dreambooth", "lora"])
def test_what_is_recomputed_in_backward_gives_the_same_gradients(base: Path, method: str) -> None:
    loss, kept = gradients(base, replace(ASKED, method=method))

    again, recomputed = gradients(base, replace(ASKED, method=method, gradient_checkpointing=True))

    assert torch.equal(loss, again)
    assert all(torch.equal(gradient, recomputed[name]) for name, gradient in kept.items())
    assert any(name.startswith("text_encoder.") for name in kept)


@pytest.mark.parametrize("recomputed", [False, True])
def test_recomputing_in_backward_asks_the_networks_twice(base: Path, recomputed: bool) -> None:
    family, asked = StableDiffusion.load(base, CPU), []
    for module in (family.unet.down_blocks[0].resnets[0], family.text_encoder.encoder.layers[0].self_attn):
        module.register_forward_pre_hook(lambda module, _: asked.append(module))

    method = DreamBooth(family, replace(ASKED, gradient_checkpointing=recomputed), examples(), CPU)
    method.loss(0).backward()

    assert [asked.count(module) for module in set(asked)] == [1 + recomputed] * 2


@pytest.mark.parametrize("parts", [2, 4])
def test_batches_of_a_step_teach_together_what_one_large_batch_does(base: Path, parts: int) -> None:
    loss, whole = gradients(base, ASKED)

    added, together = gradients(base, replace(ASKED, batch_size=4 // parts, accumulate=parts))

    assert torch.allclose(loss, added, rtol=1e-6)
    assert all(torch.allclose(gradient, together[name], rtol=1e-4, atol=1e-6) for name, gradient in whole.items())
    assert any(gradient.abs().max() > 1e-3 for name, gradient in whole.items() if name.startswith("text_encoder."))


def test_no_picture_is_drawn_otherwise_for_being_in_another_batch_of_its_step(base: Path) -> None:
    one, other = (
        DreamBooth(StableDiffusion.load(base, CPU), config, examples(), CPU)
        for config in (ASKED, replace(ASKED, batch_size=1, accumulate=4))
    )

    whole, parts = one.batches.of(6)[0], [other.batches.of(6)[0].part(number, 4, 1) for number in range(4)]

    for field in ("latents", "noise", "timesteps", "prompts", "halves", "masks"):
        assert torch.equal(getattr(whole, field), torch.stack([getattr(part, field)[half] for half in (0, 1) for part in parts]))


def test_a_run_of_several_batches_a_step_goes_on_to_the_bit(base: Path, pictures: Path, tmp_path: Path) -> None:
    config = replace(CONFIG, steps=4, batch_size=1, accumulate=2, gradient_checkpointing=True, samples_per_prompt=1, sample_every=0)
    places = Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints")
    train(config, replace(places, output=tmp_path / "whole", checkpoints=None))
    stopped_at(2, config, places)

    train(config, places)

    assert same(weights(tmp_path / "whole"), weights(tmp_path / "out"))
