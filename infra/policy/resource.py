"""What a rule sees of a resource: the same under Pulumi's CLI and in a check without it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


class Unknown:
    """A value that only the cloud will give: no rule judges it, and during `up` it is known."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Resource:
    """`properties` are named as the provider names them; `sources` are the URNs that a property's value comes from."""

    urn: str
    type: str
    properties: Mapping[str, Any]
    protect: bool = False
    sources: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def stack(self) -> str:
        return self.urn.split("::")[0].removeprefix("urn:pulumi:")

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    def __str__(self) -> str:
        return f"{self.type.rpartition(':')[2]} {self.name}"

    def get(self, path: str) -> Any:
        """None where there is nothing; UNKNOWN where the value, or a block around it, is not known yet."""
        value: Any = self.properties
        for key in path.split("."):
            if value is None or value is UNKNOWN:
                return value
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def each(self, path: str) -> Iterator[tuple[str, Any]]:
        """Every value that `a.list[].b` leads to, with where it stands: `a.list[0].b`; unknown ones are left out."""
        return _walk(self.properties, path.replace("[]", ".[]").split("."), "")

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that the resource carries anywhere, with where it stands."""
        return _texts(self.properties, "")


def shown(value: Any) -> str:
    return "not set" if value is None else str(value)


def _walk(value: Any, keys: list[str], place: str) -> Iterator[tuple[str, Any]]:
    if value is None or value is UNKNOWN:
        return
    if not keys:
        yield place, value
    elif keys[0] == "[]":
        for number, item in enumerate(value if isinstance(value, list) else []):
            yield from _walk(item, keys[1:], f"{place}[{number}]")
    elif isinstance(value, Mapping):
        yield from _walk(value.get(keys[0]), keys[1:], f"{place}.{keys[0]}".lstrip("."))


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{place}[{number}]")
