"""What is deleted and made again only because the program calls it by another name, and the alias that would spare it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scripts.preview.changes import Change, Op
from scripts.preview.graph import Graph, Node, is_made
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Weight
from scripts.preview.sections.sides import sides
from scripts.preview.sections.words import count, kind, listed, several

_STACK = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Move:
    """`old` and `new` are the outermost resource that moved, `pairs` what moved with it: resources of BASE and of HEAD."""

    old: Node
    new: Node
    pairs: tuple[tuple[Change, Change], ...]
    parents: tuple[Node | None, Node | None]

    @property
    def urns(self) -> frozenset[str]:
        return frozenset({self.old.urn, self.new.urn, *(change.urn for pair in self.pairs for change in pair)})

    @property
    def place(self) -> str:
        return next((change.place for _, change in self.pairs if change.urn == self.new.urn), "") or self.new.place


def moves(preview: StackPreview) -> list[Move]:
    both = sides(preview)
    if both is None:
        return []
    named = {change.urn: change for change in preview.changes}
    found: dict[tuple[str, str], list[tuple[Change, Change]]] = {}
    for change in preview.changes:
        if change.renamed and change.op is Op.CREATE and change.renamed.old in named:
            root = _outermost(change.renamed.old, change.urn, named, both.before, both.after)
            found.setdefault(root, []).append((named[change.renamed.old], change))
    return [_move(old, new, pairs, both.before, both.after) for (old, new), pairs in found.items()]


def _outermost(old: str, new: str, named: Mapping[str, Change], before: Graph, after: Graph) -> tuple[str, str]:
    """Parents that went and came too have moved as well, and an alias on them would do for all that they hold."""
    former, present = before[old].parent, after[new].parent
    gone, come = named.get(former), named.get(present)
    if gone and come and gone.op is Op.DELETE and come.op is Op.CREATE and former in before and present in after:
        return _outermost(former, present, named, before, after)
    return old, new


def _move(old: str, new: str, pairs: list[tuple[Change, Change]], before: Graph, after: Graph) -> Move:
    parents = (before.get(before[old].parent), after.get(after[new].parent))
    return Move(before[old], after[new], tuple(pairs), parents)


def lines(found: Iterable[Move]) -> Iterator[Line]:
    """What gets another name by one cause is one line, as where a loop makes several of a kind."""
    alike: dict[object, list[Move]] = {}
    for move in found:
        alike.setdefault(_cause(move), []).append(move)
    yield from (_line(same[0]) if len(same) == 1 else _together(same) for same in alike.values())


def _cause(move: Move) -> object:
    (old, new), *more = move.pairs
    if more or not move.old.custom or move.old.name == move.new.name or move.old.parent != move.new.parent:
        return move.urns
    spared = old.renamed is not None and old.renamed.same_object
    return new.type, move.place, old.holds_data, old.loses, bool(old.refused), spared, move.old.id == move.new.id


def _together(same: Sequence[Move]) -> Line:
    """Each with its alias, in a fold."""
    old = same[0].pairs[0][0]
    names = several(f"`{move.old.name}`" for move in same)
    text = f"**{names} ({what(old, len(same))}) are now called otherwise, without an alias{_at(same[0])}**: they are deleted and made anew."
    text += " **They hold data.**" if old.holds_data else ""
    remedy = "With an alias for each none of this happens."
    if same[0].old.id != same[0].new.id:
        remedy = "If they are to stay the same ones: an alias for each, and what Google calls it as it was."
    return Line(f"{text}{_costs(same[0])} {remedy}", Weight.ALARM, listed([_renamed(move) for move in same]))


def what(change: Change, number: int) -> str:
    """What it is, of one or of several."""
    return f"{'each ' if number > 1 else ''}{change.loses.what}" if change.loses else kind(change.type)


def _renamed(move: Move) -> str:
    google = f", on Google `{_on_google(move.old)}`" if move.old.id != move.new.id else ""
    return f"`{move.old.name}` → `{move.new.name}`: `{_alias(move)}`{google}"


def _line(move: Move) -> Line:
    if not any(is_made(new.type) for _, new in move.pairs):
        return Line(f"{_title(move)}: it groups others, and none of them changes for that.", Weight.FOLDED)
    data = [f"`{old.name}`" for old, _ in move.pairs if old.holds_data]
    text = f"**{_title(move)}, without an alias{_at(move)}**: {_what_happens(move)}."
    text += f" **{several(data)} {'holds' if len(data) == 1 else 'hold'} data.**" if data else ""
    return Line(f"{text}{_costs(move)} {_remedy(move)}", Weight.ALARM)


def _at(move: Move) -> str:
    return f" ({move.place})" if move.place else ""


def _costs(move: Move) -> str:
    costly = sorted({old.loses.lost for old, _ in move.pairs if old.holds_data and old.loses})
    text = f" Lost: {'; '.join(costly)}." if costly else ""
    if any(old.refused for old, _ in move.pairs):
        text += " To delete that is refused: it is protected."
    if any(new.renamed and new.renamed.same_object for _, new in move.pairs):
        text += " To Google old and new are one thing: the create finds it there already, or takes it over and the delete takes it away."
    return text


def _remedy(move: Move) -> str:
    """An alias keeps what Pulumi calls otherwise, and not what Google would have to call otherwise."""
    if move.old.custom and move.old.id != move.new.id:
        return f"If it is to stay the same one: `{_alias(move)}`, and what Google calls it as it was (`{_on_google(move.old)}`)."
    return f"With `{_alias(move)}` none of this happens."


def _on_google(node: Node) -> str:
    return str(node.inputs.get("name") or node.id).rpartition("/")[2]


def _title(move: Move) -> str:
    if move.old.name != move.new.name:
        return f"{_noun(move.new)} `{move.old.name}` is now called `{move.new.name}`"
    if move.old.type != move.new.type:
        return f"{_noun(move.new)} `{move.new.name}` is now of type `{move.new.type}`"
    here, there = (f"`{parent.name}`" if parent and parent.type != _STACK else "the stack" for parent in move.parents)
    return f"{_noun(move.new)} `{move.new.name}` has moved from {here} to {there}"


def _noun(node: Node) -> str:
    return kind(node.type) if node.custom else "Component"


def _what_happens(move: Move) -> str:
    inside = [old for old, _ in move.pairs if old.urn != move.old.urn and is_made(old.type)]
    if move.old.custom and not inside:
        return "it is deleted and made anew"
    return f"{count(len(inside), 'resource')} in it {'is' if len(inside) == 1 else 'are'} deleted and made anew"


def _alias(move: Move) -> str:
    return f"aliases=[pulumi.Alias({', '.join(_parts(move))})]"


def _parts(move: Move) -> Iterator[str]:
    if move.old.name != move.new.name:
        yield f'name="{move.old.name}"'
    if move.old.type != move.new.type:
        yield f'type_="{move.old.type}"'
    old, new = move.parents
    if (old.urn if old else "") != (new.urn if new else ""):
        yield "parent=pulumi.ROOT_STACK_RESOURCE" if old is None or old.type == _STACK else f"parent={_urn(old)}"


def _urn(node: Node) -> str:
    """For every stack of the program, not for this one alone."""
    _, _, rest = node.urn.partition("::")
    return f'f"urn:pulumi:{{pulumi.get_stack()}}::{rest}"'
