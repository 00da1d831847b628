"""Low-rank adapters (Hu et al. 2021, arXiv 2106.09685): what is learnt is a small matrix beside each weight, which stays as it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from images.trainer.draws import generator

MERGED = 2**14
"""numbers of the largest weight that is added to its adapter before it is used. The sum's gradient is as large as the weight, which costs a
third of a step with the convolutions of Stable Diffusion 1.5, at 512 pixels; of small weights, matrices of a few rows cost more than that:
their steps are a tenth quicker so"""


class LowRank:
    """(alpha / r) B A, which the paper's equation 3 adds to W. A convolution's kernel is a matrix of (out, in * height * width): A is a
    convolution into r channels, and B one of a single pixel."""

    def __init__(self, module: nn.Module, rank: int, alpha: float, dice: torch.Generator) -> None:
        weight = module.get_parameter("weight")
        self.shape, self.scale = tuple(weight.shape), alpha / rank
        self.places = {"stride": module.stride, "padding": module.padding} if isinstance(module, nn.Conv2d) else None
        down = torch.empty(rank, weight[0].numel())
        nn.init.kaiming_uniform_(down, a=math.sqrt(5), generator=dice)
        self.down = nn.Parameter(down.to(weight.device))
        self.up = nn.Parameter(torch.zeros(len(weight), rank, device=weight.device))  # so that training begins at the base

    def beside(self, answered: Tensor, x: Tensor) -> Tensor:
        """W x + (alpha / r) B A x. In place: no module here needs its own answer for its gradient."""
        up = self.scale * self.up  # smaller than any answer
        if self.places is None:
            return answered.add_(nn.functional.linear(nn.functional.linear(x, self.down), up))
        reduced = nn.functional.conv2d(x, self.down.view(-1, *self.shape[1:]), **self.places)
        return answered.add_(nn.functional.conv2d(reduced, up[:, :, None, None]))

    def merged(self, weight: Tensor, bias: Tensor | None, x: Tensor) -> Tensor:
        """(W + (alpha / r) B A) x"""
        if self.places is None:
            return nn.functional.linear(x, self.added_to(weight), bias)
        return nn.functional.conv2d(x, self.added_to(weight), bias, **self.places)

    def added_to(self, weight: Tensor) -> Tensor:
        return torch.addmm(weight.flatten(1), self.up, self.down, alpha=self.scale).view(self.shape)


class Adapters:
    """Of the named modules, each of which has a `weight`. Their draws are functions of the seed and the module's name."""

    def __init__(self, modules: Mapping[str, nn.Module], rank: int, alpha: float, seed: int) -> None:
        self.modules = dict(modules)
        self.learnt = {name: LowRank(module, rank, alpha, generator(seed, f"adapter {name}", 0)) for name, module in self.modules.items()}
        self._aside = False
        for name, module in self.modules.items():
            module.forward = self._adapted(module, self.learnt[name])

    def parameters(self) -> dict[str, nn.Parameter]:
        return {f"{name}.{side}": getattr(low, side) for name, low in self.learnt.items() for side in ("down", "up")}

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Within, the modules answer as if nothing had been learnt."""
        self._aside = True
        try:
            yield
        finally:
            self._aside = False

    def merge(self) -> None:
        """What was learnt goes into the weights themselves, for good."""
        with torch.no_grad():
            for name, module in self.modules.items():
                weight = module.get_parameter("weight")
                weight.copy_(self.learnt[name].added_to(weight))
                del module.forward
        self.modules = {}

    def _adapted(self, module: nn.Module, low: LowRank) -> Callable[[Tensor], Tensor]:
        """In half precision, what is added to a weight is lost where it is small beside it: its product is added to the answer there."""
        own, weight = module.forward, module.get_parameter("weight")

        def forward(x: Tensor) -> Tensor:
            if self._aside:
                return own(x)
            if weight.numel() > MERGED or torch.is_autocast_enabled(x.device.type):
                return low.beside(own(x), x)
            return low.merged(weight, module.bias, x)

        return forward
