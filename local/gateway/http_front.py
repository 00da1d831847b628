"""Google's REST interfaces: TLS ends here, the caller is identified, and bytes stream on to the server behind."""

import logging
from collections.abc import Mapping

import aiohttp
from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from local.gateway import responses, upstreams
from local.gateway.authorization import Authorization
from local.gateway.certificates import Leaf
from local.gateway.own_answers import OwnAnswers, PublicAnswers
from local.gateway.tokens import Refused, Tokens
from local.gateway.upstreams import Upstream
from local.iam.apis import ASKS_ITSELF, Api, Unreadable
from local.layout import LOOPBACK

_LOG = logging.getLogger(__name__)

# about this connection, not about the message (RFC 9110 7.6.1)
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
PRINCIPAL = "X-Local-Principal"
# what only this front may say to the servers behind it
_SPOKEN_FOR = frozenset({"authorization", PRINCIPAL.lower(), "x-forwarded-proto", "x-forwarded-host", "x-forwarded-for", "expect"})
_STORAGE = "storage.googleapis.com"
_CHUNK = 1 << 18
# the emulators take less
_LARGEST_READ = 32 << 20


class HttpFront:
    """`port` is known once started."""

    def __init__(
        self,
        leaf: Leaf,
        tokens: Tokens,
        authorization: Authorization,
        public: PublicAnswers,
        own: OwnAnswers,
        served: Mapping[str, Upstream],
    ) -> None:
        self._leaf, self._tokens, self._authorization = leaf, tokens, authorization
        self._public, self._own, self._served = public, own, served
        app = web.Application(client_max_size=_LARGEST_READ)
        app.router.add_route("*", "/{path:.*}", self._answer)
        # bodies pass as they are: a compressed upload must stay compressed
        self._runner = web.AppRunner(app, access_log=None, auto_decompress=False, shutdown_timeout=1)
        self._client: aiohttp.ClientSession | None = None
        self.port = 0

    async def start(self) -> None:
        unlimited = aiohttp.ClientTimeout(total=None, sock_connect=10)
        self._client = aiohttp.ClientSession(
            timeout=unlimited, auto_decompress=False, connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, 0, ssl_context=self._leaf.context(["http/1.1"])).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()
        if self._client:
            await self._client.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        host = request.host.partition(":")[0].lower()
        if answer := self._public.answer(host, request.path):
            return answer
        try:
            principal = self._principal(host, request)
        except Refused as refusal:
            _LOG.info("refused %s https://%s%s: %s", request.method, host, request.path, refusal)
            return responses.failure(401, str(refusal))
        upstream = upstreams.find(self._served, host) or (Upstream(api=self._own) if host == self._own.host else None)
        if upstream is None or (upstream.http is None and upstream.api is not self._own):
            return responses.failure(501, str(upstreams.Unserved(host, "REST")))
        # what is asked for may stand in the body; whoever asks by itself gets the body as it comes
        body = None if upstream.api is ASKS_ITSELF else await request.read()
        if denied := self._denied(principal or "", host, upstream.api, request, body or b""):
            return denied
        if upstream.http is None:
            return await self._own.answer(request.method, request.path, body or b"")
        return await self._forward(request, host, upstream.http, principal, body)

    def _denied(self, principal: str, host: str, api: Api | None, request: web.Request, body: bytes) -> web.Response | None:
        try:
            path = request.raw_path.partition("?")[0]
            denial = self._authorization.of_request(principal, host, api, request.method, path, request.query, body)
        except Unreadable as error:
            return responses.failure(400, str(error))
        return web.json_response(denial.json(), status=403) if denial else None

    def _principal(self, host: str, request: web.Request) -> str | None:
        """None for a link that carries its own proof, which Storage checks."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._tokens.principal(token.strip())
        if _carries_its_own_proof(host, request):
            return None
        raise Refused(responses.UNPROVEN)

    async def _forward(
        self, request: web.Request, host: str, address: str, principal: str | None, read: bytes | None
    ) -> web.StreamResponse:
        assert self._client is not None  # noqa: S101 - requests come after start
        url = URL(f"http://{address}{request.raw_path}", encoded=True)
        streamed = request.content.iter_chunked(_CHUNK) if request.body_exists else None
        body = streamed if read is None else read or None
        headers = _onward(request.headers, host, principal)
        try:
            async with self._client.request(request.method, url, headers=headers, data=body, allow_redirects=False) as answer:
                return await _stream_back(request, answer)
        except aiohttp.ClientError as error:
            _LOG.warning("%s %s: the server behind %s failed: %s", request.method, request.path, host, error)
            return responses.failure(503, f"The local cloud's server for {host} cannot be reached. `make status` says what runs.")


def _carries_its_own_proof(host: str, request: web.Request) -> bool:
    """Signed URLs, resumable sessions and CORS preflights have no Authorization header."""
    if host != _STORAGE and not host.endswith(f".{_STORAGE}"):
        return False
    return request.method == "OPTIONS" or bool({"X-Goog-Signature", "upload_id"} & set(request.query))


def _onward(headers: CIMultiDictProxy[str], host: str, principal: str | None) -> CIMultiDict[str]:
    onward = _end_to_end(headers)
    for name in _SPOKEN_FOR:
        onward.popall(name, None)
    onward["X-Forwarded-Proto"] = "https"
    onward["X-Forwarded-Host"] = host
    if principal:
        onward[PRINCIPAL] = principal
        # the word that Google's emulators take for "security rules do not apply"; the caller's own token stays here
        onward["Authorization"] = "Bearer owner"
    return onward


def _end_to_end(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    named = {name.strip().lower() for value in headers.getall("Connection", []) for name in value.split(",")}
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _HOP_BY_HOP | named)


async def _stream_back(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=_end_to_end(answer.headers))
    await response.prepare(request)
    try:
        async for chunk in answer.content.iter_chunked(_CHUNK):
            await response.write(chunk)
    except aiohttp.ClientError as error:
        # the status line has gone out: only a broken connection can say that the rest is missing
        _LOG.warning("%s %s: the answer broke off: %s", request.method, request.path, error)
        if request.transport:
            request.transport.abort()
        return response
    await response.write_eof()
    return response
