"""A metadata server: how a workload learns which account it runs as and gets that account's tokens, as on Cloud Run."""

import json
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from local.gateway.tokens import HOUR_S, Tokens, stable_number
from local.layout import Project
from local.serving import Server

_ROOT = "/computeMetadata/v1"
_FLAVOR = {"Metadata-Flavor": "Google", "Server": "Metadata Server for VM"}
_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


class MetadataServer(Server):
    """One account's, on a port of its own: whoever knows the port is the account."""

    def __init__(self, account: str, port: int, tokens: Tokens, project: Project) -> None:
        self._account, self._tokens, self._project = account, tokens, project
        app = web.Application(middlewares=[_flavoured])
        app.router.add_get("/", self._root)
        app.router.add_get(_ROOT + "/{path:.*}", self._answer)
        super().__init__(app, port)

    async def _root(self, _: web.Request) -> web.Response:
        return web.Response(text="computeMetadata/\n", content_type="application/text")

    async def _answer(self, request: web.Request) -> web.Response:
        path = request.match_info["path"].strip("/")
        for name in (f"service-accounts/{self._account}", "service-accounts/default"):
            if path == f"instance/{name}/token":
                return web.json_response(self._token())
            if path == f"instance/{name}/identity":
                return self._identity(request.query.get("audience", ""))
        found = _walk(self._tree(), path)
        if found is None:
            raise web.HTTPNotFound(text=f"The metadata server has no {path}.\n")
        return _listing(found, recursive=request.query.get("recursive", "").lower() == "true")

    def _token(self) -> dict[str, Any]:
        return {"access_token": self._tokens.access_token(self._account), "expires_in": HOUR_S - 1, "token_type": "Bearer"}

    def _identity(self, audience: str) -> web.Response:
        if not audience:
            raise web.HTTPBadRequest(text="non-empty audience parameter required\n")
        return web.Response(text=self._tokens.identity_token(self._account, audience))

    def _tree(self) -> dict[str, Any]:
        project = self._project
        account = {"aliases": ["default"], "email": self._account, "scopes": _SCOPES}
        location = f"projects/{project.number}"
        return {
            "project": {"project-id": project.id, "numeric-project-id": int(project.number)},
            "universe": {"universe-domain": "googleapis.com"},
            "instance": {
                "id": stable_number(self._account),
                "region": f"{location}/regions/{project.region}",
                "zone": f"{location}/zones/{project.region}-1",
                "service-accounts": {"default": account, self._account: account},
            },
        }


@web.middleware
async def _flavoured(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A browser or a forged request cannot set the header; a request that was forwarded is somebody else's."""
    if request.headers.get("Metadata-Flavor") != "Google" or "X-Forwarded-For" in request.headers:
        return web.Response(status=403, text="Missing required header: Metadata-Flavor: Google\n", headers=_FLAVOR)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        return web.Response(status=error.status, text=error.text, headers=_FLAVOR)
    response.headers.update(_FLAVOR)
    return response


def _walk(tree: Any, path: str) -> Any:
    for name in path.split("/") if path else ():
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def _listing(found: Any, recursive: bool) -> web.Response:
    if isinstance(found, dict):
        if recursive:
            return web.json_response(found, dumps=lambda value: json.dumps(_camel(value)))
        return web.Response(text="".join(f"{name}/\n" if isinstance(value, dict) else f"{name}\n" for name, value in found.items()))
    return web.Response(text="\n".join(found) if isinstance(found, list) else str(found))


def _camel(value: Any) -> Any:
    """Recursive answers spell keys `projectId`; e-mail addresses have no dash that means a new word, and stay."""
    if not isinstance(value, dict):
        return value
    return {name if "@" in name else _joined(name): _camel(inner) for name, inner in value.items()}


def _joined(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.title() for word in rest)
