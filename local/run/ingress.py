"""The front door of a service: lets callers in, carries their requests to the instance, keeps the time limit."""

import asyncio
import base64
import functools
import json
import logging
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from types import MappingProxyType
from typing import Protocol

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from local.iam.needs import Guard, Need
from local.interfaces import Identity
from local.layout import LOOPBACK
from local.run.access import admit_invoker, forbidden, page
from local.run.exchange import Exchange, session, without_forgeries
from local.run.supervisor import Unavailable

_LOG = logging.getLogger("local.run")
_HEADER_LIMIT = 32 * 1024
# How long a request waits for an instance that is being restarted.
_PENDING_S = 10.0
_REFUSED_PAUSES_S = (0.02, 0.1, 0.5, None)


class Iap(Protocol):
    @property
    def agent(self) -> str:
        """The account that it calls services as."""

    async def admit(self, request: web.Request, audience: str) -> "str | web.StreamResponse":
        """The signed assertion to forward, or the answer to give instead."""


class Target(Protocol):
    """The service behind an ingress, as it is at this moment."""

    @property
    def name(self) -> str: ...

    @property
    def timeout_s(self) -> float: ...

    @property
    def iap_audience(self) -> str | None: ...

    @property
    def invocation(self) -> Need:
        """What a caller must have."""

    def serving(self, deadline_s: float) -> AbstractAsyncContextManager[int]:
        """For one request: the instance's port."""


class Ingress:
    def __init__(
        self, port: int, target: Target, iap: Iap, identity: Identity, guard: Guard, elsewhere: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.uri = f"http://{LOOPBACK}:{port}"
        self._port, self._target, self._iap, self._identity, self._guard = port, target, iap, identity, guard
        self._elsewhere = elsewhere
        self._running: tuple[web.AppRunner, aiohttp.ClientSession] | None = None

    async def start(self) -> None:
        upstream = session()
        server = web.Application()
        server.router.add_route("*", "/{path:.*}", functools.partial(self._handle, upstream))
        # a caller who goes away ends the instance's work too
        runner = web.AppRunner(
            server,
            access_log=None,
            handler_cancellation=True,
            max_line_size=_HEADER_LIMIT,
            max_field_size=_HEADER_LIMIT,
            shutdown_timeout=1.0,
        )
        self._running = runner, upstream
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, self._port).start()

    async def stop(self) -> None:
        if self._running:
            runner, upstream = self._running
            await runner.cleanup()
            await upstream.close()
        self._running = None

    async def _handle(self, upstream: aiohttp.ClientSession, request: web.Request) -> web.StreamResponse:
        start = time.monotonic()
        headers = await self._admit(request)
        response = headers if isinstance(headers, web.StreamResponse) else await self._forward(upstream, request, headers)
        spent_ms = (time.monotonic() - start) * 1000
        _LOG.info("%s: %s %s %d in %.0f ms", self._target.name, request.method, request.path, response.status, spent_ms)
        return response

    async def _admit(self, request: web.Request) -> CIMultiDict[str] | web.StreamResponse:
        if audience := self._target.iap_audience:
            assertion = await self._iap.admit(request, audience)
            return assertion if isinstance(assertion, web.StreamResponse) else self._from_iap(request, assertion)
        return admit_invoker(request, self.uri, self._target.invocation, self._guard, self._identity)

    def _from_iap(self, request: web.Request, assertion: str) -> CIMultiDict[str] | web.Response:
        """The proxy calls the service in its own name, and needs leave for it as everybody does."""
        if self._guard.refused(self._iap.agent, [self._target.invocation]):
            return forbidden(request, f"{self._iap.agent}, which is Identity-Aware Proxy, lacks {self._target.invocation.permission}")
        return _with_assertion(request, assertion)

    async def _forward(self, upstream: aiohttp.ClientSession, request: web.Request, headers: CIMultiDict[str]) -> web.StreamResponse:
        exchange = Exchange(request, headers, self._elsewhere)
        try:
            async with asyncio.timeout(self._target.timeout_s):
                return await self._carry(upstream, exchange)
        except TimeoutError:
            text = f"upstream request timeout: {self._target.name} took more than {self._target.timeout_s:g} s"
            return exchange.fail(HTTPStatus.GATEWAY_TIMEOUT, text)
        except Unavailable as error:
            return page(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        except aiohttp.ClientError as error:
            _LOG.warning("%s: %s %s broke off: %r", self._target.name, request.method, request.path, error)
            text = "upstream connect error or disconnect/reset before headers. reset reason: connection termination"
            return exchange.fail(HTTPStatus.SERVICE_UNAVAILABLE, text)

    async def _carry(self, upstream: aiohttp.ClientSession, exchange: Exchange) -> web.StreamResponse:
        """An instance that just died refuses connections for a moment before its supervisor knows."""
        for pause_s in _REFUSED_PAUSES_S:
            try:
                async with self._target.serving(_PENDING_S) as port:
                    return await exchange.forward(upstream, port)
            except aiohttp.ClientConnectorError:
                if exchange.sent or pause_s is None:
                    raise
                await asyncio.sleep(pause_s)
        raise Unavailable(f"The service {self._target.name} takes no connections.")


def _with_assertion(request: web.Request, assertion: str) -> CIMultiDict[str]:
    payload = assertion.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    headers = without_forgeries(CIMultiDict(request.headers))
    headers["X-Goog-IAP-JWT-Assertion"] = assertion
    headers["X-Goog-Authenticated-User-Email"] = f"accounts.google.com:{claims['email']}"
    headers["X-Goog-Authenticated-User-Id"] = str(claims["sub"])
    return headers
