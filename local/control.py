"""Where the command line asks the running daemon: a small server on loopback, for whoever can read the state folder."""

import json
import re
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web

from local.client import key_file
from local.iam.errors import UnknownBinding
from local.iam.server import Iam
from local.interfaces import Identity
from local.layout import LOOPBACK, Layout, Ports
from local.run.errors import NotFound
from local.run.functions import CloudFunctions
from local.run.records import write_whole
from local.run.scheduler import CloudScheduler

_ACCOUNT = re.compile(r"[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com")


class Control:
    def __init__(
        self,
        layout: Layout,
        ports: Ports,
        status: Callable[[], dict[str, Any]],
        scheduler: CloudScheduler,
        functions: CloudFunctions,
        identity: Identity,
        iam: Iam,
    ) -> None:
        self._status, self._scheduler, self._functions, self._identity, self._iam = status, scheduler, functions, identity, iam
        self._port = ports.get("control")
        self._file = key_file(layout.root)
        # a page in a browser can reach the port, but cannot know this
        self._key = secrets.token_urlsafe(32)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        server = web.Application(middlewares=[self._check])
        server.router.add_get("/status", self._get_status)
        server.router.add_get("/environment/{account}", self._get_environment)
        server.router.add_post("/schedules/{name}", self._run_schedule)
        server.router.add_post("/functions/{name}/build", self._build_function)
        server.router.add_get("/iam/bindings", self._get_bindings)
        server.router.add_post("/iam/suspend", self._suspend)
        server.router.add_post("/iam/restore", self._restore)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self._port).start()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._file, json.dumps({"address": f"http://{LOOPBACK}:{self._port}", "key": self._key}))

    async def stop(self) -> None:
        self._file.unlink(missing_ok=True)
        if self._runner:
            await self._runner.cleanup()

    @web.middleware
    async def _check(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        if not secrets.compare_digest(request.headers.get("X-Local-Key", ""), self._key):
            return web.Response(status=HTTPStatus.FORBIDDEN, text=f"Show the key of {self._file}.\n")
        response: web.StreamResponse = await handler(request)
        return response

    async def _get_status(self, _: web.Request) -> web.Response:
        return web.json_response(self._status())

    async def _get_environment(self, request: web.Request) -> web.Response:
        account = request.match_info["account"]
        if not _ACCOUNT.fullmatch(account):
            text = f"{account!r} is no service account; one looks like pipeline@sd-local.iam.gserviceaccount.com"
            return web.json_response({"ok": False, "text": text}, status=HTTPStatus.NOT_FOUND)
        return web.json_response({"ok": True, "variables": dict(await self._identity.environment(account))})

    async def _get_bindings(self, _: web.Request) -> web.Response:
        return web.json_response({"bindings": self._iam.rows()})

    async def _suspend(self, request: web.Request) -> web.Response:
        try:
            await self._iam.suspend(request.query.get("binding", ""))
        except UnknownBinding as error:
            return web.json_response({"ok": False, "text": str(error)}, status=HTTPStatus.NOT_FOUND)
        return web.json_response({"ok": True, "text": "taken away until it is restored or the local cloud stops"})

    async def _restore(self, request: web.Request) -> web.Response:
        await self._iam.restore(request.query.get("binding", ""))
        return web.json_response({"ok": True, "text": "given back"})

    async def _build_function(self, request: web.Request) -> web.Response:
        try:
            return web.json_response(self._functions.rebuild(request.match_info["name"]))
        except NotFound as error:
            return web.json_response({"ok": False, "text": str(error)}, status=HTTPStatus.NOT_FOUND)

    async def _run_schedule(self, request: web.Request) -> web.Response:
        try:
            return web.json_response(await self._scheduler.run_now(request.match_info["name"]))
        except NotFound as error:
            return web.json_response({"ok": False, "text": str(error)}, status=HTTPStatus.NOT_FOUND)
