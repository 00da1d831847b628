"""A preview as one comment for all stacks: first what decides, then the sections, then every change, the noise folded."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scripts.preview.escape import cell, code, defused, defused_block
from scripts.preview.fitting import Chapter, fitted
from scripts.preview.items import changes, chapter
from scripts.preview.look import Preview
from scripts.preview.report import Report, Said
from scripts.preview.revisions import Revision
from scripts.preview.section import Weight
from scripts.preview.summary import table, title

# GitHub takes 65,536
LONGEST = 60_000
_MOST_INCLUDED = 8_000
# what is open to everybody stands above every other alarm
_OPEN = "Access"


def comment(report: Report, asked: Sequence[str] = (), included: str = "") -> str:
    """`asked` are the stacks that were asked for, if not all: a comment takes the place of the former one of the same. `included` is
    Markdown that somebody else has made, for the end."""
    head = [marker(asked), f"## Preview: {title(report)}"]
    table = _table(report)
    foot = [*filter(None, [defused_block(included[:_MOST_INCLUDED]).strip()]), _footer(report.preview)]
    fixed = sum(len(part) + 2 for part in (*head, table, *foot))
    alarms, *others = fitted(list(_chapters(report)), LONGEST - fixed, _drawn)
    return "\n\n".join(filter(None, [*head, _alarming(alarms), table, *others, *foot])) + "\n"


def marker(asked: Sequence[str]) -> str:
    """What finds the comment again: the first line of it."""
    return f"<!-- preview of {', '.join(sorted(asked)) or 'all stacks'} -->"


def _chapters(report: Report) -> Iterator[Chapter]:
    """The alarms of all sections, the verdict, the other sections in their order, the changes; in the end, what has nothing new."""
    every = len(report.preview.stacks)
    yield chapter("", _alarms(report), every)
    first, *others = (chapter(name, _calm(report, name), every) for name in report.titles)
    yield replace(first, heading="")
    yield from (found for found in others if not found.quiet)
    yield changes(report.preview)
    yield _together([found for found in others if found.quiet])


def _calm(report: Report, name: str) -> list[Said]:
    return [said for said in report.lines(name) if said.line.weight is not Weight.ALARM]


def _together(found: Sequence[Chapter]) -> Chapter:
    """In one fold."""
    named = [entry for entry in found if entry.pieces]
    pieces = (
        replace(piece, text=f"\n**{entry.heading}**\n\n{piece.text}" if piece is entry.pieces[0] else piece.text)
        for entry in named
        for piece in entry.pieces
    )
    return Chapter("", tuple(pieces), f"More on {', '.join(entry.heading for entry in named)}")


def _alarms(report: Report) -> list[Said]:
    names = sorted(report.titles, key=lambda name: name != _OPEN)
    return [said for name in names for said in report.lines(name) if said.line.weight is Weight.ALARM]


def _alarming(drawn: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in ["[!CAUTION]", *drawn.splitlines()]) if drawn else ""


def _drawn(found: Chapter, cut: str) -> str:
    if not found.pieces and not cut:
        return ""
    shown = "\n".join(piece.text for piece in found.pieces if not piece.folded)
    folded = "\n".join(piece.text for piece in found.pieces if piece.folded)
    heading = f"### {found.heading}" if found.heading else ""
    return "\n\n".join(filter(None, [heading, shown, _folded(found.summary, folded), cut]))


def _folded(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text.strip()}\n\n</details>" if text else ""


def _table(report: Report) -> str:
    heads, *rows = table(report)
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)], *([code(row[0]), *row[1:]] for row in rows)]
    return "\n".join(f"| {' | '.join(cell(defused(text)) for text in line)} |" for line in lines)


def _footer(preview: Preview) -> str:
    against = _revision(preview.base) if preview.base else "an empty cloud"
    return (
        f"<sub>{_revision(preview.head)} compared with {against} in {preview.seconds:.1f} s, "
        "without credentials, state or network. Everything, uncut: `preview.json`.</sub>"
    )


def _revision(revision: Revision) -> str:
    changed = " with changes that are not committed" if revision.dirty else ""
    return f"{code(revision.name)}{f' ({revision.commit[:10]})' if revision.commit else ''}{changed}"
