"""The functions' clients over real servers: the local Vertex AI and Cloud Storage, and Google's emulators of Firestore and Pub/Sub."""

import asyncio
import secrets
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import DeadlineExceeded
from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform_v1 as vertex
from google.cloud import firestore, pubsub_v1, storage

from jobs import names
from jobs.documents import Job, Upload, new_id, wire
from jobs.job import State, UploadState
from jobs.settings import TriggerSettings
from local.emulators.pubsub import PubSubEmulator
from local.interfaces import SubscriptionSpec
from local.layout import Layout, Ports
from pipelines.compile import template
from services.trigger.clients import Clients
from tests.local.vertex.conftest import PROJECT, Cloud
from tests.serving import storage as storage_server

TOPIC, DEAD, INBOX = "jobs", "dead-letters", "inbox"
# a step that ends when the file `go` says how
STEP = """
import os, pathlib, sys, time
go = pathlib.Path(os.environ["FOLDER"]) / "go"
while not go.exists(): time.sleep(0.05)
sys.exit(int(go.read_text()))
"""

# what serves a model
SERVE = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["AIP_HTTP_PORT"])), Handler).serve_forever()
"""


class NoIdentity:
    async def environment(self, account: str) -> Mapping[str, str]:
        return {}

    def identity_token(self, account: str, audience: str) -> str:
        return "token"

    def verify_identity_token(self, token: str, audience: str) -> str:
        return "someone@example.com"


class LocalClients(Clients):
    """The same clients, told where the servers of these tests are."""

    patience_s = 0.7

    def __init__(self, settings: TriggerSettings, cloud: Cloud, database: firestore.Client, objects: storage.Client, pipeline: str) -> None:
        super().__init__(settings)
        self._cloud, self._pipeline = cloud, pipeline
        self.documents, self.objects = database, objects

    @cached_property
    def pipelines(self) -> Any:
        return self._cloud.client("pipelines", "grpc")

    @cached_property
    def training(self) -> Any:
        return self._cloud.client("jobs", "grpc")

    @cached_property
    def endpoints(self) -> Any:
        return self._cloud.client("endpoints", "grpc")

    @cached_property
    def models(self) -> Any:
        return self._cloud.client("models", "grpc")

    def template(self) -> str:
        return self._pipeline

    def keep(self, bucket: storage.Bucket, *objects: str) -> None:
        for name in objects:
            bucket.blob(name).upload_from_string(b"bytes")

    def objects_in(self, bucket: storage.Bucket, prefix: str = "") -> list[str]:
        """Older versions included."""
        return sorted({blob.name for blob in bucket.list_blobs(prefix=prefix, versions=True)})

    def picture(self, job: Job, state: UploadState = UploadState.VERIFIED) -> Upload:
        """With its document and both objects."""
        upload = Upload(new_id(), job.id, job.owner, "a.png", "image/png", 5, "AAAAAA==", state)
        self.documents.collection("uploads").document(names.upload_document(job.id, upload.id)).create(wire(upload))
        self.keep(self.uploads_bucket, names.raw(job.id, upload.id), names.clean(job.id, upload.id))
        return upload

    def model(self, job: Job) -> str:
        """Of its attempt, in the registry."""
        image = self._cloud.containers.image("serve", SERVE)
        model = vertex.Model(display_name="m", labels=names.labels("test", job.id, job.attempt, job.method), container_spec=_served(image))
        request = vertex.UploadModelRequest(parent=self.parent, model_id=names.model(job.id, job.attempt), model=model)
        return str(self.models.upload_model(request=request).result(30).model)

    def endpoint_ids(self) -> set[str]:
        return {found.name.rpartition("/")[2] for found in self.endpoints.list_endpoints(parent=self.parent)}

    def deployed(self, job: Job) -> list[str]:
        """By id, on the job's endpoint."""
        name = f"{self.parent}/endpoints/{names.endpoint(job.id)}"
        return [model.id for model in self.endpoints.get_endpoint(name=name).deployed_models]

    def pull(self) -> list[bytes]:
        """What waits on the topic's own subscription, taken."""
        path = f"projects/{PROJECT.id}/subscriptions/watch"
        try:
            found = self.subscriber.pull(subscription=path, max_messages=20, timeout=self.patience_s, retry=None).received_messages
        except DeadlineExceeded:
            return []
        if found:
            self.subscriber.acknowledge(subscription=path, ack_ids=[each.ack_id for each in found])
        return [each.message.data for each in found]


@pytest.fixture(scope="session")
def pubsub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    layout = Layout(tmp_path_factory.mktemp("pubsub"))
    emulator = PubSubEmulator(layout, Ports(layout), PROJECT, NoIdentity())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> None:
        await emulator.start()
        for topic in (TOPIC, DEAD):
            await emulator.put_topic(topic)
        await emulator.put_subscription(SubscriptionSpec("watch", TOPIC))
        await emulator.put_subscription(SubscriptionSpec(INBOX, DEAD))

    asyncio.run_coroutine_threadsafe(start(), loop).result(60)
    yield emulator.address
    asyncio.run_coroutine_threadsafe(emulator.stop(), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path_factory.mktemp("vertex"))
    yield cloud
    cloud.close()


@pytest.fixture(scope="session")
def storage_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with storage_server(tmp_path_factory.mktemp("storage")) as url:
        yield url


@pytest.fixture
def objects(storage_url: str) -> Iterator[storage.Client]:
    options = ClientOptions(api_endpoint=storage_url)
    client = storage.Client(project=PROJECT.id, credentials=AnonymousCredentials(), client_options=options)
    yield client
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        client.close()


@pytest.fixture
def clients(
    cloud: Cloud, pubsub: str, database: firestore.Client, objects: storage.Client, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalClients]:
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub)
    buckets = [f"{secrets.token_hex(4)}-{role}" for role in ("uploads", "models")]
    for name in buckets:
        bucket = objects.bucket(name)
        bucket.versioning_enabled = name.endswith("models")
        bucket.create()
    path = f"projects/{PROJECT.id}"
    settings = TriggerSettings(
        project=PROJECT.id,
        region=PROJECT.region,
        stack="test",
        database="unused",
        topic=f"{path}/topics/{TOPIC}",
        dead_letter_subscription=f"{path}/subscriptions/{INBOX}",
        pipeline_template="unused",
        pipeline_root="gs://root/",
        pipeline_account="pipeline@sd-test.iam.gserviceaccount.com",
        uploads_bucket=buckets[0],
        models_bucket=buckets[1],
        serving_account="serving@sd-test.iam.gserviceaccount.com",
        serving_machine="n1-standard-4",
        portal_url="https://portal.example.com",
        private_webhooks=True,
    )
    go(cloud, None)
    clients = LocalClients(settings, cloud, database, objects, template(cloud.containers.image("step", STEP), {}))
    yield clients
    go(cloud, 1)
    clients.pull()


def _served(image: str) -> vertex.ModelContainerSpec:
    return vertex.ModelContainerSpec(image_uri=image, predict_route="/predict", health_route="/health")


def go(cloud: Cloud, code: int | None) -> None:
    """Let the waiting steps end with this exit code; None makes them wait."""
    file: Path = cloud.containers.folder / "go"
    file.unlink(missing_ok=True)
    if code is not None:
        file.write_text(str(code))


@pytest.fixture
def submitted(clients: LocalClients) -> Job:
    job = clients.jobs.create(Job(id=new_id(), owner="ada", name="Teapot", subject="sks", class_word="teapot"), by="test")
    return clients.jobs.submit(job.id, 5, by="test")


@pytest.fixture
def retired(clients: LocalClients, submitted: Job) -> Job:
    """Its model is in the registry, its endpoint is gone."""
    clients.model(submitted)
    clients.jobs.advance(submitted.id, 1, State.READY, by="test")
    return clients.jobs.advance(submitted.id, 1, State.RETIRED, by="test")


def until(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def publisher(clients: LocalClients) -> pubsub_v1.PublisherClient:
    return clients.publisher
