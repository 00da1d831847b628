"""The one learning-rate curve of every part: a short warm-up, then a cosine down to nothing."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn


def descend(
    name: str, module: nn.Module, loss: Callable[[int], Tensor], steps: int, rate: float, betas: tuple[float, float] = (0.9, 0.99)
) -> None:
    """Minimise `loss(step)` over the module's parameters, printing twenty lines of progress."""
    parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=rate, betas=betas, weight_decay=0.01, fused=True)
    started, recent = time.monotonic(), []
    for step, scale in enumerate(_cosine(steps)):
        for group in optimizer.param_groups:
            group["lr"] = rate * scale
        value = loss(step)
        value.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        recent.append(value.detach())
        if (step + 1) % max(1, steps // 20) == 0:
            mean = float(torch.stack(recent).mean())
            recent.clear()
            print(f"{name} {step + 1}/{steps} loss {mean:.4f} {time.monotonic() - started:.0f} s", flush=True)


def _cosine(steps: int, warmup: int = 50) -> Iterator[float]:
    for step in range(steps):
        yield min(1.0, (step + 1) / warmup) * 0.5 * (1 + math.cos(math.pi * step / steps))
