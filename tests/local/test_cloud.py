"""The rooms together: what a workload reaches with Google's own libraries, and who reaches a workload."""

import asyncio
import io
import textwrap
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.cloud import LocalCloud
from local.iam.bindings import Binding
from local.interfaces import ContainerSpec, FunctionSpec, ScheduleSpec, ServiceSpec, SubscriptionSpec

SERVER = "server@sd-local.iam.gserviceaccount.com"
CALLER = "caller@sd-local.iam.gserviceaccount.com"
# a service that does with each path what a service of Google Cloud would do with the client library of that name
SERVICE = """
    import json, os
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    import google.auth
    from google.cloud import firestore, pubsub_v1, storage

    credentials, project = google.auth.default()

    def act(path):
        if path == "/storage":
            blob = storage.Client().bucket("pictures").blob("a.txt")
            blob.upload_from_string("hello")
            return blob.download_as_text()
        if path == "/firestore":
            found = firestore.Client().collection("jobs").document("one")
            found.set({"state": "ready"})
            return found.get().to_dict()["state"]
        if path == "/publish":
            publisher = pubsub_v1.PublisherClient()
            return publisher.publish(f"projects/{project}/topics/jobs", b"job-1").result(timeout=10)
        return project

    class Service(BaseHTTPRequestHandler):
        def do_GET(self):
            said = json.dumps({"said": act(self.path), "iap": self.headers.get("X-Goog-IAP-JWT-Assertion")}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

    ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Service).serve_forever()
"""
FUNCTION = """
    import base64, sys

    def on_message(event):
        print("got", base64.b64decode(event.data["message"]["data"]).decode(), flush=True)
"""


@pytest.fixture
async def cloud(tmp_path: Path) -> AsyncIterator[LocalCloud]:
    made = LocalCloud(tmp_path / ".local", print, time.monotonic())
    try:
        await made.start()
        yield made
    finally:
        await made.stop()


def write_service(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "main.py").write_text(textwrap.dedent(SERVICE))
    (folder / "Dockerfile").write_text('FROM python:3.11\nWORKDIR /app\nCOPY main.py .\nCMD ["python", "main.py"]\n')


async def put_service(cloud: LocalCloud, folder: Path, iap: bool = False) -> str:
    write_service(folder)
    image = await cloud.images.build("server", folder, folder / "Dockerfile")
    return await cloud.run.put(ServiceSpec("server", ContainerSpec("server", image, SERVER), iap=iap))


async def put_function(cloud: LocalCloud) -> str:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zipped:
        zipped.writestr("main.py", textwrap.dedent(FUNCTION))
    return await cloud.functions.put(FunctionSpec("start", data.getvalue(), "on_message", SERVER, signature="cloudevent"))


async def invoker(cloud: LocalCloud, service: str, account: str = CALLER) -> None:
    place = f"projects/sd-local/locations/us-central1/services/{service}"
    await cloud.iam.bind(Binding(f"{service}/{account}", "roles/run.invoker", f"serviceAccount:{account}", place))


async def until_logged(cloud: LocalCloud, name: str, text: str) -> None:
    log = cloud.layout.root / "logs" / f"{name}.log"
    async with asyncio.timeout(20):
        while text not in log.read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.timeout(120)
async def test_googles_libraries_work_inside_a_service_and_a_push_reaches_a_function(cloud: LocalCloud, tmp_path: Path) -> None:
    cloud.storage.store.put_bucket("pictures", {})
    await cloud.firestore.put_database("(default)")
    uri, function = await asyncio.gather(put_service(cloud, tmp_path / "service"), put_function(cloud))
    await cloud.pubsub.put_topic("jobs")
    await cloud.pubsub.put_subscription(
        SubscriptionSpec("start", "jobs", push_endpoint=function, push_account=CALLER, push_audience=function)
    )
    for name in ("server", "start"):
        await invoker(cloud, name)
    for role, place in (
        ("roles/storage.objectUser", "projects/_/buckets/pictures"),
        ("roles/datastore.user", "projects/sd-local"),
        ("roles/pubsub.publisher", "projects/sd-local/topics/jobs"),
    ):
        await cloud.iam.bind(Binding(role, role, f"serviceAccount:{SERVER}", place))
    bearer = {"Authorization": f"Bearer {cloud.tokens.identity_token(CALLER, uri)}"}

    async with aiohttp.ClientSession(headers=bearer) as client:
        said = {path: await said_by(client, f"{uri}/{path}") for path in ("", "storage", "firestore", "publish")}
    await until_logged(cloud, "start", "got job-1")

    assert (said[""], said["storage"], said["firestore"]) == ("sd-local", "hello", "ready")
    assert cloud.storage.store.read("pictures", "a.txt") == b"hello"


async def said_by(client: aiohttp.ClientSession, uri: str) -> Any:
    async with client.get(uri) as response:
        assert response.status == 200, await response.text()
        return (await response.json(content_type=None))["said"]


@pytest.mark.timeout(120)
async def test_the_scheduler_and_iap_let_in_whom_they_should(cloud: LocalCloud, tmp_path: Path) -> None:
    uri = await put_service(cloud, tmp_path / "service")
    await cloud.scheduler.put(ScheduleSpec("sweep", "* * * * *", "Etc/UTC", uri, "GET", CALLER, uri))
    refused = await cloud.scheduler.run_now("sweep")
    await invoker(cloud, "server")
    allowed = await cloud.scheduler.run_now("sweep")

    await put_service(cloud, tmp_path / "service", iap=True)
    await invoker(cloud, "server", "service-100000000001@gcp-sa-iap.iam.gserviceaccount.com")
    place = "projects/sd-local/iap_web/cloud_run-us-central1/services/server"
    await cloud.iam.bind(Binding("dana", "roles/iap.httpsResourceAccessor", "user:dana@example.com", place))
    audience = "/projects/100000000001/locations/us-central1/services/server"
    async with aiohttp.ClientSession() as client:
        async with client.get(uri, allow_redirects=False) as stranger:
            pass
        bearer = {"Authorization": f"Bearer {cloud.tokens.identity_token('dana@example.com', audience)}"}
        async with client.get(uri, headers=bearer) as designer:
            seen = await designer.json(content_type=None)

    assert (refused["status"], allowed["status"]) == (403, 200)
    assert (stranger.status, "/_iap/sign-in" in stranger.headers["Location"]) == (302, True)
    assert seen["iap"].count(".") == 2
