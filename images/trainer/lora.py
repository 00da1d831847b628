"""Low-rank adapters (Hu et al. 2021, arXiv 2106.09685): what is learnt is a small matrix beside each weight, which stays as it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from images.trainer.draws import generator


class LowRank(nn.Module):  # type: ignore[misc]
    """(alpha / r) B A x, which the paper's equation 3 adds to W x. A convolution's kernel is a matrix of (out, in * height * width): A is a
    convolution into r channels, and B one of a single pixel.

    W and B A are not added up first: that sum would cost a gradient as large as the weight, a third of a step with convolutions.
    """

    def __init__(self, module: nn.Module, rank: int, alpha: float, dice: torch.Generator) -> None:
        super().__init__()
        weight = module.get_parameter("weight")
        self.shape, self.scale = tuple(weight.shape), alpha / rank
        self.places = {"stride": module.stride, "padding": module.padding} if isinstance(module, nn.Conv2d) else None
        down = torch.empty(rank, weight[0].numel())
        nn.init.kaiming_uniform_(down, a=math.sqrt(5), generator=dice)
        self.down = nn.Parameter(down.to(weight.device))
        self.up = nn.Parameter(torch.zeros(len(weight), rank, device=weight.device))  # so that training begins at the base

    def forward(self, x: Tensor) -> Tensor:
        up = self.scale * self.up  # smaller than any answer
        if self.places is None:
            return nn.functional.linear(nn.functional.linear(x, self.down), up)
        reduced = nn.functional.conv2d(x, self.down.view(-1, *self.shape[1:]), **self.places)
        return nn.functional.conv2d(reduced, up[:, :, None, None])

    def matrix(self) -> Tensor:
        """(alpha / r) B A, shaped as the weight."""
        return self.scale * (self.up @ self.down).view(self.shape)


class Adapters:
    """Of the named modules, each of which has a `weight`. Their draws are functions of the seed and the module's name."""

    def __init__(self, modules: Mapping[str, nn.Module], rank: int, alpha: float, seed: int) -> None:
        self.modules = dict(modules)
        self.learnt = {name: LowRank(module, rank, alpha, generator(seed, f"adapter {name}", 0)) for name, module in self.modules.items()}
        self._hooks = [module.register_forward_hook(self._adding(self.learnt[name])) for name, module in self.modules.items()]
        self._aside = False

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
                module.get_parameter("weight").add_(self.learnt[name].matrix())
        for hook in self._hooks:
            hook.remove()
        self.modules, self._hooks = {}, []

    def _adding(self, low: LowRank) -> Callable[[nn.Module, tuple[Any, ...], Tensor], Tensor]:
        """In place: no module here needs its own answer for its gradient."""
        return lambda module, given, answered: answered if self._aside else answered.add_(low(given[0]))
