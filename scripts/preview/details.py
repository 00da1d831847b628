"""Where two values differ: at the leaves, however deep, and in texts that hold JSON too."""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scripts.preview.graph import SECRET
from scripts.preview.lists import MISSING, pairs, same_members

_LONGEST = 200
_MOST_LINES = 60
_DIGEST = re.compile(r"\b[0-9a-f]{12,64}\b")
_LABELS = ("labels", "effectiveLabels", "pulumiLabels", "userLabels", "annotations")


class Kind(StrEnum):
    VALUE = "value"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    # nothing but a digest in it is another one
    DIGEST = "digest"
    LABEL = "label"
    ORDER = "order"
    # the provider says that it may change; as far as can be told it does not
    COMPUTED = "computed"


@dataclass(frozen=True)
class Detail:
    """None is what is not there. Of long texts `lines` is the unified diff, and `before` and `after` are their beginnings."""

    path: str
    before: Any
    after: Any
    kind: Kind
    lines: str = ""
    # resources that change in the same plan, and that this value comes from
    follows: tuple[str, ...] = ()

    @property
    def noise(self) -> bool:
        """A digest that follows another change says nothing new: the sources are named there."""
        return self.kind in (Kind.LABEL, Kind.ORDER, Kind.COMPUTED) or (self.kind is Kind.DIGEST and bool(self.follows))


def details(path: str, before: Any, after: Any) -> Iterator[Detail]:
    old, new = (MISSING if value is None else _opened(value) for value in (before, after))
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new}):
            if not name.startswith("__"):
                yield from details(_joined(path, name), old.get(name, MISSING), new.get(name, MISSING))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(path, old, new)
    elif _is_block(old, new):
        yield from _of_block(path, old, new)
    else:
        yield _leaf(path, old, new)


def _of_lists(path: str, old: list[Any], new: list[Any]) -> Iterator[Detail]:
    if same_members(old, new):
        yield Detail(path, _shown(old), _shown(new), Kind.ORDER)
        return
    for place, before, after in pairs(old, new):
        yield from details(f"{path}{place}", before, after)


def _is_block(old: Any, new: Any) -> bool:
    """A block of properties that comes or goes as a whole."""
    return (old is MISSING and isinstance(new, dict) and bool(new)) or (new is MISSING and isinstance(old, dict) and bool(old))


def _of_block(path: str, old: Any, new: Any) -> Iterator[Detail]:
    block = new if old is MISSING else old
    if "asset" in block or "archive" in block:
        yield _leaf(path, old, new)
        return
    for name, value in sorted(block.items()):
        if not name.startswith("__"):
            yield from details(_joined(path, name), *((MISSING, value) if old is MISSING else (value, MISSING)))


def _leaf(path: str, old: Any, new: Any) -> Detail:
    return Detail(path, _shown(old), _shown(new), _kind(path, old, new), _lines(old, new))


def _kind(path: str, old: Any, new: Any) -> Kind:
    if SECRET in (old, new):
        return Kind.SECRET
    if any(step in _LABELS for step in re.split(r"[.\[]", path)):
        return Kind.LABEL
    texts = [json.dumps(value) for value in (old, new) if value is not MISSING]
    if len(texts) == 2 and _DIGEST.sub("", texts[0]) == _DIGEST.sub("", texts[1]):
        return Kind.DIGEST
    return Kind.VALUE


def _lines(old: Any, new: Any) -> str:
    if not (isinstance(old, str) and isinstance(new, str)) or max(len(old), len(new)) <= _LONGEST:
        return ""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm=""))[2:]
    more = [f"... and {len(lines) - _MOST_LINES} more lines"] if len(lines) > _MOST_LINES else []
    return "\n".join([line[:_LONGEST] for line in lines[:_MOST_LINES]] + more)


def _shown(value: Any) -> Any:
    if value is MISSING:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    return value if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _opened(value: Any) -> Any:
    """Dashboards and policies are texts of JSON to the provider, and blocks of properties to who reads a change."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _joined(path: str, name: str) -> str:
    plain = re.fullmatch(r"[\w-]+", name) is not None
    step = name if plain else f'["{name}"]'
    return f"{path}.{step}" if path and plain else f"{path}{step}"
