"""The server behind the gateway for the hosts that speak about the project as a whole."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from local.iam.needs import EVERYBODY, Guard
from local.layout import Layout, Ports, Project
from local.project.answers import Answers, Json, Refused, made_apis
from local.project.settings import Settings
from local.serving import Server

BILLING, MANAGER = "cloudbilling.googleapis.com", "cloudresourcemanager.googleapis.com"
POLICIES, QUOTAS, USAGE = "orgpolicy.googleapis.com", "cloudquotas.googleapis.com", "serviceusage.googleapis.com"
HOSTS = (BILLING, MANAGER, POLICIES, QUOTAS, USAGE)
# what the gateway says about a request
_PRINCIPAL, _HOST = "X-Local-Principal", "X-Forwarded-Host"


class ProjectServer(Server):
    """Its state is what the provider remembers of switched APIs, and the file `project/settings.json` for the rest."""

    def __init__(self, layout: Layout, ports: Ports, project: Project, guard: Guard = EVERYBODY) -> None:
        self._project, self._guard = project, guard
        self._settings = layout.folder("project") / "settings.json"
        self._records = layout.root / "provider" / "records.json"
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        super().__init__(app, ports.get("project"))

    async def _answer(self, request: web.Request) -> web.Response:
        host = request.headers.get(_HOST, request.host).partition(":")[0]
        answers = await asyncio.to_thread(self._known)
        try:
            answers.require(host)
            return web.json_response(_answer(answers, host, await _read(request)))
        except Refused as refusal:
            return web.json_response(refusal.body, status=refusal.status)

    def _known(self) -> Answers:
        records = json.loads(self._records.read_text()) if self._records.exists() else {}
        return Answers(self._project, Settings.read(self._settings), made_apis(records), self._guard)


@dataclass(frozen=True)
class Asked:
    call: str
    principal: str | None
    query: Mapping[str, list[str]]
    body: Json


async def _read(request: web.Request) -> Asked:
    query = {name: request.query.getall(name) for name in request.query}
    body = await request.json() if request.body_exists else {}
    return Asked(f"{request.method} {request.path}", request.headers.get(_PRINCIPAL), query, body)


def _answer(answers: Answers, host: str, asked: Asked) -> Json:
    for call in _CALLS.get(host, ()):
        if match := re.fullmatch(call.pattern, asked.call):
            answers.admit(asked.principal, call.permission)
            return call.answer(answers, asked, *match.groups())
    raise Refused(HTTPStatus.NOT_IMPLEMENTED, f"The local cloud does not answer {asked.call} of {host}.")


def _held(answers: Answers, asked: Asked) -> Json:
    return answers.permissions(asked.principal, asked.body["permissions"])


@dataclass(frozen=True)
class _Call:
    """The pattern's groups are the arguments of `answer` after the first two. Without a permission, everybody may call it."""

    pattern: str
    permission: str
    answer: Callable[..., Json]


_GET = "resourcemanager.projects.get"
_CALLS: Mapping[str, tuple[_Call, ...]] = {
    BILLING: (
        _Call(r"GET /v1/projects/([^/]+)/billingInfo", _GET, lambda answers, _, name: answers.billing(name)),
        _Call(r"POST /v1/billingAccounts/[^/:]+:testIamPermissions", "", _held),
    ),
    MANAGER: (
        _Call(r"GET /v1/projects/([^/:]+)", _GET, lambda answers, _, name: answers.v1_project(name)),
        _Call(r"GET /v3/projects/([^/:]+)", _GET, lambda answers, _, name: answers.v3_project(name)),
        _Call(r"POST /v[13]/projects/[^/:]+:testIamPermissions", "", _held),
        _Call(r"GET /v3/organizations:search", "", lambda answers, _: answers.organizations()),
    ),
    POLICIES: (
        _Call(
            r"GET /v2/projects/([^/]+)/policies/([^/:]+):getEffectivePolicy",
            "orgpolicy.policy.get",
            lambda answers, _, *path: answers.policy(*path),
        ),
    ),
    QUOTAS: (
        _Call(
            r"GET /v1/projects/([^/]+)/locations/global/services/([^/]+)/quotaInfos/([^/]+)",
            "cloudquotas.quotas.get",
            lambda answers, _, *path: answers.quota(*path),
        ),
    ),
    USAGE: (
        _Call(
            r"GET /v1/projects/[^/]+/services:batchGet",
            "serviceusage.services.get",
            lambda answers, asked: answers.services(asked.query.get("names", [])),
        ),
    ),
}
