"""What is wrong with a resource's inputs, property by property.

Google's provider does not look at a block that holds a value which is not known yet. Here only that value is passed over, so that a
mistake beside it shows in the preview.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.provider.schema import REQUIRED, Fields, Group, Kind, Property
from local.provider.wire import Archive, Asset, Unknown


@dataclass(frozen=True)
class Failure:
    path: str
    reason: str


def failures(fields: Fields, groups: Iterable[Group], inputs: Mapping[str, Any]) -> list[Failure]:
    """`inputs` without marks of secrets."""
    return list(_block(fields, groups, inputs, ""))


def _block(fields: Fields, groups: Iterable[Group], value: Mapping[str, Any], path: str) -> Iterator[Failure]:
    yield from _strangers(fields, value, path)
    for name, declared in fields.items():
        given = value.get(name)
        if given is None and declared.has(REQUIRED):
            yield Failure(joined(path, name), f"missing required property '{joined(path, name)}'")
        elif given is not None and not isinstance(given, Unknown):
            yield from _value(declared, given, joined(path, name))
    for group in groups:
        yield from _group(group, [name for name in group.names if value.get(name) is not None], path)


def _strangers(fields: Fields, value: Mapping[str, Any], path: str) -> Iterator[Failure]:
    for name in value:
        if name not in fields and not name.startswith("__"):
            near = difflib.get_close_matches(name, fields, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(sorted(fields))}"
            yield Failure(joined(path, name), f"unknown property '{joined(path, name)}': {hint}")


def _value(declared: Property, given: Any, path: str) -> Iterator[Failure]:
    if not _fits(declared.kind, given):
        yield Failure(path, f"'{path}' must be {_named(declared)}, not {_shown(given)}")
    elif declared.kind is Kind.OBJECT:
        yield from _block(declared.fields or {}, declared.groups, given, path)
    elif declared.kind in (Kind.LIST, Kind.SET):
        yield from _items(declared, given, path)
    elif declared.kind is Kind.MAP:
        yield from _entries(declared, given, path)
    else:
        reason = next(filter(None, _reasons(declared, given)), "")
        if reason:
            yield Failure(path, f"'{path}' {reason}")


def _items(declared: Property, given: list[Any], path: str) -> Iterator[Failure]:
    least, most = declared.items
    if len(given) < least or (most is not None and len(given) > most):
        bound = f"at least {least}" if len(given) < least else f"at most {most}"
        yield Failure(path, f"'{path}' must have {bound} items, not {len(given)}")
    kind = Kind.OBJECT if declared.fields is not None else declared.element
    one = Property(kind, fields=declared.fields, groups=declared.groups, one_of=declared.one_of, refuses=declared.refuses)
    for index, item in enumerate(given):
        if not isinstance(item, Unknown):
            yield from _value(one, item, f"{path}[{index}]")


def _entries(declared: Property, given: Mapping[str, Any], path: str) -> Iterator[Failure]:
    for name, item in given.items():
        if item is not None and not isinstance(item, str | Unknown):
            yield Failure(joined(path, name), f"'{joined(path, name)}' must be a string, not {_shown(item)}")
    if declared.refuses and (reason := declared.refuses(dict(given))):
        yield Failure(path, f"'{path}' {reason}")


def _reasons(declared: Property, given: Any) -> Iterator[str]:
    """Each a predicate about the property, or "" for nothing to say."""
    if declared.one_of and given not in declared.one_of:
        near = difflib.get_close_matches(str(given), declared.one_of, n=1)
        yield f"must be one of {', '.join(declared.one_of)}, not {given!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if declared.between and not declared.between[0] <= given <= declared.between[1]:
        yield f"must be from {declared.between[0]:.10g} to {declared.between[1]:.10g}, not {given}"
    if declared.length and not declared.length[0] <= len(given) <= declared.length[1]:
        yield f"must have {declared.length[0]} to {declared.length[1]} characters, not {len(given)}"
    if declared.pattern and not re.search(declared.pattern, given):
        yield f"must match {declared.pattern}; {given!r} does not"
    yield declared.refuses(given) if declared.refuses else ""


def _group(group: Group, given: list[str], path: str) -> Iterator[Failure]:
    names = ", ".join(joined(path, name) for name in group.names)
    at = joined(path, group.names[0])
    if group.kind == "needs":
        missing = [joined(path, name) for name in group.names[1:] if name not in given]
        if group.names[0] in given and missing:
            yield Failure(at, f"'{at}' also needs {', '.join(missing)}")
    elif group.kind != "apart" and not given:
        yield Failure(at, f"{group.kind} of {names} must be given; none is")
    elif group.kind != "at least one" and len(given) > 1:
        both = " and ".join(joined(path, name) for name in given)
        yield Failure(at, f"only one of {names} can be given; {both} conflict")


def joined(path: str, name: str) -> str:
    """`a.b`, or `a["b.c"]` where the name has characters of its own meaning."""
    if not re.fullmatch(r"[\w$-]+", name):
        return f'{path}["{name}"]'
    return f"{path}.{name}" if path else name


def _fits(kind: Kind, given: Any) -> bool:
    if isinstance(given, bool):
        return kind in (Kind.BOOLEAN, Kind.ANY)
    return isinstance(given, _CLASSES[kind])


_CLASSES: Mapping[Kind, type | tuple[type, ...]] = {
    Kind.STRING: str,
    Kind.INTEGER: int,
    Kind.NUMBER: (int, float),
    Kind.BOOLEAN: bool,
    Kind.MAP: Mapping,
    Kind.LIST: list,
    Kind.SET: list,
    Kind.OBJECT: Mapping,
    Kind.ASSET: (Asset, Archive),
    Kind.ANY: object,
}


def _named(declared: Property) -> str:
    if declared.kind in (Kind.LIST, Kind.SET):
        return "a list"
    return {"integer": "an integer", "object": "an object", "asset": "an asset or an archive"}.get(declared.kind, f"a {declared.kind}")


def _shown(given: Any) -> str:
    shown = repr(given)
    return f"{type(given).__name__} {shown if len(shown) < 60 else shown[:57] + '...'}"
