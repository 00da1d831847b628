"""Which members of two lists are the same thing: by what names them, else by what they have in common."""

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

# what tells members of a list of blocks apart, the first that all of them have and no two share
_NAMES = ("name", "key", "id", "displayName", "fieldPath", "logType", "type", "role")
MISSING = object()

Pair = tuple[str, Any, Any]


def same_members(before: Sequence[Any], after: Sequence[Any]) -> bool:
    return sorted(map(_text, before)) == sorted(map(_text, after))


def pairs(before: Sequence[Any], after: Sequence[Any]) -> Iterator[Pair]:
    """Each with the index or the name that stands in its path: `[2]`, `[LOG_LEVEL]`; MISSING where one side has none."""
    name = next((name for name in _NAMES if _names(name, before) and _names(name, after)), None)
    yield from _by_name(name, before, after) if name else _by_place(before, after)


def _names(name: str, items: Sequence[Any]) -> bool:
    if not all(isinstance(item, dict) and isinstance(item.get(name), str) for item in items):
        return False
    return len({item[name] for item in items}) == len(items)


def _by_name(name: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Pair]:
    old, new = ({item[name]: item for item in items} for items in (before, after))
    for key in [*old, *(key for key in new if key not in old)]:
        yield f"[{key}]", old.get(key, MISSING), new.get(key, MISSING)


def _by_place(before: Sequence[Any], after: Sequence[Any]) -> Iterator[Pair]:
    matcher = SequenceMatcher(None, [_text(item) for item in before], [_text(item) for item in after], autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        for offset in range(max(last - first, end - start)):
            old = before[first + offset] if first + offset < last else MISSING
            new = after[start + offset] if start + offset < end else MISSING
            yield f"[{start + offset if new is not MISSING else first + offset}]", old, new


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
