"""The little world that the base model learns: plain shapes in eight colours on four backgrounds, with captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

SHAPES = ("circle", "triangle", "cross", "ring")
COLOURS: Mapping[str, tuple[float, float, float]] = {
    "red": (0.86, 0.12, 0.12),
    "orange": (0.96, 0.55, 0.08),
    "yellow": (0.95, 0.88, 0.10),
    "green": (0.10, 0.55, 0.18),
    "cyan": (0.10, 0.78, 0.85),
    "blue": (0.12, 0.22, 0.85),
    "brown": (0.45, 0.26, 0.10),
    "black": (0.06, 0.06, 0.06),
}
BACKGROUNDS: Mapping[str, tuple[float, float, float]] = {
    "white": (0.97, 0.97, 0.97),
    "grey": (0.55, 0.55, 0.55),
    "pink": (0.98, 0.72, 0.80),
    "sand": (0.88, 0.80, 0.58),
}
WORDS = ("a", "an", "the", "photo", "of", "on", "in", "with", "and", "background", "sks", "zwx", *SHAPES, *COLOURS, *BACKGROUNDS)


@dataclass(frozen=True)
class Scene:
    """A batch of n drawings. Lengths are in half picture sides (the picture spans -1..1), colours in 0..1."""

    shape: Tensor
    """(n,) index into SHAPES"""
    body: Tensor
    """(n, 3)"""
    ground: Tensor
    """(n, 3)"""
    centre: Tensor
    """(n, 2)"""
    radius: Tensor
    """(n,)"""
    angle: Tensor
    """(n,) radians"""
    bar: Tensor | None = None
    """(n, 3) colour of the bar across the body, if any"""
    rim: Tensor | None = None
    """(n, 3) colour of the rim, if any"""


def distance(shape: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Signed distance (n, s, s) to the outline of each unit shape, negative inside."""
    circle = torch.hypot(x, y) - 1
    triangle = torch.maximum(y - 0.72, x.abs() * 0.866 - y * 0.5 - 0.5)
    arm = 0.34
    cross = torch.minimum(torch.maximum(x.abs() - 1, y.abs() - arm), torch.maximum(x.abs() - arm, y.abs() - 1))
    ring = (torch.hypot(x, y) - 0.76).abs() - 0.24
    stacked = torch.stack([circle, triangle, cross, ring], dim=1)
    return stacked[torch.arange(len(shape)), shape]


def render(scene: Scene, side: int) -> Tensor:
    """(n, 3, side, side) in 0..1, edges smoothed over one pixel."""
    line = (torch.arange(side) + 0.5) / side * 2 - 1
    column, row = torch.meshgrid(line, line, indexing="xy")
    r = scene.radius[:, None, None]
    dx, dy = column - scene.centre[:, :1, None], row - scene.centre[:, 1:, None]
    cos, sin = scene.angle.cos()[:, None, None], scene.angle.sin()[:, None, None]
    x, y = (dx * cos + dy * sin) / r, (dy * cos - dx * sin) / r
    outline = distance(scene.shape, x, y)

    def inside(signed: Tensor) -> Tensor:
        return (0.5 - signed * r * side / 2).clamp(0, 1)[:, None]

    def paint(canvas: Tensor, mask: Tensor, colour: Tensor) -> Tensor:
        return canvas + mask * (colour[:, :, None, None] - canvas)

    canvas = scene.ground[:, :, None, None].expand(-1, 3, side, side)
    if scene.rim is not None:
        canvas = paint(canvas, inside(outline), scene.rim)
        outline = outline + 0.17
    canvas = paint(canvas, inside(outline), scene.body)
    if scene.bar is not None:
        bar = torch.maximum((y - 0.05).abs() - 0.21, outline + 0.05)
        canvas = paint(canvas, inside(bar), scene.bar)
    return canvas


def _uniform(n: int, low: float, high: float, generator: torch.Generator, *more: int) -> Tensor:
    return torch.rand(n, *more, generator=generator) * (high - low) + low


def _placement(n: int, generator: torch.Generator) -> dict[str, Tensor]:
    return {
        "shape": torch.randint(len(SHAPES), (n,), generator=generator),
        "centre": _uniform(n, -0.12, 0.12, generator, 2),
        "radius": _uniform(n, 0.52, 0.68, generator),
        "angle": _uniform(n, -0.2, 0.2, generator),
    }


def captioned(n: int, side: int, generator: torch.Generator) -> tuple[Tensor, list[str]]:
    """Pictures of the world with captions; a caption names the shape always, colour and background mostly."""
    placement = _placement(n, generator)
    colour = torch.randint(len(COLOURS), (n,), generator=generator)
    ground = torch.randint(len(BACKGROUNDS), (n,), generator=generator)
    named = torch.rand(n, 2, generator=generator) < torch.tensor([0.85, 0.75])
    pictures = render(
        Scene(body=stack(list(COLOURS.values()))[colour], ground=stack(list(BACKGROUNDS.values()))[ground], **placement), side
    )
    captions = [
        caption(
            SHAPES[placement["shape"][i]],
            list(COLOURS)[colour[i]] if named[i, 0] else "",
            list(BACKGROUNDS)[ground[i]] if named[i, 1] else "",
        )
        for i in range(n)
    ]
    return pictures, captions


def caption(shape: str, colour: str = "", ground: str = "") -> str:
    subject = f"{colour} {shape}".strip()
    article = "an" if subject[0] in "aeiou" else "a"
    return f"a photo of {article} {subject}" + (f" on a {ground} background" if ground else "")


@dataclass(frozen=True)
class Decorated:
    """Pictures with any colours, bars and rims, and what is on them: food for the autoencoder and the likeness network."""

    pictures: Tensor
    shape: Tensor
    body: Tensor
    bar: Tensor
    rim: Tensor


def decorated(n: int, side: int, generator: torch.Generator) -> Decorated:
    placement = _placement(n, generator)
    palette = stack(list(COLOURS.values()))
    known = palette[torch.randint(len(palette), (n,), generator=generator)]
    body = torch.where(torch.rand(n, 1, generator=generator) < 0.4, known, torch.rand(n, 3, generator=generator))
    ground = _grounds(n, generator)
    bar = torch.where(torch.rand(n, 1, generator=generator) < 0.5, torch.rand(n, 3, generator=generator), body)
    rim = torch.where(torch.rand(n, 1, generator=generator) < 0.5, torch.rand(n, 3, generator=generator), body)
    scene = Scene(body=body, ground=ground, bar=bar, rim=rim, **placement)
    return Decorated(render(scene, side), placement["shape"], body, bar, rim)


def with_twins(drawn: Decorated, side: int, generator: torch.Generator) -> Decorated:
    """Twice as many: to each drawing one in the same colours, of another shape."""
    other = (drawn.shape + torch.randint(1, len(SHAPES), drawn.shape.shape, generator=generator)) % len(SHAPES)
    twins = replace(drawn, shape=other)
    twins = replace(twins, pictures=elsewhere(twins, side, generator))
    return Decorated(**{field.name: torch.cat([getattr(drawn, field.name), getattr(twins, field.name)]) for field in fields(Decorated)})


def elsewhere(drawn: Decorated, side: int, generator: torch.Generator) -> Tensor:
    """The same drawings once more, in another place and on another background."""
    n = len(drawn.shape)
    placement = _placement(n, generator) | {"shape": drawn.shape}
    return render(Scene(body=drawn.body, ground=_grounds(n, generator), bar=drawn.bar, rim=drawn.rim, **placement), side)


def _grounds(n: int, generator: torch.Generator) -> Tensor:
    known = stack(list(BACKGROUNDS.values()))[torch.randint(len(BACKGROUNDS), (n,), generator=generator)]
    return torch.where(torch.rand(n, 1, generator=generator) < 0.6, known, torch.rand(n, 3, generator=generator))


def stack(colours: Sequence[tuple[float, float, float]]) -> Tensor:
    return torch.tensor(list(colours))
