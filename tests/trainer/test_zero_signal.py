"""A schedule that ends in nothing but noise (Lin et al. 2023, arXiv 2305.08891)."""

import json
from pathlib import Path

import pytest
import torch

from images.trainer.family import Drawing
from images.trainer.stable_diffusion import StableDiffusion
from images.trainer.weighting import min_snr, weighted_loss
from tests.trainer.conftest import make_nano

CPU = torch.device("cpu")
LAST = torch.tensor([999, 999])


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> StableDiffusion:
    base = make_nano(tmp_path_factory.mktemp("zero-signal"), "v_prediction")
    path = base / "scheduler" / "scheduler_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"rescale_betas_zero_snr": True, "timestep_spacing": "leading"}))
    return StableDiffusion.load(base, CPU)


def test_nothing_of_the_picture_is_left_at_the_last_step_and_what_is_learnt_there_is_the_picture(family: StableDiffusion) -> None:
    pictures, noise = torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8)
    seen: list[torch.Tensor] = []
    hook = family.unet.register_forward_pre_hook(lambda _, given: seen.append(given[0]))

    _, target = family.predict(pictures, noise, LAST, family.encode_prompts(["a", "a"]))
    hook.remove()

    assert family.signal_to_noise(LAST).tolist() == [0, 0]
    assert torch.equal(seen[0], noise)
    assert torch.allclose(target, -pictures)


def test_weights_are_finite_at_every_step_and_so_is_the_loss(family: StableDiffusion) -> None:
    ratios = family.signal_to_noise(torch.arange(1000))

    weights = min_snr(ratios, 5.0, velocity=True)

    assert ratios.diff().max() < 0
    assert torch.isfinite(weights).all()
    assert (weights >= 0).all()
    assert weights[-1] == 0
    assert weighted_loss(torch.ones(1000, 4, 2, 2), torch.zeros(1000, 4, 2, 2), weights).isfinite()


@pytest.mark.parametrize("steps", [2, 7, 25])
def test_drawing_begins_at_the_last_step_whatever_spacing_the_base_names(family: StableDiffusion, steps: int) -> None:
    begun: list[int] = []
    hook = family.unet.register_forward_pre_hook(lambda _, given: begun.append(int(given[1])))

    family.draw([Drawing("a circle", seed=3, steps=steps)], lambda: None)
    hook.remove()

    assert begun[0] == 999
    assert len(begun) == steps


def test_what_is_saved_draws_as_it_was_trained(family: StableDiffusion, tmp_path: Path) -> None:
    family.save(tmp_path, (), {})

    saved = json.loads((tmp_path / "scheduler" / "scheduler_config.json").read_text())
    assert (saved["rescale_betas_zero_snr"], saved["timestep_spacing"]) == (True, "trailing")
