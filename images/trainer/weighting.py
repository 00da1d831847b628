"""How much each picture of a batch counts. Weights multiply per picture, before any reduction mixes the pictures."""

from __future__ import annotations

import torch
from torch import Tensor


def min_snr(signal_to_noise: Tensor, gamma: float, velocity: bool) -> Tensor:
    """(n,) to (n,): min(SNR, gamma) over SNR, and over SNR + 1 for velocity (Hang et al. 2023, arXiv 2303.09556, section 3.4).

    Where nothing of the signal is left, noise counts in full, since it is all that there is; velocity, the picture there, does not count.
    """
    capped = signal_to_noise.clamp(max=gamma)
    if velocity:
        return capped / (signal_to_noise + 1)
    return torch.where(signal_to_noise > 0, capped / signal_to_noise, 1.0)


def weighted_loss(predicted: Tensor, target: Tensor, weights: Tensor, masks: Tensor | None = None) -> Tensor:
    """Squared error of each picture, times its weight, summed. (n, c, h, w), (n,), and masks of (n, 1, h, w) in 0..1.

    A masked picture's error is the mean over what counts of it, so that a small subject teaches as much as a large one: as OneTrainer's
    normalize_masked_area_loss does; kohya's sd-scripts take the mean over all of the picture.
    """
    errors = (predicted - target).square()
    if masks is None:
        each = errors.flatten(1).mean(1)
    else:
        each = (errors.mean(1, keepdim=True) * masks).flatten(1).sum(1) / masks.flatten(1).sum(1)
    return (each * weights).sum()
