"""One picture: from a file of whatever kind to upright RGB of one of several shapes, and what had to be done to it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from images.trainer.shapes import Shapes

MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "JPEG2000", "ICO", "PPM")
"""those that are decoded here, by their first bytes; others would start a program, or be taken for a picture by mistake"""
_ORIENTATION = 0x0112
_TURNED = range(2, 9)
_SEE_THROUGH = {"RGBA", "LA", "PA", "RGBa"}
_DEEP = {"I", "F"}
_NAMED = {"1": "black and white", "L": "grey", "LA": "grey"}
_UNSAID = {"RGB", "RGBA", "RGBa", "RGBX", "P", "PA"}
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")


class Unusable(ValueError):
    """The file is no picture, or a broken one; the text ends a sentence that begins with its name."""


@dataclass(frozen=True)
class Fitted:
    picture: Image.Image
    notes: tuple[str, ...]
    """what was done, in that order; nothing for one of the shape that was RGB and large enough"""


def read_picture(path: Path, shapes: Shapes) -> Fitted:
    """The middle of the first frame, cut to the nearest shape. Raises Unusable, whatever is in the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bombs, which are counted here, and of metadata that nobody needs
            with Image.open(path, formats=FORMATS) as opened:
                return _fitted(opened, shapes)
    except Unusable:
        raise
    except Exception as error:  # decoders raise all kinds of things over broken bytes
        raise Unusable(_plainly(path, error)) from error


def _fitted(opened: Image.Image, shapes: Shapes) -> Fitted:
    if opened.width * opened.height > MOST_PIXELS:
        raise Unusable(f"{opened.width} x {opened.height} pixels are too many")
    notes = [f"first of {frames} frames"] if (frames := getattr(opened, "n_frames", 1)) > 1 else []
    size = opened.size
    opened.draft("RGB", (2 * shapes.side, 2 * shapes.side))  # a JPEG is then decoded at an eighth to a half of its size
    opened.load()
    colours = _in_rgb(_upright(opened, notes), notes)
    shape = shapes.of(colours.size)
    if colours.width * shape[1] != colours.height * shape[0]:
        notes.append(f"cropped from {size[0]} x {size[1]}")
    if min(size) < min(shape):
        notes.append(f"scaled up from {min(size)} px")
    return Fitted(ImageOps.fit(colours, shape, Image.Resampling.LANCZOS), tuple(notes))


def _upright(picture: Image.Image, notes: list[str]) -> Image.Image:
    try:
        turned, upright = picture.getexif().get(_ORIENTATION) in _TURNED, ImageOps.exif_transpose(picture)
    except Exception:  # broken metadata is no reason to lose a picture
        notes.append("taken as it lies: what says how to turn it is broken")
        return picture
    if turned:
        notes.append("turned upright")
    return upright


def _in_rgb(picture: Image.Image, notes: list[str]) -> Image.Image:
    if picture.mode.startswith("I;16") or picture.mode in _DEEP:
        notes.append("brought down to 8 bits")
        return _eight_bits(picture).convert("RGB")
    if picture.mode not in _UNSAID:
        notes.append(f"converted from {_NAMED.get(picture.mode, picture.mode)}")
    if picture.mode not in _SEE_THROUGH and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    if np.asarray(layer)[..., 3].min() < 255:
        notes.append("flattened on white")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Pillow's own conversion makes all white that is above 255."""
    values = np.asarray(picture, dtype=np.float32)
    top = 65535.0 if picture.mode.startswith("I;16") else next(top for top in (1.0, 255.0, 65535.0, 2.0**32) if values.max() <= top)
    return Image.fromarray((values.clip(0, top) / top * 255).round().astype(np.uint8))


def _plainly(path: Path, error: Exception) -> str:
    match error:
        case UnidentifiedImageError():
            return _kind(path)
        case Image.DecompressionBombError():
            return "it has too many pixels"
        case MemoryError():
            return "it needs more memory than there is"
        case OSError() if error.errno:
            return f"it cannot be read: {error.strerror}"
        case _:
            return str(error) or type(error).__name__


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if not head:
        return "it is empty"
    return "a HEIC photo, which is not read here: export it as JPEG or PNG" if head[8:12] in _HEIC else "not a picture"
