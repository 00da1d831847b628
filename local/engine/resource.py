"""A resource as the state knows it (`Resource`), and as the program asks for it (`Goal`)."""

import dataclasses
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.engine.values import Properties

Json = dict[str, Any]


@dataclass(eq=False)
class Resource:
    """One entry of the state. Two entries may have the same URN while one replaces the other, so they compare by identity."""

    urn: str
    type: str
    custom: bool
    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    parent: str = ""
    protect: bool = False
    external: bool = False
    # replaced by a newer one, and to be deleted
    delete: bool = False
    # already deleted, and to be made again
    pending_replacement: bool = False
    dependencies: list[str] = field(default_factory=list)
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    provider: str = ""
    init_errors: list[str] = field(default_factory=list)
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    custom_timeouts: dict[str, float] = field(default_factory=dict)
    retain_on_delete: bool = False
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list)
    replacement_trigger: Any = None
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    created: str = ""
    modified: str = ""
    source_position: str = ""
    # what another engine wrote and this one does not use
    extra: Json = field(default_factory=dict)

    def depends_on(self) -> set[str]:
        """URNs of all that must exist before it, its parent and its provider among them."""
        found = {self.parent, self.deleted_with, *self.dependencies, *self.replace_with}
        found.update(urn for urns in self.property_dependencies.values() for urn in urns)
        found.add(self.provider.rpartition("::")[0])
        return found - {""}

    def copy(self, **changes: Any) -> "Resource":
        return dataclasses.replace(self, **changes)


def _key(name: str) -> str:
    return re.sub("_(.)", lambda match: match[1].upper(), name)


_KEYS = {_key(spec.name): spec.name for spec in dataclasses.fields(Resource) if spec.name != "extra"}
_ALWAYS = ("urn", "custom", "type")


def to_json(resource: Resource) -> Json:
    """In the state's order and spelling, what is empty left out; property values are still the engine's own."""
    known = {key: getattr(resource, name) for key, name in _KEYS.items()}
    known["propertyDependencies"] = {key: urns for key, urns in resource.property_dependencies.items() if urns}
    return {**{key: value for key, value in known.items() if key in _ALWAYS or value}, **resource.extra}


def from_json(data: Json) -> Resource:
    known = {name: data[key] for key, name in _KEYS.items() if key in data}
    return Resource(**known, extra={key: value for key, value in data.items() if key not in _KEYS})


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Alias:
    """A former name: either the whole URN, or those of its parts that were different."""

    urn: str = ""
    name: str = ""
    type: str = ""
    stack: str = ""
    project: str = ""
    parent: str = ""
    no_parent: bool = False


@dataclass
class Goal:
    type: str
    name: str
    custom: bool
    properties: Properties = field(default_factory=dict)
    parent: str = ""
    provider: str = ""
    providers: dict[str, str] = field(default_factory=dict)
    version: str = ""
    dependencies: list[str] = field(default_factory=list)
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    # None in these three: as the parent has it
    protect: bool | None = None
    retain_on_delete: bool | None = None
    delete_before_replace: bool | None = None
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list)
    replacement_trigger: Any = None
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    custom_timeouts: dict[str, float] = field(default_factory=dict)
    source_position: str = ""

    def inherit(self, parent: "Goal") -> None:
        self.deleted_with = self.deleted_with or parent.deleted_with
        self.protect = parent.protect if self.protect is None else self.protect
        self.retain_on_delete = parent.retain_on_delete if self.retain_on_delete is None else self.retain_on_delete

    def resource(self, urn: str, old: Resource | None, alias: str) -> Resource:
        """The entry that the state will have if all goes well; ids and outputs come with the step."""
        return Resource(
            urn=urn,
            type=self.type,
            custom=self.custom,
            inputs=dict(self.properties),
            parent=self.parent,
            protect=bool(self.protect),
            dependencies=list(self.dependencies),
            property_dependencies=self.property_dependencies,
            provider=self.provider,
            additional_secret_outputs=self.additional_secret_outputs,
            aliases=[alias] if alias else [],
            custom_timeouts=self.custom_timeouts,
            retain_on_delete=bool(self.retain_on_delete),
            deleted_with=self.deleted_with,
            replace_with=self.replace_with,
            replacement_trigger=self.replacement_trigger,
            ignore_changes=self.ignore_changes,
            replace_on_changes=self.replace_on_changes,
            created=old.created if old else "",
            modified=old.modified if old else "",
            source_position=self.source_position,
        )
