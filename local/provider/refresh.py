"""What a refresh tells the engine: the outputs as they are now, and the inputs that would lead to them."""

from collections.abc import Mapping
from typing import Any

from local.provider.records import State
from local.provider.schema import FILLED, SECRET, Fields, Kind, Property
from local.provider.types import Inputs, Type, hidden
from local.provider.wire import Archive, Asset, Secret, contains, revealed


def refreshed(kind: Type, there: State, outputs: Inputs, inputs: Inputs) -> tuple[State, Inputs]:
    """`there` holds None for what is gone. Inputs change where the cloud differs from what the engine last saw: a name that the
    service wrote in full is no drift."""
    if not inputs and not outputs:
        return there, {name: there[name] for name in kind.properties if there.get(name) is not None}
    before = revealed(outputs)
    gone = dict.fromkeys(_gone(kind, before, there, hidden(inputs) | hidden(outputs)))
    state = before | {name: value for name, value in {**gone, **there}.items() if not _holds_files(before.get(name))}
    state.pop("id", None)
    now = _block(kind.properties, inputs, before, state)
    own = {name: value for name, value in inputs.items() if name.startswith("__")}
    return {name: value for name, value in state.items() if value is not None}, now | own


def _gone(kind: Type, before: State, there: State, secrets: set[str]) -> set[str]:
    """What the record has lost. It never had what is secret, so that says nothing."""
    kept = {name for name, declared in kind.properties.items() if not declared.has(SECRET) and name not in secrets}
    return {name for name in before if name in kept and name not in there}


def _block(fields: Fields, inputs: Mapping[str, Any], before: Any, now: Any) -> State:
    old, new = _mapping(before), _mapping(now)
    merged = {name: _value(declared, inputs.get(name), old.get(name), new.get(name)) for name, declared in fields.items()}
    return {name: value for name, value in merged.items() if value is not None}


def _value(declared: Property, given: Any, before: Any, now: Any) -> Any:
    """The input that leads to `now`: as it was `given`, where nothing happened to it."""
    if before == now or (given is None and declared.has(FILLED)):
        return given
    if given is None or now is None:
        return now
    if isinstance(given, Secret):
        return Secret(now)
    if declared.kind is Kind.OBJECT and declared.fields is not None:
        return _block(declared.fields, given, before, now)
    if declared.kind is Kind.LIST and declared.fields is not None and isinstance(before, list) and len(given) == len(before) == len(now):
        return [_block(declared.fields, *three) for three in zip(given, before, now, strict=True)]
    return now


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _holds_files(value: Any) -> bool:
    return contains(Asset, value) or contains(Archive, value)
