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


def chapter(title: str, lines: Sequence[Said], every: int) -> Chapter:
    """`every` is how many stacks there are: what is true of all need not say of which."""
    pieces = [Piece(_item(said, every), _RANKS[said.line.weight], _name(said), said.line.weight is Weight.FOLDED) for said in lines]
    folded = sum(piece.folded for piece in pieces)
    return Chapter(title, tuple(pieces), "more" if folded else "")


def _name(said: Said) -> str:
    return " ".join(said.line.text.replace("`", "").replace("*", "").split())[:60]


def _item(said: Said, every: int) -> str:
    likewise = f" Likewise {', '.join(said.likewise)}." if said.likewise else ""
    item = f"- {_where(said.stacks, every)}{defused(_shortened(said.line.text, _LONGEST_TEXT) + likewise)}"
    return f"{item}\n\n{_indented(_more(said.line))}" if said.line.more else item


def _where(stacks: Sequence[str], every: int) -> str:
    return f"{', '.join(map(code, stacks))}: " if len(stacks) < every else ""


def _more(line: Line) -> str:
    """A drawing, an error and what is short are open; what is long opens when it is asked for."""
    block = defused_block(_shortened(line.more.strip("\n"), _LONGEST_BLOCK))
    if line.weight is Weight.ALARM or "```mermaid" in block or block.count("\n") < _SHORT_BLOCK:
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
    """Of a stack that is new every resource is: they are folded."""
    new = {stack.name for stack in preview.stacks if stack.evaluation.base is None}
    found = entries(preview)
    pieces = [
        Piece(_entry(entry, len(preview.stacks)), _FIRST_CHANGE + entry.rank, _entry_name(entry), entry.noise or set(entry.stacks) <= new)
        for entry in found
    ]
    quiet = max((sum(change.noise for change in stack.changes) for stack in preview.stacks), default=0)
    made = sum(len(entry.names) for entry in found if not entry.noise and set(entry.stacks) <= new)
    parts = {f"{_resources(quiet)} that differ in labels, order or digests alone": quiet, f"{_resources(made)} of a new stack": made}
    return Chapter("Changes", tuple(pieces), " and ".join(text for text, said in parts.items() if said))


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
