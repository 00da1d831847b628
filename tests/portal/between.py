"""What may stand between a browser and a server: it hands on whatever comes, and breaks, waits or answers itself when it is told to."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from yarl import URL

_OF_ONE_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "host"})
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Instead:
    """The answer to the next request of this method whose path ends so; `status` 0 breaks the connection."""

    method: str
    path: str
    status: int
    body: str = ""


@dataclass
class Between:
    """`bytes_per_second` slows down bodies on their way in, each for itself."""

    behind: str
    url: str = ""
    instead: list[Instead] = field(default_factory=list)
    bytes_per_second: int = 0
    _cut: bool = False
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)
    _client: aiohttp.ClientSession | None = None
    _open: set[asyncio.Transport] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def cut(self) -> None:
        """Every connection, old and new."""
        self._cut = True
        self._loop.call_soon_threadsafe(self._break)

    def mend(self) -> None:
        self._cut = False

    def hold(self) -> None:
        """Requests of the API wait from now on."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def release(self) -> None:
        self._loop.call_soon_threadsafe(self._flowing.set)

    def _break(self) -> None:
        for transport in list(self._open):
            transport.abort()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        transport = request.transport
        if not isinstance(transport, asyncio.Transport) or self._cut:
            return broken(request)
        self._open.add(transport)
        try:
            if request.path.startswith("/v1/"):
                await self._flowing.wait()
            return self._answered(request) or await self.answer(request)
        finally:
            self._open.discard(transport)

    def _answered(self, request: web.Request) -> web.StreamResponse | None:
        fits = next((each for each in self.instead if each.method == request.method and request.path.endswith(each.path)), None)
        if fits is None:
            return None
        self.instead.remove(fits)
        kind = "application/problem+json" if fits.body else "text/plain"
        return web.Response(status=fits.status, text=fits.body, content_type=kind) if fits.status else broken(request)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        return await self.hand_on(request, {})

    async def hand_on(self, request: web.Request, more: dict[str, str]) -> web.StreamResponse:
        """With these headers besides its own."""
        assert self._client is not None
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_ONE_CONNECTION}
        body = self._slowly(request) if request.can_read_body else None
        url = URL(self.behind + request.raw_path, encoded=True)
        try:
            async with self._client.request(request.method, url, headers=headers | more, data=body, allow_redirects=False) as answer:
                return await _returned(request, answer)
        except aiohttp.ClientError:
            return broken(request)

    async def _slowly(self, request: web.Request) -> AsyncIterator[bytes]:
        async for piece in request.content.iter_chunked(_PIECE):
            if self.bytes_per_second:
                await asyncio.sleep(len(piece) / self.bytes_per_second)
            yield piece

    async def _serve(self, port: int) -> web.AppRunner:
        self._client = aiohttp.ClientSession(
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=None),
        )
        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/{path:.*}", self._take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _end(self, runner: web.AppRunner) -> None:
        self.cut()
        await runner.cleanup()
        if self._client:
            await self._client.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    @contextmanager
    def standing(self, port: int = 0) -> Iterator[None]:
        """In a thread of its own."""
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        self.release()
        runner = asyncio.run_coroutine_threadsafe(self._serve(port), self._loop).result(10)
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self._end(runner), self._loop).result(10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)
            self._loop.close()


async def _returned(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status)
    for name, value in answer.headers.items():
        if name.lower() not in _OF_ONE_CONNECTION:
            response.headers.add(name, value)
    await response.prepare(request)
    try:
        async for piece in answer.content.iter_any():
            await response.write(piece)
        await response.write_eof()
    except (OSError, aiohttp.ClientError):
        broken(request)  # half an answer must not look like a whole one
    return response


def broken(request: web.Request) -> web.Response:
    if isinstance(request.transport, asyncio.Transport):
        request.transport.abort()
    return web.Response(status=502)
