"""The server that Pulumi's engines call, for the packages `gcp`, `docker`, `time` and `command` at one address.

Engines come and go: each attaches anew, and `Cancel` at the end of a run stops nothing here.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local.interfaces import Cloud
from local.provider import checking, invoke
from local.provider.catalog import TYPES
from local.provider.configuration import configured, problems
from local.provider.defaults import Naming
from local.provider.diff import changes
from local.provider.errors import Refused, UnknownType
from local.provider.lifecycle import Lifecycle
from local.provider.records import Records, State
from local.provider.refresh import refreshed
from local.provider.types import Inputs, Settings, Type, hidden, identity, predicted, sealed
from local.provider.validation import Failure
from local.provider.wire import decoded, encoded, revealed

log = logging.getLogger(__name__)

# What Google's own provider of these properties is called; an older one would make the engine warn.
VERSION = "10.2.0"
_MOST_PEERS = 256
_OTHERS = ("docker:", "time:", "command:")
_MESSAGE_BYTES = 400 * 1024 * 1024


async def serve(cloud: Cloud | None, address: str = "127.0.0.1:0", records: Path | None = None) -> tuple[grpc.aio.Server, int]:
    """Without a cloud it previews only. `records` keeps what was made over a restart. Hold on to the server, or it stops."""
    limits = [("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", _MESSAGE_BYTES)]
    server = grpc.aio.server(options=limits)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(cloud, Records(records)), server)
    port = server.add_insecure_port(address)
    await server.start()
    return server, port


def _answered(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The edge of a request: what goes wrong inside becomes a gRPC status with a text for people."""

    @wraps(method)
    async def call(self: "Provider", request: Any, context: Any) -> Any:
        try:
            return await method(self, request, context)
        except Refused as error:
            await context.abort(grpc.StatusCode[error.status], str(error))
        except Exception as error:
            log.exception("%s failed for %s", method.__name__, getattr(request, "urn", ""))
            await context.abort(grpc.StatusCode.UNKNOWN, str(error) or type(error).__name__)

    return call


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, cloud: Cloud | None, records: Records) -> None:
        self._cloud = cloud
        self._life = Lifecycle(TYPES, cloud, records)
        # By connection: an engine opens one for each provider that a program configures.
        self._settings: OrderedDict[str, Settings] = OrderedDict()

    async def Handshake(self, request: Any, context: Any) -> Any:
        if request.program_directory:
            self._remember(context, directory=Path(request.program_directory))
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    async def Attach(self, request: Any, context: Any) -> Any:
        return Empty()

    async def Cancel(self, request: Any, context: Any) -> Any:
        return Empty()

    async def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    async def GetSchema(self, request: Any, context: Any) -> Any:
        """Python programs do not ask; whoever does learns the names and no more."""
        return provider_pb2.GetSchemaResponse(schema=json.dumps({"name": "gcp", "version": VERSION}))

    async def CheckConfig(self, request: Any, context: Any) -> Any:
        found = problems(decoded(request.news), self._cloud)
        return provider_pb2.CheckResponse(inputs=request.news, failures=_check_failures(found))

    async def DiffConfig(self, request: Any, context: Any) -> Any:
        """No configuration replaces what was made under another."""
        same = decoded(request.old_inputs) == decoded(request.news)
        kind = provider_pb2.DiffResponse.DIFF_NONE if same else provider_pb2.DiffResponse.DIFF_SOME
        return provider_pb2.DiffResponse(changes=kind)

    @_answered
    async def Configure(self, request: Any, context: Any) -> Any:
        if _is_gcp(request):
            self._remember(context, **configured(decoded(request.args), dict(request.variables), self._cloud))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True)

    @_answered
    async def Check(self, request: Any, context: Any) -> Any:
        kind, proposal = _kind(request), request.autonaming
        disabled = request.HasField("autonaming") and proposal.mode == proposal.DISABLE
        naming = Naming(_logical(request), request.randomSeed, proposal.proposed_name, disabled)
        inputs, found = await checking.checked(kind, self._of(context), decoded(request.news), decoded(request.olds), naming)
        return provider_pb2.CheckResponse(inputs=encoded(inputs), failures=_check_failures(found))

    @_answered
    async def Diff(self, request: Any, context: Any) -> Any:
        kind, news = _kind(request), revealed(decoded(request.news))
        olds = revealed(decoded(request.old_inputs if request.old_inputs.fields else request.olds))
        found = changes(kind.properties, olds, news, list(request.ignoreChanges))
        replaced = [change for change in found if change.replaces]
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=list(dict.fromkeys(change.root for change in found)),
            replaces=list(dict.fromkeys(change.root for change in replaced)),
            deleteBeforeReplace=bool(replaced) and self._same_place(kind, news, request.id, context),
            detailedDiff={change.path: _property_diff(change.kind, change.replaces) for change in found},
            hasDetailedDiff=True,
        )

    @_answered
    async def Create(self, request: Any, context: Any) -> Any:
        kind, wrapped = _kind(request), decoded(request.properties)
        inputs, settings = revealed(wrapped), self._of(context)
        if request.preview:
            state = self._life.preview_create(kind, settings, inputs)
            return provider_pb2.CreateResponse(properties=encoded(sealed(kind, wrapped, state)))
        made = await self._life.create(kind, settings, inputs, hidden(wrapped))
        return provider_pb2.CreateResponse(id=made.id, properties=_properties(kind, wrapped, made.state, made.id))

    @_answered
    async def Update(self, request: Any, context: Any) -> Any:
        kind, wrapped = _kind(request), decoded(request.news)
        inputs, settings, old = revealed(wrapped), self._of(context), revealed(decoded(request.olds))
        if request.preview:
            state = self._life.preview_update(kind, settings, inputs, old)
        else:
            state = (await self._life.update(kind, settings, inputs, hidden(wrapped), old, request.id)).state
        return provider_pb2.UpdateResponse(properties=_properties(kind, wrapped, state, request.id))

    @_answered
    async def Read(self, request: Any, context: Any) -> Any:
        kind = _kind(request)
        there = await self._life.read(kind, request.id)
        if there is None:
            return provider_pb2.ReadResponse()
        state, inputs = refreshed(kind, there, decoded(request.properties), decoded(request.inputs))
        return provider_pb2.ReadResponse(id=request.id, properties=_properties(kind, inputs, state, request.id), inputs=encoded(inputs))

    @_answered
    async def Delete(self, request: Any, context: Any) -> Any:
        await self._life.delete(_kind(request), self._of(context), revealed(decoded(request.properties)), request.id)
        return Empty()

    @_answered
    async def Invoke(self, request: Any, context: Any) -> Any:
        answer = invoke.answer(request.tok, revealed(decoded(request.args)), self._of(context))
        return provider_pb2.InvokeResponse(**{"return": encoded(answer)})

    def _same_place(self, kind: Type, news: Inputs, at: str, context: Any) -> bool:
        """Whether the replacement would stand where the old one still does, so that the old one must go first."""
        settings = self._of(context)
        return checking.keeps_name(kind, news) and bool(identity(kind, settings, predicted(kind, settings, news, {})) == at)

    def _of(self, context: Any) -> Settings:
        """Of this connection; a connection that was lost and made again goes on with the newest configuration."""
        found = self._settings.get(context.peer()) or next(reversed(self._settings.values()), None)
        return found or Settings(**configured({}, {}, self._cloud), directory=Path.cwd())

    def _remember(self, context: Any, **new: Any) -> None:
        known = self._settings.pop(context.peer(), None)
        before = {"project": None, "directory": Path.cwd()} if known is None else vars(known)
        self._settings[context.peer()] = Settings(**{**before, **new})
        while len(self._settings) > _MOST_PEERS:
            self._settings.popitem(last=False)


def _check_failures(found: list[Failure]) -> list[Any]:
    """The reasons name their paths. As `property` the command line would print the whole value beside them, secret or not."""
    return [provider_pb2.CheckFailure(reason=failure.reason) for failure in found]


def _is_gcp(request: Any) -> bool:
    """Settings of the other packages mean nothing here, and an engine may configure them over the same connection."""
    if request.type:
        return bool(request.type.endswith(":gcp"))
    return not any(name.startswith(_OTHERS) for name in request.variables)


def _kind(request: Any) -> Type:
    token = request.type or request.urn.split("::")[2].rpartition("$")[2]
    if token not in TYPES:
        raise UnknownType(f"resource type {token} is not in the catalog of the local cloud (local/provider/catalog)")
    return TYPES[token]


def _logical(request: Any) -> str:
    return str(request.name or request.urn.rpartition("::")[2])


def _properties(kind: Type, wrapped: Inputs, state: State, at: str) -> Any:
    return encoded({**sealed(kind, wrapped, state), "id": at})


def _property_diff(kind: str, replaces: bool) -> Any:
    name = f"{kind}_REPLACE" if replaces else kind
    return provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.Value(name), inputDiff=True)
