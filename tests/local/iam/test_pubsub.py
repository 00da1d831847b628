import re
from inspect import getsource
from typing import Any

import pytest
from google.pubsub_v1.services.publisher.transports import grpc as publisher
from google.pubsub_v1.services.subscriber.transports import grpc as subscriber
from google.pubsub_v1.types import CreateSnapshotRequest, PublishRequest, PullRequest, SeekRequest, Subscription, Topic, UpdateTopicRequest

from local.iam.apis import UnknownMethod, Unreadable
from local.iam.pubsub import METHODS, PubSub
from tests.local.iam.conftest import PROJECT

P = "projects/sd-local"
JOBS, START = f"{P}/topics/jobs", f"{P}/subscriptions/start"
PUBSUB = PubSub(PROJECT)


def asked(needs: Any) -> dict[str, str]:
    return {need.permission.removeprefix("pubsub."): need.resource.name for need in needs}


def called(service: str, method: str, message: Any) -> dict[str, str]:
    return asked(PUBSUB.called(f"/google.pubsub.v1.{service}/{method}", type(message).serialize(message)))


def test_every_method_of_googles_clients_is_in_the_table() -> None:
    source = getsource(publisher) + getsource(subscriber)
    methods = set(re.findall(r'"/google\.pubsub\.v1\.(?:Publisher|Subscriber)/(\w+)"', source))

    assert len(methods) > 20
    assert methods - METHODS.keys() == set()


@pytest.mark.parametrize(
    ("service", "method", "message", "needs"),
    [
        ("Publisher", "Publish", PublishRequest(topic=JOBS, messages=[{"data": b"x"}]), {"topics.publish": JOBS}),
        ("Publisher", "CreateTopic", Topic(name=JOBS), {"topics.create": P}),
        ("Publisher", "UpdateTopic", UpdateTopicRequest(topic={"name": JOBS}), {"topics.get": JOBS, "topics.update": JOBS}),
        ("Subscriber", "Pull", PullRequest(subscription=START, max_messages=1), {"subscriptions.consume": START}),
        (
            "Subscriber",
            "CreateSubscription",
            Subscription(name=START, topic=JOBS),
            {"subscriptions.create": P, "topics.attachSubscription": JOBS},
        ),
        ("Subscriber", "Seek", SeekRequest(subscription=START), {"subscriptions.consume": START}),
        (
            "Subscriber",
            "Seek",
            SeekRequest(subscription=START, snapshot=f"{P}/snapshots/s"),
            {"subscriptions.consume": START, "snapshots.seek": f"{P}/snapshots/s"},
        ),
        (
            "Subscriber",
            "CreateSnapshot",
            CreateSnapshotRequest(name=f"{P}/snapshots/s", subscription=START),
            {"snapshots.create": P, "subscriptions.consume": START},
        ),
    ],
)
def test_a_call_asks_for_its_permission_on_what_it_names(service: str, method: str, message: Any, needs: dict[str, str]) -> None:
    assert called(service, method, message) == needs


@pytest.mark.parametrize(
    ("verb", "path", "body", "needs"),
    [
        ("POST", f"{JOBS}:publish", b"{}", {"topics.publish": JOBS}),
        ("PUT", JOBS, b"{}", {"topics.create": P}),
        ("GET", f"{P}/topics", b"", {"topics.list": P}),
        ("GET", f"{JOBS}/subscriptions", b"", {"topics.get": JOBS}),
        ("POST", f"{START}:pull", b"{}", {"subscriptions.consume": START}),
        ("PUT", START, f'{{"topic": "{JOBS}"}}'.encode(), {"subscriptions.create": P, "topics.attachSubscription": JOBS}),
        ("DELETE", START, b"", {"subscriptions.delete": START}),
    ],
)
def test_rest_asks_for_the_same(verb: str, path: str, body: bytes, needs: dict[str, str]) -> None:
    assert asked(PUBSUB.requested(verb, f"/v1/{path}", {}, body)) == needs


def test_the_project_is_above_its_topics() -> None:
    (need,) = PUBSUB.called("/google.pubsub.v1.Publisher/Publish", PublishRequest.serialize(PublishRequest(topic=JOBS)))

    assert need.resource.within == (JOBS, P)
    assert need.resource.type == "pubsub.googleapis.com/Topic"


@pytest.mark.parametrize("method", ["/google.pubsub.v1.SchemaService/GetSchema", "/google.pubsub.v1.Publisher/Invent"])
def test_a_method_that_the_table_has_not_is_unknown(method: str) -> None:
    with pytest.raises(UnknownMethod, match=re.escape(method)):
        PUBSUB.called(method, b"")


@pytest.mark.parametrize(("verb", "path"), [("POST", f"{JOBS}:invent"), ("GET", P), ("DELETE", f"{P}/topics"), ("GET", f"{P}/schemas/s")])
def test_a_path_that_the_table_has_not_is_unknown(verb: str, path: str) -> None:
    with pytest.raises(UnknownMethod):
        PUBSUB.requested(verb, f"/v1/{path}", {}, b"")


@pytest.mark.parametrize("topic", ["", "jobs", "projects/sd-local/topics/jobs/more", "projects/sd-local/things/jobs"])
def test_a_topic_without_a_whole_name_cannot_be_read(topic: str) -> None:
    with pytest.raises(Unreadable):
        called("Publisher", "Publish", PublishRequest(topic=topic))
