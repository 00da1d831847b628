"""Where requests come in: who may come, which handler answers, and what the caller reads when it fails."""

import asyncio
import logging
from dataclasses import replace

from aiohttp import hdrs, web
from multidict import CIMultiDict, MultiDict

from local.interfaces import Json
from local.storage import cors, signed_urls
from local.storage.bodies import Interrupted
from local.storage.callers import Caller
from local.storage.calls import Call, Handler, Service, Stream
from local.storage.errors import Invalid, StorageError, Unauthenticated
from local.storage.json_routes import JSON_ROUTES
from local.storage.routing import Access, Route, find, split
from local.storage.stream_routes import BY_PATH_ROUTES, STREAM_ROUTES

HOST = "storage.googleapis.com"
_APIS = ("/storage/", "/upload/", "/download/", "/batch/")
_LONGEST_JSON = 16 << 20
_ANYBODY = ""
_BUCKET = web.RequestKey("bucket", str)
_CALLER = web.RequestKey("caller", Caller)
_log = logging.getLogger(__name__)


def application(service: Service, stands_for: str = "") -> web.Application:
    """With a host that it stands for, it is what anybody may reach: see StorageServer."""
    edge = _Edge(service, stands_for)
    app = web.Application(client_max_size=_LONGEST_JSON)
    app.router.add_route("*", "/{path:.*}", edge.handle)
    app.on_response_prepare.append(edge.add_cors)
    return app


def _in_thread(handler: Handler) -> Stream:
    async def stream(service: Service, request: web.Request, call: Call) -> web.StreamResponse:
        answer = await asyncio.to_thread(handler, service.store, replace(call, body=await request.read()))
        if answer.json is None:
            return web.Response(status=answer.status)
        return web.json_response(answer.json, status=answer.status)

    return stream


_API_ROUTES = [*STREAM_ROUTES, *(Route(each.method, each.template, _in_thread(each.handler), each.permissions) for each in JSON_ROUTES)]


class _Edge:
    def __init__(self, service: Service, stands_for: str) -> None:
        self._service, self._stands_for = service, stands_for

    async def handle(self, request: web.Request) -> web.StreamResponse:
        try:
            return await (self._preflight(request) if request.method == hdrs.METH_OPTIONS else self._answer(request))
        except StorageError as error:
            return _failure(request, request[_CALLER].told(error) if _CALLER in request else error)
        except Interrupted as error:
            return _failure(request, Invalid(str(error)))
        except web.HTTPException as error:
            return _failure(request, Invalid(error.reason))
        except ConnectionError:
            # the client left while we were sending: nobody is there to read an answer
            raise
        except Exception as error:
            # no 5xx: Google's clients would repeat the call for two minutes, and a fault of ours does not pass by itself
            _log.exception("storage: %s %s failed", request.method, request.rel_url.raw_path)
            return _failure(request, Invalid(f"A fault of the local Cloud Storage; its log has more. {type(error).__name__}: {error}"))

    async def add_cors(self, request: web.Request, response: web.StreamResponse) -> None:
        bucket = request.get(_BUCKET)
        if bucket and request.method != hdrs.METH_OPTIONS and (origin := await self._origin(request)):
            response.headers.extend(cors.actual(await self._settings(bucket), origin, request.method))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path, query = split(request.raw_path)
        route, variables = _route(request.method, path, query)
        request[_BUCKET] = variables.get("bucket", "")
        base = f"{request.headers.get('X-Forwarded-Proto', 'http')}://{request.host}"
        unnamed = Caller(None, self._service.store.project, self._service.guard)
        call = Call(request.method, path, variables, query, self._headers(request), unnamed, base=base)
        call = replace(call, caller=replace(unnamed, principal=self._principal(route.access, call)))
        request[_CALLER] = call.caller
        call.ask(route.permissions)
        return await route.handler(self._service, request, call)

    def _principal(self, access: Access, call: Call) -> str | None:
        """The gateway names the principal of each request it lets through, but for sessions and signed URLs, which we check.

        A request that did not come by the gateway is from this machine, and needs no name.
        """
        if access is Access.SESSION:
            return None
        if access is Access.SIGNED and signed_urls.is_signed(call):
            return signed_urls.verify(call, self._service.public_key)
        if self._stands_for:
            return _ANYBODY
        principal = call.headers.get("x-local-principal")
        if "X-Forwarded-Proto" in call.headers and not principal:
            raise Unauthenticated("Anonymous caller does not have access to Cloud Storage: send an access token.")
        return principal

    def _headers(self, request: web.Request) -> CIMultiDict[str]:
        """What was signed is the host that the link is for, wherever it stands."""
        headers = CIMultiDict(request.headers)
        if self._stands_for:
            headers[hdrs.HOST] = self._stands_for
        return headers

    async def _preflight(self, request: web.Request) -> web.StreamResponse:
        path, query = split(request.raw_path)
        _, variables = _route(request.headers.get("Access-Control-Request-Method", ""), path, query)
        origin = await self._origin(request) or ""
        settings = await self._settings(variables.get("bucket", ""))
        return web.Response(headers=cors.preflight(settings, {**request.headers, "Origin": origin}))

    async def _origin(self, request: web.Request) -> str | None:
        _, query = split(request.raw_path)
        if "upload_id" in query:
            return await asyncio.to_thread(self._service.store.sessions.origin, query["upload_id"])
        return request.headers.get("Origin")

    async def _settings(self, bucket: str) -> Json:
        found = await asyncio.to_thread(self._service.store.buckets.find, bucket)
        return found.settings if found else {}


def _route(method: str, path: str, query: MultiDict[str]) -> tuple[Route[Stream], dict[str, str]]:
    return find(_API_ROUTES if path.startswith(_APIS) else BY_PATH_ROUTES, method, path, query)


def _failure(request: web.Request, error: StorageError) -> web.Response:
    if error.status == 304:
        return web.Response(status=304)
    if request.path.startswith(_APIS):
        return web.json_response(error.json(), status=error.status, headers=error.headers)
    return web.Response(text=error.xml(), status=error.status, headers=error.headers, content_type="application/xml")
