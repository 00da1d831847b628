"""How sentences are put together."""

from collections.abc import Iterable, Sequence

from scripts.preview.graph import Node, short_type

_MANY = 8


def several(items: Iterable[str], most: int = _MANY) -> str:
    """`a, b and c`; of very many the first."""
    known = list(items)
    if len(known) > most:
        known = [*known[: most - 1], f"{len(known) - most + 1} more"]
    return " and ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))


def count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def are(number: int) -> str:
    return "is" if number == 1 else "are"


def called(node: Node) -> str:
    """Its name, and what it is."""
    return f"`{node.name}` ({kind(node.type)})"


def kind(type_: str) -> str:
    return short_type(type_).rpartition(":")[2]


def listed(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
