"""Google's gRPC interfaces: TLS ends here, the caller is identified, and messages stream on as the bytes that they are."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import grpc
import grpc.aio

from local.gateway import responses
from local.gateway.authorization import Authorization
from local.gateway.certificates import Leaf
from local.gateway.tokens import Refused, Tokens
from local.gateway.upstreams import Upstream
from local.iam.apis import Unreadable
from local.layout import LOOPBACK

_LOG = logging.getLogger(__name__)

_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # neither a developer's own proxy nor ours: these go to a neighbour
    ("grpc.enable_http_proxy", 0),
    ("grpc.so_reuseport", 0),
]
PRINCIPAL = "x-local-principal"
# the transport's own, which the next connection makes anew, and what only this front may say
_NOT_FORWARDED = frozenset({"te", "content-type", "user-agent", "authorization", PRINCIPAL})
_NEVER_FORWARDED_PREFIX = "grpc-"
_DETAILS = "grpc-status-details-bin"

# grpc takes tuples only
Metadata = tuple[tuple[str, str | bytes], ...]
# a method answered here: the request's bytes to the answer's, or None for "no permission"
Local = Callable[[bytes], bytes | None]


class GrpcFront(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc has no types
    """One host name. `stream_stream` without (de)serializers serves methods of all four kinds alike."""

    def __init__(
        self, host: str, tokens: Tokens, authorization: Authorization, upstream: Upstream, local: Mapping[str, Local] | None = None
    ) -> None:
        self._host, self._tokens, self._authorization, self._upstream = host, tokens, authorization, upstream
        self._local = local or {}
        self._channel: grpc.aio.Channel | None = None
        self._server: grpc.aio.Server | None = None
        self.port = 0

    async def start(self, leaf: Leaf) -> None:
        if self._upstream.grpc:
            self._channel = grpc.aio.insecure_channel(self._upstream.grpc, options=_OPTIONS)
        self._server = grpc.aio.server(handlers=[self], options=_OPTIONS)
        credentials = grpc.ssl_server_credentials([(leaf.key.read_bytes(), leaf.chain.read_bytes())])
        self.port = self._server.add_secure_port(f"{LOOPBACK}:0", credentials)
        await self._server.start()

    async def stop(self) -> None:
        if self._server:
            await self._server.stop(grace=0.5)
        if self._channel:
            await self._channel.close()

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        method = details.method

        async def serve(requests: AsyncIterator[bytes], context: Any) -> None:
            await self._serve(method, requests, context)

        return grpc.stream_stream_rpc_method_handler(serve)

    async def _serve(self, method: str, requests: AsyncIterator[bytes], context: Any) -> None:
        principal = await self._identify(method, context)
        if method not in self._local and self._channel is None:
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, f"The local cloud does not serve {method} of {self._host}.")
        messages = aiter(requests)
        first = await anext(messages, b"")
        await self._authorize(principal, method, first, context)
        if method in self._local:
            await self._answer(method, first, context)
        elif self._channel:
            await self._forward(self._channel, method, _rejoined(first, messages), context, principal)

    async def _identify(self, method: str, context: Any) -> str:
        metadata = dict(context.invocation_metadata() or ())
        scheme, _, token = str(metadata.get("authorization", "")).partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise Refused(responses.UNPROVEN)
            principal = self._tokens.principal(token)
        except Refused as refusal:
            _LOG.info("refused %s of %s: %s", method, self._host, refusal)
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, str(refusal))
        return principal

    async def _authorize(self, principal: str, method: str, first: bytes, context: Any) -> None:
        try:
            denial = self._authorization.of_call(principal, self._host, self._upstream.api, method, first)
        except Unreadable as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{method}: {error}")
        if denial:
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, denial.message, ((_DETAILS, denial.status()),))

    async def _answer(self, method: str, request: bytes, context: Any) -> None:
        answer = self._local[method](request)
        if answer is None:
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, "The caller does not have permission: the local cloud has one project.")
        await context.write(answer)

    async def _forward(self, channel: grpc.aio.Channel, method: str, requests: AsyncIterator[bytes], context: Any, principal: str) -> None:
        call = channel.stream_stream(method)(
            requests, timeout=context.time_remaining(), metadata=_onward(context.invocation_metadata() or (), principal)
        )
        try:
            await context.send_initial_metadata(_visible(await call.initial_metadata()))
            async for message in call:
                await context.write(message)
            context.set_trailing_metadata(_visible(await call.trailing_metadata()))
        except grpc.aio.AioRpcError as error:
            await context.abort(error.code(), error.details() or "", _visible(error.trailing_metadata()))
        finally:
            # the client has gone, or has its answer: nobody listens to what is still under way
            call.cancel()


async def _rejoined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for message in rest:
        yield message


def _onward(metadata: Metadata, principal: str) -> Metadata:
    kept = ((key, value) for key, value in metadata if _is_the_calls_own(key))
    return (*kept, ("authorization", "Bearer owner"), (PRINCIPAL, principal))


def _visible(metadata: Metadata | None) -> Metadata:
    return tuple((key, value) for key, value in metadata or () if key == _DETAILS or _is_the_calls_own(key))


def _is_the_calls_own(key: str) -> bool:
    return key not in _NOT_FORWARDED and not key.startswith(_NEVER_FORWARDED_PREFIX)
