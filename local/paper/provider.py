"""The provider server of the catalog, over a cloud on paper."""

from collections.abc import Callable, Iterable, Mapping, Set
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from local.interfaces import Cloud
from local.layout import Project
from local.paper import answers
from local.paper.cloud import on_paper
from local.paper.rooms import ROOMS
from local.provider import names
from local.provider.catalog import TYPES
from local.provider.lifecycle import Lifecycle, Made
from local.provider.records import Records, State
from local.provider.server import Provider
from local.provider.types import Inputs, Reference, Settings, Type

_LIMITS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
# whose resource is being made: by its URN alone it gets the same numbers and times again
_urn: ContextVar[str] = ContextVar("urn")


# type, id and outputs of a resource that the state says is there
Known = tuple[str, str, Mapping[str, Any]]


async def serve(project: Project, known: Iterable[Known], address: str = "127.0.0.1:0") -> tuple[grpc.aio.Server, int]:
    """Hold on to the server, or it stops."""
    records = Records()
    for token, identity, outputs in known:
        records.put(token, identity, dict(outputs))
    server = grpc.aio.server(options=_LIMITS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(PaperProvider(project, records), server)
    port = server.add_insecure_port(address)
    await server.start()
    return server, port


class PaperProvider(Provider):
    """Serves whatever project a program names, for there is none that could be changed by mistake."""

    def __init__(self, project: Project, records: Records) -> None:
        super().__init__(None, records)
        self._project = project
        self._life = PaperLifecycle(TYPES, on_paper(project), records)

    async def Create(self, request: Any, context: Any) -> Any:
        _urn.set(request.urn)
        return await super().Create(request, context)

    async def Update(self, request: Any, context: Any) -> Any:
        _urn.set(request.urn)
        return await super().Update(request, context)

    def _remember(self, context: Any, **new: Any) -> None:
        if "project" in new:
            new["number"] = self._number(new["project"])
            new["region"] = new["region"] or self._project.region
        super()._remember(context, **new)

    def _number(self, project: str | None) -> str | None:
        if project == self._project.id:
            return self._project.number
        return answers.project_number(project) if project else None


class PaperLifecycle(Lifecycle):
    """What is there is what the records say: the rooms have nothing else to look at."""

    def __init__(self, types: Mapping[str, Type], cloud: Cloud, records: Records) -> None:
        super().__init__(types, cloud, records)
        self._all = records

    async def create(self, kind: Type, settings: Settings, inputs: Inputs, hidden: Set[str]) -> Made:
        return await super().create(steady(kind, _urn.get()), settings, inputs, hidden)

    async def update(self, kind: Type, settings: Settings, inputs: Inputs, hidden: Set[str], old: State, at: str) -> Made:
        return await super().update(steady(kind, _urn.get()), settings, inputs, hidden, old, at)

    async def delete(self, kind: Type, settings: Settings, old: State, at: str) -> None:
        await super().delete(replace(kind, room=ROOMS.get(kind.token, kind.room)), settings, old, at)

    async def _require(self, reference: Reference) -> None:
        """A project has more in it than its stack: what is not in the state may well be there."""

    async def _look(self, kind: Type, at: str) -> State | None:
        return self._all.get(kind.token, at)


def steady(kind: Type, urn: str) -> Type:
    """The type, with nothing in it left to chance or to the clock."""

    def settled(given: Mapping[str, Callable[[], Any]]) -> Mapping[str, Callable[[], Any]]:
        return {name: partial(_CHANCE[make], f"{urn} {name}") if make in _CHANCE else make for name, make in given.items()}

    return replace(kind, made=settled(kind.made), touched=settled(kind.touched), room=ROOMS.get(kind.token, kind.room))


def _number(seed: str) -> str:
    return str(10**20 + answers.whole(seed) % (9 * 10**20))


def _token(seed: str) -> str:
    return answers.hexadecimal(seed, 12)


_CHANCE: Mapping[Callable[[], str], Callable[[str], str]] = {names.number: _number, names.token: _token, names.now: answers.moment}
