"""Property paths, as options write them: `tags.owner`, `rules[0].port`, `["with.dot"]`, `rules[*]`."""

import copy
import re
from typing import Any

from local.engine.values import Properties, Secret

Path = tuple[str | int, ...]

_STEP = re.compile(r"""\.?(?:\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[(\*)\]|([^.\[]+))""")
_MISSING = object()


def parse(text: str) -> Path:
    steps: list[str | int] = []
    for match in _STEP.finditer(text):
        quoted, index, star, name = match.groups()
        steps.append(int(index) if index is not None else star or name or quoted.replace('\\"', '"'))
    return tuple(steps) or (text,)


def contains(selector: Path, path: Path) -> bool:
    """Whether `path` is what the selector names, or within it."""
    return len(selector) <= len(path) and all(want in ("*", have) for want, have in zip(selector, path, strict=False))


def reset(news: Properties, olds: Properties, selectors: list[str]) -> Properties:
    """The new properties with the old ones' values wherever a selector says that changes are ignored."""
    result = copy.deepcopy(news)
    for selector in selectors:
        _reset(result, olds, parse(selector))
    return result


def _reset(new: Any, old: Any, path: Path) -> None:
    if isinstance(new, Secret) or isinstance(old, Secret):
        new = new.element if isinstance(new, Secret) else new
        old = old.element if isinstance(old, Secret) else old
    step, rest = path[0], path[1:]
    for key in _matches(new, old, step):
        if rest:
            _reset(_get(new, key), _get(old, key), rest)
        else:
            _put(new, key, _get(old, key))


def _matches(new: Any, old: Any, step: str | int) -> list[str | int]:
    if step != "*":
        return [step]
    if isinstance(new, dict) and isinstance(old, dict):
        return sorted({*new, *old})
    if isinstance(new, list) and isinstance(old, list):
        return list(range(min(len(new), len(old))))
    return []


def _get(value: Any, key: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(str(key), _MISSING)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return _MISSING


def _put(value: Any, key: str | int, old: Any) -> None:
    if isinstance(value, dict):
        if old is _MISSING:
            value.pop(str(key), None)
        else:
            value[str(key)] = old
    elif isinstance(value, list) and isinstance(key, int) and key < len(value) and old is not _MISSING:
        value[key] = old
