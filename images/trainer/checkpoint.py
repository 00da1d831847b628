"""Checkpoints: one safetensors file with all that a run needs to go on, and a manifest that proves it whole.

The manifest is written last, each file under another name first, so that a checkpoint is there in full or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

KEPT = 2


@dataclass(frozen=True)
class Manifest:
    step: int
    """steps done"""
    run: str
    """fingerprint of the run; only the same run goes on from here"""
    file: str
    sha256: str


def write_checkpoint(folder: Path, run: str, step: int, tensors: Mapping[str, Tensor]) -> tuple[str, ...]:
    """The names of its files, the manifest last."""
    folder.mkdir(parents=True, exist_ok=True)
    file = f"step-{step:06d}.safetensors"
    partial = folder / f".{file}.partial"
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, partial)
    manifest = Manifest(step, run, file, _sha256(partial))
    _commit(partial, folder / file)
    partial.write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    _commit(partial, (folder / file).with_suffix(".json"))
    _drop_old(folder)
    return file, Path(file).with_suffix(".json").name


def newest_valid(folder: Path, run: str, pass_over: Callable[[int, str], None]) -> Manifest | None:
    """The latest checkpoint of this run whose file is whole. `pass_over` is told the step of each later one, and what is wrong with it."""
    for path in sorted(folder.glob("step-*.json"), reverse=True):
        try:
            manifest = Manifest(**json.loads(path.read_text()))
        except (ValueError, TypeError):
            pass_over(_step(path), "its manifest cannot be read")
            continue
        wrong = _wrong(folder, manifest, run)
        if not wrong:
            return manifest
        pass_over(manifest.step, wrong)
    return None


def read_checkpoint(folder: Path, manifest: Manifest) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = load_file(folder / manifest.file)
    return tensors


def _wrong(folder: Path, manifest: Manifest, run: str) -> str:
    path = folder / manifest.file
    if manifest.run != run:
        return "it is of a run with other settings, pictures or base"
    if not path.is_file():
        return "its file is missing"
    return "" if _sha256(path) == manifest.sha256 else "its file is not what was written"


def _step(path: Path) -> int:
    number = path.stem.removeprefix("step-")
    return int(number) if number.isdecimal() else 0


def _drop_old(folder: Path) -> None:
    for path in sorted(folder.glob("step-*.json"), reverse=True)[KEPT:]:
        path.unlink()
        path.with_suffix(".safetensors").unlink(missing_ok=True)
    for torn in folder.glob(".step-*.partial"):
        torn.unlink()


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
