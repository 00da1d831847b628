"""What a refresh tells the engine: the outputs as they are now, and the inputs that would lead to them."""

from typing import Any

from local.provider.records import State
from local.provider.types import Inputs, Type
from local.provider.wire import Archive, Asset, contains, revealed


def refreshed(kind: Type, there: State, outputs: Inputs, inputs: Inputs) -> tuple[State, Inputs]:
    """`inputs` change only where the cloud differs from what the engine last saw: a name that the service wrote in full is no drift."""
    if not inputs and not outputs:
        return there, {name: there[name] for name in kind.properties if there.get(name) is not None}
    before = revealed(outputs)
    state = before | {name: value for name, value in there.items() if not _holds_files(before.get(name))}
    state.pop("id", None)
    return state, {name: _now(name, value, before, state) for name, value in inputs.items()}


def _now(name: str, value: Any, before: State, state: State) -> Any:
    drifted = name in before and name in state and before[name] != state[name]
    return state[name] if drifted else value


def _holds_files(value: Any) -> bool:
    return contains(Asset, value) or contains(Archive, value)
