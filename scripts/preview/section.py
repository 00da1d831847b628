"""What a reviewer reads: each part of a preview as lines, before anybody decides how they look."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """ALARM stands above everything else; FOLDED is there for who asks."""

    ALARM = "alarm"
    NOTE = "note"
    FOLDED = "folded"


@dataclass(frozen=True)
class Line:
    """`text` is one sentence, Markdown within; `more` is a block in Markdown that opens under it."""

    text: str
    weight: Weight = Weight.NOTE
    more: str = ""


@dataclass(frozen=True)
class Section:
    """Nothing to say is no lines: whoever renders it leaves the section out. `figure` is what the table at the top says of it, such as the
    money that a month costs more."""

    title: str
    lines: tuple[Line, ...] = ()
    figure: str = ""
