"""Is the sample subject in the picture? A measure for the demo: plain colours counted, no network asked.

Colours are told by the order of their channels, since a small autoencoder shifts them: a body's and a bar's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Channels = NDArray[np.int16]
Mask = NDArray[np.bool_]
Test = Callable[[Channels, Channels, Channels], Mask]

SIDE = 32
"""pixels of a side at which colours are counted"""
BODY = (0.06, 0.45)
"""least and most share of the picture that the body fills"""
BAR = 0.010
"""least share of the picture that the bar fills, within the body's bounds: a quarter of what it fills in any of the subject's own
pictures, since a bright ground washes out the edges of a bar"""
GAP = 40
"""least difference between channels that counts as an order, of 255"""

SUBJECTS: dict[str, tuple[Test, Test]] = {
    "badge": (  # a magenta body with a lime bar
        lambda r, g, b: (r > g + 2 * GAP) & (b > g + GAP) & (r > 120),
        lambda r, g, b: (g > r + 10) & (r > b + GAP) & (g > 120),
    ),
    "pennant": (  # a violet body with an orange bar
        lambda r, g, b: (b > r + GAP // 2) & (r > g + GAP // 2) & (b > 100),
        lambda r, g, b: (r > g + GAP // 2) & (g > b + GAP // 2) & (r > 130),
    ),
}


def shows(picture: Image.Image, subject: str) -> bool:
    """The body is there, and the bar lies across it: within the body's bounds, with body above and below."""
    pixels = np.asarray(picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.int16)
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    is_body, is_bar = SUBJECTS[subject]
    body = is_body(red, green, blue)
    if not BODY[0] <= body.mean() <= BODY[1]:
        return False
    rows, columns = np.nonzero(body)
    within = np.zeros_like(body)
    within[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    bar = is_bar(red, green, blue) & within
    if bar.mean() < BAR:
        return False
    middle = np.nonzero(bar)[0].mean()
    return bool((rows < middle).any() and (rows > middle).any())


def share(pictures: Sequence[Image.Image], subject: str) -> float:
    """Share of the pictures that show the subject, 0..1."""
    return sum(shows(picture, subject) for picture in pictures) / len(pictures)


def tiles(grid: Image.Image, side: int = 128) -> list[Image.Image]:
    """The pictures of a before/after grid, row by row."""
    return [grid.crop((x, y, x + side, y + side)) for y in range(0, grid.height, side) for x in range(0, grid.width, side)]
