"""A resource's life: made, changed, looked at, deleted. The records say what is there; the rooms of the cloud make it so."""

import asyncio
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from local.interfaces import Cloud
from local.provider.errors import AlreadyExists, NotFound, PreviewOnly, Protected, Refused
from local.provider.records import Records, State
from local.provider.schema import FILLED, FIXED, SECRET, Property
from local.provider.types import Act, Inputs, Reference, Settings, Type, identity, predicted, visible
from local.provider.wire import UNKNOWN, Unknown, contains


@dataclass(frozen=True)
class Made:
    id: str
    state: State


class Lifecycle:
    """Inputs and states are plain. `hidden` names the inputs that hold secrets: they go into no record."""

    def __init__(self, types: Mapping[str, Type], cloud: Cloud | None, records: Records) -> None:
        self._types, self._cloud, self._records = types, cloud, records
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def preview_create(self, kind: Type, settings: Settings, inputs: Inputs) -> State:
        later = dict.fromkeys((*kind.made, *kind.touched, *kind.volatile, *kind.settled), UNKNOWN)
        return predicted(kind, settings, inputs, later)

    def preview_update(self, kind: Type, settings: Settings, inputs: Inputs, old: State) -> State:
        later = dict.fromkeys((*kind.touched, *kind.volatile), UNKNOWN)
        return predicted(kind, settings, inputs, _kept(kind, inputs, old) | later)

    async def create(self, kind: Type, settings: Settings, inputs: Inputs, hidden: Set[str]) -> Made:
        given = {name: make() for name, make in {**kind.made, **kind.touched}.items()}
        state = predicted(kind, settings, _known(inputs), given)
        act = self._act(kind, settings, inputs, state, hidden=hidden)
        async with self._lock(kind, act.id):
            there = await self._look(kind, act.id)
            if there is not None and not kind.adopts:
                raise AlreadyExists(f"googleapi: Error 409: {kind.name} {act.id!r} already exists, alreadyExists")
            return await self._put(kind, act)

    async def update(self, kind: Type, settings: Settings, inputs: Inputs, hidden: Set[str], old: State, at: str) -> Made:
        given = _kept(kind, inputs, old) | {name: make() for name, make in kind.touched.items()}
        state = predicted(kind, settings, _known(inputs), given)
        async with self._lock(kind, at):
            if await self._look(kind, at) is None:
                raise NotFound(f"googleapi: Error 404: {kind.name} {at!r} not found; `pulumi refresh` makes the state say so")
            return await self._put(kind, self._act(kind, settings, inputs, state, at, hidden))

    async def read(self, kind: Type, at: str) -> State | None:
        """None when it is gone."""
        there = await self._look(kind, at)
        if there is None:
            self._records.remove(kind.token, at)
        return there

    async def delete(self, kind: Type, settings: Settings, old: State, at: str) -> None:
        _refuse_if_protected(kind, old, at)
        if old.get("deletionPolicy") == "ABANDON":
            return
        async with self._lock(kind, at):
            # the record has no secrets: those are in the engine's state alone
            recorded = {**old, **(self._records.get(kind.token, at) or {})}
            await kind.room.delete(self._act(kind, settings, recorded, recorded, at))
            self._records.remove(kind.token, at)

    async def _put(self, kind: Type, act: Act) -> Made:
        known = act.settings.values() | act.state
        for reference in kind.references(known) if kind.references else ():
            await self._require(reference)
        state = visible(act.state) | await kind.room.put(act)
        at = state.pop("id", act.id)
        self._records.put(kind.token, at, _recorded(kind, state, act.hidden))
        return Made(at, state)

    async def _require(self, reference: Reference) -> None:
        if await self._look(self._types[reference.token], reference.id) is None:
            raise NotFound(f"googleapi: Error 404: {reference.what} does not exist, notFound")

    async def _look(self, kind: Type, at: str) -> State | None:
        return await kind.room.look(self._room(), at, self._records.get(kind.token, at))

    def _act(self, kind: Type, settings: Settings, inputs: Inputs, state: State, at: str = "", hidden: Set[str] = frozenset()) -> Act:
        place = at or identity(kind, settings, state)
        if isinstance(place, Unknown):
            raise Refused(f"{kind.name}: its id {kind.id} cannot be made: set the provider's project and region")
        return Act(self._room(), self._records, settings, place, inputs, state, hidden)

    def _room(self) -> Cloud:
        if self._cloud is None:
            raise PreviewOnly("this provider server only previews: there is no local cloud behind it; start one with `make up`")
        return self._cloud

    def _lock(self, kind: Type, at: str) -> asyncio.Lock:
        return self._locks.setdefault((kind.token, at), asyncio.Lock())


def _recorded(kind: Type, state: State, hidden: Set[str]) -> State:
    """Without secrets; what a resource is found by stays."""
    marked = {*hidden, *(kind.derived if hidden else ())}
    return {name: value for name, value in state.items() if not _is_hidden(kind.properties.get(name), name in marked)}


def _is_hidden(declared: Property | None, marked: bool) -> bool:
    if declared is None:
        return marked
    return declared.has(SECRET) or (marked and not declared.has(FIXED))


def _known(inputs: Inputs) -> Inputs:
    unknown = [name for name, value in inputs.items() if contains(Unknown, value)]
    if unknown:
        raise Refused(f"{', '.join(unknown)}: the value is still unknown, and only a preview can do with that")
    return inputs


def _kept(kind: Type, inputs: Inputs, old: State) -> dict[str, Any]:
    """What an update leaves as it was: the outputs, and the inputs that the service had filled in."""
    inputs_gone = {name for name, declared in kind.properties.items() if name in inputs or not declared.has(FILLED)}
    return {name: value for name, value in old.items() if name not in inputs_gone and name != "id"}


def _refuse_if_protected(kind: Type, state: State, at: str) -> None:
    if state.get("deletionProtection") is True:
        raise Protected(f"{kind.name} {at!r} has deletionProtection: set it to false and run `pulumi up` before deleting it")
    if state.get("deleteProtectionState") == "DELETE_PROTECTION_ENABLED":
        raise Protected(f"{kind.name} {at!r} has DELETE_PROTECTION_ENABLED: turn it off and run `pulumi up` before deleting it")
    if state.get("deletionPolicy") == "PREVENT":
        raise Protected(f"{kind.name} {at!r} has deletionPolicy PREVENT: change it to DELETE and run `pulumi up` before deleting it")
