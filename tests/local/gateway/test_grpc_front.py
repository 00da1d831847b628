import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
import pytest_asyncio

from local.gateway import upstreams
from local.gateway.authorization import Authorization
from local.gateway.certificates import Authority
from local.gateway.grpc_front import GrpcFront
from local.gateway.tokens import Tokens
from local.iam.needs import EVERYBODY
from local.layout import LOOPBACK, Layout

ACCOUNT = "upload@sd-local.iam.gserviceaccount.com"
HOST = "firestore.googleapis.com"
MIB = 1 << 20


class Upstream(grpc.GenericRpcHandler):
    """Echoes each message; its methods fail, wait for ever, or tell the metadata that came."""

    def __init__(self) -> None:
        self.cancelled = asyncio.Event()

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        return grpc.stream_stream_rpc_method_handler(getattr(self, details.method.rpartition("/")[2].lower()))

    async def echo(self, requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        await context.send_initial_metadata((("x-first", "1"),))
        context.set_trailing_metadata((("x-last", "2"),))
        async for request in requests:
            yield request

    async def fail(self, requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        yield b"before"
        await context.abort(grpc.StatusCode.ABORTED, "too much contention", (("grpc-status-details-bin", b"\x00details"),))

    async def wait(self, requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        try:
            yield b"waiting"
            await asyncio.Event().wait()
        finally:
            self.cancelled.set()

    async def tell(self, requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        for key, value in context.invocation_metadata():
            yield f"{key}={value}".encode()


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(Layout(tmp_path))


@pytest_asyncio.fixture
async def upstream() -> AsyncIterator[tuple[Upstream, str]]:
    handler = Upstream()
    server = grpc.aio.server(handlers=[handler], options=[("grpc.max_receive_message_length", -1)])
    port = server.add_insecure_port(f"{LOOPBACK}:0")
    await server.start()
    yield handler, f"{LOOPBACK}:{port}"
    await server.stop(0)


@pytest_asyncio.fixture
async def channel(tmp_path: Path, tokens: Tokens, upstream: tuple[Upstream, str]) -> AsyncIterator[grpc.aio.Channel]:
    authority = Authority(Layout(tmp_path))
    front = GrpcFront(HOST, tokens, Authorization(EVERYBODY), upstreams.Upstream(grpc=upstream[1]))
    await front.start(authority.leaf(["*.googleapis.com"]))
    options = [("grpc.ssl_target_name_override", HOST), ("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", -1)]
    credentials = grpc.ssl_channel_credentials(authority.ca.read_bytes())
    async with grpc.aio.secure_channel(f"{LOOPBACK}:{front.port}", credentials, options=options) as channel:
        yield channel
    await front.stop()


@pytest.fixture
def bearer(tokens: Tokens) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {tokens.access_token(ACCOUNT)}"),)


async def test_messages_stream_both_ways_as_they_come(channel: grpc.aio.Channel, bearer: Any) -> None:
    call = channel.stream_stream("/s/Echo")(metadata=bearer)

    for message in (b"one", b"two"):
        await call.write(message)
        assert await call.read() == message

    await call.done_writing()
    assert await call.read() == grpc.aio.EOF
    assert ("x-first", "1") in tuple(await call.initial_metadata())
    assert ("x-last", "2") in tuple(await call.trailing_metadata())


async def test_a_message_may_be_large(channel: grpc.aio.Channel, bearer: Any) -> None:
    large = bytes(12 * MIB)

    assert await channel.unary_unary("/s/Echo")(large, metadata=bearer) == large


async def test_an_error_comes_back_with_its_details(channel: grpc.aio.Channel, bearer: Any) -> None:
    call = channel.unary_stream("/s/Fail")(b"", metadata=bearer)

    assert await call.read() == b"before"
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call.read()
    assert (error.value.code(), error.value.details()) == (grpc.StatusCode.ABORTED, "too much contention")
    assert ("grpc-status-details-bin", b"\x00details") in tuple(error.value.trailing_metadata())


async def test_the_upstream_learns_the_principal_and_never_the_token(channel: grpc.aio.Channel, bearer: Any) -> None:
    metadata = (*bearer, ("x-goog-request-params", "database=d"), ("x-local-principal", "forged@example.com"))

    told = [message.decode() async for message in channel.unary_stream("/s/Tell")(b"", metadata=metadata)]

    assert f"x-local-principal={ACCOUNT}" in told
    assert "authorization=Bearer owner" in told
    assert "x-goog-request-params=database=d" in told
    assert not [line for line in told if "forged" in line or "eyJ" in line]


async def test_a_cancelled_call_is_cancelled_upstream(channel: grpc.aio.Channel, bearer: Any, upstream: tuple[Upstream, str]) -> None:
    call = channel.unary_stream("/s/Wait")(b"", metadata=bearer)
    assert await call.read() == b"waiting"

    call.cancel()

    await asyncio.wait_for(upstream[0].cancelled.wait(), 5)


async def test_a_deadline_reaches_the_upstream(channel: grpc.aio.Channel, bearer: Any, upstream: tuple[Upstream, str]) -> None:
    call = channel.unary_stream("/s/Wait")(b"", metadata=bearer, timeout=0.3)

    assert await call.read() == b"waiting"
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call.read()

    assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    await asyncio.wait_for(upstream[0].cancelled.wait(), 5)


@pytest.mark.parametrize("metadata", [(), (("authorization", "Bearer owner"),), (("authorization", "Basic x"),)])
async def test_a_call_without_a_token_of_ours_is_unauthenticated(channel: grpc.aio.Channel, metadata: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await channel.unary_unary("/s/Echo")(b"x", metadata=metadata)

    assert error.value.code() == grpc.StatusCode.UNAUTHENTICATED
