"""Resources and steps, as the engine's JSON has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
SECRET = "[secret]"  # noqa: S105 - what stands in a secret's place
_POSITION = "project:///"


@dataclass(frozen=True)
class Node:
    """A resource as it is after an `up`: nothing is unknown, what is secret reads `[secret]`. `place` is `file:line`."""

    urn: str
    type: str
    custom: bool
    id: str
    inputs: Json
    outputs: Json
    parent: str
    provider: str
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    protect: bool
    place: str

    @property
    def name(self) -> str:
        return name_of(self.urn)


Graph = Mapping[str, Node]


@dataclass(frozen=True)
class Step:
    """`detail` maps property paths to add, update or delete, with `-replace` where that forces a replacement."""

    op: str
    urn: str
    reasons: tuple[str, ...]
    detail: Mapping[str, str]
    refused: bool


def name_of(urn: str) -> str:
    return urn.split("::", 3)[3]


def type_of(urn: str) -> str:
    return urn.split("::", 3)[2].rpartition("$")[2]


def is_made(type_: str) -> bool:
    """Whether something in a cloud is made for it: not for a stack, a provider, a component."""
    package, _, rest = type_.partition(":")
    return package != "pulumi" and ("/" in rest)


def short_type(type_: str) -> str:
    """`gcp:storage:Bucket` for `gcp:storage/bucket:Bucket`."""
    package, _, rest = type_.partition(":")
    module, _, name = rest.partition(":")
    folder, _, file = module.rpartition("/")
    return f"{package}:{folder}:{name}" if folder and file == name[:1].lower() + name[1:] else type_


def graph_of(document: Json) -> Graph:
    return {entry["urn"]: _node(entry) for entry in document["resources"]}


def aliases_of(document: Json) -> Mapping[str, str]:
    """The former URN of each resource that was found by an alias."""
    return {entry["urn"]: entry["aliases"][0] for entry in document["resources"] if entry.get("aliases")}


def _node(entry: Json) -> Node:
    return Node(
        urn=entry["urn"],
        type=entry["type"],
        custom=entry["custom"],
        id=entry.get("id", ""),
        inputs=entry["inputs"],
        outputs=entry.get("outputs", {}),
        parent=entry.get("parent", ""),
        provider=entry.get("provider", ""),
        dependencies=tuple(entry.get("dependencies", ())),
        property_dependencies={name: tuple(urns) for name, urns in entry.get("propertyDependencies", {}).items()},
        protect=entry.get("protect", False),
        place=_place(entry.get("sourcePosition", "")),
    )


def _place(position: str) -> str:
    """`project:///infra/app.py#57,1` as people write it; a place in a package is none of the program's."""
    path, _, at = position.removeprefix(_POSITION).partition("#")
    if "site-packages" in path:
        return ""
    return f"{path}:{at.partition(',')[0]}" if at else path


def steps_of(document: Json) -> tuple[Step, ...]:
    return tuple(
        Step(entry["op"], entry["urn"], tuple(entry["replaceReasons"]), entry["detailedDiff"], entry["failed"])
        for entry in document["steps"]
    )
