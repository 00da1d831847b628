"""Chance without state: every draw is a function of the seed, its purpose and the step.

A resumed run therefore repeats no draw and skips none.
"""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor


def generator(seed: int, purpose: str, step: int) -> torch.Generator:
    digest = hashlib.sha256(f"{seed}/{purpose}/{step}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def batch_of(seed: int, purpose: str, step: int, batch: int, count: int) -> Tensor:
    """Which of `count` pictures form the batch of this step: (batch,). Each is used once before any is used twice."""
    places = range(step * batch, (step + 1) * batch)
    orders = {epoch: torch.randperm(count, generator=generator(seed, f"{purpose} order", epoch)) for epoch in {p // count for p in places}}
    return torch.stack([orders[place // count][place % count] for place in places])
