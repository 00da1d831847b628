from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.gateway.metadata import MetadataServer
from local.gateway.tokens import Tokens
from local.layout import Layout, Ports, Project

ACCOUNT = "upload@sd-local.iam.gserviceaccount.com"
FLAVOR = {"Metadata-Flavor": "Google"}


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(Layout(tmp_path))


@pytest_asyncio.fixture
async def client(tmp_path: Path, tokens: Tokens) -> AsyncIterator[aiohttp.ClientSession]:
    server = MetadataServer(ACCOUNT, Ports(Layout(tmp_path)).get("metadata"), tokens, Project())
    await server.start()
    async with aiohttp.ClientSession(f"http://{server.address}") as session:
        yield session
    await server.stop()


async def get(client: aiohttp.ClientSession, path: str) -> str:
    async with client.get(f"/computeMetadata/v1/{path}", headers=FLAVOR) as answer:
        assert (answer.status, answer.headers["Metadata-Flavor"]) == (200, "Google")
        return await answer.text()


async def get_json(client: aiohttp.ClientSession, path: str) -> Any:
    async with client.get(f"/computeMetadata/v1/{path}", headers=FLAVOR) as answer:
        return await answer.json()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("project/project-id", "sd-local"),
        ("project/numeric-project-id", "100000000001"),
        ("universe/universe-domain", "googleapis.com"),
        ("instance/region", "projects/100000000001/regions/us-central1"),
        ("instance/zone", "projects/100000000001/zones/us-central1-1"),
        ("instance/service-accounts/", f"default/\n{ACCOUNT}/\n"),
        ("instance/service-accounts/default/email", ACCOUNT),
        (f"instance/service-accounts/{ACCOUNT}/scopes", "https://www.googleapis.com/auth/cloud-platform"),
    ],
)
async def test_a_workload_learns_where_and_who_it_is(client: aiohttp.ClientSession, path: str, text: str) -> None:
    assert await get(client, path) == text


async def test_an_account_is_told_whole(client: aiohttp.ClientSession) -> None:
    account = await get_json(client, "instance/service-accounts/default/?recursive=true")

    assert account == {"aliases": ["default"], "email": ACCOUNT, "scopes": ["https://www.googleapis.com/auth/cloud-platform"]}


async def test_recursive_answers_spell_keys_as_google_does(client: aiohttp.ClientSession) -> None:
    assert await get_json(client, "project/?recursive=true") == {"projectId": "sd-local", "numericProjectId": 100000000001}


@pytest.mark.parametrize("name", ["default", ACCOUNT])
async def test_the_tokens_are_the_accounts(client: aiohttp.ClientSession, tokens: Tokens, name: str) -> None:
    token = await get_json(client, f"instance/service-accounts/{name}/token?scopes=a,b")
    identity = await get(client, f"instance/service-accounts/{name}/identity?audience=http://127.0.0.1:1&format=full")

    assert (tokens.principal(token["access_token"]), token["token_type"]) == (ACCOUNT, "Bearer")
    assert 3500 < token["expires_in"] <= 3600
    assert tokens.verify_identity_token(identity, "http://127.0.0.1:1") == ACCOUNT


@pytest.mark.parametrize(
    ("path", "status"),
    [("instance/service-accounts/default/identity", 400), ("instance/service-accounts/other@x/token", 404), ("instance/disks/", 404)],
)
async def test_what_it_does_not_know_is_an_error(client: aiohttp.ClientSession, path: str, status: int) -> None:
    async with client.get(f"/computeMetadata/v1/{path}", headers=FLAVOR) as answer:
        assert (answer.status, answer.headers["Metadata-Flavor"]) == (status, "Google")


@pytest.mark.parametrize("headers", [{}, {"Metadata-Flavor": "Other"}, {**FLAVOR, "X-Forwarded-For": "10.0.0.1"}])
async def test_a_request_that_is_not_the_workloads_own_is_refused(client: aiohttp.ClientSession, headers: dict[str, str]) -> None:
    async with client.get("/computeMetadata/v1/instance/service-accounts/default/token", headers=headers) as answer:
        assert answer.status == 403
        assert "access_token" not in await answer.text()
