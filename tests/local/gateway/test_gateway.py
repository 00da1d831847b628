import asyncio
import hashlib
import logging
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from local.gateway.server import Upstream
from local.iam.apis import ASKS_ITSELF
from local.layout import LOOPBACK
from tests.local.gateway.cloud import ACCOUNT, TestCloud, running, workload_of
from tests.local.gateway.workload import Workload

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1 << 20


class Store:
    """A plain HTTP server in Storage's place, which tells what reached it."""

    def __init__(self) -> None:
        self.first_chunk = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/echo":
            return web.json_response({"headers": dict(request.headers), "path": request.raw_path, "method": request.method})
        if request.path == "/digest":
            return await self._digest(request)
        if request.path == "/large":
            return await self._large(request)
        return web.Response(status=308, headers={"Range": "bytes=0-9", "X-Goog-Two": "1"})

    async def _digest(self, request: web.Request) -> web.Response:
        digest, size = hashlib.sha256(), 0
        async for chunk in request.content.iter_any():
            self.first_chunk.set()
            digest.update(chunk)
            size += len(chunk)
        return web.json_response({"sha256": digest.hexdigest(), "size": size, "length": request.headers.get("Content-Length")})

    async def _large(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(25 * MIB), "Content-Encoding": "gzip"})
        await response.prepare(request)
        for _ in range(25 if request.method == "GET" else 0):
            await response.write(b"x" * MIB)
        return response


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def store() -> AsyncIterator[tuple[Store, str]]:
    store, app = Store(), web.Application()
    app.router.add_route("*", "/{path:.*}", store.answer)
    runner = web.AppRunner(app, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0).start()
    yield store, f"{LOOPBACK}:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cloud(tmp_path_factory: pytest.TempPathFactory, store: tuple[Store, str]) -> AsyncIterator[TestCloud]:
    storage = Upstream(http=store[1], api=ASKS_ITSELF)
    upstreams = {"storage.googleapis.com": storage, "run.googleapis.com": Upstream(http=f"{LOOPBACK}:1", api=ASKS_ITSELF)}
    async with running(tmp_path_factory.mktemp("cloud"), upstreams=upstreams) as cloud:
        yield cloud


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workload(cloud: TestCloud) -> AsyncIterator[Workload]:
    async with workload_of(cloud) as workload:
        yield workload


def call(
    method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"", authorized: bool = True
) -> tuple[int, Any, dict[str, str]]:
    import google.auth
    import requests
    from google.auth.transport.requests import AuthorizedSession

    session = AuthorizedSession(google.auth.default()[0]) if authorized else requests.Session()
    answer = session.request(method, url, headers=headers, data=body or None, allow_redirects=False)
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return answer.status_code, answer.json() if is_json else answer.content, dict(answer.headers)


def default_credentials() -> tuple[str, str | None, str]:
    import google.auth
    from google.auth.transport.requests import Request

    credentials, project = google.auth.default()
    credentials.refresh(Request())
    return type(credentials).__module__, project, credentials.service_account_email


async def test_google_auth_finds_the_account_and_the_project(workload: Workload) -> None:
    assert await workload(default_credentials) == ("google.auth.compute_engine.credentials", "sd-local", ACCOUNT)


def own_identity(audience: str) -> dict[str, Any]:
    from google.auth.transport.requests import Request
    from google.oauth2 import id_token

    return dict(id_token.verify_oauth2_token(id_token.fetch_id_token(Request(), audience), Request(), audience))


async def test_an_identity_token_is_fetched_and_verified_by_google_auth_alone(workload: Workload) -> None:
    claims = await workload(own_identity, "http://127.0.0.1:9000")

    assert (claims["email"], claims["email_verified"], claims["aud"]) == (ACCOUNT, True, "http://127.0.0.1:9000")


def verify_assertion(assertion: str, audience: str) -> dict[str, Any]:
    from google.auth.transport.requests import Request
    from google.oauth2 import id_token

    return dict(id_token.verify_token(assertion, Request(), audience, "https://www.gstatic.com/iap/verify/public_key"))


async def test_an_assertion_of_iap_is_verified_by_google_auth_alone(cloud: TestCloud, workload: Workload) -> None:
    audience = "/projects/100000000001/locations/us-central1/services/portal"

    claims = await workload(verify_assertion, cloud.tokens.iap_assertion("ada@example.com", audience), audience)

    assert claims["email"] == "ada@example.com"


async def test_a_call_reaches_its_server_with_the_callers_name_and_without_the_token(workload: Workload) -> None:
    headers = {"X-Goog-Meta": "kept", "X-Local-Principal": "forged@example.com", "X-Forwarded-Host": "evil.example.com"}

    status, seen, _ = await workload(call, "GET", "https://storage.googleapis.com/echo?name=a%2Fb%20c", headers)

    assert (status, seen["path"]) == (200, "/echo?name=a%2Fb%20c")
    assert seen["headers"]["X-Local-Principal"] == ACCOUNT
    assert seen["headers"]["Authorization"] == "Bearer owner"
    assert seen["headers"]["X-Goog-Meta"] == "kept"
    assert (seen["headers"]["X-Forwarded-Proto"], seen["headers"]["X-Forwarded-Host"]) == ("https", "storage.googleapis.com")
    assert seen["headers"]["Host"] == "storage.googleapis.com"


def upload(size: int) -> tuple[dict[str, Any], str]:
    body = bytes(range(256)) * (size // 256)
    status, answer, _ = call("PUT", "https://storage.googleapis.com/digest", {"Content-Encoding": "gzip"}, body)
    assert status == 200
    return answer, hashlib.sha256(body).hexdigest()


async def test_25_mb_go_up_byte_for_byte(workload: Workload) -> None:
    answer, digest = await workload(upload, 25 * MIB)

    assert answer == {"sha256": digest, "size": 25 * MIB, "length": str(25 * MIB)}


def upload_slowly() -> int:
    import time

    def pieces() -> Any:
        yield b"a" * 1000
        time.sleep(1)
        yield b"b" * 1000

    status, answer, _ = call("PUT", "https://storage.googleapis.com/digest", body=pieces())  # type: ignore[arg-type]
    assert status == 200
    return int(answer["size"])


async def test_an_upload_is_passed_on_before_it_is_complete(workload: Workload, store: tuple[Store, str]) -> None:
    store[0].first_chunk.clear()
    size = asyncio.create_task(workload(upload_slowly))

    await asyncio.wait_for(store[0].first_chunk.wait(), 10)

    assert not size.done()
    assert await size == 2000


def download() -> tuple[int, str]:
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    answer = AuthorizedSession(google.auth.default()[0]).get("https://storage.googleapis.com/large", stream=True)
    return sum(len(chunk) for chunk in answer.raw.stream(MIB, decode_content=False)), answer.headers["Content-Encoding"]


async def test_25_mb_come_down_as_they_are_stored(workload: Workload) -> None:
    assert await workload(download) == (25 * MIB, "gzip")


async def test_statuses_and_headers_come_back_unchanged(workload: Workload) -> None:
    status, _, headers = await workload(call, "PUT", "https://storage.googleapis.com/session")

    assert (status, headers["Range"], headers["X-Goog-Two"]) == (308, "bytes=0-9", "1")


async def test_a_head_request_has_the_length_and_no_body(workload: Workload) -> None:
    status, body, headers = await workload(call, "HEAD", "https://storage.googleapis.com/large")

    assert (status, body, headers["Content-Length"]) == (200, b"", str(25 * MIB))


@pytest.mark.parametrize("headers", [None, {"Authorization": "Bearer owner"}, {"Authorization": "Basic b3duZXI6"}])
async def test_an_unauthenticated_call_is_refused_in_googles_shape(workload: Workload, headers: dict[str, str] | None) -> None:
    status, body, answered = await workload(call, "GET", "https://storage.googleapis.com/echo", headers, b"", False)

    assert (status, body["error"]["code"], body["error"]["status"]) == (401, 401, "UNAUTHENTICATED")
    assert answered["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("query", ["X-Goog-Signature=abc", "upload_id=abc"])
async def test_a_link_with_its_own_proof_is_left_to_storage(workload: Workload, query: str) -> None:
    status, seen, _ = await workload(call, "GET", f"https://storage.googleapis.com/echo?{query}", None, b"", False)

    assert status == 200
    assert "X-Local-Principal" not in seen["headers"]
    assert "Authorization" not in seen["headers"]


async def test_a_bad_token_beside_such_a_link_is_still_refused(workload: Workload) -> None:
    headers = {"Authorization": "Bearer nonsense"}

    status, *_ = await workload(call, "GET", "https://storage.googleapis.com/echo?upload_id=abc", headers, b"", False)

    assert status == 401


def reach(url: str) -> str:
    import requests

    try:
        return str(requests.get(url, timeout=10).status_code)
    except requests.exceptions.ProxyError as error:
        return str(error)


async def test_a_foreign_host_is_refused(workload: Workload) -> None:
    assert "403 Forbidden" in await workload(reach, "https://example.com/")
    assert "403 Forbidden" in await workload(reach, "https://storage.googleapis.com:8443/")


async def test_the_refusal_of_a_foreign_host_names_it(cloud: TestCloud) -> None:
    reader, writer = await asyncio.open_connection(*cloud.gateway.address.split(":"))
    writer.write(b"CONNECT huggingface.co:443 HTTP/1.1\r\nHost: huggingface.co:443\r\n\r\n")

    answer = (await reader.read()).decode()

    assert answer.startswith("HTTP/1.1 403 ")
    assert "does not let its workloads reach huggingface.co:443" in answer
    writer.close()


async def test_a_google_service_that_is_not_here_says_so(workload: Workload) -> None:
    status, body, _ = await workload(call, "GET", "https://bigquery.googleapis.com/v2/projects")

    assert (status, body["error"]["status"]) == (501, "UNIMPLEMENTED")
    assert "bigquery.googleapis.com" in body["error"]["message"]


async def test_a_server_that_is_down_is_unavailable(workload: Workload) -> None:
    status, body, _ = await workload(call, "GET", "https://run.googleapis.com/v2/projects")

    assert (status, body["error"]["status"]) == (503, "UNAVAILABLE")


def projects() -> tuple[str, str, str, str]:
    from google.api_core.exceptions import PermissionDenied
    from google.cloud import resourcemanager_v3

    client = resourcemanager_v3.ProjectsClient()
    project = client.get_project(name="projects/sd-local", timeout=10)
    try:
        client.get_project(name="projects/another", timeout=10)
    except PermissionDenied as error:
        return project.name, project.project_id, project.state.name, error.message
    return project.name, project.project_id, project.state.name, ""


async def test_the_project_is_told_over_grpc(workload: Workload) -> None:
    name, project_id, state, refusal = await workload(projects)

    assert (name, project_id, state) == ("projects/100000000001", "sd-local", "ACTIVE")
    assert "one project" in refusal


def unserved_over_grpc() -> str:
    from google.api_core.exceptions import MethodNotImplemented
    from google.cloud import pubsub_v1

    client = pubsub_v1.PublisherClient(client_options={"api_endpoint": "logging.googleapis.com"})
    try:
        client.create_topic(name="projects/sd-local/topics/topic", retry=None, timeout=10)
    except MethodNotImplemented as error:
        return error.message
    return ""


async def test_a_google_service_that_is_not_here_says_so_over_grpc(workload: Workload) -> None:
    assert "does not serve /google.pubsub.v1.Publisher/CreateTopic" in await workload(unserved_over_grpc)


async def test_the_token_endpoint_says_where_tokens_come_from(workload: Workload) -> None:
    status, body, _ = await workload(call, "POST", "https://oauth2.googleapis.com/token", None, b"grant_type=x", False)

    assert (status, body["error"]) == (400, "unsupported_grant_type")
    assert "metadata server" in body["error_description"]


async def test_an_account_has_no_regional_boundary(workload: Workload) -> None:
    url = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{ACCOUNT}/allowedLocations"

    status, body, _ = await workload(call, "GET", url)

    assert (status, body) == (200, {"locations": [], "encodedLocations": "0x0"})


async def test_an_account_keeps_its_metadata_server(cloud: TestCloud) -> None:
    first, second, other = await asyncio.gather(
        cloud.environment("a@sd-local.iam.gserviceaccount.com"),
        cloud.environment("a@sd-local.iam.gserviceaccount.com"),
        cloud.environment("b@sd-local.iam.gserviceaccount.com"),
    )

    assert first == second
    assert other["GCE_METADATA_HOST"] != first["GCE_METADATA_HOST"]


async def test_what_is_no_tls_is_dropped(cloud: TestCloud) -> None:
    reader, writer = await asyncio.open_connection(*cloud.gateway.address.split(":"))
    writer.write(b"CONNECT storage.googleapis.com:443 HTTP/1.1\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")

    writer.write(b"GET / HTTP/1.1\r\n\r\n")

    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()


async def test_no_token_is_logged(workload: Workload, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    await workload(call, "GET", "https://storage.googleapis.com/echo", {"Authorization": "Bearer eyJsecret"}, b"", False)

    assert "refused GET https://storage.googleapis.com/echo" in caplog.text
    assert "eyJsecret" not in caplog.text


async def test_a_stopped_gateway_leaves_no_port(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with running(tmp_path_factory.mktemp("other")) as other:
        environment = await other.environment(ACCOUNT)
        addresses = [other.gateway.address, environment["GCE_METADATA_HOST"]]

    for address in addresses:
        host, _, port = address.partition(":")
        with socket.socket() as probe:
            assert probe.connect_ex((host, int(port))) != 0
