"""Adafactor (Shazeer & Stern 2018, arXiv 1804.04235): what AdamW keeps for each value, this keeps for each row and each column.

PyTorch's own multiplies the rate by the root mean square of each weight and caps it at one over the root of the step, so that a rate
would mean something else from one choice to the next; and it factors a convolution over the two sides of its kernel, where there is little
to save.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn


class Adafactor(torch.optim.Optimizer):  # type: ignore[misc]
    """The paper's algorithms 4 and 5: neither a relative step nor a first moment; weight decay as AdamW's."""

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        eps: float = 1e-30,
        most: float = 1.0,
        decay: float = 0.8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, {"lr": lr, "eps": eps, "most": most, "decay": decay, "weight_decay": weight_decay})

    def step(self, closure: None = None) -> None:
        with torch.no_grad():
            for group in self.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is not None:
                        self._change(parameter, group)

    def _change(self, parameter: nn.Parameter, group: dict[str, Any]) -> None:
        gradient, state = parameter.grad.float(), self.state[parameter]
        state["step"] = step = state.get("step", torch.zeros((), device=parameter.device)) + 1
        fresh = step ** -group["decay"]  # one minus the decay of section 7; 1 at the first step
        change = gradient * _inverse_root(gradient.square().add_(group["eps"]), state, fresh)
        change /= (change.square().mean().sqrt() / group["most"]).clamp(min=1)  # section 6
        parameter.mul_(1 - group["lr"] * group["weight_decay"]).sub_(change, alpha=group["lr"])


def _inverse_root(squares: Tensor, state: dict[str, Tensor], fresh: Tensor) -> Tensor:
    """One over the root of the second moment. That of a matrix, or of a kernel as one of (out, in * height * width), is the product of its
    rows' and its columns' means over the mean of all: the paper's algorithm 4, its sums taken as means."""
    if squares.dim() < 2:
        state["second"] = _mixed(state.get("second"), squares, fresh)
        return state["second"].rsqrt()
    matrix = squares.flatten(1)
    state["rows"] = rows = _mixed(state.get("rows"), matrix.mean(1), fresh)
    state["columns"] = columns = _mixed(state.get("columns"), matrix.mean(0), fresh)
    return ((rows / rows.mean()).rsqrt()[:, None] * columns.rsqrt()).view_as(squares)


def _mixed(kept: Tensor | None, new: Tensor, fresh: Tensor) -> Tensor:
    return new.clone() if kept is None else kept.lerp(new, fresh)
