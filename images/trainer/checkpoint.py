"""Checkpoints: one safetensors file with the parameters and both moments, and a manifest that proves it whole.

The manifest is written last, each file under another name first, so that a checkpoint is there in full or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

KEPT = 2


@dataclass(frozen=True)
class Manifest:
    step: int
    """steps done"""
    run: str
    """fingerprint of the run; only the same run goes on from here"""
    file: str
    sha256: str


@dataclass(frozen=True)
class Progress:
    step: int
    losses: Tensor
    """(step,)"""


def write_checkpoint(
    folder: Path, run: str, progress: Progress, parameters: dict[str, nn.Parameter], optimizer: torch.optim.Optimizer
) -> Manifest:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {"losses": progress.losses.detach().cpu().contiguous()}
    for name, parameter in parameters.items():
        tensors[f"parameter/{name}"] = parameter.detach().cpu().contiguous()
        for moment in ("exp_avg", "exp_avg_sq"):
            tensors[f"{moment}/{name}"] = optimizer.state[parameter][moment].cpu().contiguous()
    file = f"step-{progress.step:06d}.safetensors"
    partial = folder / f".{file}.partial"
    save_file(tensors, partial)
    manifest = Manifest(progress.step, run, file, _sha256(partial))
    _commit(partial, folder / file)
    partial.write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    _commit(partial, (folder / file).with_suffix(".json"))
    _drop_old(folder)
    return manifest


def newest_valid(folder: Path, run: str) -> Manifest | None:
    """The latest checkpoint of this run whose file is whole; a damaged or foreign one is passed over."""
    return next((manifest for manifest in _manifests(folder) if manifest.run == run and _whole(folder, manifest)), None)


def restore(folder: Path, manifest: Manifest, parameters: dict[str, nn.Parameter], optimizer: torch.optim.Optimizer) -> Progress:
    tensors = load_file(folder / manifest.file)
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(tensors[f"parameter/{name}"])
            moments = {moment: tensors[f"{moment}/{name}"].to(parameter.device) for moment in ("exp_avg", "exp_avg_sq")}
            optimizer.state[parameter] = {"step": torch.tensor(float(manifest.step), device=parameter.device), **moments}
    return Progress(manifest.step, tensors["losses"])


def _manifests(folder: Path) -> Iterable[Manifest]:
    for path in sorted(folder.glob("step-*.json"), reverse=True):
        try:
            yield Manifest(**json.loads(path.read_text()))
        except (ValueError, TypeError):
            continue


def _whole(folder: Path, manifest: Manifest) -> bool:
    path = folder / manifest.file
    return path.is_file() and _sha256(path) == manifest.sha256


def _drop_old(folder: Path) -> None:
    for path in sorted(folder.glob("step-*.json"), reverse=True)[KEPT:]:
        path.unlink()
        path.with_suffix(".safetensors").unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _commit(partial: Path, path: Path) -> None:
    """Rename once the bytes are on the disk."""
    handle = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    partial.replace(path)
