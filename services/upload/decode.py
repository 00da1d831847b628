"""What a stranger's picture is, found out in a child process with limits (zygote.py): its size, its look, and a clean copy.

Nothing of the picture but its colours comes out: no metadata, no profile, no second frame. What cannot be decoded is refused with a code
and the end of a sentence that begins with the file's name.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, UnidentifiedImageError

from services.upload import safety
from services.upload.png import png

MIN_SIDE, MAX_SIDE, MAX_PIXELS = 64, 8192, 32_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
ADVICE = "Export it as JPEG, PNG, WebP or HEIC."
_KINDS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda head: head.startswith(b"%PDF"), "a PDF"),
    (lambda head: head.startswith(b"PK\x03\x04"), "a ZIP archive"),
    (lambda head: head[4:8] == b"ftyp" and head[8:12] in {b"avif", b"avis"}, "an AVIF picture"),
    (lambda head: head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"msf1"}, "a HEIC photo, but a damaged one"),
    (lambda head: head[4:8] == b"ftyp", "a film"),
    (lambda head: head.startswith(b"GIF8"), "a GIF"),
    (lambda head: head.startswith(b"BM"), "a BMP"),
    (lambda head: head.startswith(b"\0\0\1\0"), "an icon"),
    (lambda head: head.startswith((b"II*\0", b"MM\0*")), "a TIFF"),
    (lambda head: head.startswith(b"8BPS"), "a Photoshop file"),
    (lambda head: head.startswith((b"%!PS", b"\xc5\xd0\xd3\xc6")), "a PostScript drawing"),
    (lambda head: head.lstrip().lower().startswith((b"<svg", b"<?xml")), "an SVG drawing"),
    (lambda head: head.lstrip().lower().startswith((b"<!doctype", b"<html")), "a web page"),
)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS, _ORIENTATION = 5, 0x0112
# of 256 tones: where the whole picture has no more between dark and light, its look says nothing
_FLAT = 8


class Refused(Exception):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Clean:
    """`width` and `height` are the picture's own, upright; `png` may be smaller. `look` is that of jobs.documents.Upload; `small` is what
    the safety check looks at."""

    width: int
    height: int
    look: str
    png: bytes
    small: bytes


def clean(file: BinaryIO, resolution: int) -> Clean:
    """`resolution` is the side of the squares that a model is trained on. Raises Refused, and whatever Pillow's parsers raise."""
    image = _open(file)
    turn = _orientation(image)
    width, height = image.size if turn < _SIDEWAYS else image.size[::-1]
    size = kept(image.size, resolution)
    # a JPEG can be decoded at a half, a quarter, an eighth: a tenth less than wanted is near enough, and spares most of the work
    image.draft("RGB", (size[0] * 9 // 10, size[1] * 9 // 10))
    image.load()
    picture = _upright(_opaque(_shrunk(_eight_bits(image), size)), turn)
    return Clean(width, height, _look(picture), png(picture), safety.shrunk(picture))


def kept(size: tuple[int, int], resolution: int) -> tuple[int, int]:
    """Twice the resolution along the longer side. The trainer takes a square of the shorter side and shrinks it, so that side keeps the
    resolution, as far as the picture has it and the longer one stays within four times. To keep more costs time and space, and changes
    nothing that a model sees."""
    longer, shorter = max(size), min(size)
    scale = min(1.0, max(2 * resolution / longer, min(resolution / shorter, 4 * resolution / longer)))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _open(file: BinaryIO) -> Image.Image:
    head = file.read(64)
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        kind = next((name for matches, name in _KINDS if matches(head)), "")
        raise Refused("NOT_A_PICTURE", f"is not a picture we can read{f' (it is {kind})' if kind else ''}. {ADVICE}") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("TOO_MANY_PIXELS", f"has more than {MAX_PIXELS // 10**6} million pixels. Export it smaller.") from None
    width, height = image.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        limits = f"{MAX_SIDE} a side and {MAX_PIXELS // 10**6} million are the most"
        raise Refused("TOO_MANY_PIXELS", f"is {width} by {height} pixels; {limits}. Export it smaller.")
    if min(width, height) < MIN_SIDE:
        raise Refused("TOO_SMALL", f"is only {width} by {height} pixels; there is nothing to learn below {MIN_SIDE}. Choose a larger one.")
    # a phone puts a second view behind the first (MPO), or the shots of a burst into one file (HEIF): the first one counts
    if getattr(image, "n_frames", 1) > 1 and image.format not in {"MPO", "HEIF"}:
        raise Refused("ANIMATED", "moves. Export one frame of it as JPEG or PNG.")
    return image


def _orientation(image: Image.Image) -> int:
    try:
        turn = image.getexif().get(_ORIENTATION, 1)
    except (SyntaxError, ValueError, OSError, LookupError, TypeError, struct.error):
        return 1  # damaged metadata is no reason to refuse the picture: it goes anyway
    return turn if turn in _TURNS else 1


def _upright(picture: Image.Image, turn: int) -> Image.Image:
    return picture.transpose(_TURNS[turn]) if turn in _TURNS else picture


def _eight_bits(image: Image.Image) -> Image.Image:
    """In a mode that can be resized: L, LA, RGB, RGBA, CMYK."""
    if image.mode.startswith("I"):
        image.info.pop("transparency", None)  # a tone of 16 bits, which no longer exists
        return image.point(lambda value: value * (1 / 256)).convert("L")  # convert() alone would clip 16 bits to white
    see_through = image.info.get("transparency")
    if image.mode == "RGB" and isinstance(see_through, tuple) and max(see_through) > 255:
        image.info["transparency"] = tuple(value >> 8 for value in see_through)  # so are its pixels, of which Pillow keeps the upper byte
    if image.mode in {"LA", "RGBA", "CMYK"}:
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.width <= size[0] else image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)


def _opaque(image: Image.Image) -> Image.Image:
    """Plain RGB: sRGB, on white."""
    if image.mode in {"LA", "RGBA"}:
        layer = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
        flat = layer.convert("L" if image.mode == "LA" else "RGB")
        flat.info["icc_profile"] = image.info.get("icc_profile")
        image = flat
    return _srgb(image).convert("RGB")


def _srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):
        return image  # a damaged profile: the plain colours are the best guess


def _look(picture: Image.Image) -> str:
    """Whether each of eight by eight fields is lighter than the one to its right: near for copies that were resized, turned into another
    format or touched up. Empty for a picture that is all one tone."""
    tones = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    if max(tones) - min(tones) < _FLAT:
        return ""
    bits = [tones[row * 9 + column] > tones[row * 9 + column + 1] for row in range(8) for column in range(8)]
    return f"{sum(bit << place for place, bit in enumerate(bits)):016x}"
