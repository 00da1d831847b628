"""Adapters as files that others load: the key formats of peft (which diffusers reads) and of kohya's sd-scripts (which most else reads)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

from images.trainer.lora import Adapters, LowRank

PEFT, KOHYA = "pytorch_lora_weights.safetensors", "kohya_lora_weights.safetensors"
"""the first is the name that diffusers looks for"""
_KOHYA_PARTS = {"unet": "lora_unet", "text_encoder": "lora_te_text_model"}


def save_adapters(adapters: Adapters, folder: Path, about: Mapping[str, str]) -> None:
    """Both files, in half precision. Before `merge`."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, named in ((PEFT, _peft), (KOHYA, _kohya)):
        tensors = {key: tensor for name, low in adapters.learnt.items() for key, tensor in named(name, low).items()}
        save_file(tensors, folder / file, metadata={"format": "pt", **about})


def _peft(name: str, low: LowRank) -> dict[str, Tensor]:
    """Without an alpha in the file it is taken to be the rank: the scale goes into the upper matrix."""
    down, up = _matrices(low)
    return {f"{name}.lora_A.weight": _half(down), f"{name}.lora_B.weight": _half(up * low.scale)}


def _kohya(name: str, low: LowRank) -> dict[str, Tensor]:
    part, _, module = name.partition(".")
    key = f"{_KOHYA_PARTS[part]}_{module.replace('.', '_')}"
    down, up = _matrices(low)
    alpha = low.down.new_tensor(low.scale * len(low.down))
    return {f"{key}.lora_down.weight": _half(down), f"{key}.lora_up.weight": _half(up), f"{key}.alpha": _half(alpha)}


def _matrices(low: LowRank) -> tuple[Tensor, Tensor]:
    """Of a convolution: one with its kernel into `rank` channels, then one of a single pixel."""
    down, up = low.down.detach(), low.up.detach()
    return down.view(-1, *low.shape[1:]), up.view(*up.shape, *(1 for _ in low.shape[2:]))


def _half(tensor: Tensor) -> Tensor:
    return tensor.half().cpu().contiguous()
