import asyncio
import base64
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from google.auth import jwt as google_jwt

from local.emulators.pubsub import Rejected
from local.interfaces import SubscriptionSpec
from local.layout import LOOPBACK
from tests.local.gateway.cloud import TestCloud, running, workload_of
from tests.local.gateway.workload import Workload

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUSHER = "pubsub-push@sd-local.iam.gserviceaccount.com"


class Handler:
    """A push endpoint: answers with one of `statuses` after the other, the last for ever, and remembers what came."""

    def __init__(self, *statuses: int, seconds: float = 0) -> None:
        self.statuses, self.seconds = statuses or (200,), seconds
        self.calls: list[tuple[dict[str, Any], str]] = []
        self.called = asyncio.Event()
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.calls.append((await request.json(), request.headers.get("Authorization", "")))
        self.called.set()
        status = self.statuses[min(len(self.calls), len(self.statuses)) - 1]
        await asyncio.sleep(self.seconds)
        return web.Response(status=status, text="so it is")

    async def messages(self, count: int, seconds: float = 15) -> list[str]:
        async with asyncio.timeout(seconds):
            while len(self.calls) < count:
                self.called.clear()
                await self.called.wait()
        return [base64.b64decode(body["message"]["data"]).decode() for body, _ in self.calls]


@contextlib.asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[Handler]:
    app = web.Application()
    app.router.add_post("/{path:.*}", handler.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0).start()
    handler.url = f"http://{LOOPBACK}:{runner.addresses[0][1]}/projects/sd-local/topics/jobs"
    try:
        yield handler
    finally:
        await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cloud(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TestCloud]:
    async with running(tmp_path_factory.mktemp("cloud"), pubsub=True) as cloud:
        for topic in ("jobs", "jobs-dead", "other"):
            await cloud.pubsub.put_topic(topic)
        yield cloud


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workload(cloud: TestCloud) -> AsyncIterator[Workload]:
    async with workload_of(cloud) as workload:
        yield workload


@contextlib.asynccontextmanager
async def subscribed(cloud: TestCloud, spec: SubscriptionSpec) -> AsyncIterator[None]:
    await cloud.pubsub.put_subscription(spec)
    try:
        yield
    finally:
        await cloud.pubsub.delete_subscription(spec.name)


def publish(*texts: str) -> list[str]:
    return publish_to("jobs", *texts)


def publish_to(topic: str, *texts: str) -> list[str]:
    from google.cloud import pubsub_v1

    publisher = pubsub_v1.PublisherClient()
    name = publisher.topic_path("sd-local", topic)
    return [publisher.publish(name, text.encode(), kind="job").result(timeout=10) for text in texts]


def pull(subscription: str, count: int) -> list[tuple[str, int | None]]:
    from google.cloud import pubsub_v1

    subscriber = pubsub_v1.SubscriberClient()
    name = subscriber.subscription_path("sd-local", subscription)
    found = []
    until = time.monotonic() + 15
    while len(found) < count and time.monotonic() < until:
        answer = subscriber.pull(subscription=name, max_messages=10, timeout=10)
        found += [(one.message.data.decode(), one.delivery_attempt or None) for one in answer.received_messages]
        if answer.received_messages:
            subscriber.acknowledge(subscription=name, ack_ids=[one.ack_id for one in answer.received_messages])
    return found


async def test_a_published_message_is_pulled(cloud: TestCloud, workload: Workload) -> None:
    async with subscribed(cloud, SubscriptionSpec("pulled", "jobs")):
        ids = await workload(publish, "one", "two")

        assert len(set(ids)) == 2
        assert sorted(await workload(pull, "pulled", 2)) == [("one", None), ("two", None)]


def stream() -> list[str]:
    import queue

    from google.cloud import pubsub_v1

    subscriber = pubsub_v1.SubscriberClient()
    got: queue.Queue[str] = queue.Queue()

    def take(message: Any) -> None:
        message.ack()
        got.put(message.data.decode())

    pulling = subscriber.subscribe(subscriber.subscription_path("sd-local", "streamed"), take)
    publish("a", "b")
    texts = sorted(got.get(timeout=10) for _ in range(2))
    pulling.cancel()
    pulling.result(timeout=10)
    return texts


async def test_a_stream_of_messages_passes_the_gateway(cloud: TestCloud, workload: Workload) -> None:
    async with subscribed(cloud, SubscriptionSpec("streamed", "jobs")):
        assert await workload(stream) == ["a", "b"]


async def test_a_push_carries_a_token_for_its_audience(cloud: TestCloud, workload: Workload) -> None:
    async with serving(Handler()) as handler:
        spec = SubscriptionSpec("pushed", "jobs", 30, handler.url, PUSHER, "https://start.example")
        async with subscribed(cloud, spec):
            ids = await workload(publish, "job-1")
            assert await handler.messages(1) == ["job-1"]

        body, authorization = handler.calls[0]
        claims = google_jwt.decode(
            authorization.removeprefix("Bearer "), certs=cloud.tokens.google_certs(), audience="https://start.example"
        )
        assert (claims["email"], claims["email_verified"], claims["iss"]) == (PUSHER, True, "https://accounts.google.com")
        assert body["message"]["messageId"] == ids[0]
        assert body["message"]["attributes"] == {"kind": "job"}
        assert body["subscription"] == "projects/sd-local/subscriptions/pushed"


async def test_without_an_audience_the_token_is_for_the_endpoint(cloud: TestCloud, workload: Workload) -> None:
    async with serving(Handler()) as handler, subscribed(cloud, SubscriptionSpec("pushed", "jobs", 30, handler.url, PUSHER)):
        await workload(publish, "job-1")
        await handler.messages(1)

        assert cloud.verify_identity_token(handler.calls[0][1].removeprefix("Bearer "), handler.url) == PUSHER


async def test_a_202_acknowledges_as_on_google_cloud(cloud: TestCloud, workload: Workload) -> None:
    async with serving(Handler(202)) as handler, subscribed(cloud, SubscriptionSpec("pushed", "jobs", 30, handler.url)):
        await workload(publish, "once")
        await handler.messages(1)
        await asyncio.sleep(1.5)

        assert len(handler.calls) == 1


async def test_a_failed_delivery_is_tried_again_and_logged(cloud: TestCloud, workload: Workload, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(Handler(500, 204)) as handler, subscribed(cloud, SubscriptionSpec("pushed", "jobs", 30, handler.url)):
        ids = await workload(publish, "again")
        await handler.messages(2)

    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warnings == [f"message {ids[0]} of pushed was not taken by {handler.url}: 500 so it is"]


async def test_after_five_attempts_a_message_is_dead_lettered(cloud: TestCloud, workload: Workload) -> None:
    async with serving(Handler(500)) as handler:
        spec = SubscriptionSpec("pushed", "jobs", 30, handler.url, PUSHER, dead_letter_topic="jobs-dead", max_delivery_attempts=5)
        async with subscribed(cloud, SubscriptionSpec("buried", "jobs-dead")), subscribed(cloud, spec):
            await workload(publish, "poison")

            assert [text for text, _ in await workload(pull, "buried", 1)] == ["poison"]
            assert len(handler.calls) == 5


async def test_a_slow_handler_has_until_the_acknowledgement_deadline(
    cloud: TestCloud, workload: Workload, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(Handler(seconds=60)) as handler, subscribed(cloud, SubscriptionSpec("pushed", "jobs", 10, handler.url)):
        since = time.monotonic()
        await workload(publish, "slow")
        await handler.messages(2)
        seconds = time.monotonic() - since
        await asyncio.sleep(0.5)

    assert 9.5 < seconds < 13
    assert "no answer within the acknowledgement deadline of 10 s" in caplog.text


async def test_a_changed_subscription_keeps_its_messages(cloud: TestCloud, workload: Workload) -> None:
    async with serving(Handler()) as handler:
        spec = SubscriptionSpec("changing", "jobs", 10)
        async with subscribed(cloud, spec):
            await workload(publish, "waiting")

            await cloud.pubsub.put_subscription(replace(spec, push_endpoint=handler.url, ack_deadline_s=20, retention="600s"))

            assert await handler.messages(1) == ["waiting"]


async def test_a_subscription_can_move_to_another_topic(cloud: TestCloud, workload: Workload) -> None:
    async with subscribed(cloud, SubscriptionSpec("moving", "jobs")):
        await cloud.pubsub.put_subscription(SubscriptionSpec("moving", "other"))

        await workload(publish_to, "other", "from-other")

        assert await workload(pull, "moving", 1) == [("from-other", None)]


async def test_what_is_not_there_is_deleted_silently(cloud: TestCloud) -> None:
    await cloud.pubsub.delete_topic("never-made")
    await cloud.pubsub.delete_subscription("never-made")


async def test_what_pubsub_does_not_accept_is_an_error_that_names_it(cloud: TestCloud) -> None:
    with pytest.raises(Rejected, match="subscriptions/orphan"):
        await cloud.pubsub.put_subscription(SubscriptionSpec("orphan", "no-such-topic"))

    assert "orphan" not in cloud.pubsub.subscriptions()


async def test_nobody_but_the_emulator_gets_a_call_signed(cloud: TestCloud) -> None:
    async with serving(Handler()) as handler, subscribed(cloud, SubscriptionSpec("pushed", "jobs", 30, handler.url, PUSHER)):
        port = cloud.ports.get("pubsub-push")
        async with aiohttp.ClientSession() as client, client.post(f"http://{LOOPBACK}:{port}/guess/pushed", json={}) as answer:
            assert answer.status == 404

        assert handler.calls == []


async def test_topics_and_subscriptions_are_there_again_after_a_restart(tmp_path: Path, workload: Workload) -> None:
    async with running(tmp_path, pubsub=True) as before:
        await before.pubsub.put_topic("jobs")
        await before.pubsub.put_subscription(SubscriptionSpec("pulled", "jobs", 20, minimum_backoff="1s", maximum_backoff="10s"))

    async with running(tmp_path, pubsub=True) as after:
        assert (after.pubsub.topics(), after.pubsub.subscriptions()) == (["jobs"], ["pulled"])
        url = f"http://{after.pubsub.address}/v1/projects/sd-local/subscriptions/pulled"
        async with aiohttp.ClientSession() as client, client.get(url) as answer:
            present = await answer.json()
        assert (present["ackDeadlineSeconds"], present["retryPolicy"]) == (20, {"minimumBackoff": "1s", "maximumBackoff": "10s"})


async def test_a_subscription_that_somebody_changed_is_seen_and_put_right(cloud: TestCloud) -> None:
    spec = SubscriptionSpec(
        "watched", "jobs", 20, "https://a.example", PUSHER, None, "jobs-dead", 7, minimum_backoff="1s", retention="1200s"
    )
    await cloud.pubsub.put_subscription(spec)
    url = f"http://{cloud.pubsub.address}/v1/projects/sd-local/subscriptions/watched"
    change = {"name": "projects/sd-local/subscriptions/watched", "ackDeadlineSeconds": 33, "pushConfig": {}}

    untouched = await cloud.pubsub.subscription("watched")
    async with aiohttp.ClientSession() as client:
        body = {"subscription": change, "updateMask": "ackDeadlineSeconds,pushConfig"}
        async with client.patch(url, json=body) as answer:
            assert answer.ok
    changed = await cloud.pubsub.subscription("watched")
    await cloud.pubsub.put_subscription(spec)

    assert untouched == spec
    assert changed == replace(spec, ack_deadline_s=33, push_endpoint=None, push_account=None)
    assert await cloud.pubsub.subscription("watched") == spec
    await cloud.pubsub.delete_subscription("watched")


async def test_what_somebody_deleted_is_seen_to_be_gone(cloud: TestCloud) -> None:
    await cloud.pubsub.put_topic("short-lived")
    there = await cloud.pubsub.has_topic("short-lived")
    async with aiohttp.ClientSession() as client:
        await client.delete(f"http://{cloud.pubsub.address}/v1/projects/sd-local/topics/short-lived")

    assert there
    assert not await cloud.pubsub.has_topic("short-lived")
    assert await cloud.pubsub.subscription("never-made") is None
    await cloud.pubsub.delete_topic("short-lived")
