"""What people put into a folder of pictures, made here byte by byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

Maker = Callable[[Path], object]
LIGHT, DARK = (230, 40, 40), (20, 30, 200)
UNDO = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""how a camera that notes this orientation lays an upright picture"""


def corner(number: int = 0, size: int = 64) -> Image.Image:
    """Light in the upper left corner, so that no turn and no mirror leaves it as it is; the number makes it another picture."""
    picture = Image.new("RGB", (size, size), DARK)
    picture.paste(LIGHT, (0, 0, size // 2 + 2 * number, size // 4))
    return picture


def turned(orientation: int) -> Maker:
    def make(path: Path) -> None:
        undo = UNDO[orientation]
        exif = Image.Exif()
        exif[0x0112] = orientation
        (corner().transpose(undo) if undo is not None else corner()).save(path, exif=exif, quality=95)

    return make


def ramp() -> np.ndarray:
    return np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (64, 1))


def deep(path: Path) -> None:
    Image.fromarray(ramp()).save(path)


def deep_in_colour(path: Path) -> None:
    """A PNG of 16 bits a channel, which Pillow reads and does not write."""
    rows = b"".join(b"\0" + np.repeat(row[:, None], 3, axis=1).astype(">u2").tobytes() for row in ramp())
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts))


def palette(path: Path) -> None:
    picture = corner(3).quantize(4)
    picture.save(path, transparency=picture.getpixel((60, 60)))


def print_colours(path: Path) -> None:
    """CMYK as Photoshop leaves it: an Adobe marker, and all four inks inverted."""
    corner(4).convert("CMYK").save(path, quality=95)
    assert b"Adobe" in path.read_bytes()


def frames(path: Path) -> None:
    corner(5).save(path, save_all=True, append_images=[corner(6), corner(7)], duration=100)


def broken_orientation(path: Path) -> None:
    corner(8).save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12\0\x03\xff\xff\xff\xff\0\x06", quality=95)


def bomb(path: Path) -> None:
    """4 billion pixels in a few bytes."""
    content = [(b"IHDR", struct.pack(">IIBBBBB", 65535, 65535, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, part) for kind, part in content))


def large(path: Path) -> None:
    """More pixels than are taken, fewer than Pillow refuses."""
    Image.new("1", (11_000, 10_000)).save(path)


def drawn(number: int, **options: object) -> Maker:
    return lambda path: corner(number).save(path, **options)


def sized(width: int, height: int) -> Maker:
    return lambda path: Image.linear_gradient("L").convert("RGB").resize((width, height)).save(path)


def holding(content: bytes) -> Maker:
    return lambda path: path.write_bytes(content)


def cut(path: Path) -> None:
    corner(9, 256).save(path, quality=95)
    path.write_bytes(path.read_bytes()[:1500])


def lay_out(folder: Path, makers: Mapping[str, Maker], backwards: bool = False) -> Path:
    """`backwards` makes the same files in the other order, which file systems show."""
    for name in sorted(makers, reverse=backwards):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        makers[name](folder / name)
    return folder


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
