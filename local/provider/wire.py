"""Pulumi's property values: between the protocol's Struct and Python.

Numbers without a fraction become `int`. A secret, a value that is not known yet, an asset and an archive have classes of their own,
so that nothing that passes through the provider loses its mark.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, Struct, Value

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a marker of the protocol)
_ASSET = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


@dataclass(frozen=True)
class Unknown:
    """A value that exists only once something else has been made. The protocol has one marker for each kind of value."""

    marker: str = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

    def __repr__(self) -> str:
        return "<not known yet>"


UNKNOWN = Unknown()

_MARKERS = {
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9": "string",
    "1c4a061d-8072-4f0a-a4cb-ff528b18fe2a": "boolean",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421": "number",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2": "list",
    "030794c1-ac77-496b-92df-f27374a8bd58": "asset",
    "e48ece36-62e2-4504-bad9-02848725956a": "archive",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff": "object",
}


@dataclass(frozen=True)
class Secret:
    value: Any


@dataclass(frozen=True)
class Asset:
    """One file: `about` has `hash` and one of `path`, `text`, `uri`, unless the engine left the content out."""

    about: Mapping[str, str]

    @property
    def digest(self) -> str:
        return self.about.get("hash", "")


@dataclass(frozen=True)
class Archive:
    """Many files: `about` has `hash` and `path` or `uri`; `members` are assets and archives by name."""

    about: Mapping[str, str]
    members: Mapping[str, "Asset | Archive"] | None = None

    @property
    def digest(self) -> str:
        return self.about.get("hash", "")


def decoded(struct: Struct) -> dict[str, Any]:
    return {name: _decoded(value) for name, value in struct.fields.items()}


def _decoded(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _object(decoded(value.struct_value))
    if kind == "list_value":
        return [_decoded(item) for item in value.list_value.values]
    if kind == "number_value":
        return int(value.number_value) if value.number_value.is_integer() else value.number_value
    if kind == "string_value":
        return Unknown(value.string_value) if value.string_value in _MARKERS else value.string_value
    return value.bool_value if kind == "bool_value" else None


def _object(fields: dict[str, Any]) -> Any:
    reader = _SPECIAL.get(str(fields.get(_SIGNATURE)))
    return reader(fields) if reader else fields


def _output(fields: dict[str, Any]) -> Any:
    value = fields.get("value", UNKNOWN)
    return Secret(value) if fields.get("secret") else value


def _archive(fields: dict[str, Any]) -> Archive:
    return Archive(_about(fields), fields.get("assets"))


def _about(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: fields[name] for name in ("hash", "path", "text", "uri") if fields.get(name) is not None}


_SPECIAL: dict[str, Callable[[dict[str, Any]], Any]] = {
    _SECRET: lambda fields: Secret(fields.get("value")),
    _ASSET: lambda fields: Asset(_about(fields)),
    _ARCHIVE: _archive,
    _RESOURCE: lambda fields: fields.get("id") or fields.get("urn"),
    _OUTPUT: _output,
}


def encoded(fields: Mapping[str, Any]) -> Struct:
    struct = Struct()
    for name, value in fields.items():
        struct.fields[name].CopyFrom(_encoded(value))
    return struct


def _encoded(value: Any) -> Value:
    if value is None:
        return Value(null_value=NULL_VALUE)
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, int | float):
        return Value(number_value=float(value))
    if isinstance(value, str):
        return Value(string_value=value)
    if isinstance(value, list | tuple):
        made = Value()
        made.list_value.values.extend(_encoded(item) for item in value)
        return made
    return Value(string_value=value.marker) if isinstance(value, Unknown) else Value(struct_value=encoded(_fields(value)))


def _fields(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Secret):
        return {_SIGNATURE: _SECRET, "value": value.value}
    if isinstance(value, Asset):
        return {_SIGNATURE: _ASSET, **value.about}
    if isinstance(value, Archive):
        members = {} if value.members is None else {"assets": value.members}
        return {_SIGNATURE: _ARCHIVE, **value.about, **members}
    if isinstance(value, Mapping):
        return value
    raise TypeError(f"{type(value).__name__} cannot travel to Pulumi")


def revealed(value: Any) -> Any:
    """Without the marks of secrets; to compare and to act, never to answer."""
    if isinstance(value, Secret):
        return revealed(value.value)
    if isinstance(value, Mapping):
        return {name: revealed(item) for name, item in value.items()}
    return [revealed(item) for item in value] if isinstance(value, list) else value


def contains(kind: type, value: Any) -> bool:
    """Whether a value of the class `kind` is anywhere in it."""
    if isinstance(value, kind):
        return True
    if isinstance(value, Secret):
        return contains(kind, value.value)
    if isinstance(value, Mapping):
        return any(contains(kind, item) for item in value.values())
    return isinstance(value, list) and any(contains(kind, item) for item in value)
