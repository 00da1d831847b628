"""What a provider's Diff says, and what the program's options make of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from local.engine import paths, values
from local.engine.values import Properties


@dataclass(frozen=True)
class Diff:
    """`detail` maps a property's path to `add`, `update` or `delete`, with `-replace` after it where that forces a replacement."""

    changes: bool
    replace_keys: tuple[str, ...] = ()
    changed_keys: tuple[str, ...] = ()
    detail: dict[str, str] = field(default_factory=dict)
    delete_before_replace: bool = False

    @property
    def replaces(self) -> bool:
        return bool(self.replace_keys) or any(kind.endswith("-replace") for kind in self.detail.values())

    def keys(self) -> list[str]:
        """Top-level properties for the screen, each with `+`, `-` or `~` before it."""
        marks = {"add": "+", "delete": "-", "update": "~"}
        found: dict[str, str] = {}
        for path, kind in self.detail.items():
            key, mark = str(paths.parse(path)[0]), marks[kind.removesuffix("-replace")]
            found[key] = mark if path == key and found.get(key, mark) == mark else "~"
        for key in (*self.changed_keys, *self.replace_keys):
            found.setdefault(key, "~")
        return [f"{mark}{key}" for key, mark in sorted(found.items())]


NOTHING = Diff(changes=False)


def replaced_because(reason: str) -> Diff:
    return Diff(changes=True, replace_keys=(reason,))


def of_inputs(olds: Properties, news: Properties) -> Diff:
    """The engine's own comparison, for when the provider does not say."""
    old, new = values.reveal(olds), values.reveal(news)
    detail = {key: _kind(key, old, new) for key in sorted({*old, *new}) if old.get(key) != new.get(key)}
    return Diff(changes=bool(detail), changed_keys=tuple(detail), detail=detail)


def _kind(key: str, old: Properties, new: Properties) -> str:
    return "add" if key not in old else "delete" if key not in new else "update"


def with_replace_on_changes(diff: Diff, selectors: Sequence[str], init_errors: bool) -> Diff:
    if not selectors or not (diff.changes or init_errors):
        return diff
    wanted = [paths.parse(selector) for selector in selectors]

    def hit(path: str) -> bool:
        return any(paths.contains(selector, paths.parse(path)) for selector in wanted)

    detail = {path: f"{kind.removesuffix('-replace')}-replace" if hit(path) else kind for path, kind in diff.detail.items()}
    keys = {*diff.replace_keys, *(key for key in diff.changed_keys if hit(key))}
    if init_errors and hit("#initerror"):
        keys.add("#initerror")
    return replace(diff, changes=diff.changes or "#initerror" in keys, detail=detail, replace_keys=tuple(sorted(keys)))


def inverted(diff: Diff) -> Diff:
    """A refresh asks what `up` would change; shown is what has changed."""
    other = {"add": "delete", "delete": "add", "update": "update"}
    return replace(diff, detail={path: other[kind.removesuffix("-replace")] for path, kind in diff.detail.items()}, replace_keys=())
