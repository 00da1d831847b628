"""A section as a page of its own: what a job writes that is not the preview itself, and that ends up in the same comment."""

from collections.abc import Iterator
from pathlib import Path

from scripts.preview.escape import defused, defused_block
from scripts.preview.section import Line, Section, Weight

# GitHub's limit is 65,536 for the whole comment, of which the preview may take 60,000; beside that a page for each of two or three stacks
MOST = 1_600
_SIGNS = {Weight.ALARM: "❌ ", Weight.NOTE: "", Weight.FOLDED: ""}


def write(section: Section, path: Path, most: int = MOST) -> None:
    path.write_text(markdown(section, most))


def markdown(section: Section, most: int = MOST) -> str:
    """Of what is too long for the comment the number is said."""
    blocks, size, left = [f"### {section.title}\n"], len(section.title), 0
    for line in sorted(section.lines, key=lambda line: list(Weight).index(line.weight)):
        block = "\n".join(_block(line))
        size += len(block)
        if size > most:
            left += 1
        else:
            blocks.append(block)
    return "\n".join([*blocks, f"- … and {left} more, in this run's log" if left else "", ""])


def _block(line: Line) -> Iterator[str]:
    yield f"- {_SIGNS[line.weight]}{defused(line.text)}"
    if line.more:
        yield f"\n{defused_block(line.more)}\n"
