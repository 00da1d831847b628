from pathlib import Path

import pytest
import torch

from images.trainer.stable_diffusion import StableDiffusion
from images.trainer.weighting import min_snr, weighted_loss


def test_the_loss_of_a_case_worked_out_by_hand() -> None:
    predicted = torch.tensor([[1.0, 3.0], [0.0, 0.0], [2.0, 2.0], [0.0, 4.0]])
    target = torch.tensor([[0.0, 1.0], [0.0, 2.0], [2.0, 0.0], [0.0, 0.0]])
    weights = torch.tensor([0.5, 0.5, 0.25, 0.25])  # two of the subject, two of the class, lambda a half

    loss = weighted_loss(predicted, target, weights)

    # squared errors: (1 + 4) / 2 = 2.5, 4 / 2 = 2, 4 / 2 = 2, 16 / 2 = 8
    assert loss.item() == pytest.approx(0.5 * 2.5 + 0.5 * 2 + 0.25 * 2 + 0.25 * 8)


def test_the_loss_of_a_masked_case_worked_out_by_hand() -> None:
    """Two pictures of two channels and two places; of the first, one place counts in full and the other a quarter."""
    predicted = torch.tensor([[[[1.0, 3.0]], [[2.0, 1.0]]], [[[0.0, 2.0]], [[2.0, 0.0]]]])
    masks = torch.tensor([[[[1.0, 0.25]]], [[[0.0, 1.0]]]])

    loss = weighted_loss(predicted, torch.zeros(2, 2, 1, 2), torch.tensor([1.0, 0.5]), masks)

    # first: places (1 + 4) / 2 = 2.5 and (9 + 1) / 2 = 5, so (2.5 + 0.25 * 5) / 1.25 = 3; second: (4 + 0) / 2 = 2, over 1
    assert loss.item() == pytest.approx(1.0 * 3 + 0.5 * 2)


@pytest.mark.parametrize("covered", [1, 8])
def test_a_small_subject_that_is_as_wrong_teaches_as_much_as_a_large_one(covered: int) -> None:
    masks = torch.zeros(1, 1, 4, 4)
    masks.view(-1)[:covered] = 1

    loss = weighted_loss(torch.full((1, 4, 4, 4), 3.0), torch.zeros(1, 4, 4, 4), torch.ones(1), masks)

    assert loss.item() == pytest.approx(9)


def test_steps_that_are_nearly_clean_count_less() -> None:
    ratios = torch.tensor([0.0, 0.5, 5.0, 20.0])

    assert min_snr(ratios, 5.0, velocity=False).tolist() == pytest.approx([1, 1, 1, 5 / 20])
    assert min_snr(ratios, 5.0, velocity=True).tolist() == pytest.approx([0, 0.5 / 1.5, 5 / 6, 5 / 21])


def test_the_ratio_is_that_of_the_schedule_down_to_nothing(base: Path) -> None:
    family = StableDiffusion.load(base, torch.device("cpu"))
    timesteps = torch.tensor([0, 500, 999])

    ratios = family.signal_to_noise(timesteps)

    kept = family.scheduler.alphas_cumprod[timesteps]
    assert torch.allclose(ratios, (kept.sqrt() / (1 - kept).sqrt()).square())
    assert ratios.diff().max() < 0
