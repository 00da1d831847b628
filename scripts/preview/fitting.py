"""As much of a comment as there is room for: what matters least is cut first, counted and named."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scripts.preview.listing import named

_ROOM_FOR_WHAT_IS_CUT = 800


@dataclass(frozen=True)
class Piece:
    """`rank` is 0 for what stays longest; `name` is what it is called by when it goes."""

    text: str
    rank: int
    name: str
    folded: bool = False


@dataclass(frozen=True)
class Chapter:
    """`summary` is what opens the pieces that are folded."""

    heading: str
    pieces: tuple[Piece, ...]
    summary: str = ""

    @property
    def quiet(self) -> bool:
        return all(piece.folded for piece in self.pieces)


def fitted(chapters: Sequence[Chapter], room: int, draw: Callable[[Chapter, str], str]) -> list[str]:
    """Each chapter drawn with what is left of it, and with the words for what is not."""
    spent = sum(len(draw(Chapter(chapter.heading, (), chapter.summary), "")) + _ROOM_FOR_WHAT_IS_CUT for chapter in chapters)
    everything = [(index, piece) for index, chapter in enumerate(chapters) for piece in chapter.pieces]
    kept: set[tuple[int, int]] = set()
    for index, piece in sorted(everything, key=lambda entry: entry[1].rank):
        # two characters more for each line: it may stand in a quotation
        cost = len(piece.text) + 2 * (piece.text.count("\n") + 2)
        if spent + cost <= room:
            spent += cost
            kept.add((index, id(piece)))
    left = [[piece for piece in chapter.pieces if (index, id(piece)) in kept] for index, chapter in enumerate(chapters)]
    return [draw(*_left(chapter, pieces)) for chapter, pieces in zip(chapters, left, strict=True)]


def _left(chapter: Chapter, pieces: Sequence[Piece]) -> tuple[Chapter, str]:
    there = {id(piece) for piece in pieces}
    return Chapter(chapter.heading, tuple(pieces), chapter.summary), _cut(piece for piece in chapter.pieces if id(piece) not in there)


def _cut(pieces: Iterable[Piece]) -> str:
    gone = [piece.name for piece in pieces]
    return f"{len(gone)} more did not fit here and {'are' if len(gone) > 1 else 'is'} in `preview.json`: {named(gone)}." if gone else ""
