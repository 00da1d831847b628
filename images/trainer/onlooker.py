"""Who says whether a picture shows what its prompt asks for: the share of pictures that are told apart by their words alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import torch
from torch import Tensor

from images.trainer.draws import generator
from images.trainer.family import Family, Moments
from images.trainer.grids import Rows

MOMENTS = (0.3, 0.5, 0.7)
"""of the way from picture to noise, at which the words are weighed"""


class Onlooker(Protocol):
    def recognised(self, rows: Rows, texts: Sequence[str], poll: Callable[[], None]) -> float:
        """The share of pictures, in 0..1, for which the text of their own row fits better than that of any other row."""


class UntunedModel:
    """The base itself, asked as a zero-shot classifier (Li et al. 2023, arXiv 2303.16203, equation 6): of all texts, that one fits a
    picture with which its noise is predicted best. The same noise serves all texts, which is what makes few draws enough.

    It needs no other network, and knows whatever the base knows.
    """

    def __init__(self, untuned: Callable[[], AbstractContextManager[Family]]) -> None:
        self.untuned = untuned

    def recognised(self, rows: Rows, texts: Sequence[str], poll: Callable[[], None]) -> float:
        with self.untuned() as family, torch.no_grad():
            states = family.encode_prompts(texts)
            hits = [self._fits(family, family.encode_pictures(row), states, poll) == own for own, row in enumerate(rows)]
        return float(torch.cat(hits).float().mean())

    def _fits(self, family: Family, row: Moments, states: Tensor, poll: Callable[[], None]) -> Tensor:
        """The number of the text that fits each picture best: (n,)"""
        errors = torch.zeros(len(row.mean), len(states))
        for place, moment in enumerate(MOMENTS):
            noise = torch.randn(row.mean.shape, generator=generator(0, "onlooker", place)).to(row.mean)
            timesteps = family.random_timesteps(torch.full((len(row.mean),), moment)).to(row.mean.device)
            for text in range(len(states)):
                poll()
                with torch.autocast("cuda", torch.float16, enabled=row.mean.is_cuda):
                    predicted, target = family.predict(row.mean, noise, timesteps, states[text].expand(len(row.mean), -1, -1))
                errors[:, text] += (predicted - target).float().square().flatten(1).mean(1).cpu()
        return errors.argmin(1)
