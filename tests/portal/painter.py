"""Pictures for a stage without a model: pots turned on a wheel, lit and set before a wall, each a function of its numbers."""

import hashlib
import io
import random
import secrets
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Colour = tuple[int, int, int]
Field = NDArray[np.float32]
# of (height from 0 to 1, radius from 0 to 1)
Profile = tuple[tuple[float, float], ...]
_LIGHT = np.array((-0.55, 0.45, 0.70))
_SMOOTH = 2


@dataclass(frozen=True)
class Pot:
    """What is photographed. Above `line` it has its second colour; `drip` says how unevenly the one runs into the other."""

    profile: Profile
    body: Colour
    glaze: Colour
    line: float
    drip: float
    tall: float


@dataclass(frozen=True)
class Place:
    wall: Colour
    table: Colour
    glow: Colour


POTS = {
    "vase": Pot(
        ((0, 0.42), (0.12, 0.62), (0.42, 1), (0.68, 0.62), (0.84, 0.30), (1, 0.44)),
        body=(186, 94, 52),
        glaze=(28, 72, 120),
        line=0.46,
        drip=0.06,
        tall=0.62,
    ),
    "lamp": Pot(
        ((0, 0.52), (0.05, 0.5), (0.1, 0.14), (0.5, 0.12), (0.55, 0.98), (0.8, 0.8), (1, 0.3)),
        body=(52, 58, 60),
        glaze=(240, 178, 66),
        line=0.5,
        drip=0,
        tall=0.6,
    ),
    "bottle": Pot(
        ((0, 0.66), (0.05, 0.74), (0.5, 0.74), (0.66, 0.34), (0.94, 0.26), (1, 0.3)),
        body=(38, 98, 74),
        glaze=(216, 206, 178),
        line=0.7,
        drip=0.03,
        tall=0.68,
    ),
    "cup": Pot(((0, 0.5), (0.1, 0.66), (0.5, 0.92), (1, 1)), (222, 214, 198), (176, 44, 58), line=0.62, drip=0.05, tall=0.42),
    "bowl": Pot(((0, 0.34), (0.08, 0.36), (0.3, 0.74), (1, 1)), (88, 110, 92), (232, 220, 190), line=0.72, drip=0.08, tall=0.34),
}
PLACES = (
    Place((226, 220, 210), (198, 178, 152), (255, 246, 228)),
    Place((120, 138, 146), (84, 74, 66), (190, 206, 214)),
    Place((214, 176, 160), (232, 214, 198), (255, 226, 206)),
    Place((62, 74, 64), (118, 92, 66), (150, 166, 130)),
    Place((236, 226, 190), (146, 110, 74), (255, 244, 200)),
    Place((40, 46, 66), (56, 50, 58), (226, 168, 104)),
    Place((176, 196, 204), (226, 208, 172), (250, 246, 236)),
    Place((150, 84, 70), (108, 60, 50), (236, 158, 120)),
)


def pot(class_word: str) -> Pot:
    """Of a word that no pot is made for, always the same one."""
    known = tuple(POTS)
    return POTS.get(class_word.rpartition(" ")[2], POTS[known[sum(class_word.encode()) % len(known)]])


def photograph(class_word: str, number: int, size: tuple[int, int] = (512, 512)) -> Image.Image:
    return _picture(pot(class_word), number, size)


def stranger(class_word: str, number: int, size: tuple[int, int] = (512, 512)) -> Image.Image:
    """What a model draws that has never seen the pot: one of the same kind, never the same."""
    return _picture(_other(pot(class_word), number), number, size)


def learning(class_word: str, number: int, share: float, size: tuple[int, int] = (512, 512)) -> Image.Image:
    """On the way from the one to the other: first fog, then a stranger, then the pot."""
    seen = Image.blend(stranger(class_word, number, size), photograph(class_word, number, size), min(1.0, share * 1.15))
    noise = np.random.default_rng(number).normal(128, 56, (size[1] // 4, size[0] // 4, 3))
    fog = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    return Image.blend(seen.filter(ImageFilter.GaussianBlur((1 - share) * size[0] / 60)), fog, 0.55 * (1 - share) ** 2)


def grid(tiles: Sequence[Image.Image]) -> Image.Image:
    """Side by side, as the trainer leaves its samples."""
    side = tiles[0].width
    sheet = Image.new("RGB", (side * len(tiles), side))
    for place, tile in enumerate(tiles):
        sheet.paste(tile, (place * side, 0))
    return sheet


def shot(class_word: str, number: int, side: int = 320) -> bytes:
    """A photograph as PNG."""
    return _kept(f"shot-{class_word}-{number}-{side}", lambda: png(photograph(class_word, number, (side, side))))


def strange(class_word: str, number: int, side: int = 320) -> bytes:
    return _kept(f"strange-{class_word}-{number}-{side}", lambda: png(stranger(class_word, number, (side, side))))


def sample(class_word: str, eighths: int, tiles: int = 8, side: int = 128) -> bytes:
    """A trainer's grid, at this share of the way."""
    learnt = (learning(class_word, 40 + number, eighths / 8, (side, side)) for number in range(tiles))
    return _kept(f"sample-{class_word}-{eighths}-{tiles}-{side}", lambda: png(grid(list(learnt))))


def before(class_word: str, tiles: int = 8, side: int = 128) -> bytes:
    strangers = (stranger(class_word, 40 + number, (side, side)) for number in range(tiles))
    return _kept(f"before-{class_word}-{tiles}-{side}", lambda: png(grid(list(strangers))))


def jpeg(class_word: str, number: int, size: tuple[int, int]) -> bytes:
    """As a camera hands it over."""
    name = f"jpeg-{class_word}-{number}-{size[0]}x{size[1]}"
    return _kept(name, lambda: png(photograph(class_word, number, size), "JPEG", quality=88))


def again(data: bytes) -> bytes:
    """The same picture, saved anew."""
    with Image.open(io.BytesIO(data)) as image:
        return png(image.convert("RGB"), "JPEG", quality=71)


def loss(step: int, total: int) -> float:
    """Falls quickly, then slowly, and never quietly."""
    return round(0.11 + 0.2 * float(np.exp(-3.4 * step / total)) + 0.018 * float(np.sin(step * 0.11) * np.sin(step * 0.017 + 1)), 4)


def _kept(name: str, draw: Callable[[], bytes]) -> bytes:
    """Drawn once on this machine for each version of this file: a stage should stand in seconds."""
    folder = Path(tempfile.gettempdir()) / f"portal-stage-{_version()}"
    path = folder / f"{name.replace(' ', '_')}.png"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        partial = path.with_suffix(f".{secrets.token_hex(4)}")
        partial.write_bytes(draw())
        partial.replace(path)
    return path.read_bytes()


@cache
def _version() -> str:
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]


def png(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _other(known: Pot, number: int) -> Pot:
    chance = random.Random(number * 7 + 3)
    profile = tuple((height, min(1.0, max(0.15, radius + chance.uniform(-0.28, 0.28)))) for height, radius in known.profile)
    return Pot(profile, _any(chance), _any(chance), chance.uniform(0.2, 0.9), 0, known.tall)


def _any(chance: random.Random) -> Colour:
    return chance.randrange(60, 220), chance.randrange(60, 220), chance.randrange(60, 220)


def _picture(shown: Pot, number: int, size: tuple[int, int]) -> Image.Image:
    chance = random.Random(number)
    place = PLACES[number % len(PLACES)]
    large = size[0] * _SMOOTH, size[1] * _SMOOTH
    pixels = _room(place, large, chance)
    _turned(pixels, shown, chance)
    grain = np.random.default_rng(number).normal(0, 1.4, (large[1], large[0], 1))
    image = Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))
    return image.resize(size, Image.Resampling.LANCZOS)


def _room(place: Place, size: tuple[int, int], chance: random.Random) -> Field:
    """A wall with light on it, and a table from a horizon on."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / min(width, height)
    spot = np.exp(-((x - chance.uniform(0.1, 0.5)) ** 2 + (y - chance.uniform(0.05, 0.4)) ** 2) / 0.22)[..., None]
    wall = np.array(place.wall) * (0.78 + 0.1 * y[..., None]) * (1 - spot * 0.75) + np.array(place.glow) * spot * 0.75
    horizon = chance.uniform(0.6, 0.72) * height / min(width, height)
    table = np.array(place.table) * (1.06 - 0.3 * (y[..., None] - horizon))
    edge = np.clip((y - horizon) * 60, 0, 1)[..., None]
    pixels: Field = (wall * (1 - edge) + table * edge).astype(np.float32)
    return pixels


def _turned(pixels: Field, shown: Pot, chance: random.Random) -> None:
    """The pot into the room, with the shadow that it throws."""
    height, width, _ = pixels.shape
    side = min(width, height)
    tall = side * shown.tall * chance.uniform(0.7, 1.2)
    radius, foot = tall * 0.36 if shown.tall > 0.5 else tall * 0.62, height * chance.uniform(0.82, 0.9)
    middle, turn = width * chance.uniform(0.32, 0.68), chance.uniform(0, 6.28)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    _shadow(pixels, (x - middle - radius * 0.55) / (radius * 1.5), (y - foot) / (radius * 0.34))
    t = (foot - y) / tall
    heights, radii = _curve(shown.profile)
    u = (x - middle) / np.maximum(np.interp(t, heights, radii) * radius, 1e-3)
    within = (t >= 0) & (t <= 1) & (np.abs(u) < 1)
    slope = np.gradient(radii, heights) * radius / tall
    lit = _lit(u[within], np.interp(t[within], heights, slope).astype(np.float32))
    pixels[within] = _coloured(shown, t[within], np.arcsin(u[within]) + turn, lit)
    _rim(pixels, (x - middle) / (radii[-1] * radius), (y - foot + tall) / (radii[-1] * radius * 0.16), shown)


def _curve(profile: Profile) -> tuple[Field, Field]:
    """The profile as a hand on a wheel leaves it, without corners."""
    points = np.array(profile)
    heights = np.linspace(0, 1, 201)
    straight = np.pad(np.interp(heights, points[:, 0], points[:, 1]), 12, mode="edge")
    bell = np.hanning(25) / np.hanning(25).sum()
    return heights.astype(np.float32), np.convolve(straight, bell, mode="valid").astype(np.float32)


def _shadow(pixels: Field, x: Field, y: Field) -> None:
    dark = np.exp(-(x**2 + y**2) * 1.6)[..., None]
    pixels *= 1 - 0.5 * dark


def _lit(u: Field, slope: Field) -> tuple[Field, Field]:
    """How much light each place of the surface throws back, dull and shining."""
    normal = np.stack([u, -slope, np.sqrt(1 - u**2)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    light = _LIGHT / np.linalg.norm(_LIGHT)
    half = light + np.array((0, 0, 1))
    shine = np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** 60
    return np.clip(normal @ light, 0, 1), shine


def _coloured(shown: Pot, t: Field, angle: Field, lit: tuple[Field, Field]) -> Field:
    edge = shown.line + shown.drip * (np.sin(angle * 5) + 0.6 * np.sin(angle * 11 + 1))
    glazed = np.clip((t - edge) * 120, 0, 1)[..., None]
    colour = np.array(shown.body) * (1 - glazed) + np.array(shown.glaze) * glazed
    dull, shine = lit
    coloured: Field = (colour * (0.26 + 0.86 * dull[..., None]) + 190 * shine[..., None]).astype(np.float32)
    return coloured


def _rim(pixels: Field, x: Field, y: Field, shown: Pot) -> None:
    """The mouth: a lip of glaze around the dark inside."""
    distance = x**2 + y**2
    pixels[distance < 1] = np.array(shown.glaze) * 0.95
    pixels[distance < 0.82] = np.array(shown.glaze) * 0.24
