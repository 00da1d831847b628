"""What is added to a program's inputs: names that it leaves to Pulumi, and the provider's defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.provider.schema import Fields, Kind, Property
from local.provider.types import Inputs, Type
from local.provider.validation import Failure
from local.provider.wire import Secret, revealed

DEFAULTED = "__defaults"
"""Pulumi's own key: the names of the inputs that the program did not give."""


@dataclass(frozen=True)
class Naming:
    """What the engine says about names: its seed, and the stack's own rule if there is one."""

    logical: str
    seed: bytes
    proposed: str = ""
    disabled: bool = False


def named(kind: Type, inputs: Inputs, olds: Inputs, naming: Naming) -> tuple[dict[str, Any], list[Failure]]:
    """A name once given stays, unless the program itself had chosen it."""
    wanted = kind.autoname
    if wanted is None or inputs.get(wanted.property) is not None:
        return dict(inputs), []
    if wanted.property in revealed(olds.get(DEFAULTED) or []):
        return {**inputs, wanted.property: olds[wanted.property]}, []
    if naming.disabled:
        return dict(inputs), [Failure(wanted.property, f"automatic naming is disabled for this stack: give '{wanted.property}'")]
    return {**inputs, wanted.property: naming.proposed or wanted.proposed(naming.logical, naming.seed)}, []


def completed(kind: Type, given: Inputs, inputs: Inputs) -> dict[str, Any]:
    """`inputs` with every default, and with the names of those that are not in `given`."""
    full = _with_defaults(kind.properties, inputs)
    added = sorted(name for name in full if given.get(name) is None and name in kind.properties)
    return full | ({DEFAULTED: added} if added else {})


def _with_defaults(fields: Fields, inputs: Inputs) -> dict[str, Any]:
    full = {name: _inside(fields[name], value) if name in fields else value for name, value in inputs.items()}
    missing = {name: declared.default for name, declared in fields.items() if declared.default is not None and full.get(name) is None}
    return full | missing


def _inside(declared: Property, value: Any) -> Any:
    if isinstance(value, Secret):
        return Secret(_inside(declared, value.value))
    if declared.fields is None:
        return value
    if declared.kind is Kind.OBJECT and isinstance(value, Mapping):
        return _with_defaults(declared.fields, value)
    if isinstance(value, list):
        return [_inside(Property(Kind.OBJECT, fields=declared.fields), item) for item in value]
    return value
