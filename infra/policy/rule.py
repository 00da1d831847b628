"""What a rule is, and what it may be told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from infra.policy.resource import Resource

# A check yields what is wrong and how to mend it; who reports it puts the resource's name in front.
Check = Callable[[Resource, Mapping[str, Any]], Iterable[str]]
StackCheck = Callable[[Sequence[Resource], Mapping[str, Any]], Iterable[tuple[Resource, str]]]


class Level(StrEnum):
    """What a violation does to `pulumi preview` and `pulumi up`."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"


@dataclass(frozen=True)
class Setting:
    """What a platform team may change without touching the rule: a JSON schema with a default."""

    default: Any
    description: str

    def schema(self) -> dict[str, Any]:
        if isinstance(self.default, list):
            return {"type": "array", "items": {"type": "string"}, "default": self.default, "description": self.description}
        return {"type": "integer", "default": self.default, "description": self.description}


@dataclass(frozen=True)
class _Described:
    name: str
    description: str
    settings: Mapping[str, Setting] = field(default_factory=dict, kw_only=True)
    level: Level = field(default=Level.MANDATORY, kw_only=True)

    def configured(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {key: given.get(key, setting.default) for key, setting in self.settings.items()}


@dataclass(frozen=True)
class Rule(_Described):
    """Holds for each resource by itself; `on` are the types it is asked about, empty for all."""

    check: Check
    on: frozenset[str] = frozenset()

    def asks(self, type_: str) -> bool:
        return not self.on or type_ in self.on

    def faults(self, resource: Resource, given: Mapping[str, Any]) -> Iterable[str]:
        return (f"{resource}: {fault}" for fault in self.check(resource, self.configured(given)))


@dataclass(frozen=True)
class StackRule(_Described):
    """Holds between the resources of a stack."""

    check: StackCheck

    def faults(self, resources: Sequence[Resource], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        return ((resource.urn, f"{resource}: {fault}") for resource, fault in self.check(resources, self.configured(given)))
