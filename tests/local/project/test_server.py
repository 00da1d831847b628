"""What Google says about a project as a whole, asked with Google's own client where it has one."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from google.api_core.exceptions import Forbidden
from google.auth.credentials import AnonymousCredentials
from google.cloud import resourcemanager_v3

from local.iam.needs import Need
from local.layout import Layout, Ports, Project
from local.project.server import MANAGER, POLICIES, QUOTAS, USAGE, ProjectServer
from local.provider.server import serve
from tests.local.provider.engine import Engine
from tests.local.provider.rooms import memory_cloud

PROJECT = Project()
READERS = {"resourcemanager.projects.get", "run.services.get"}


class OnlyReaders:
    """A guard that lets readers read and nobody else do anything."""

    def allows(self, principal: str | None, need: Need) -> bool:
        return principal == "reader@example.com" and need.permission in READERS

    def refused(self, principal: str | None, needs: Iterable[Need]) -> Need | None:
        return next((need for need in needs if not self.allows(principal, need)), None)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ProjectServer]:
    layout = Layout(tmp_path)
    server = ProjectServer(layout, Ports(layout), PROJECT)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[ProjectServer]:
    layout = Layout(tmp_path)
    server = ProjectServer(layout, Ports(layout), PROJECT, OnlyReaders())
    await server.start()
    yield server
    await server.stop()


async def call(server: ProjectServer, host: str, path: str, **query: Any) -> tuple[int, dict[str, Any]]:
    url, headers = f"http://{server.address}{path}", {"X-Forwarded-Host": host}
    async with aiohttp.ClientSession() as session, session.get(url, params=query, headers=headers) as answer:
        return answer.status, await answer.json()


async def google(server: ProjectServer, method: str, principal: str = "ada@example.com", **request: Any) -> Any:
    """Google's own client, on a thread since it blocks."""

    def ask() -> Any:
        transport = resourcemanager_v3.ProjectsClient.get_transport_class("rest")
        client = resourcemanager_v3.ProjectsClient(
            transport=transport(credentials=AnonymousCredentials(), host=f"http://{server.address}", url_scheme="http")
        )
        metadata = [("x-forwarded-host", MANAGER), ("x-local-principal", principal)]
        return getattr(client, method)(**request, metadata=metadata, retry=None, timeout=5)

    return await asyncio.to_thread(ask)


@pytest.mark.parametrize("name", [PROJECT.id, PROJECT.number])
async def test_the_project_is_found_by_its_id_and_by_its_number(server: ProjectServer, name: str) -> None:
    found = await google(server, "get_project", name=f"projects/{name}")

    assert (found.name, found.project_id, found.state.name) == (f"projects/{PROJECT.number}", PROJECT.id, "ACTIVE")


async def test_the_projects_number_is_told_in_the_older_words_too(server: ProjectServer) -> None:
    status, found = await call(server, MANAGER, f"/v1/projects/{PROJECT.id}")

    assert (status, found["projectNumber"], found["lifecycleState"]) == (200, PROJECT.number, "ACTIVE")


async def test_another_project_is_refused_as_google_refuses_it(server: ProjectServer) -> None:
    with pytest.raises(Forbidden, match="does not have permission, or the project elsewhere does not exist"):
        await google(server, "get_project", name="projects/elsewhere")


async def test_the_caller_holds_the_permissions_that_its_bindings_give(guarded: ProjectServer) -> None:
    asked = {"resource": f"projects/{PROJECT.id}", "permissions": ["run.services.get", "run.services.create"]}

    reader = await google(guarded, "test_iam_permissions", "reader@example.com", **asked)
    stranger = await google(guarded, "test_iam_permissions", "stranger@example.com", **asked)

    assert list(reader.permissions) == ["run.services.get"]
    assert list(stranger.permissions) == []


async def test_who_may_not_read_the_project_is_told_which_permission_is_missing(guarded: ProjectServer) -> None:
    with pytest.raises(Forbidden, match=r"Permission 'resourcemanager\.projects\.get' denied on resource 'projects/sd-local'"):
        await google(guarded, "get_project", "stranger@example.com", name=f"projects/{PROJECT.id}")


async def test_an_api_is_on_once_a_program_has_switched_it_on(server: ProjectServer, tmp_path: Path) -> None:
    provider, port = await serve(memory_cloud(), records=tmp_path / "provider" / "records.json")
    (tmp_path / "provider").mkdir(exist_ok=True)
    engine = Engine(port)
    await engine.attach(tmp_path, project=PROJECT.id)
    names = [f"projects/{PROJECT.id}/services/{api}" for api in ("run.googleapis.com", "pubsub.googleapis.com", USAGE)]

    await engine.create("gcp:projects/service:Service", "run", service="run.googleapis.com")
    _, found = await call(server, USAGE, f"/v1/projects/{PROJECT.id}/services:batchGet", names=names)

    await engine.channel.close()
    await provider.stop(None)
    assert [service["state"] for service in found["services"]] == ["ENABLED", "DISABLED", "ENABLED"]


async def test_more_services_than_google_answers_at_once_are_refused(server: ProjectServer) -> None:
    names = [f"projects/{PROJECT.id}/services/{number}.googleapis.com" for number in range(31)]

    status, refusal = await call(server, USAGE, f"/v1/projects/{PROJECT.id}/services:batchGet", names=names)

    assert (status, refusal["error"]["status"]) == (400, "INVALID_ARGUMENT")


async def test_a_service_that_is_off_says_so_as_google_does(server: ProjectServer, tmp_path: Path) -> None:
    (tmp_path / "project" / "settings.json").write_text(json.dumps({"apis": {POLICIES: False}}))

    status, refusal = await call(server, POLICIES, f"/v2/projects/{PROJECT.id}/policies/run.allowedIngress:getEffectivePolicy")

    (detail,) = refusal["error"]["details"]
    assert (status, detail["reason"], detail["metadata"]["service"]) == (403, "SERVICE_DISABLED", POLICIES)


async def test_a_quota_without_a_limit_says_nothing_about_its_value(server: ProjectServer, tmp_path: Path) -> None:
    (tmp_path / "project" / "settings.json").write_text(json.dumps({"quotas": {"Some": {"us-central1": 0}}}))

    _, quota = await call(server, QUOTAS, f"/v1/projects/{PROJECT.id}/locations/global/services/aiplatform.googleapis.com/quotaInfos/Some")

    assert quota["dimensionsInfos"] == [{"dimensions": {"region": "us-central1"}, "details": {}, "applicableLocations": ["us-central1"]}]


async def test_what_is_not_answered_is_named(server: ProjectServer) -> None:
    status, refusal = await call(server, MANAGER, "/v3/folders/1")

    assert status == 501
    assert refusal["error"]["message"] == f"The local cloud does not answer GET /v3/folders/1 of {MANAGER}."
