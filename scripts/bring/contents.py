"""What is in a file that came from elsewhere: its checksums, and whether it is what its name says."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import google_crc32c
from safetensors import SafetensorError, safe_open

from scripts.bring.errors import Corrupt
from scripts.bring.hub import HubFile

_CHUNK = 8 << 20
_PICKLED = (b"\x80", b"PK\x03\x04")
"""how pickles and the archives that torch keeps them in begin"""


@dataclass(frozen=True)
class Checksums:
    size: int
    sha256: str
    crc32c: str
    """as Cloud Storage tells it, so that a bucket is looked over without reading it"""
    blob_id: str
    """as git would name it"""


def checksums(path: Path) -> Checksums:
    """In one pass."""
    size = path.stat().st_size
    sha256, crc32c = hashlib.sha256(), 0
    blob = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            blob.update(chunk)
            crc32c = google_crc32c.extend(crc32c, chunk)
    return Checksums(size, sha256.hexdigest(), base64.b64encode(crc32c.to_bytes(4)).decode(), blob.hexdigest())


def same_as_told(found: Checksums, told: HubFile) -> bool:
    if found.size != told.size:
        return False
    return found.sha256 == told.sha256 if told.sha256 else found.blob_id == told.blob_id


def refuse_disguises(path: Path, name: str) -> None:
    """Every file is read as what its name says, by a reader that runs nothing: so none is a pickle. Raises Corrupt."""
    try:
        if name.endswith(".safetensors"):
            with safe_open(path, "np") as tensors:
                tensors.keys()
        elif name.endswith(".json"):
            json.loads(path.read_text("utf-8"))
        elif path.read_bytes().startswith(_PICKLED):
            raise Corrupt(f"{name} is a pickle or an archive, not a text")
    except (SafetensorError, ValueError) as error:
        raise Corrupt(f"{name} is not what its name says: {error}") from error
