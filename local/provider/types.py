"""What a resource type is: its properties, its names and outputs, and the room of the local cloud that makes it real."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.interfaces import Cloud
from local.provider.names import Autoname, filled
from local.provider.records import Records, State
from local.provider.schema import FILLED, SECRET, Fields, Group
from local.provider.validation import Failure
from local.provider.wire import Secret, Unknown, contains, revealed

Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """One provider as a program configured it. The number is known only where there is a cloud."""

    project: str | None
    directory: Path
    number: str | None = None
    region: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        return {"project": self.project, "number": self.number, "location": self.region, "region": self.region}


@dataclass(frozen=True)
class Reference:
    """Another resource that must be there. `what` is how the refusal calls it."""

    token: str
    id: str
    what: str


@dataclass(frozen=True)
class Act:
    """One resource that is about to be made real."""

    cloud: Cloud
    records: Records
    settings: Settings
    id: str
    inputs: Inputs
    state: State
    # the names of the inputs that hold secrets
    hidden: Set[str] = frozenset()


class Room:
    """What happens in the cloud. This one does nothing: the record is all there is."""

    # what `look` finds, in words
    sees = "its record, property by property"

    async def put(self, act: Act) -> State:
        """Make or change it; answers the outputs that only the room knows."""
        return {}

    async def delete(self, act: Act) -> None: ...

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        """What is there now; None when it is gone."""
        return recorded


RECORD = Room()


@dataclass(frozen=True)
class Type:
    token: str
    id: str
    properties: Fields
    groups: tuple[Group, ...] = ()
    autoname: Autoname | None = None
    # known from the inputs alone, so also in a preview; in order, for one may name another
    outputs: Mapping[str, str | Callable[[State], Any]] = field(default_factory=dict)
    # given once, when it is made; a name that starts with "_" is for the templates alone
    made: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    # given anew by every change
    touched: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    # outputs of the room that a change may change
    volatile: frozenset[str] = frozenset()
    # outputs of the room that stay as they came
    settled: frozenset[str] = frozenset()
    # outputs that may tell what the inputs hold: secret as soon as one of those is
    derived: frozenset[str] = frozenset()
    # has Google's labels: the effective ones are outputs
    labelled: bool = False
    # making what is there already is no error
    adopts: bool = False
    room: Room = RECORD
    checks: Callable[[Inputs], Iterable[Failure]] | None = None
    # inputs that Check adds
    prepare: Callable[[Inputs, Settings], Inputs] | None = None
    references: Callable[[State], Iterable[Reference]] | None = None

    @property
    def name(self) -> str:
        return self.token.rpartition(":")[2]


def predicted(kind: Type, settings: Settings, inputs: Inputs, given: Mapping[str, Any]) -> State:
    """The outputs as far as they follow from `inputs` and from what was `given` when it was made."""
    filling = settings.values()
    state = dict(given) | {name: value for name, value in inputs.items() if not name.startswith("__")}
    for name, declared in kind.properties.items():
        if state.get(name) is None and declared.has(FILLED):
            usual = filling.get(name) if declared.fills is None else declared.fills
            state |= {} if usual is None else {name: usual}
    if kind.labelled:
        state |= _labels(settings, inputs)
    for name, output in kind.outputs.items():
        value = filled(output, filling | state) if isinstance(output, str) else output(filling | state)
        state[name] = state.get(name, value) if isinstance(value, Unknown) else value
    return state


def visible(state: State) -> State:
    """Without what only the templates need."""
    return {name: value for name, value in state.items() if not name.startswith("_")}


def _labels(settings: Settings, inputs: Inputs) -> State:
    labels = inputs.get("labels") or {}
    if not isinstance(labels, Mapping):
        return {"pulumiLabels": labels, "effectiveLabels": labels}
    own = {**settings.labels, **labels}
    return {"pulumiLabels": own, "effectiveLabels": {"goog-pulumi-provisioned": "true", **own}}


def identity(kind: Type, settings: Settings, state: State) -> Any:
    return filled(kind.id, settings.values() | state)


def hidden(inputs: Inputs) -> set[str]:
    """The names of those that hold a secret."""
    return {name for name, value in inputs.items() if contains(Secret, value)}


def sealed(kind: Type, inputs: Inputs, state: State) -> State:
    """The outputs with the marks of secrets: those of the inputs that they repeat or are made of, and those of their own."""
    secrets = hidden(inputs)
    return {name: _sealed(kind, name, value, inputs, secrets) for name, value in visible(state).items()}


def _sealed(kind: Type, name: str, value: Any, inputs: Inputs, secrets: set[str]) -> Any:
    if name in inputs and revealed(inputs[name]) == value:
        value = inputs[name]
    elif name in secrets or (secrets and name in kind.derived) or _made_of(kind.outputs.get(name), secrets):
        return Secret(value)
    declared = kind.properties.get(name)
    return Secret(value) if declared and declared.has(SECRET) and not contains(Secret, value) else value


def _made_of(output: object, secrets: set[str]) -> bool:
    return isinstance(output, str) and any(f"{{{source}" in output for source in secrets)
