"""The shapes that pictures are cut to: one square, or for each picture whichever of several of that area is nearest to its own."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

LONGEST = 2.5
"""width over height, or height over width; what is longer is cut"""

Size = tuple[int, int]
"""width and height in pixels"""


@dataclass(frozen=True)
class Shapes:
    side: int
    """pixels of the square"""
    grain: int | None = None
    """width and height are multiples of this; None is the square alone"""

    def of(self, size: Size) -> Size:
        """The nearest in proportion to a picture of this size."""
        return min(self.all(), key=lambda shape: abs(log(shape[0] * size[1] / (shape[1] * size[0]))))

    def all(self) -> list[Size]:
        """For each width the greatest height whose area is not above the square's."""
        if self.grain is None:
            return [(self.side, self.side)]
        widths = range(self.grain, int(self.side * LONGEST) + 1, self.grain)
        shapes = [(width, self.side**2 // width // self.grain * self.grain) for width in widths]
        return [(width, height) for width, height in shapes if height and 1 / LONGEST <= width / height <= LONGEST]
