"""AdamW whose moments take one byte a value (Dettmers et al. 2021, arXiv 2110.02861): two bytes a parameter instead of eight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

BLOCK = 256
"""values that share a scale; fewer than the paper's 2048, so that one outlier coarsens fewer others"""
SLICE = 4096
"""blocks that are worked on together: a step needs a dozen copies of them. Stable Diffusion 1.5 has a tensor of 28 times as many"""
LEAST = 4096
"""values; the moments of smaller tensors stay float32: together they are few, and among them are the norms and biases"""
DECADES = 7


class EightBitAdamW(torch.optim.Optimizer):  # type: ignore[misc]
    """Of the second moment the root is kept: it is what divides, and it spans half as many decades. It is never rounded to nothing, so that
    no step is divided by nothing. All arithmetic is in float32, and nothing waits for the device."""

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    def step(self, closure: None = None) -> None:
        with torch.no_grad():
            for group in self.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is not None:
                        self._change(parameter, group)

    def _change(self, parameter: nn.Parameter, group: dict[str, Any]) -> None:
        """Loshchilov & Hutter 2017 (arXiv 1711.05101), algorithm 2, with the moments read before and written after."""
        state, (beta1, beta2) = self.state[parameter], group["betas"]
        state["step"] = step = state.get("step", torch.zeros((), device=parameter.device)) + 1
        for values, gradient, moments in _slices(parameter, parameter.grad, state):
            first = _read(moments, "first", values).lerp_(gradient, 1 - beta1)
            root = _read(moments, "root", values).square_().mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2).sqrt_()
            change = (first / (1 - beta1**step)) / (root / (1 - beta2**step).sqrt()).add_(group["eps"])
            values.mul_(1 - group["lr"] * group["weight_decay"]).sub_(change, alpha=group["lr"])
            _write(moments, "first", first)
            _write(moments, "root", root)


def encode(values: Tensor, book: Tensor) -> tuple[Tensor, Tensor]:
    """Of any shape to one byte each, (blocks, BLOCK), and the largest magnitude of each block, (blocks, 1): the paper's section 2.1."""
    blocks = nn.functional.pad(values.flatten(), (0, -values.numel() % BLOCK)).view(-1, BLOCK)
    scales = blocks.abs().amax(1, keepdim=True)
    shares = blocks / scales.clamp(min=torch.finfo(torch.float32).tiny)
    return torch.bucketize(shares, (book[1:] + book[:-1]) / 2, out_int32=True).to(torch.uint8), scales


def decode(codes: Tensor, scales: Tensor, book: Tensor, shape: torch.Size) -> Tensor:
    return (book[codes.int()] * scales).flatten()[: shape.numel()].view(shape)


@cache
def book_of(signed: bool, device: torch.device) -> Tensor:
    """What the codes stand for, ascending: dynamic quantisation (the paper's section 2.2), whose steps are finest relative to the value
    where values are large. Each decade has twice the codes of the one below it; the first has one, or two where there is no sign."""
    positive = [torch.ones(1)]
    for decade in range(DECADES):
        edges = torch.linspace(0.1, 1, 2 ** (decade + (not signed)) + 1) * 10.0 ** (decade - DECADES + 1)
        positive.append((edges[:-1] + edges[1:]) / 2)
    values = torch.cat(positive)
    return torch.cat([values, torch.zeros(1), -values[1:]] if signed else [values]).sort().values.to(device)


def _slices(parameter: Tensor, gradient: Tensor, state: dict[str, Tensor]) -> Iterator[tuple[Tensor, Tensor, dict[str, Tensor]]]:
    """Views of all three, whole blocks each; of nothing learnt yet, the moments are made first."""
    if parameter.numel() < LEAST:
        for name in ("first", "root"):
            state.setdefault(name, torch.zeros_like(parameter, dtype=torch.float32))
        yield parameter, gradient, {name: state[name] for name in ("first", "root")}
        return
    blocks = -(-parameter.numel() // BLOCK)
    for name in ("first", "root"):
        if f"{name}_codes" not in state:
            _make(state, name, blocks, parameter.device)
    kept = [name for name in state if name != "step"]
    flat, slopes = parameter.view(-1), gradient.reshape(-1)
    for at in range(0, blocks, SLICE):
        some = slice(at * BLOCK, (at + SLICE) * BLOCK)
        yield flat[some], slopes[some], {name: state[name][at : at + SLICE] for name in kept}


def _make(state: dict[str, Tensor], name: str, blocks: int, device: torch.device) -> None:
    nothing = book_of(name == "first", device).abs().argmin()
    state[f"{name}_codes"] = nothing.to(torch.uint8).repeat(blocks, BLOCK)
    state[f"{name}_scales"] = torch.zeros(blocks, 1, device=device)


def _read(moments: dict[str, Tensor], name: str, like: Tensor) -> Tensor:
    """A copy, to be worked on."""
    if name in moments:
        return moments[name].clone()
    return decode(moments[f"{name}_codes"], moments[f"{name}_scales"], book_of(name == "first", like.device), like.shape)


def _write(moments: dict[str, Tensor], name: str, moment: Tensor) -> None:
    if name in moments:
        moments[name].copy_(moment)
        return
    codes, scales = encode(moment, book_of(name == "first", moment.device))
    moments[f"{name}_codes"].copy_(codes)
    moments[f"{name}_scales"].copy_(scales)
