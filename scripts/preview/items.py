"""Lines and changes as pieces of a comment."""

from collections.abc import Sequence

from scripts.preview.escape import code, defused, defused_block
from scripts.preview.fitting import Chapter, Piece
from scripts.preview.listing import Entry, entries, named
from scripts.preview.look import Preview
from scripts.preview.report import Said
from scripts.preview.section import Line, Weight

_LONGEST_TEXT, _LONGEST_BLOCK, _SHORT_BLOCK = 1500, 12_000, 14
_RANKS = {Weight.ALARM: 0, Weight.NOTE: 1, Weight.FOLDED: 30}
_FIRST_CHANGE = 2
_QUIET, _NEW, _GONE = "that differ in labels, order or digests alone", "of a new stack", "of a stack that is gone"


def chapter(title: str, lines: Sequence[Said], every: int) -> Chapter:
    """`every` is how many stacks there are: what is true of all need not say of which."""
    pieces = [Piece(_item(said, every), _RANKS[said.line.weight], _name(said), said.line.weight is Weight.FOLDED) for said in lines]
    return Chapter(title, tuple(pieces), "more" if any(piece.folded for piece in pieces) else "")


def _name(said: Said) -> str:
    return " ".join(said.line.text.replace("`", "").replace("*", "").split())[:60]


def _item(said: Said, every: int) -> str:
    likewise = f" Likewise {', '.join(said.likewise)}." if said.likewise else ""
    item = f"- {_where(said.stacks, every)}{defused(_shortened(said.line.text, _LONGEST_TEXT) + likewise)}"
    return f"{item}\n\n{_indented(_more(said.line))}" if said.line.more else item


def _where(stacks: Sequence[str], every: int) -> str:
    return f"{', '.join(map(code, stacks))}: " if len(stacks) < every else ""


def _more(line: Line) -> str:
    """A drawing, an error and what is short are open; what is long, and what an alarm is true of one by one, opens when asked for."""
    block = defused_block(_shortened(line.more.strip("\n"), _LONGEST_BLOCK))
    alarm, listed = line.weight is Weight.ALARM, block.startswith("- ")
    if "```mermaid" in block or (not listed if alarm else block.count("\n") < _SHORT_BLOCK):
        return block
    return f"<details><summary>in detail</summary>\n\n{block}\n\n</details>"


def _shortened(text: str, most: int) -> str:
    """At the end of a line, or of a word."""
    if len(text) <= most:
        return text
    end = max(text.rfind("\n", 0, most), text.rfind(" ", most // 2, most))
    end = end if end > 0 else most
    return f"{text[:end]}{text[end]}… {len(text) - end} characters more"


def changes(preview: Preview) -> Chapter:
    """Of a stack that is new every resource is, and of one that is gone none is left: they are folded, but for what holds data."""
    found = [(entry, folded(entry, preview)) for entry in entries(preview)]
    pieces = [Piece(_entry(entry, len(preview.stacks)), _FIRST_CHANGE + entry.rank, _entry_name(entry), bool(why)) for entry, why in found]
    quiet = max((sum(change.noise for change in stack.changes) for stack in preview.stacks), default=0)
    numbers = {why: sum(len(entry.names) for entry, its in found if its == why) for why in (_NEW, _GONE)} | {_QUIET: quiet}
    return Chapter("Changes", tuple(pieces), " and ".join(f"{_resources(number)} {why}" for why, number in numbers.items() if number))


def folded(entry: Entry, preview: Preview) -> str:
    """Why nobody need look at it, "" where somebody must."""
    stacks = [stack for stack in preview.stacks if stack.name in entry.stacks]
    if entry.noise:
        return _QUIET
    if all(stack.new for stack in stacks):
        return _NEW
    return _GONE if all(stack.gone for stack in stacks) and not entry.decides else ""


def _resources(number: int) -> str:
    return f"{number} resource{'s' if number > 1 else ''}"


def _entry_name(entry: Entry) -> str:
    return f"{entry.op} {entry.names[0]}" + (f" and {len(entry.names) - 1} more" if len(entry.names) > 1 else "")


def _entry(entry: Entry, every: int) -> str:
    op = "" if entry.noise else f"**{entry.op}** "
    about = [*entry.notes, code(entry.place)] if entry.place else entry.notes
    kind = f" ({entry.kind})" if entry.kind else ""
    head = f"- {_where(entry.stacks, every)}{op}{named(entry.names)}{defused(', '.join([kind, *about]))}"
    return "\n".join([head, *(_indented("- " + _indented(detail).lstrip()) for detail in entry.details)])


def _indented(block: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in block.splitlines())
