"""Answers in the shape that Google's client libraries expect."""

from typing import Any

from aiohttp import web

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}

UNPROVEN = (
    "Request is missing required authentication credential. Expected an OAuth 2 access token: "
    "a workload of the local cloud gets one from its metadata server."
)


def failure(code: int, message: str) -> web.Response:
    headers = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'} if code == 401 else {}
    body = {"error": {"code": code, "message": message, "status": _STATUS[code]}}
    return web.json_response(body, status=code, headers=headers)


def public(body: Any) -> web.Response:
    """Keys that anybody may read and keep for an hour."""
    return web.json_response(body, headers={"Cache-Control": "public, max-age=3600"})
