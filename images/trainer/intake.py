"""Pictures from a folder: tolerant of what is not a picture, and in an order that no file system decides."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 100_000_000


class NoPictures(ValueError):
    """Not one usable picture in the folder."""


@dataclass(frozen=True)
class Intake:
    pictures: tuple[Image.Image, ...]
    """RGB, upright, square, all of one side"""
    used: tuple[str, ...]
    """file names, in the order of the pictures"""
    skipped: dict[str, str]
    """file name: reason"""
    digest: str
    """of the pictures' pixels and their order"""


def read_pictures(folder: Path, side: int) -> Intake:
    """Sorted by content, so that renamed or reordered files train the same model. Equal files count once."""
    kept: dict[str, tuple[str, Image.Image]] = {}
    skipped: dict[str, str] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        try:
            picture = _read(path, side)
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            skipped[name] = _plainly(error)
            continue
        digest = hashlib.sha256(picture.tobytes()).hexdigest()
        if digest in kept:
            skipped[name] = f"the same picture as {kept[digest][0]}"
        else:
            kept[digest] = (name, picture)
    if not kept:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.items()) or "it is empty"
        raise NoPictures(f"no usable picture in {folder}: {reasons}")
    order = sorted(kept)
    names, pictures = zip(*(kept[digest] for digest in order), strict=True)
    return Intake(pictures, names, skipped, hashlib.sha256("".join(order).encode()).hexdigest())


def _read(path: Path, side: int) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError(f"{opened.width} x {opened.height} pixels are too many")
            opened.draft("RGB", (2 * side, 2 * side))  # a JPEG is then decoded at an eighth to a half of its size
            upright = ImageOps.exif_transpose(opened)
            return ImageOps.fit(_on_white(upright), (side, side), Image.Resampling.LANCZOS)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return picture.convert("RGB")


def _plainly(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "not a picture"
    return str(error) or type(error).__name__
