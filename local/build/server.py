"""Cloud Build's REST interface, and as much of Cloud Logging's as reads a build's log."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from local.build.builds import Builds
from local.build.errors import ApiError, Denied, Invalid, Unserved
from local.build.orders import account_of, order
from local.build.workshop import Workshop
from local.iam import apis, needs
from local.iam.needs import EVERYBODY, Guard, Need
from local.interfaces import Images, Json, Storage
from local.layout import Layout, Ports, Project
from local.serving import Server

_LOG = logging.getLogger(__name__)
# the gateway's word for who calls; without it a program of this machine does
PRINCIPAL = "X-Local-Principal"
_GRACE_S = 1.0
_BUILD_ID = re.compile(r'resource\.labels\.build_id="([\w-]+)"')
_PLACES = ("/v1/projects/{project}/locations/{location}", "/v1/projects/{project}")

Handler = Callable[[web.Request], Awaitable[Json]]


class BuildServer(Server):
    """Plaintext on the loopback; the gateway in front has TLS and knows who calls."""

    def __init__(
        self,
        layout: Layout,
        ports: Ports,
        project: Project,
        storage: Storage,
        images: Images,
        guard: Guard = EVERYBODY,
    ) -> None:
        self._project, self._guard = project, guard
        self._builds = Builds(layout, project, Workshop(project, storage, images, guard, laptop=Path.cwd()))
        super().__init__(self._application(), ports.get("build"), _GRACE_S)

    async def start(self) -> None:
        self._builds.recover()
        await super().start()

    async def stop(self) -> None:
        await super().stop()
        await self._builds.stop()

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[_in_googles_words])
        for place in _PLACES:
            app.router.add_post(f"{place}/builds", self._answering(self._create, "cloudbuild.builds.create"))
            app.router.add_get(f"{place}/builds", self._answering(self._list, "cloudbuild.builds.list"))
            app.router.add_get(f"{place}/builds/{{id:[^/:]+}}", self._answering(self._get, "cloudbuild.builds.get"))
            app.router.add_post(f"{place}/builds/{{id:[^/:]+}}:cancel", self._answering(self._cancel, "cloudbuild.builds.update"))
            app.router.add_get(f"{place}/operations/{{id}}", self._answering(self._operation, "cloudbuild.builds.get"))
        app.router.add_post("/v2/entries:list", self._answering(self._entries, "logging.logEntries.list"))
        return app

    def _answering(self, handler: Handler, permission: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            self._require(request, Need(permission, needs.project(self._project)))
            if request.match_info.get("project") not in {None, self._project.id, self._project.number}:
                raise Invalid(f"the local cloud has one project, {self._project.id}, and not {request.match_info['project']}")
            return web.json_response(await handler(request))

        return answer

    def _require(self, request: web.Request, need: Need) -> None:
        """Raises Denied."""
        if self._guard.refused(request.headers.get(PRINCIPAL), [need]):
            raise Denied(apis.denied(need))

    async def _create(self, request: web.Request) -> Json:
        asked = await asyncio.to_thread(order, await request.text())
        self._require(request, needs.acting_as(self._project, account_of(asked)))
        return self._builds.create(request.match_info.get("location", "global"), asked)

    async def _get(self, request: web.Request) -> Json:
        return self._builds.get(request.match_info["id"])

    async def _list(self, request: web.Request) -> Json:
        return {"builds": sorted(self._builds.all(), key=lambda build: str(build["createTime"]), reverse=True)}

    async def _cancel(self, request: web.Request) -> Json:
        return await self._builds.cancel(request.match_info["id"])

    async def _operation(self, request: web.Request) -> Json:
        return self._builds.operation(request.match_info["id"])

    async def _entries(self, request: web.Request) -> Json:
        """Newest first, and nothing but the log of the one build that the filter names."""
        asked = await request.json()
        found = _BUILD_ID.search(asked.get("filter", ""))
        if not found or asked.get("orderBy") != "timestamp desc":
            raise Unserved("the local cloud lists log entries of one build alone, newest first: filter resource.labels.build_id")
        newest = self._builds.lines(found[1])[::-1][: asked.get("pageSize", 50)]
        log = f"projects/{self._project.id}/logs/cloudbuild"
        resource = {"type": "build", "labels": {"build_id": found[1], "project_id": self._project.id}}
        return {"entries": [{"logName": log, "resource": resource, "timestamp": line.time, "textPayload": line.text} for line in newest]}


@web.middleware
async def _in_googles_words(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    try:
        return await handler(request)
    except ApiError as error:
        return web.json_response(error.json(), status=error.code)
    except web.HTTPException:
        missing = Unserved(f"{request.method} {request.path} is not served by the local Cloud Build.")
        return web.json_response(missing.json(), status=missing.code)
    except Exception:
        _LOG.exception("%s %s", request.method, request.path)
        return web.json_response({"error": {"code": 500, "message": "Internal error encountered.", "status": "INTERNAL"}}, status=500)
