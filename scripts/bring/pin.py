"""The manifest beside a base: where it comes from, its licence, and what pins each of its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from images.trainer.base_files import MANIFEST
from scripts.bring.contents import Checksums, checksums
from scripts.bring.hub import Licence


@dataclass(frozen=True)
class Origin:
    model: str
    commit: str | None
    """on the hub; None for what was made here"""
    variant: str
    licence: Licence


def manifest(origin: Origin, files: Mapping[str, Checksums]) -> str:
    """The same text for the same files: it says nothing of when or by whom."""
    pinned = {name: {"size": one.size, "sha256": one.sha256, "crc32c": one.crc32c} for name, one in sorted(files.items())}
    return json.dumps({**asdict(origin), "files": pinned}, indent=2) + "\n"


def origin_of(told: Mapping[str, Any]) -> tuple[Any, ...]:
    """What two manifests of one base agree on, whatever else they say."""
    return told.get("model"), told.get("commit"), told.get("variant")


def pin_folder(folder: Path, origin: Origin) -> None:
    """Writes the manifest of all that is in a folder."""
    files = {path.relative_to(folder).as_posix(): checksums(path) for path in folder.rglob("*") if path.is_file()}
    files.pop(MANIFEST, None)
    (folder / MANIFEST).write_text(manifest(origin, files))
