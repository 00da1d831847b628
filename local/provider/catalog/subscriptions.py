"""Pub/Sub: subscriptions."""

from collections.abc import Iterable
from typing import Any

from local.interfaces import Cloud, SubscriptionSpec
from local.provider import addresses, refusals
from local.provider.catalog.members import accounts, member, one
from local.provider.catalog.pubsub import TOPIC
from local.provider.limits import pubsub as limits
from local.provider.names import Autoname, filled, short
from local.provider.records import State
from local.provider.schema import (
    FILLED,
    FIXED,
    REQUIRED,
    apart,
    block,
    blocks,
    deletion_policy,
    flag,
    integer,
    mapping,
    text,
)
from local.provider.types import Act, Reference, Room, Type

SUBSCRIPTION = "gcp:pubsub/subscription:Subscription"


class _Subscriptions(Room):
    sees = "topic, ackDeadlineSeconds, messageRetentionDuration, retryPolicy, pushConfig, deadLetterPolicy; gone; the rest is its record"

    async def put(self, act: Act) -> State:
        await act.cloud.pubsub.put_subscription(subscription(act.state))
        return {}

    async def delete(self, act: Act) -> None:
        await act.cloud.pubsub.delete_subscription(str(act.state["name"]))

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        now = await cloud.pubsub.subscription(short(identity))
        if now is None:
            return None
        return recorded | _drifted(recorded, now) if recorded else {"name": short(identity)}


def _drifted(recorded: State, now: SubscriptionSpec) -> State:
    """What somebody changed through the API, in Pulumi's words; None for what is gone."""
    told = subscription(recorded)
    changed: State = {}
    if now.topic != told.topic:
        changed["topic"] = now.topic if now.topic.startswith("_") else f"{recorded['topic'].rpartition('/')[0]}/{now.topic}"
    if now.ack_deadline_s != told.ack_deadline_s:
        changed["ackDeadlineSeconds"] = now.ack_deadline_s
    if now.retention != told.retention:
        changed["messageRetentionDuration"] = now.retention
    if (now.minimum_backoff, now.maximum_backoff) != (told.minimum_backoff, told.maximum_backoff):
        changed["retryPolicy"] = _retry_policy(now)
    if now.push_endpoint != told.push_endpoint:
        changed["pushConfig"] = {"pushEndpoint": now.push_endpoint} if now.push_endpoint else None
    if (now.dead_letter_topic, now.max_delivery_attempts) != (told.dead_letter_topic, told.max_delivery_attempts):
        changed["deadLetterPolicy"] = _dead_letter_policy(recorded, now)
    return changed


def _retry_policy(now: SubscriptionSpec) -> State | None:
    policy = {"minimumBackoff": now.minimum_backoff, "maximumBackoff": now.maximum_backoff}
    return {name: bound for name, bound in policy.items() if bound} or None


def _dead_letter_policy(recorded: State, now: SubscriptionSpec) -> State | None:
    if now.dead_letter_topic is None:
        return None
    topic = f"projects/{recorded['project']}/topics/{now.dead_letter_topic}"
    return {"deadLetterTopic": topic, "maxDeliveryAttempts": now.max_delivery_attempts}


def subscription(state: State) -> SubscriptionSpec:
    push = state.get("pushConfig") or {}
    token_of = push.get("oidcToken") or {}
    dead, retry = state.get("deadLetterPolicy") or {}, state.get("retryPolicy") or {}
    return SubscriptionSpec(
        name=state["name"],
        topic=short(state["topic"]),
        ack_deadline_s=state["ackDeadlineSeconds"],
        push_endpoint=push.get("pushEndpoint"),
        push_account=token_of.get("serviceAccountEmail"),
        push_audience=token_of.get("audience") or (push.get("pushEndpoint") if token_of else None),
        dead_letter_topic=short(dead["deadLetterTopic"]) if dead.get("deadLetterTopic") else None,
        max_delivery_attempts=dead.get("maxDeliveryAttempts") or 5,
        minimum_backoff=retry.get("minimumBackoff"),
        maximum_backoff=retry.get("maximumBackoff"),
        retention=state.get("messageRetentionDuration"),
    )


def _full_topic(state: State) -> Any:
    topic = state.get("topic")
    return topic if isinstance(topic, str) and "/" in topic else filled("projects/{project}/topics/{topic}", state)


def _references(state: State) -> Iterable[Reference]:
    yield Reference(TOPIC, state["topic"], f"topic {state['topic']}")
    dead = (state.get("deadLetterPolicy") or {}).get("deadLetterTopic")
    if dead:
        yield Reference(TOPIC, f"projects/{state['project']}/topics/{short(dead)}", f"dead-letter topic {dead}")
    push = (state.get("pushConfig") or {}).get("oidcToken") or {}
    yield from accounts(state, push.get("serviceAccountEmail"))


TYPES = (
    Type(
        SUBSCRIPTION,
        id="projects/{project}/subscriptions/{name}",
        properties={
            "ackDeadlineSeconds": integer(FILLED, between=(10, 600), fills=10),
            "bigqueryConfig": block(
                {
                    "dropUnknownFields": flag(),
                    "serviceAccountEmail": text(),
                    "table": text(REQUIRED),
                    "useTableSchema": flag(),
                    "useTopicSchema": flag(),
                    "writeMetadata": flag(),
                }
            ),
            "cloudStorageConfig": block(
                {
                    "avroConfig": block({"useTopicSchema": flag(), "writeMetadata": flag()}),
                    "bucket": text(REQUIRED),
                    "filenameDatetimeFormat": text(),
                    "filenamePrefix": text(),
                    "filenameSuffix": text(),
                    "maxBytes": integer(),
                    "maxDuration": text(default="300s"),
                    "maxMessages": integer(),
                    "serviceAccountEmail": text(),
                    "textConfig": block({}, FILLED),
                }
            ),
            "deadLetterPolicy": block({"deadLetterTopic": text(form=short), "maxDeliveryAttempts": integer(between=(5, 100))}),
            "deletionPolicy": deletion_policy(),
            "enableExactlyOnceDelivery": flag(),
            "enableMessageOrdering": flag(FIXED),
            "expirationPolicy": block({"ttl": text(REQUIRED, refuses=refusals.expiry)}, FILLED, fills={"ttl": "2678400s"}),
            "filter": text(FIXED, pattern=r"^[\s\S]{0,256}$"),
            "labels": mapping(refuses=refusals.labels),
            "messageRetentionDuration": text(default="604800s", refuses=refusals.duration(600, 2_678_400)),
            "messageTransforms": blocks(
                {
                    "aiInference": block(
                        {
                            "endpoint": text(REQUIRED),
                            "serviceAccountEmail": text(),
                            "unstructuredInference": block({"parameters": mapping()}),
                        }
                    ),
                    "disabled": flag(default=False),
                    "javascriptUdf": block({"code": text(REQUIRED), "functionName": text(REQUIRED)}),
                }
            ),
            "name": text(FIXED, refuses=refusals.pubsub_name),
            "project": text(FIXED | FILLED),
            "pushConfig": block(
                {
                    "attributes": mapping(),
                    "noWrapper": block({"writeMetadata": flag(REQUIRED)}),
                    "oidcToken": block({"audience": text(), "serviceAccountEmail": text(REQUIRED, refuses=refusals.email)}),
                    "pushEndpoint": text(REQUIRED, refuses=addresses.endpoint),
                }
            ),
            "retainAckedMessages": flag(),
            "retryPolicy": block(
                {
                    "maximumBackoff": text(FILLED, refuses=refusals.duration(0, 600)),
                    "minimumBackoff": text(FILLED, refuses=refusals.duration(0, 600)),
                }
            ),
            "tags": mapping(FIXED),
            "topic": text(REQUIRED | FIXED, form=short),
        },
        groups=(
            apart("bigqueryConfig", "cloudStorageConfig"),
            apart("bigqueryConfig", "pushConfig"),
            apart("cloudStorageConfig", "pushConfig"),
        ),
        autoname=Autoname(),
        outputs={"topic": _full_topic},
        labelled=True,
        room=_Subscriptions(),
        checks=limits.subscription,
        references=_references,
    ),
    member(
        "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember",
        "subscription",
        "projects/{project}/subscriptions/{subscription:short}",
        one(SUBSCRIPTION, "projects/{project}/subscriptions/{subscription:short}", "subscription"),
    ),
)
