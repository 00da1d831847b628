from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file

from images.trainer.halves import save_halves

WEIGHTS = {
    "second": torch.randn(3, 5),
    "first": torch.arange(6.0).view(2, 3).t(),  # not in its own order in memory
    "scalar": torch.tensor(0.1),
    "none": torch.empty(0, 4),
    "learning": torch.nn.Parameter(torch.ones(2)),
}


def test_weights_come_back_in_half_precision_whatever_their_shape_and_order(tmp_path: Path) -> None:
    save_halves(WEIGHTS, tmp_path / "weights.safetensors", {"who": "ü"})

    loaded = load_file(tmp_path / "weights.safetensors")
    assert loaded.keys() == WEIGHTS.keys()
    assert all(torch.equal(loaded[name], tensor.half()) for name, tensor in WEIGHTS.items())


def test_the_header_says_what_they_are_and_its_end_is_aligned(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"

    save_halves(WEIGHTS, path, {"who": "ü"})

    with safe_open(path, "pt") as file:
        assert file.metadata() == {"format": "pt", "who": "ü"}
    assert int.from_bytes(path.read_bytes()[:8], "little") % 8 == 0
