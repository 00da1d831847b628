"""One request carried to an instance and its answer back, chunk by chunk, nothing buffered."""

import secrets
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from types import MappingProxyType, SimpleNamespace

import aiohttp
from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from local.layout import LOOPBACK
from local.run.access import page

# Cloud Run's limit of a request body over HTTP/1.
BODY_LIMIT = 32 * 1024 * 1024
TRACE = "X-Cloud-Trace-Context"
_HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
    *("te", "trailer", "transfer-encoding", "upgrade", "expect"),
}
# What IAP alone may say about a caller.
_FORGEABLE = ("x-goog-iap-", "x-goog-authenticated-user-")


def session() -> aiohttp.ClientSession:
    """A connection for each request: a kept one may be closed by the instance just when a POST is written to it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trace_configs=[_once()],
    )


def _once() -> aiohttp.TraceConfig:
    """aiohttp sends a GET again when its connection breaks; a request goes to an instance once, as at Cloud Run."""

    async def connecting(session: object, context: SimpleNamespace, _: object) -> None:
        if context.trace_request_ctx.sent:
            raise aiohttp.ClientConnectionError("the instance closed the connection before it answered")

    async def sent(session: object, context: SimpleNamespace, _: object) -> None:
        context.trace_request_ctx.sent = True

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_start.append(connecting)
    trace.on_request_headers_sent.append(sent)
    return trace


class Exchange:
    def __init__(self, request: web.Request, headers: CIMultiDict[str], elsewhere: Mapping[str, str] = MappingProxyType({})) -> None:
        self.sent = False
        self._request, self._headers, self._elsewhere = request, headers, elsewhere
        self._response: web.StreamResponse | None = None
        self._too_large = (request.content_length or 0) > BODY_LIMIT

    async def forward(self, session: aiohttp.ClientSession, port: int) -> web.StreamResponse:
        """Raises aiohttp.ClientError when the instance fails in the middle."""
        if self._too_large:
            return self._refuse_size()
        request = self._request
        try:
            async with session.request(
                request.method,
                URL(f"http://{LOOPBACK}:{port}{_origin_form(request)}", encoded=True),
                headers=self._onward(),
                data=self._body() if request.body_exists else None,
                allow_redirects=False,
                trace_request_ctx=self,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            ) as answer:
                return await self._relay(answer)
        except aiohttp.ClientError:
            if self._too_large and self._response is None:
                return self._refuse_size()
            raise

    def fail(self, status: HTTPStatus, text: str) -> web.StreamResponse:
        """The answer, or, when one has begun, a cut connection, so that half an answer is not taken for a whole one."""
        if self._response is None:
            return page(status, text)
        if self._request.transport:
            self._request.transport.abort()
        return self._response

    async def _relay(self, answer: aiohttp.ClientResponse) -> web.StreamResponse:
        headers = redirected(end_to_end(answer.headers), self._elsewhere)
        self._response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=headers)
        await self._response.prepare(self._request)
        async for chunk in answer.content.iter_any():
            await self._response.write(chunk)
        await self._response.write_eof()
        return self._response

    async def _body(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._request.content.iter_any():
            size += len(chunk)
            if size > BODY_LIMIT:
                self._too_large = True
                raise aiohttp.ClientPayloadError(f"request body over {BODY_LIMIT} bytes")
            yield chunk

    def _onward(self) -> CIMultiDict[str]:
        headers = end_to_end(self._headers)
        before = headers.get("X-Forwarded-For")
        headers["X-Forwarded-For"] = ", ".join(filter(None, (before, self._request.remote)))
        headers["X-Forwarded-Proto"] = self._request.scheme
        headers.setdefault(TRACE, f"{secrets.token_hex(16)}/{secrets.randbits(63)};o=0")
        return headers

    def _refuse_size(self) -> web.StreamResponse:
        text = "Your client issued a request that was too large: Cloud Run takes 32 MiB over HTTP/1."
        return self.fail(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)


def without_forgeries(headers: CIMultiDict[str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers.items() if not name.lower().startswith(_FORGEABLE))


def end_to_end(headers: CIMultiDict[str] | CIMultiDictProxy[str]) -> CIMultiDict[str]:
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _HOP_BY_HOP | named)


def redirected(headers: CIMultiDict[str], elsewhere: Mapping[str, str]) -> CIMultiDict[str]:
    """A browser of this laptop does not ask our proxy for Google's names: where a service sends it to one that stands here, it is sent
    to the place itself."""
    target = headers.get("Location", "")
    for origin, here in elsewhere.items():
        if target.startswith(f"{origin}/"):
            headers["Location"] = here + target.removeprefix(origin)
    return headers


def _origin_form(request: web.Request) -> str:
    """The request target as the client wrote it; a full URL loses its scheme and host."""
    return request.raw_path if request.raw_path.startswith("/") else request.rel_url.raw_path_qs
