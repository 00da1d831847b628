"""How two sets of inputs differ: property paths, and whether a change replaces the resource."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from local.provider.schema import FILLED, FIXED, Fields, Kind, Property
from local.provider.validation import joined
from local.provider.wire import Archive, Asset, Unknown

ADD, DELETE, UPDATE = "ADD", "DELETE", "UPDATE"


@dataclass(frozen=True)
class Change:
    path: str
    kind: str
    replaces: bool

    @property
    def root(self) -> str:
        return self.path.replace("[", ".").split(".")[0]


def changes(fields: Fields, old: Mapping[str, Any], new: Mapping[str, Any], ignored: Sequence[str] = ()) -> list[Change]:
    """Both without marks of secrets. What the catalog does not know is the service's own and no change."""
    return [change for change in _fields(fields, old, new, "") if not any(_inside(change.path, path) for path in ignored)]


def _inside(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _fields(fields: Fields, old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[Change]:
    for name, declared in fields.items():
        yield from _value(declared, old.get(name), new.get(name), joined(path, name))


def _value(declared: Property, old: Any, new: Any, path: str) -> Iterator[Change]:
    if _nothing(declared, old) and _nothing(declared, new):
        return
    if _nothing(declared, old):
        yield Change(path, ADD, _fixed(declared, new))
    elif _nothing(declared, new):
        if not declared.has(FILLED):
            yield Change(path, DELETE, _fixed(declared, old))
    elif isinstance(new, Unknown):
        yield Change(path, UPDATE, declared.has(FIXED))
    else:
        yield from _both(declared, old, new, path)


def _both(declared: Property, old: Any, new: Any, path: str) -> Iterator[Change]:
    if type(old) is not type(new) and declared.kind in (Kind.OBJECT, Kind.MAP, Kind.LIST, Kind.SET):
        yield Change(path, UPDATE, _fixed(declared, new))
    elif declared.kind is Kind.OBJECT and declared.fields is not None:
        yield from _fields(declared.fields, old, new, path)
    elif declared.kind is Kind.MAP:
        yield from _entries(declared, old, new, path)
    elif declared.kind is Kind.LIST:
        yield from _items(declared, enumerate(zip_longest(old, new)), path)
    elif declared.kind is Kind.SET:
        yield from _items(declared, _unmatched(declared, old, new), path)
    elif _form(declared, old) != _form(declared, new):
        yield Change(path, UPDATE, declared.has(FIXED))


def _entries(declared: Property, old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        if not name.startswith("__"):
            yield from _value(Property(Kind.STRING, declared.rule & FIXED), old.get(name), new.get(name), joined(path, name))


def _items(declared: Property, pairs: Any, path: str) -> Iterator[Change]:
    kind = Kind.OBJECT if declared.fields is not None else declared.element
    one = Property(kind, declared.rule & FIXED, declared.fields, form=declared.form)
    for index, (old, new) in pairs:
        yield from _value(one, old, new, f"{path}[{index}]")


def _unmatched(declared: Property, old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[int, tuple[Any, Any]]]:
    """Members of a set that have no equal on the other side, paired as far as they go."""
    left = list(old)
    fresh = []
    for index, item in enumerate(new):
        equal = next((other for other in left if not any(_items(declared, [(0, (other, item))], ""))), None)
        if equal is None:
            fresh.append((index, item))
        else:
            left.remove(equal)
    for place, gone in zip_longest(fresh, left):
        yield (place[0], (gone, place[1])) if place else (len(new) + left.index(gone), (gone, None))


def _nothing(declared: Property, value: Any) -> bool:
    return value is None or (declared.kind in (Kind.LIST, Kind.SET, Kind.MAP) and value in ([], {}))


def _fixed(declared: Property, value: Any) -> bool:
    """Whether giving or taking away `value` replaces: by the property's own rule, or by that of one inside it."""
    if declared.has(FIXED):
        return True
    inside = value if isinstance(value, list) else [value]
    return any(
        _fixed(inner, item[name])
        for item in inside
        if isinstance(item, Mapping)
        for name, inner in (declared.fields or {}).items()
        if item.get(name) is not None
    )


def _form(declared: Property, value: Any) -> Any:
    """What is compared: two assets are the same when their contents are."""
    if isinstance(value, Asset | Archive):
        return type(value), value.digest
    return declared.form(value) if declared.form and not isinstance(value, Unknown) else value
