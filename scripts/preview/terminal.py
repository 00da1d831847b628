"""A preview in a terminal, to be read in ten seconds: the worst, the figures, the alarms, and what changes."""

import re
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scripts.preview.broken import Broken
from scripts.preview.items import folded
from scripts.preview.listing import Entry, entries
from scripts.preview.look import StackPreview
from scripts.preview.report import Report, Said
from scripts.preview.section import Weight
from scripts.preview.summary import table, title

_COLOURS = {"create": "green", "update": "yellow", "replace": "magenta", "delete": "red", "keep": "cyan"}
_MOST_ENTRIES, _MOST_NAMES, _MOST_DETAILS, _MOST_LINES = 15, 5, 3, 4
_MARKS = re.compile(r"\*\*|`+")


def show(report: Report, console: Console) -> None:
    """Without colours where the console has none: not a terminal, or NO_COLOR."""
    worst = plain(title(report))
    bad = report.broken or any(said.line.weight is Weight.ALARM for name in report.titles for said in report.lines(name))
    console.print(Text(worst, style="bold red" if bad else "bold green"))
    console.print(_figures(report))
    parts = (_errors(report), _alarms(report), _sections(report), _changes(report))
    for number, lines in enumerate(filter(None, map(list, parts))):
        console.print(*([""] if number else []), *lines, sep="\n", soft_wrap=True)


def plain(markdown: str) -> str:
    """On one line, and nothing that a terminal would obey."""
    text = _MARKS.sub("", markdown.partition("\n")[0])
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _figures(report: Report) -> Table:
    heads, *rows = table(report)
    found = Table(box=SIMPLE, pad_edge=False)
    for number, head in enumerate(heads):
        found.add_column(head, justify="right" if number else "left")
    for row in rows:
        found.add_row(*map(Text, map(plain, row)))
    return found


def _errors(report: Report) -> Iterator[Text]:
    for stack in report.preview.stacks:
        for side in _broken_sides(stack):
            lines = [plain(line) for line in side.text.splitlines()]
            yield Text("\n  ".join([f"{stack.name}: {plain(side.place)}".rstrip(": "), *lines]), style="red")


def _broken_sides(stack: StackPreview) -> list[Broken]:
    evaluation = stack.evaluation
    return [side for side in (evaluation.head, evaluation.plan, evaluation.base) if isinstance(side, Broken)]


def _alarms(report: Report) -> Iterator[Text]:
    """But for errors, which have been told."""
    every = len(report.preview.stacks)
    told = {stack.name for stack in report.preview.stacks if any(_broken_sides(stack))}
    for name in report.titles:
        alarms = [said for said in report.lines(name) if said.line.weight is Weight.ALARM and not set(said.stacks) <= told]
        yield from (Text(f"! {_sentence(said, every)}", style="bold red") for said in alarms)


def _sections(report: Report) -> Iterator[Text]:
    """What each section says first, but for the verdict, which the figures have told."""
    every = len(report.preview.stacks)
    for name in report.titles[1:]:
        notes = [said for said in report.lines(name) if said.line.weight is Weight.NOTE]
        if notes:
            more = [f"  … {len(notes) - _MOST_LINES} more"] if len(notes) > _MOST_LINES else []
            yield Text("\n".join([name, *(f"  {_sentence(said, every)}" for said in notes[:_MOST_LINES]), *more]))


def _sentence(said: Said, every: int) -> str:
    likewise = f" (and {len(said.likewise)} like it)" if said.likewise else ""
    return f"{_where(said.stacks, every)}{plain(said.line.text).partition('. ')[0]}{likewise}"


def _where(stacks: Sequence[str], every: int) -> str:
    return f"{', '.join(stacks)}: " if len(stacks) < every else ""


def _changes(report: Report) -> Iterator[Text]:
    """Those that somebody must look at; the figures have told how many there are."""
    found = [entry for entry in entries(report.preview) if not entry.noise]
    shown = [entry for entry in found if not folded(entry, report.preview) and not entry.follows][:_MOST_ENTRIES]
    yield from (_entry(entry, len(report.preview.stacks)) for entry in shown)
    if len(found) > len(shown):
        yield Text(f"… and {len(found) - len(shown)} more in preview.md", style="dim")


def _entry(entry: Entry, every: int) -> Text:
    names = ", ".join(plain(name) for name in entry.names[:_MOST_NAMES])
    more = f" and {len(entry.names) - _MOST_NAMES} more" if len(entry.names) > _MOST_NAMES else ""
    about = "".join(f", {plain(note)}" for note in (*entry.notes, entry.place) if note)
    line = Text(_where(entry.stacks, every)).append(f"{entry.op:8} ", style=_COLOURS.get(entry.op, "red")).append(names, style="bold")
    line.append(f"{more} ({entry.kind}){about}")
    return line.append("".join(f"\n    {plain(detail)}" for detail in entry.details[:_MOST_DETAILS]))
