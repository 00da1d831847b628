"""What stands before the portal on a stage: it signs designers in by their address alone.

`?as=ada@example.com` signs in for the browser's session; who has none is shown whom there is, as the identity proxy shows its own page.
The same server is the metadata server that gives the portal its own identity.
"""

import html
from dataclasses import dataclass
from urllib.parse import quote

import jwt
from aiohttp import web

from tests.portal.between import Between
from tests.upload.cloud import IdentityProvider

COOKIE = "designer"
ASSERTION = "X-Goog-IAP-JWT-Assertion"
_IDENTITY = "/computeMetadata/v1/instance/service-accounts/default/identity"


@dataclass
class Front(Between):
    provider: IdentityProvider | None = None
    designers: tuple[str, ...] = ()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == _IDENTITY:
            return web.Response(text=jwt.encode({"aud": request.query["audience"], "exp": 2**31}, "s" * 32, "HS256"))
        if wanted := request.query.get("as"):
            return _signed_in(request, wanted)
        designer = request.cookies.get(COOKIE)
        if not designer:
            return self._refused(request)
        assert self.provider is not None
        return await self.hand_on(request, {ASSERTION: self.provider.assertion(designer)})

    def _refused(self, request: web.Request) -> web.Response:
        if request.headers.get("X-Requested-With") or "event-stream" in request.headers.get("Accept", ""):
            return web.Response(status=401, text="Your session is over. Sign in again.")
        links = "".join(f'<p><a href="?as={quote(each)}">{html.escape(each)}</a></p>' for each in self.designers)
        return web.Response(text=f"<!doctype html><title>Sign in</title><h1>Who are you?</h1>{links}", content_type="text/html")


def _signed_in(request: web.Request, designer: str) -> web.Response:
    left = {name: value for name, value in request.query.items() if name != "as"}
    response = web.Response(status=302, headers={"Location": str(request.rel_url.with_query(left))})
    response.set_cookie(COOKIE, designer, path="/", httponly=True, samesite="Lax")
    return response
