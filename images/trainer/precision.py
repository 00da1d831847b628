"""How a step is computed: in which precision, and whether compiled."""

from __future__ import annotations

import shutil

import torch

from images.trainer.config import TrainConfig

WORTH_COMPILING = 500
"""steps; compiling takes a minute or two"""
_COMPILERS = ("gcc", "clang")


def precision_of(config: TrainConfig, device: torch.device) -> torch.dtype:
    """Of the forward pass; the weights, and all that the optimiser does, are float32."""
    if config.precision == "auto":
        return torch.bfloat16 if device.type == "cuda" else torch.float32
    return {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}[config.precision]


def scaler_of(config: TrainConfig, device: torch.device) -> torch.amp.GradScaler:
    """Gradients of float16 would vanish below 6e-8: the loss is scaled up, and they are scaled down again (Micikevicius et al. 2017, arXiv
    1710.03740, section 3.2). A step whose gradients overflow is left out, and the scale is halved. Idle for the other precisions."""
    return torch.amp.GradScaler(device.type, enabled=config.precision == "float16")


def compiles(config: TrainConfig, device: torch.device) -> bool:
    """A GPU's kernels are launched by code that is built on the spot: without a C compiler, nothing is compiled unless asked for."""
    if config.compile == "auto":
        return device.type == "cuda" and config.steps >= WORTH_COMPILING and any(map(shutil.which, _COMPILERS))
    return config.compile == "on"
