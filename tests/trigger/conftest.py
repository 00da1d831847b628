"""The functions' clients over real servers: the local Vertex AI, and Google's emulators of Firestore and Pub/Sub."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import DeadlineExceeded
from google.cloud import firestore, pubsub_v1

from jobs.documents import Job, new_id
from jobs.settings import TriggerSettings
from jobs.store import Jobs
from local.emulators.pubsub import PubSubEmulator
from local.interfaces import SubscriptionSpec
from local.layout import Layout, Ports
from pipelines.compile import template
from services.trigger.clients import Clients
from tests.local.vertex.conftest import PROJECT, Cloud

TOPIC, DEAD, INBOX = "jobs", "dead-letters", "inbox"
# a step that ends when the file `go` says how
STEP = """
import os, pathlib, sys, time
go = pathlib.Path(os.environ["FOLDER"]) / "go"
while not go.exists(): time.sleep(0.05)
sys.exit(int(go.read_text()))
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

    def __init__(self, settings: TriggerSettings, cloud: Cloud, database: firestore.Client, pipeline: str) -> None:
        super().__init__(settings)
        self._cloud, self._pipeline = cloud, pipeline
        self.jobs = Jobs(database)

    @cached_property
    def pipelines(self) -> Any:
        return self._cloud.client("pipelines", "grpc")

    @cached_property
    def training(self) -> Any:
        return self._cloud.client("jobs", "grpc")

    @cached_property
    def endpoints(self) -> Any:
        return self._cloud.client("endpoints", "grpc")

    def template(self) -> str:
        return self._pipeline

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


@pytest.fixture
def clients(cloud: Cloud, pubsub: str, database: firestore.Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalClients]:
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub)
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
    )
    go(cloud, None)
    clients = LocalClients(settings, cloud, database, template(cloud.containers.image("step", STEP), {}))
    yield clients
    go(cloud, 1)
    clients.pull()


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
def publisher(clients: LocalClients) -> pubsub_v1.PublisherClient:
    return clients.publisher
