"""Identity-Aware Proxy: who asks is settled before a request reaches a service that declares it.

A browser signs in once on any of the services' origins; a program shows an identity token that is meant for the service. Either
way the service gets what Google's proxy sends: an assertion that it can verify by itself.
"""

import logging
import re
import time
from urllib.parse import parse_qs, quote, urlsplit

import jwt
from aiohttp import web

from local.gateway import keys, sign_in
from local.gateway.tokens import Refused, Tokens
from local.iam import needs
from local.iam.needs import Guard
from local.iam.principals import iap_agent
from local.layout import Layout, Project

_LOG = logging.getLogger(__name__)

ASSERTION = "X-Goog-IAP-JWT-Assertion"
# a client that sends one of these claims to be the proxy: whoever forwards a request must drop them first
FORGEABLE = frozenset({ASSERTION.lower(), "x-goog-authenticated-user-email", "x-goog-authenticated-user-id"})

SESSION = "local_iap_session"
SESSION_S = 12 * 3600
_PATH = "/_iap/"
_SIGN_IN = "/_iap/sign-in"
_SIGN_OUT = "/_iap/sign-out"
_EMAIL = re.compile(r"[^@\s<>\"']{1,64}@[^@\s<>\"']{1,190}\.[^@\s<>\"'.]{2,63}")
_FORM_LIMIT = 4096
_GENERATED = {"X-Goog-IAP-Generated-Response": "true", "Cache-Control": "no-store"}


class Iap:
    def __init__(self, layout: Layout, tokens: Tokens, project: Project, guard: Guard) -> None:
        self._tokens, self._project, self._guard = tokens, project, guard
        self._secret = keys.secret(layout.folder("keys") / "iap-session.key")

    @property
    def agent(self) -> str:
        """The account that it calls services as."""
        return iap_agent(self._project)

    async def admit(self, request: web.Request, audience: str) -> str | web.StreamResponse:
        """The assertion to forward as `X-Goog-IAP-JWT-Assertion`, or the answer to give instead of the service's."""
        if request.path.startswith(_PATH):
            return await self._own_page(request)
        if token := _bearer(request):
            return self._program(request, token, audience)
        email = self._signed_in(request)
        if email:
            return self._let_in(request, email, audience)
        if _is_script(request):
            return _refusal("Your session is over. Sign in again.")
        return _redirect(f"{_SIGN_IN}?continue={quote(_origin_form(request), safe='')}")

    def _program(self, request: web.Request, token: str, audience: str) -> str | web.Response:
        try:
            email = self._tokens.verify_identity_token(token, audience)
        except Refused as refusal:
            return _refusal(f"Invalid IAP credentials: {refusal}")
        return self._let_in(request, email, audience)

    def _let_in(self, request: web.Request, email: str, audience: str) -> str | web.Response:
        """Who somebody is has been proven; whether they may come is the bindings' word."""
        need = needs.sign_in(self._project, audience.rpartition("/")[2])
        if not self._guard.refused(email, [need]):
            return self._tokens.iap_assertion(email, audience)
        if _bearer(request) or _is_script(request):
            return web.Response(status=403, text=f"You don't have access: {email} lacks {need.permission}.\n", headers=_GENERATED)
        text, headers = sign_in.no_access_page(email)
        return web.Response(text=text, content_type="text/html", status=403, headers={**_GENERATED, **headers})

    async def _own_page(self, request: web.Request) -> web.Response:
        if request.path == _SIGN_OUT:
            response = _redirect(_SIGN_IN)
            response.del_cookie(SESSION, path="/", httponly=True, samesite="Lax")
            return response
        if request.path != _SIGN_IN:
            return web.Response(status=404, text=f"There is no {request.path}. Sign in at {_SIGN_IN}.\n", headers=_GENERATED)
        if request.method == "POST":
            return await self._sign_in(request)
        return _page(_same_origin(request.query.get("continue", "/")), self._signed_in(request))

    async def _sign_in(self, request: web.Request) -> web.Response:
        if not _from_own_page(request):
            return web.Response(status=403, text="Sign in on this site's own page.\n", headers=_GENERATED)
        form = await _form(request)
        target, email = _same_origin(form.get("continue", "/")), form.get("email", "").strip().lower()
        if not _EMAIL.fullmatch(email):
            return _page(target, None, problem=f"“{email}” is not an e-mail address. It needs a name, an @ and a domain.", email=email)
        _LOG.info("%s signed in", email)
        response = _redirect(target, status=303)
        response.set_cookie(SESSION, self._session(email), max_age=SESSION_S, path="/", httponly=True, samesite="Lax")
        return response

    def _session(self, email: str) -> str:
        now = int(time.time())
        return jwt.encode({"email": email, "iat": now, "exp": now + SESSION_S}, self._secret, algorithm="HS256")

    def _signed_in(self, request: web.Request) -> str | None:
        try:
            return str(jwt.decode(request.cookies.get(SESSION, ""), self._secret, algorithms=["HS256"])["email"])
        except (jwt.InvalidTokenError, KeyError):
            return None


def _bearer(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _is_script(request: web.Request) -> bool:
    return request.headers.get("X-Requested-With", "").lower() == "xmlhttprequest"


def _origin_form(request: web.Request) -> str:
    """Where to come back to. A form that was sent without a session is not sent again."""
    return request.path_qs if request.method in {"GET", "HEAD"} else "/"


def _same_origin(target: str) -> str:
    """A path of this origin; anything that a browser could read as another host is the root."""
    parts = urlsplit(target) if not re.search(r"[\\\x00-\x20]", target) else None
    if parts is None or parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", _PATH)):
        return "/"
    return target


def _from_own_page(request: web.Request) -> bool:
    """Browsers say where a form stands; a page elsewhere must not sign somebody in as somebody else."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site in {"same-origin", "none"} and (origin is None or urlsplit(origin).netloc == request.host)


async def _form(request: web.Request) -> dict[str, str]:
    body = b""
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > _FORM_LIMIT:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _page(target: str, signed_in: str | None, problem: str = "", email: str = "") -> web.Response:
    text, headers = sign_in.page(target, signed_in, problem, email)
    return web.Response(text=text, content_type="text/html", status=400 if problem else 200, headers={**_GENERATED, **headers})


def _redirect(target: str, status: int = 302) -> web.Response:
    return web.Response(status=status, headers={"Location": target, **_GENERATED})


def _refusal(text: str) -> web.Response:
    return web.Response(status=401, text=f"{text}\n", headers=_GENERATED)
