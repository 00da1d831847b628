"""Who may call a service: Cloud Run's invoker check, with Google's answers."""

import html
import logging
from http import HTTPStatus

from aiohttp import web
from multidict import CIMultiDict

from local.gateway.tokens import Refused
from local.iam.needs import Guard, Need
from local.interfaces import Identity

_LOG = logging.getLogger("local.run")
_ANYBODY = ""
_SERVERLESS = "X-Serverless-Authorization"
_INVALID = 'Bearer error="invalid_token" error_description="The access token could not be verified"'
_INSUFFICIENT = 'Bearer error="insufficient_scope" error_description="The principal lacks run.routes.invoke"'


def admit_invoker(
    request: web.Request, audience: str, invocation: Need, guard: Guard, identity: Identity
) -> CIMultiDict[str] | web.Response:
    """The headers to forward, or the refusal. A token that was checked here goes on without its signature, as at Google."""
    headers = CIMultiDict(request.headers)
    if guard.allows(_ANYBODY, invocation):
        return headers
    name = _SERVERLESS if _SERVERLESS in request.headers else "Authorization"
    scheme, _, token = request.headers.get(name, "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return _refusal(request, HTTPStatus.FORBIDDEN, "The request was not authenticated")
    try:
        email = identity.verify_identity_token(token.strip(), audience)
    except Refused as error:
        return _refusal(request, HTTPStatus.UNAUTHORIZED, str(error), _INVALID)
    if guard.refused(email, [invocation]):
        return _refusal(request, HTTPStatus.FORBIDDEN, f"{email} lacks {invocation.permission}", _INSUFFICIENT)
    headers[name] = f"{scheme} {token.rpartition('.')[0]}.SIGNATURE_REMOVED_BY_GOOGLE"
    return headers


def forbidden(request: web.Request, why: str) -> web.Response:
    return _refusal(request, HTTPStatus.FORBIDDEN, why)


def _refusal(request: web.Request, status: HTTPStatus, why: str, challenge: str | None = None) -> web.Response:
    _LOG.warning("%s %s%s refused with %d: %s", request.method, request.host, request.path, status, why)
    path = html.escape(request.path)
    text = (
        f"Your client does not have permission to the requested URL <code>{path}</code>."
        if status is HTTPStatus.UNAUTHORIZED
        else f"Your client does not have permission to get URL <code>{path}</code> from this server."
    )
    return page(status, text, {"WWW-Authenticate": challenge} if challenge else {})


def page(status: HTTPStatus, text: str, headers: dict[str, str] | None = None) -> web.Response:
    body = (
        '\n<html><head>\n<meta http-equiv="content-type" content="text/html;charset=utf-8">\n'
        f"<title>{status.value} {status.phrase}</title>\n</head>\n<body text=#000000 bgcolor=#ffffff>\n"
        f"<h1>Error: {status.phrase}</h1>\n<h2>{text}</h2>\n<h2></h2>\n</body></html>\n"
    )
    return web.Response(status=status, text=body, content_type="text/html", headers=headers)
