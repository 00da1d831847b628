"""Property values as they travel: protobuf Structs with marker maps for secrets, outputs and unknowns."""

from dataclasses import dataclass
from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, Struct, Value

from local.engine import values
from local.engine.values import UNKNOWN, Properties, Secret

# one marker per type in the protocol; which one it was never matters again
_UNKNOWN_MARKERS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        values.UNKNOWN_TEXT,
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


@dataclass(frozen=True)
class Form:
    """What the receiver understands. Unknowns that it does not are left out; assets may go by their hash alone."""

    secrets: bool = True
    unknowns: bool = True
    references: bool = True
    asset_contents: bool = True


FULL = Form()


def encode(properties: Properties, form: Form = FULL) -> Struct:
    struct = Struct()
    _fill_struct(struct, properties, form)
    return struct


def _fill_struct(struct: Struct, properties: Properties, form: Form) -> None:
    for key, value in properties.items():
        if value is not UNKNOWN or form.unknowns:
            _fill(struct.fields[key], value, form)


def _fill(target: Value, value: Any, form: Form) -> None:
    value = _in_form(value, form)
    if value is None:
        target.null_value = NULL_VALUE
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, list):
        target.list_value.SetInParent()
        for item in value:
            if item is not UNKNOWN or form.unknowns:
                _fill(target.list_value.values.add(), item, form)
    else:
        target.struct_value.SetInParent()
        _fill_struct(target.struct_value, value, form)


def _in_form(value: Any, form: Form) -> Any:
    if isinstance(value, Secret):
        if form.secrets:
            return {values.SIGNATURE: values.SECRET, "value": value.element}
        return _in_form(value.element, form)
    if value is UNKNOWN:
        return values.UNKNOWN_TEXT
    if values.is_asset(value) and not form.asset_contents:
        return {key: value[key] for key in (values.SIGNATURE, "hash") if key in value}
    if values.signature(value) == values.REFERENCE and not form.references:
        return _in_form(value.get("id") or value["urn"], form)
    return value


def decode(struct: Struct, dependencies: set[str] | None = None) -> Properties:
    """`dependencies` gathers the resources that output values say they come from. Sorted, since protobuf's order is random."""
    return {key: decode_value(struct.fields[key], dependencies) for key in sorted(struct.fields)}


def decode_value(value: Value, dependencies: set[str] | None = None) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value in _UNKNOWN_MARKERS else value.string_value
    if kind == "number_value":
        return int(value.number_value) if value.number_value.is_integer() else value.number_value
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [decode_value(item, dependencies) for item in value.list_value.values]
    if kind == "struct_value":
        return _special(decode(value.struct_value, dependencies), dependencies)
    return None


def _special(fields: Properties, dependencies: set[str] | None) -> Any:
    mark = fields.get(values.SIGNATURE)
    if mark == values.SECRET:
        return Secret(fields.get("value"))
    if mark == values.OUTPUT:
        if dependencies is not None:
            dependencies.update(fields.get("dependencies") or ())
        element = fields.get("value", UNKNOWN)
        return Secret(element) if fields.get("secret") else element
    return fields
