"""Runs alone in a child process with limits: a picture's bytes on standard input; one line of JSON, then a clean PNG, on standard output.

Nothing of the picture but its colours comes out: no metadata, no profile, no second frame. What cannot be decoded within the limits is
refused with a code and the end of a sentence that begins with the file's name.
"""

import io
import json
import resource
import sys
import warnings
from collections.abc import Callable

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MEMORY_BYTES, CPU_SECONDS = 2**30, 10
MIN_SIDE, MAX_SIDE, MAX_PIXELS = 64, 8192, 32_000_000
LONGEST_KEPT = 2048
FORMATS = ("JPEG", "PNG", "WEBP")
ADVICE = "Export it as JPEG, PNG or WebP."
_KINDS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda head: head.startswith(b"%PDF"), "a PDF"),
    (lambda head: head.startswith(b"PK\x03\x04"), "a ZIP archive"),
    (lambda head: head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"msf1"}, "a HEIC photo"),
    (lambda head: head[4:8] == b"ftyp" and head[8:12] == b"avif", "an AVIF picture"),
    (lambda head: head[4:8] == b"ftyp", "a film"),
    (lambda head: head.startswith(b"GIF8"), "a GIF"),
    (lambda head: head.startswith((b"II*\0", b"MM\0*")), "a TIFF"),
    (lambda head: head.startswith(b"8BPS"), "a Photoshop file"),
    (lambda head: head.lstrip().lower().startswith((b"<svg", b"<?xml")), "an SVG drawing"),
    (lambda head: head.lstrip().lower().startswith((b"<!doctype", b"<html")), "a web page"),
)


class Refused(Exception):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def clean(data: bytes) -> tuple[tuple[int, int], bytes]:
    """The picture's own size, upright, and its clean copy, at most LONGEST_KEPT a side."""
    image = _open(data)
    width, height = image.size
    image.draft("RGB", (LONGEST_KEPT, LONGEST_KEPT))
    image.load()
    upright = ImageOps.exif_transpose(image)
    if (upright.width > upright.height) != (image.width > image.height):
        width, height = height, width
    picture = _opaque(upright)
    picture.thumbnail((LONGEST_KEPT, LONGEST_KEPT), Image.Resampling.LANCZOS)
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=4)
    return (width, height), out.getvalue()


def _open(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        kind = next((name for matches, name in _KINDS if matches(data[:64])), "")
        raise Refused("NOT_A_PICTURE", f"is not a picture we can read{f' (it is {kind})' if kind else ''}. {ADVICE}") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("TOO_MANY_PIXELS", f"has more than {MAX_PIXELS // 10**6} million pixels. Export it smaller.") from None
    width, height = image.size
    if max(width, height) > MAX_SIDE:
        raise Refused("TOO_MANY_PIXELS", f"is {width} by {height} pixels; {MAX_SIDE} a side is the most. Export it smaller.")
    if min(width, height) < MIN_SIDE:
        raise Refused("TOO_SMALL", f"is only {width} by {height} pixels; there is nothing to learn below {MIN_SIDE}. Choose a larger one.")
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":  # MPO: a phone's JPEG with a second view behind the first
        raise Refused("ANIMATED", "moves. Export one frame of it as JPEG or PNG.")
    return image


def _opaque(image: Image.Image) -> Image.Image:
    """Eight bits a colour, sRGB, on white."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")  # convert() alone would clip 16 bits to white
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
        image.info["icc_profile"] = layer.info.get("icc_profile")
    return _srgb(image).convert("RGB")


def _srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):
        return image  # a damaged profile: the plain colours are the best guess


def _answer(data: bytes) -> tuple[dict[str, object], bytes]:
    try:
        (width, height), png = clean(data)
        return {"width": width, "height": height}, png
    except Refused as refused:
        return {"code": refused.code, "text": str(refused)}, b""
    except MemoryError:
        return {"code": "TOO_MANY_PIXELS", "text": "needs more memory to open than a picture should. Export it smaller."}, b""
    except Exception as error:  # the process's edge: Pillow raises what its parsers raise, SyntaxError and struct.error included
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return {"code": "DAMAGED", "text": f"is damaged or cut short. {ADVICE}"}, b""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    facts, png = _answer(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + png)


if __name__ == "__main__":
    main()
