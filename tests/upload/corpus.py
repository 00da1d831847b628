"""More than 1,500 files that people, phones and attackers send, made in code, each with what must become of it."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms, ImageDraw

from tests.upload.cloud import png_of

pillow_heif.register_heif_opener()

KINDS = ("JPEG", "PNG", "WEBP", "HEIF")
TAKEN = "verified"
Pixel = tuple[int, int, int]


@dataclass(frozen=True)
class Case:
    """`fate` are `verified` or codes of a refusal, of which one must be met; `pixel` is the colour in the clean copy's middle, within
    `off`; `traces` must not be found in it."""

    name: str
    data: bytes
    fate: frozenset[str]
    pixel: Pixel | None = None
    off: int = 3
    size: tuple[int, int] | None = None
    traces: tuple[bytes, ...] = ()


def case(name: str, data: bytes, *fate: str, **more: object) -> Case:
    return Case(name, data, frozenset(fate), **more)  # type: ignore[arg-type]


NO_PICTURE, BROKEN = ("NOT_A_PICTURE",), ("NOT_A_PICTURE", "DAMAGED")
# damage that a decoder cannot see is no damage to it; a length that was hit can also ask for too much
ANY = (TAKEN, *BROKEN, "TOO_MANY_PIXELS", "TOO_SMALL", "ANIMATED", "TOO_COMPLEX")


def scene(number: int = 0, size: tuple[int, int] = (120, 96)) -> Image.Image:
    """Something to see, different for each number."""
    chance = random.Random(number)
    image = Image.new("RGB", size, (40, 90, 160))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.ellipse((x - 18, y - 14, x + 18, y + 14), fill=colour)  # type: ignore[arg-type]
    return image


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def made(width: int, height: int, depth: int, colour: int, rows: Iterator[bytes] | None = None, *chunks: bytes) -> bytes:
    """A PNG of that header; without rows, of all zeros that fit into a line of one bit."""
    packer = zlib.compressobj(9)
    lines = rows if rows is not None else (bytes(width * depth // 8 + 2) for _ in range(height))
    body = b"".join(packer.compress(line) for line in lines) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def truncated() -> Iterator[Case]:
    for kind in KINDS:
        whole = png_of(scene(), kind)
        for step in range(20):
            share = 0.02 + step * 0.046
            yield case(f"{kind} {share:.0%}", whole[: max(1, int(len(whole) * share))], *BROKEN)


def tiny() -> Iterator[Case]:
    for byte in (0, 1, 10, 60, 127, 137, 255):
        yield case(f"byte {byte}", bytes([byte]), *NO_PICTURE)
    for length in (2, 4, 8, 16, 32):
        yield case(f"{length} zeros", bytes(length), *NO_PICTURE)
    for kind in KINDS:
        yield case(f"head of {kind}", png_of(scene(), kind)[:12], *BROKEN)


def mislabelled() -> Iterator[Case]:
    """What counts is what is in it: the registration calls all of them image/png."""
    for kind in KINDS:
        for end in ("jpg", "png", "webp", "heic", "txt", "exe", "tar.gz", ""):
            yield case(f"{kind}.{end}", png_of(scene(3), kind), TAKEN)


def foreign() -> Iterator[Case]:
    image = scene()
    for kind in ("GIF", "TIFF", "BMP", "ICO", "PPM", "TGA", "PCX", "EPS", "PDF", "SGI", "DDS", "JPEG2000", "AVIF", "ICNS"):
        yield case(kind, png_of(image, kind), *NO_PICTURE)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.png", png_of(image))
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    texts = {
        "zip": archive.getvalue(),
        "svg": svg,
        "svg with head": b"<?xml version='1.0'?>" + svg,
        "html": b"<!doctype html><script>alert(1)</script>",
        "HTML": b"  <HTML><body>",
        "photoshop": b"8BPS\0\1" + bytes(60),
        "film": b"\0\0\0\x18ftypmp42" + bytes(60),
        "elf": b"\x7fELF" + bytes(60),
        "exe": b"MZ" + bytes(60),
        "php": b"<?php system($_GET['c']); ?>",
        "shell": b"#!/bin/sh\nrm -rf /\n",
        "json": b'{"a": 1}',
        "pickle": b"\x80\x04\x95" + bytes(40),
        "safetensors": struct.pack("<Q", 2) + b"{}",
        "text": "日本".encode() * 40,
        "mvg": b"push graphic-context\nfill 'url(https://example.com/)'\n",
    }
    for name, data in texts.items():
        yield case(name, data, *NO_PICTURE)


def polyglots() -> Iterator[Case]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("trace.class", b"TRACE-of-a-jar")
    tails = {
        "html": b"<html><script>TRACE-of-html</script>",
        "php": b"<?php TRACE-of-php ?>",
        "zip": archive.getvalue(),
        "pdf": b"%PDF-1.7 TRACE-of-pdf %%EOF",
        "js": b"*/=1;TRACE-of-js//",
        "png": png_of(scene(8)) + b"TRACE-behind",
        "zeros": bytes(5000) + b"TRACE-far",
        "shell": b"\n#!/bin/sh\nTRACE-of-sh",
        "svg": b"<svg>TRACE-of-svg</svg>",
        "elf": b"\x7fELF TRACE-of-elf",
    }
    for kind in KINDS:
        for name, tail in tails.items():
            yield case(f"{kind}+{name}", png_of(scene(4), kind) + tail, TAKEN, traces=(b"TRACE",))
    yield case("GIF before JPEG", b"GIF89a/*" + png_of(scene(), "JPEG"), *NO_PICTURE)
    yield case("HTML before PNG", b"<html>" + png_of(scene()), *NO_PICTURE)
    yield case("JPEG with a comment", png_of(scene(5), "JPEG", comment=b"<script>TRACE</script>"), TAKEN, traces=(b"TRACE",))


def bombs() -> Iterator[Case]:
    many = ("TOO_MANY_PIXELS",)
    for width, height in ((50_000, 50_000), (13_000, 13_000), (1, 30_000_000), (30_000_000, 1), (8193, 80), (80, 8193), (8192, 8192)):
        yield case(f"PNG of {width} x {height}", made(width, height, 1, 0, iter([bytes(100)])), *many)
    yield case("a whole PNG of 9,000 x 9,000", made(9000, 9000, 1, 0), *many)
    for width, height in ((60_000, 60_000), (65_500, 65_500), (9000, 9000), (8192, 4000)):
        data = bytearray(png_of(scene(), "JPEG"))
        frame = data.index(b"\xff\xc0") + 5
        data[frame : frame + 4] = struct.pack(">HH", height, width)
        yield case(f"JPEG that says {width} x {height}", bytes(data), *many)
    for width, height in ((16_383, 16_383), (9000, 9000)):
        data = bytearray(png_of(scene(), "WEBP"))
        frame = data.index(b"VP8 ") + 8 + 6
        data[frame : frame + 4] = struct.pack("<HH", width, height)
        yield case(f"WebP that says {width} x {height}", bytes(data), *many)
    for size in ((63, 64), (64, 63), (1, 1), (8000, 10)):
        yield case(f"PNG of {size}", png_of(Image.new("RGB", size)), "TOO_SMALL")


def heavy_metadata() -> Iterator[Case]:
    plain = png_of(scene())
    bomb = zlib.compress(bytes(200 * 2**20), 9)
    for kind, head in ((b"zTXt", b"Comment\0\0"), (b"iCCP", b"profile\0\0"), (b"iTXt", b"Comment\0\1\0\0\0")):
        yield case(f"{kind.decode()} bomb", plain[:33] + chunk(kind, head + bomb) + plain[33:], "DAMAGED")
        small = zlib.compress(b"TRACE" * 100)
        yield case(f"{kind.decode()}", plain[:33] + chunk(kind, head + small) + plain[33:], TAKEN, traces=(b"TRACE",))
    for count in (100, 5000):
        yield case(f"{count} texts", plain[:33] + chunk(b"tEXt", b"Key\0" + b"TRACE" * 40) * count + plain[33:], TAKEN)


def animated() -> Iterator[Case]:
    frames = [scene(number) for number in range(4)]
    for kind in ("PNG", "WEBP"):
        for count in range(2, 5):
            data = png_of(frames[0], kind, save_all=True, append_images=frames[1:count], duration=50)
            yield case(f"{kind} of {count} frames", data, "ANIMATED")
    for kind in ("MPO", "HEIF"):
        for count in (2, 3):
            yield case(f"{kind} of {count} views", png_of(frames[0], kind, save_all=True, append_images=frames[1:count]), TAKEN)


def modes() -> Iterator[Case]:
    for kind, mode, colour, seen in (
        ("PNG", "L", 100, (100, 100, 100)),
        ("PNG", "1", 1, (255, 255, 255)),
        ("PNG", "LA", (100, 255), (100, 100, 100)),
        ("PNG", "LA", (100, 0), (255, 255, 255)),
        ("PNG", "RGB", (10, 200, 30), (10, 200, 30)),
        ("PNG", "RGBA", (10, 200, 30, 255), (10, 200, 30)),
        ("PNG", "RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("PNG", "RGBA", (255, 0, 0, 128), (255, 127, 127)),
        ("PNG", "I;16", 30000, (117, 117, 117)),
        ("PNG", "I;16", 3000, (11, 11, 11)),
        ("PNG", "I;16", 65535, (255, 255, 255)),
        ("JPEG", "L", 100, (100, 100, 100)),
        ("JPEG", "RGB", (10, 200, 30), (10, 200, 30)),
        ("JPEG", "CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("WEBP", "RGB", (10, 200, 30), (10, 200, 30)),
        ("WEBP", "RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("HEIF", "RGB", (10, 200, 30), (10, 200, 30)),
        ("HEIF", "RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("HEIF", "L", 100, (100, 100, 100)),
    ):
        data = png_of(Image.new(mode, (80, 80), colour), kind)  # type: ignore[arg-type]
        yield case(f"{kind} {mode} {colour}", data, TAKEN, pixel=seen, off=6)
    yield from palettes()
    yield from deep()


def palettes() -> Iterator[Case]:
    for index, transparency, seen in ((1, None, (200, 10, 20)), (1, 1, (255, 255, 255)), (0, 1, (0, 0, 0))):
        image = Image.new("P", (80, 80), index)
        image.putpalette([0, 0, 0, 200, 10, 20])
        options = {} if transparency is None else {"transparency": transparency}
        yield case(f"palette {index}, {transparency} clear", png_of(image, **options), TAKEN, pixel=seen)
    for bits in (1, 2, 4, 8):
        image = Image.new("P", (80, 80), 1)
        image.putpalette([0, 0, 0, 200, 10, 20])
        yield case(f"palette of {bits} bits", png_of(image, bits=bits), TAKEN, pixel=(200, 10, 20))


def deep() -> Iterator[Case]:
    """Sixteen bits a colour, which Pillow cannot write."""
    for colour, tones in ((2, (30000, 60000, 300)), (6, (30000, 60000, 300, 65535)), (0, (30000,)), (4, (30000, 65535))):
        line = b"\0" + struct.pack(f">{len(tones)}H", *tones) * 80
        shown = tuple(tone >> 8 for tone in (tones[:3] if colour in {2, 6} else tones[:1] * 3))
        yield case(f"16 bits, colour type {colour}", made(80, 80, 16, colour, iter([line] * 80)), TAKEN, pixel=shown)
    line = b"\0" + struct.pack(">3H", 30000, 60000, 300) * 80
    key = chunk(b"tRNS", struct.pack(">3H", 30000, 60000, 300))
    yield case("16 bits with a clear colour", made(80, 80, 16, 2, iter([line] * 80), key), TAKEN, pixel=(255, 255, 255))
    line = b"\0" + struct.pack(">H", 30000) * 80
    yield case("16 bits of grey with a clear tone", made(80, 80, 16, 0, iter([line] * 80), chunk(b"tRNS", b"\x75\x30")), TAKEN)
    for depth in (1, 2, 4):
        line = b"\0" + b"\xff" * (80 * depth // 8)
        yield case(f"{depth} bits of grey", made(80, 80, depth, 0, iter([line] * 80)), TAKEN, pixel=(255, 255, 255))


def profiles() -> Iterator[Case]:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in KINDS:
        for name, profile in (
            ("sRGB", srgb),
            ("P3", display_p3()),
            ("nonsense", b"TRACE-not-a-profile"),
            ("cut", srgb[:200]),
            ("lab", _lab()),
        ):
            data = png_of(Image.new("RGB", (80, 80), (200, 100, 50)), kind, icc_profile=profile)
            pixel = (200, 100, 50) if name == "sRGB" else None
            yield case(f"{kind}, profile {name}", data, TAKEN, pixel=pixel, off=6, traces=(b"TRACE", b"ICCP", b"iCCP"))
    for mode in ("L", "P", "RGBA", "LA"):
        yield case(f"PNG {mode} with a profile", png_of(Image.new(mode, (80, 80), 1), icc_profile=srgb), TAKEN)


def display_p3() -> bytes:
    """The profile of phones' pictures, made of its three primaries, D65 adapted to D50, and sRGB's curve (about 2.2)."""
    columns = {b"rXYZ": (0.51512, 0.2412, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189), b"bXYZ": (0.1571, 0.06657, 0.78407)}
    tags = {name: b"XYZ " + bytes(4) + b"".join(_fixed(value) for value in values) for name, values in columns.items()}
    tags[b"wtpt"] = b"XYZ " + bytes(4) + _fixed(0.9642) + _fixed(1.0) + _fixed(0.82491)
    gamma, a, b, c, d = 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045
    curve = b"para" + bytes(4) + struct.pack(">HH", 3, 0) + b"".join(map(_fixed, (gamma, a, b, c, d)))
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    tags[b"desc"] = b"desc" + bytes(4) + struct.pack(">I", 3) + b"P3\0" + bytes(78)
    table, body, place = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        padded = data + bytes(-len(data) % 4)
        table += name + struct.pack(">II", place + len(body), len(data))
        body += padded
    size = place + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp"
    head = head.ljust(68, b"\0") + _fixed(0.9642) + _fixed(1.0) + _fixed(0.82491)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _lab() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def metadata() -> Iterator[Case]:
    """Eight ways to hold a camera: the red half is where the photographer saw it, at the top."""
    for kind in ("JPEG", "PNG", "WEBP"):
        for orientation in range(9):
            exif = Image.Exif()
            exif[0x0112] = orientation
            exif[0x010F] = "TRACE-camera"
            exif.get_ifd(0x8825)[1] = "N"
            image = _turned(orientation)
            upright = (100, 80)
            yield case(
                f"{kind} turned {orientation}", png_of(image, kind, exif=exif), TAKEN, size=upright, traces=(b"TRACE", b"Exif", b"eXIf")
            )
    for name, exif_bytes in (
        ("60 kB", b"Exif\0\0MM\0*\0\0\0\x08\0\0" + b"TRACE" * 12_000),
        ("nonsense", b"Exif\0\0" + b"TRACE" * 10),
        ("a loop", b"Exif\0\0MM\0*\0\0\0\x08\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x08\0\0\0\0"),
        ("huge count", b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\xff\xff\xff\xff\0\6\0\0\0\0\0\0"),
        ("empty", b"Exif\0\0"),
    ):
        for kind in ("JPEG", "WEBP", "PNG"):
            yield case(f"{kind} EXIF {name}", png_of(scene(6), kind, exif=exif_bytes), TAKEN, traces=(b"TRACE",))
    xmp = b"<x:xmpmeta>TRACE-xmp</x:xmpmeta>"
    for kind in ("JPEG", "WEBP", "HEIF"):
        yield case(f"{kind} XMP", png_of(scene(7), kind, xmp=xmp), TAKEN, traces=(b"TRACE",))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010F] = "TRACE-camera"
        yield case(f"HEIF turned {orientation}", png_of(scene(6), "HEIF", exif=exif), TAKEN, traces=(b"TRACE",))


def _turned(orientation: int) -> Image.Image:
    """As a camera held that way stores it: undoing what a viewer does."""
    image = Image.new("RGB", (100, 80), "blue")
    image.paste("red", (0, 0, 100, 40))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return image.transpose(back[orientation]) if orientation in back else image


def names() -> Iterator[Case]:
    odd = (
        *("../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/shadow", "C:\\CON", "con", "nul.png", "aux.jpg", "file:///etc/passwd"),
        *("日本.png", "n\u0303.png", "\u00f1.png", "emoji \U0001f600.png", "a\u202egnp.exe", "zero\u200bwidth.png", "tab\there.png"),
        *("new\nline.png", "nul\0byte.png", "'; DROP TABLE uploads;--", "<script>alert(1)</script>.png", "%2e%2e%2fx", "${jndi:ldap://x}"),
        *(".", "..", "...", " lead", "trail ", "dot.", "-rf", "--help", "a/b/c/d.png", "a//b", "~", "~root/.ssh/id", "a\\b", "|ls", "`id`"),
        *("a" * 300, "x.png" * 60),
    )
    for number in range(200):
        name = odd[number % len(odd)]
        yield case(name if number < len(odd) else f"{name} {number}", png_of(scene(number, (64, 64))), TAKEN)


def mutated() -> Iterator[Case]:
    for kind in KINDS:
        whole = png_of(scene(10, (88, 80)), kind)
        for number in range(225):
            chance = random.Random(f"{kind}{number}")
            data = bytearray(whole)
            for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
                place = chance.randrange(chance.choice((40, len(data), len(data), len(data))))
                data[place] = chance.randrange(256)
            yield case(f"{kind} {number}", bytes(data), *ANY)


def shuffled() -> Iterator[Case]:
    """Parts cut out, doubled, swapped or replaced by noise."""
    for kind in KINDS:
        whole = png_of(scene(11, (88, 80)), kind)
        for number in range(40):
            chance = random.Random(f"{kind}-{number}")
            start, end = sorted(chance.sample(range(len(whole)), 2))
            middle = (b"", whole[start:end] * 2, whole[start:end][::-1], chance.randbytes(end - start))[number % 4]
            yield case(f"{kind} {number}", whole[:start] + middle + whole[end:], *ANY)


CLASSES: Mapping[str, Callable[[], Iterator[Case]]] = {
    each.__name__: each
    for each in (
        truncated,
        tiny,
        mislabelled,
        foreign,
        polyglots,
        bombs,
        heavy_metadata,
        animated,
        modes,
        profiles,
        metadata,
        names,
        mutated,
        shuffled,
    )
}
