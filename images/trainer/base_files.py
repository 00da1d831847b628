"""The files of a base: what its index may say, and whether they are those that the manifest beside them pins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MANIFEST = "base-model.json"
"""written beside a base, and last: where it comes from, its licence, and size and sha256 of each file"""
PIPELINE = "StableDiffusionPipeline"
CLASSES = {"unet": "UNet2DConditionModel", "vae": "AutoencoderKL", "text_encoder": "CLIPTextModel"}
_SHOWN = 5


class BaseChanged(ValueError):
    """The base is not the one that its manifest pins: bring it anew."""


def strange(index: Mapping[str, Any]) -> str:
    """What in this model_index.json the trainer does not know; empty if it knows all of it."""
    kind = index.get("_class_name")
    if kind != PIPELINE:
        return f"{kind!r} is unknown; this trainer knows {PIPELINE!r}"
    for part, known in CLASSES.items():
        if (index.get(part) or [None])[-1] != known:
            return f"{part} is {index.get(part)}; this trainer knows {known}"
    return ""


def check_pinned(base: Path) -> None:
    """A base without a manifest is taken as it is. Reads every byte of one that has: a second or two for each GB. Raises BaseChanged."""
    path = base / MANIFEST
    if not path.is_file():
        return
    wrong = list(_differences(base, _pinned(path)))
    if wrong:
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise BaseChanged(f"{base} is not what its {MANIFEST} pins: {'; '.join(wrong[:_SHOWN])}{more}. Bring the base anew")


def _pinned(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        files = json.loads(path.read_text())["files"]
        return {str(name): {"size": int(pinned["size"]), "sha256": str(pinned["sha256"])} for name, pinned in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BaseChanged(f"{path} is no manifest of a base ({type(error).__name__}: {error}). Bring the base anew") from error


def _differences(base: Path, pinned: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Beside the folders that it names files of, a manifest says nothing: a likeness network may be added later."""
    for name, one in pinned.items():
        path = base / name
        if not path.is_file():
            yield f"{name} is missing"
        elif path.stat().st_size != one["size"]:
            yield f"{name} has {path.stat().st_size} bytes, not {one['size']}"
        elif _sha256(path) != one["sha256"]:
            yield f"{name} has another sha256"
    for folder in sorted({name.partition("/")[0] for name in pinned if "/" in name}):
        there = (path.relative_to(base).as_posix() for path in sorted((base / folder).rglob("*")) if path.is_file())
        yield from (f"{name} does not belong to it" for name in there if name not in pinned)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
