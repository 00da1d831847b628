"""The HTTP edge: Google's REST rules on one side, JSON requests on the other."""

import base64
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from local.interfaces import Json
from local.vertex.access import PRINCIPAL, Access
from local.vertex.errors import ApiError, Code, ContainerRefused, PermissionDenied, invalid
from local.vertex.methods import Method, Methods, Rule
from local.vertex.schema import Schema

# Query parameters of every Google API; they are not the method's.
_SYSTEM = {"alt", "key", "fields", "prettyPrint", "quotaUser", "userIp", "access_token", "oauth_token", "callback", "uploadType"}
_LARGEST = 64 * 1024 * 1024

log = logging.getLogger(__name__)


def application(methods: Methods, schema: Callable[[], Awaitable[Schema]], status: Callable[[], Json], access: Access) -> web.Application:
    """`status` is what this machine's own tools show; the cloud has no such page."""
    edge = _Edge(methods, schema, access)

    async def show(_: web.Request) -> web.Response:
        return web.json_response(status())

    app = web.Application(client_max_size=_LARGEST)
    app.router.add_get("/-/status", show)
    app.router.add_route("*", "/{path:.*}", edge.answer)
    return app


class _Edge:
    def __init__(self, methods: Methods, schema: Callable[[], Awaitable[Schema]], access: Access) -> None:
        self._methods, self._access = methods, access
        self._schema = schema

    async def answer(self, request: web.Request) -> web.Response:
        try:
            return await self._served(request)
        except ContainerRefused as error:
            return _refused(error, request)
        except PermissionDenied as error:
            return web.json_response(error.denial.json(), status=error.http_status)
        except ApiError as error:
            return _error(error)
        except Exception:
            log.exception("%s %s", request.method, request.path)
            return _error(ApiError(Code.INTERNAL, "Internal error encountered."))

    async def _served(self, request: web.Request) -> web.Response:
        routed = self._methods.routed(request.method, request.path)
        if not routed:
            raise ApiError(Code.UNIMPLEMENTED, f"{request.method} {request.path} is not served by the local Vertex AI.")
        method, rule, variables = routed
        schema = await self._schema()
        body = await _raw_body(request) if method.raw else await _body(request, rule)
        for name, value in variables.items():
            _put(body, name, value)
        _add_query(body, request, method, schema)
        checked = schema.checked(method.request_type, body)
        self._access.check(request.headers.get(PRINCIPAL), method, checked)
        answer = await method.serve(checked)
        if method.raw:
            data = base64.b64decode(answer.get("data", ""))
            return web.Response(body=data, headers={"Content-Type": answer["contentType"]})
        return web.json_response(answer)


async def _body(request: web.Request, rule: Rule) -> Json:
    """The request's message, as far as the HTTP body gives it."""
    text = await request.text() if rule.body else ""
    if not text:
        return {}
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from None
    if not isinstance(parsed, dict):
        raise invalid("Invalid JSON payload received. An object is wanted.")
    return parsed if rule.body == "*" else {rule.body: parsed}


async def _raw_body(request: web.Request) -> Json:
    data = base64.b64encode(await request.read()).decode()
    return {"http_body": {"content_type": request.headers.get("Content-Type", ""), "data": data}}


def _add_query(body: Json, request: web.Request, method: Method, schema: Schema) -> None:
    for name, value in request.query.items():
        if name in _SYSTEM or name.startswith("$"):
            continue
        is_flag = schema.is_flag(method.request_type, name)
        _put(body, name, {"true": True, "false": False}.get(value, value) if is_flag else value)


def _put(body: Json, path: str, value: Any) -> None:
    """`endpoint.name` reaches into the message."""
    *outer, last = path.split(".")
    for name in outer:
        body = body.setdefault(name, {})
    body[last] = value


def _refused(error: ContainerRefused, request: web.Request) -> web.Response:
    if request.path.endswith(":rawPredict"):
        return web.Response(status=error.status, body=error.body, headers={"Content-Type": error.content_type})
    return _error(error)


def _error(error: ApiError) -> web.Response:
    body = {"error": {"code": error.http_status, "message": error.message, "status": error.code.name}}
    return web.json_response(body, status=error.http_status)
