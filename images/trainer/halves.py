"""Weights as they are served: a safetensors file in half precision, half the bytes to upload and load, and the pictures are the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor


def save_halves(tensors: Mapping[str, Tensor], path: Path, about: Mapping[str, str]) -> None:
    """One tensor after the other, where safetensors' own `save_file` wants all halves at once: half the weights' memory on top of them.

    The format is that of huggingface/safetensors' README: the header's length in 8 bytes, little-endian; the header, as JSON, which ends at
    a multiple of 8; what it describes, in its order.
    """
    entries, end = dict[str, object](), 0
    for name, tensor in tensors.items():
        begin, end = end, end + 2 * tensor.numel()
        entries[name] = {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [begin, end]}
    header = json.dumps({"__metadata__": {"format": "pt", **about}, **entries}).encode()
    header += b" " * (-len(header) % 8)
    with path.open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        for tensor in tensors.values():
            file.write(tensor.detach().half().cpu().contiguous().numpy())
