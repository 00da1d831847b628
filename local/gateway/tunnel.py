"""The HTTPS proxy that every workload is told to use: CONNECT to Google's names ends at our own servers, to others nowhere.

It reads no content. The TLS session is between the client and one of the servers behind it, chosen by what the client offers:
gRPC to the gRPC front of that host, everything else to the HTTP front.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from http import HTTPStatus

from local.gateway.client_hello import ClientHello, NotTls
from local.layout import LOOPBACK

_LOG = logging.getLogger(__name__)

_CHUNK = 1 << 18
_BUFFER = 1 << 17
_HELLO_TIMEOUT_S = 30

# the port of the server for (host, whether it is gRPC)
Route = Callable[[str, bool], int]


class Tunnel:
    def __init__(self, port: int, serves: Callable[[str], bool], route: Route) -> None:
        self._port, self._serves, self._route = port, serves, route
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._client, LOOPBACK, self._port, limit=_BUFFER)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a server's callback always runs in a task
        self._open.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, NotTls) as error:
            _LOG.debug("a client of the proxy went away: %r", error)
        except asyncio.CancelledError:
            _LOG.debug("a connection through the proxy was cut at stop")
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, _, rest = head.decode("latin-1").partition(" ")
        host, _, port = rest.split(" ", 1)[0].rpartition(":")
        if method != "CONNECT":
            return await _refuse(writer, "This proxy tunnels HTTPS (CONNECT) only. Plain HTTP goes straight to 127.0.0.1.")
        if port != "443" or not self._serves(host.lower()):
            _LOG.info("refused a workload's connection to %s:%s", host, port)
            return await _refuse(writer, f"The local cloud does not let its workloads reach {host}:{port}. It serves Google's APIs only.")
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        hello = await asyncio.wait_for(ClientHello.read(reader), _HELLO_TIMEOUT_S)
        return await self._splice(hello, self._route(host.lower(), hello.grpc_only), reader, writer)

    async def _splice(self, hello: ClientHello, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            up_writer.write(hello.raw)
            async with asyncio.TaskGroup() as both:
                both.create_task(_copy(reader, up_writer))
                both.create_task(_copy(up_reader, writer))
        finally:
            up_writer.close()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()
    with contextlib.suppress(OSError, RuntimeError):
        sink.write_eof()


async def _refuse(writer: asyncio.StreamWriter, sentence: str) -> None:
    body = sentence.encode() + b"\n"
    status = HTTPStatus.FORBIDDEN
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
    await writer.drain()
