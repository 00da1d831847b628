"""The changes as a list: what happens alike to several resources, or in several stacks, is one entry."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scripts.preview.changes import Change, Op
from scripts.preview.details import Detail, Kind
from scripts.preview.escape import code, fenced
from scripts.preview.graph import is_made, name_of, short_type
from scripts.preview.look import Preview, StackPreview
from scripts.preview.report import general

_MOST_NAMES, _MOST_DETAILS, _LONG = 12, 12, 90
_DIFF = "- {}\n+ {}"
_HOLDS_DATA = 1


@dataclass(frozen=True)
class Entry:
    """`rank` is 0 for what matters most. `details` are Markdown: a line each, or a block that begins with a fence."""

    stacks: tuple[str, ...]
    op: str
    names: tuple[str, ...]
    kind: str
    place: str
    notes: tuple[str, ...]
    details: tuple[str, ...]
    rank: int
    noise: bool
    # happens because something else is replaced
    follows: bool

    @property
    def decides(self) -> bool:
        """Whether it is refused, or holds data."""
        return self.rank <= _HOLDS_DATA

    @property
    def said(self) -> object:
        return self.op, self.names, self.kind, self.place, self.notes, self.details, self.noise


def entries(preview: Preview) -> list[Entry]:
    """The most important first."""
    found: dict[object, list[tuple[StackPreview, Entry]]] = {}
    for stack in preview.stacks:
        for entry in _of_stack(stack):
            found.setdefault(general(stack, repr(entry.said)), []).append((stack, entry))
    return sorted((_merged(same) for same in found.values()), key=lambda entry: entry.rank)


def _merged(same: list[tuple[StackPreview, Entry]]) -> Entry:
    stack, first = same[0]
    stacks = tuple(stack.name for stack, _ in same)
    alike = all(entry.said == first.said for _, entry in same)
    notes, details = ((words if alike else tuple(general(stack, word) for word in words)) for words in (first.notes, first.details))
    return replace(first, stacks=stacks, notes=notes, details=details)


def _of_stack(stack: StackPreview) -> Iterator[Entry]:
    """Alike are resources of one type, made at one place, to which the same happens; where that is nothing but noise, of any type."""
    alike: dict[object, list[Change]] = {}
    for change in filter(_told, stack.changes):
        alike.setdefault(("noise", _details(change)) if change.noise else _happens(change), []).append(change)
    for changes in alike.values():
        first, names = changes[0], tuple(change.name for change in changes)
        types = {change.type for change in changes}
        places = {change.place for change in changes}
        kind, place = (_kind(first.type) if len(types) == 1 else ""), (first.place if len(places) == 1 else "")
        rank, follows = min(map(_rank, changes)), bool(first.along_with)
        yield Entry((stack.name,), _op(first), names, kind, place, _notes(changes), _details(first), rank, first.noise, follows)


def _happens(change: Change) -> object:
    """To several that are called otherwise the same happens, whatever they are called."""
    other = bool(change.renamed), bool(change.alias_of)
    return _op(change), change.type, change.place, _notes([replace(change, renamed=None, alias_of="")]), _details(change), other


def _told(change: Change) -> bool:
    """What groups others or speaks for a cloud comes and goes with them; a new name of it, or a new version, is news."""
    return is_made(change.type) or change.op is Op.UPDATE or bool(change.renamed or change.alias_of)


def named(names: Iterable[str]) -> str:
    known = list(names)
    more = [f"{len(known) - _MOST_NAMES} more"] if len(known) > _MOST_NAMES else []
    return ", ".join([*map(code, known[:_MOST_NAMES]), *more])


def _rank(change: Change) -> int:
    signs = (bool(change.refused), change.holds_data, change.op in (Op.DELETE, Op.REPLACE), change.op is Op.UPDATE, change.op is Op.CREATE)
    return next((rank for rank, sign in enumerate(signs) if sign), len(signs)) + 10 * change.noise


def _op(change: Change) -> str:
    if change.op is Op.SAME:
        return "keep"
    return f"{change.op} refused" if change.refused else str(change.op)


def _kind(type_: str) -> str:
    """`storage.Bucket`; of what is not Google's, the package too."""
    if type_.startswith("pulumi:providers:"):
        return f"provider {type_.rpartition(':')[2]}"
    package, module, name = short_type(type_).split(":")
    return f"{module}.{name}" if package == "gcp" else f"component {name}" if module == "infra" else f"{package}.{name}"


def _notes(changes: Sequence[Change]) -> tuple[str, ...]:
    """Of several to which the same happens."""
    change = changes[0]
    causes = [cause for cause in change.causes if cause != "protect"]
    parts = (
        f"because of {named(causes)}" if causes else "",
        f"along with {named(map(name_of, change.along_with))}" if change.along_with else "",
        f"formerly {named(name_of(each.alias_of) for each in changes)}, as the alias says" if change.alias_of else "",
        _renamed(changes),
        "holds data" if change.holds_data else "",
        f"protection {change.protection}" if change.protection else "",
    )
    return tuple(filter(None, parts))


def _renamed(changes: Sequence[Change]) -> str:
    renames = [change.renamed for change in changes if change.renamed]
    if not renames:
        return ""
    gone = changes[0].op is Op.DELETE
    others = named(name_of(rename.new if gone else rename.old) for rename in renames)
    return f"made anew as {others}" if gone else f"formerly {others}"


def _details(change: Change) -> tuple[str, ...]:
    shown = [detail for detail in change.details if change.noise or not detail.noise]
    quiet = len(change.details) - len(shown)
    told = [_detail(detail) for detail in shown[:_MOST_DETAILS]]
    if len(shown) > _MOST_DETAILS:
        told.append(f"{len(shown) - _MOST_DETAILS} more properties: {named(detail.path for detail in shown[_MOST_DETAILS:])}")
    if quiet and change.op is not Op.REPLACE:
        told.append(f"{quiet} more in labels, order or digests")
    return tuple(told)


def _detail(detail: Detail) -> str:
    path = code(detail.path)
    if detail.kind is Kind.SECRET:
        return f"{path}: another value, which is secret"
    if detail.kind is Kind.COMPUTED:
        return f"{path}: known once it is done"
    if detail.kind is Kind.DIGEST:
        return f"{path}: another digest{f', from {named(map(name_of, detail.follows))}' if detail.follows else ''}"
    if detail.kind is Kind.ORDER:
        return f"{path}: the same members in another order"
    if detail.lines:
        return f"{path}:\n{fenced(detail.lines, 'diff')}"
    return _both(detail)


def _both(detail: Detail) -> str:
    before, after = _value(detail.before), _value(detail.after)
    if len(before) + len(after) <= _LONG or detail.before is None or detail.after is None:
        shown = (code(value) if given is not None else "not set" for value, given in ((before, detail.before), (after, detail.after)))
        return f"{code(detail.path)}: {' → '.join(shown)}"
    return f"{code(detail.path)}:\n{fenced(_DIFF.format(before, after), 'diff')}"


def _value(value: Any) -> str:
    text = value if isinstance(value, str) and value else json.dumps(value)
    return " ".join(text.split())
