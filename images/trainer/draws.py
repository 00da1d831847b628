"""Chance without state: every draw is a function of the seed, its purpose and the step.

A resumed run therefore repeats no draw and skips none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

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


def bucket_of(seed: int, step: int, sizes: Sequence[int]) -> tuple[int, int]:
    """Which bucket, of those that hold so many pictures, forms the batch of this step, and how many batches it formed before.

    In as many steps as there are pictures, each bucket has one turn for each of its own: all pictures are used equally often, and within a
    bucket each once before any is used twice.
    """
    if len(sizes) == 1:
        return 0, step
    around, place = divmod(step, sum(sizes))
    turns = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    order = turns[torch.randperm(len(turns), generator=generator(seed, "bucket order", around))].tolist()
    bucket = order[place]
    return bucket, around * sizes[bucket] + order[:place].count(bucket)
