"""Cloud Storage asks IAM: every route of it, and in the cases where an answer depends on what is there."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.iam.server import Iam
from local.layout import Layout, Ports
from local.storage.json_routes import JSON_ROUTES
from local.storage.routing import Access, Route
from local.storage.server import StorageServer
from local.storage.stream_routes import BY_PATH_ROUTES, STREAM_ROUTES
from tests.local.iam.conftest import UPLOAD, Grant

BUCKET = "projects/_/buckets/models"
OBJECT = "/storage/v1/b/models/o/a%2Fb.txt"
UPLOAD_PATH = "/upload/storage/v1/b/models/o"
ROUTES = [*JSON_ROUTES, *STREAM_ROUTES, *BY_PATH_ROUTES]


class Client:
    """Sends what the gateway sends for UPLOAD."""

    def __init__(self, session: aiohttp.ClientSession, server: StorageServer) -> None:
        self._session, self.server = session, server

    async def __call__(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        told = {"X-Forwarded-Proto": "https", "X-Local-Principal": UPLOAD, **headers}
        async with self._session.request(method, f"http://{self.server.address}{path}", data=body, headers=told) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def storage(tmp_path: Path, iam: Iam) -> AsyncIterator[Client]:
    """With a bucket that holds one object."""
    layout = Layout(tmp_path)
    server = StorageServer(layout, Ports(layout), guard=iam)
    await server.start()
    server.store.put_bucket("models", {})
    server.store.write("models", "a/b.txt", b"hello", "text/plain", {})
    async with aiohttp.ClientSession() as session:
        yield Client(session, server)
    await server.stop()


def request_of(route: Route[Any]) -> tuple[str, bytes, dict[str, str]]:
    """A path, a body and headers with which the route's handler gets as far as asking."""
    named = {
        "bucket": "models",
        "object": "a%2Fb.txt",
        "to_bucket": "models",
        "to_object": "c",
        "project": "sd-local",
        "object*": "a/b.txt",
    }
    path = re.sub(r"\{([\w*]+)\}", lambda found: named[found[1]], route.template)
    query = "&".join(f"{name}={value or 'x'}" for name, value in route.where)
    body = {"name": "c", "sourceObjects": [{"name": "a/b.txt"}]}
    headers = {"x-goog-resumable": "start"}
    if "uploadType=multipart" in query:
        text = f"--x\r\nContent-Type: application/json\r\n\r\n{json.dumps(body)}\r\n--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--"
        return f"{path}?{query}", text.encode(), {**headers, "Content-Type": "multipart/related; boundary=x"}
    return f"{path}?{query}&name=c", json.dumps(body).encode(), headers


# a session was decided at its start, a batch is by its parts, and the last answers with what the caller has
UNDECIDED = ("/batch/storage/v1", "/storage/v1/b/{bucket}/iam/testPermissions")
DECIDED = [route for route in ROUTES if route.access is not Access.SESSION and route.template not in UNDECIDED]


@pytest.mark.parametrize("route", DECIDED, ids=lambda route: f"{route.method} {route.template} {dict(route.where)}")
async def test_a_stranger_is_refused_on_every_route_and_told_what_is_lacked(storage: Client, route: Route[Any]) -> None:
    path, body, headers = request_of(route)

    status, text = await storage(route.method, path, body, **headers)

    assert status == 403
    if route.method != "HEAD":
        assert re.search(rf"{UPLOAD} does not have [\w.]+ access to the Google Cloud (Storage|project)", text)


async def test_every_part_of_a_batch_is_asked_for(storage: Client, grant: Grant) -> None:
    part = "--x\r\nContent-Type: application/http\r\nContent-ID: <1+{0}>\r\n\r\n{0} {1} HTTP/1.1\r\n\r\n\r\n"
    body = part.format("GET", OBJECT) + part.format("DELETE", OBJECT) + "--x--"
    await grant("roles/storage.objectViewer", BUCKET)

    status, text = await storage("POST", "/batch/storage/v1", body.encode(), **{"Content-Type": "multipart/mixed; boundary=x"})

    assert (status, re.findall(r"HTTP/1.1 (\d+)", text)) == (200, ["200", "403"])
    assert "storage.objects.delete" in text


async def test_a_refusal_of_the_json_api_reads_like_googles(storage: Client) -> None:
    status, text = await storage("GET", OBJECT)

    words = (
        f"{UPLOAD} does not have storage.objects.get access to the Google Cloud Storage object. "
        "Permission 'storage.objects.get' denied on resource (or it may not exist)."
    )
    error = json.loads(text)["error"]
    assert (status, error["code"], error["message"], error["errors"][0]["reason"]) == (403, 403, words, "forbidden")


async def test_a_refusal_of_the_xml_api_reads_like_googles(storage: Client) -> None:
    status, text = await storage("GET", "/models/a/b.txt")

    assert status == 403
    assert "<Error><Code>AccessDenied</Code><Message>Access denied.</Message><Details>" in text
    assert f"{UPLOAD} does not have storage.objects.get access" in text


async def test_what_is_missing_is_not_found_by_those_who_may_list_and_forbidden_to_others(storage: Client, grant: Grant) -> None:
    await grant("roles/storage.legacyObjectReader", BUCKET)
    blind, text = await storage("GET", "/storage/v1/b/models/o/none?alt=media")
    await grant("roles/storage.legacyBucketReader", BUCKET)
    seeing, _ = await storage("GET", "/storage/v1/b/models/o/none?alt=media")

    assert (blind, seeing) == (403, 404)
    assert "storage.objects.list" in text


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("POST", f"{UPLOAD_PATH}?uploadType=media&name=a%2Fb.txt", b"new", {}),
        ("POST", f"{UPLOAD_PATH}?uploadType=resumable", b'{"name": "a/b.txt"}', {}),
        ("PUT", "/models/a/b.txt", b"new", {}),
        ("POST", "/models/a/b.txt", b"", {"x-goog-resumable": "start"}),
    ],
    ids=["media", "resumable", "xml", "xml resumable"],
)
async def test_overwriting_takes_the_permission_to_delete(
    storage: Client, grant: Grant, method: str, path: str, body: bytes, headers: dict[str, str]
) -> None:
    await grant("roles/storage.objectCreator", BUCKET)
    there, text = await storage(method, path, body, **headers)
    elsewhere, _ = await storage(method, path.replace("b.txt", "c.txt"), body.replace(b"b.txt", b"c.txt"), **headers)
    await grant("roles/storage.objectUser", BUCKET)
    allowed, _ = await storage(method, path, body, **headers)

    assert (there, elsewhere, allowed) == (403, allowed, allowed)
    assert allowed < 300
    assert "storage.objects.delete" in text
    assert storage.server.store.read("models", "a/b.txt") in {b"hello", b"new"}


async def test_an_object_that_came_between_is_not_overwritten_by_a_session(storage: Client, grant: Grant) -> None:
    await grant("roles/storage.objectCreator", BUCKET)
    storage.server.store.delete("models", "a/b.txt")
    url = f"http://{storage.server.address}{UPLOAD_PATH}?uploadType=resumable&name=a%2Fb.txt"
    async with storage._session.post(url, headers={"X-Forwarded-Proto": "http", "X-Local-Principal": UPLOAD}) as started:
        session = started.headers["Location"].partition(storage.server.address)[2]
    storage.server.store.write("models", "a/b.txt", b"between", "text/plain", {})

    status, _ = await storage("PUT", session, b"late")

    assert status == 403
    assert storage.server.store.read("models", "a/b.txt") == b"between"


async def test_only_held_permissions_are_confirmed(storage: Client, grant: Grant) -> None:
    path = "/storage/v1/b/models/iam/testPermissions?permissions=storage.objects.list&permissions=storage.buckets.delete"
    before = await storage("GET", path)
    await grant("roles/storage.objectViewer", BUCKET)
    after = await storage("GET", path)

    assert json.loads(before[1])["permissions"] == []
    assert json.loads(after[1])["permissions"] == ["storage.objects.list"]


async def test_copying_asks_at_both_ends(storage: Client, grant: Grant) -> None:
    copy = f"{OBJECT}/copyTo/b/models/o/copy"
    await grant("roles/storage.objectCreator", BUCKET)
    blind, text = await storage("POST", copy)
    await grant("roles/storage.objectViewer", BUCKET)
    allowed, _ = await storage("POST", copy)

    assert (blind, allowed) == (403, 200)
    assert "storage.objects.get" in text


async def test_a_program_of_this_machine_needs_no_binding(storage: Client) -> None:
    async with storage._session.get(f"http://{storage.server.address}{OBJECT}") as answer:
        assert answer.status == 200
