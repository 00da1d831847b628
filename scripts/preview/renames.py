"""A delete and a create that are one resource under another name: what an alias would have kept."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from scripts.preview.graph import Graph, Node

# what a resource may be called by, which a new name changes along
_NAMES = frozenset({"name", "displayName", "__defaults"})


@dataclass(frozen=True)
class Rename:
    """`same_object`: to the service both are one thing. The create then fails since it is there, or takes it over, and the delete after
    it takes it away."""

    old: str
    new: str
    same_object: bool


def renames(deleted: Iterable[str], created: Iterable[str], before: Graph, after: Graph) -> Iterator[Rename]:
    """Each resource once, the pairs with the most similar names first."""
    waiting: dict[str, dict[str, Node]] = {}
    for urn in created:
        for form in _forms(after[urn]):
            waiting.setdefault(form, {})[urn] = after[urn]
    pairs = [(old, new) for old in map(before.__getitem__, deleted) for form in _forms(old) for new in waiting.get(form, {}).values()]
    taken: set[str] = set()
    for old, new in sorted(pairs, key=lambda pair: (-_likeness(*pair), pair[0].urn, pair[1].urn)):
        if not {f"old {old.urn}", f"new {new.urn}"} & taken:
            taken |= {f"old {old.urn}", f"new {new.urn}"}
            yield Rename(old.urn, new.urn, bool(old.custom and old.id and old.id == new.id))


def _forms(node: Node) -> Iterator[str]:
    """Of one form are resources whose inputs are equal but for their names, and those that the service cannot tell apart. A component
    has no inputs, as a rule: one that goes and one that comes, of the same type, are taken for the same."""
    own = {name: value for name, value in node.inputs.items() if name not in _NAMES or "Member" in node.type}
    yield f"{node.type} {json.dumps(own, sort_keys=True)}"
    if node.custom and node.id:
        yield f"{node.type} {node.id}"


def _likeness(old: Node, new: Node) -> float:
    return (old.id == new.id) + (old.inputs == new.inputs) + (old.parent == new.parent) + SequenceMatcher(None, old.urn, new.urn).ratio()
