"""Pub/Sub: Google's emulator, with topics and subscriptions that come back after a restart and pushes that carry a token.

Messages do not come back: whoever must not lose one publishes it again.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import aiohttp

from local.emulators import java
from local.emulators.process import Emulator, EmulatorError
from local.emulators.push import PushRelay
from local.emulators.topics import Topics
from local.iam import needs
from local.iam.needs import EVERYBODY, Guard
from local.iam.principals import pubsub_agent
from local.interfaces import Identity, SubscriptionSpec
from local.layout import Layout, Ports, Project

_LOG = logging.getLogger(__name__)

_TIMEOUT = aiohttp.ClientTimeout(total=30)
_EXISTS = 409
_GONE = 404
_MUTABLE = "ackDeadlineSeconds,pushConfig,deadLetterPolicy,retryPolicy,messageRetentionDuration"


class Rejected(EmulatorError):
    """Pub/Sub does not accept a topic or subscription as it is specified."""


class PubSubEmulator:
    """Satisfies `interfaces.PubSub`. Dead letters are buried in the name of Google's agent, so only where it has been let."""

    def __init__(self, layout: Layout, ports: Ports, project: Project, identity: Identity, guard: Guard = EVERYBODY) -> None:
        self._project, self._guard = project, guard
        # the subscriptions with a dead-letter policy, and whether the emulator has been told of it
        self._buries: dict[str, bool] = {}
        # what is told to the emulator must not cross with what it is told at its start
        self._telling = asyncio.Lock()
        self._port = ports.get("pubsub")
        self._topics = Topics(layout.folder("pubsub") / "topics.json")
        self._relay = PushRelay(ports.get("pubsub-push"), identity, self._topics.subscriptions)
        log = layout.folder("logs") / "pubsub.log"
        self._emulator = Emulator("Pub/Sub", self._port, self._command, log, self._restore)

    @property
    def address(self) -> str:
        return self._emulator.address

    @property
    def pid(self) -> int | None:
        return self._emulator.pid

    async def start(self) -> None:
        """Raises NotInstalled or StartFailed."""
        await self._relay.start()
        await self._emulator.start()

    async def stop(self) -> None:
        await self._emulator.stop()
        await self._relay.stop()

    async def heed(self) -> None:
        """After a change of access: dead letters are buried from now on, or no longer."""
        async with self._telling:
            if self._emulator.ready is None:
                return
            for spec in self._topics.subscriptions.values():
                if self._buries.get(spec.name) != self._may_bury(spec):
                    await self._subscribe(spec)
                    _LOG.info("dead letters of %s are %s", spec.name, "buried" if self._buries[spec.name] else "not buried any more")

    async def put_topic(self, name: str) -> None:
        await self._create_topic(name)
        self._topics.add(name)

    async def delete_topic(self, name: str) -> None:
        await self._call("DELETE", f"topics/{name}", accept=_GONE)
        self._topics.remove(name)

    async def put_subscription(self, spec: SubscriptionSpec) -> None:
        async with self._telling:
            if self._topics.subscriptions.get(spec.name) == spec == await self.subscription(spec.name):
                return
            await self._subscribe(spec)
            self._topics.subscribe(spec)

    async def delete_subscription(self, name: str) -> None:
        async with self._telling:
            await self._call("DELETE", f"subscriptions/{name}", accept=_GONE)
            self._topics.unsubscribe(name)

    def topics(self) -> Sequence[str]:
        return self._topics.names

    def subscriptions(self) -> Sequence[str]:
        return sorted(self._topics.subscriptions)

    async def has_topic(self, name: str) -> bool:
        return await self._call("GET", f"topics/{name}", accept=_GONE) is not None

    async def subscription(self, name: str) -> SubscriptionSpec | None:
        found = await self._call("GET", f"subscriptions/{name}", accept=_GONE)
        return self._spec(found, self._topics.subscriptions.get(name) or SubscriptionSpec(name, "")) if found else None

    def _command(self) -> Sequence[str]:
        jar = java.jar("cloud-pubsub-emulator-*.jar", "pubsub-emulator")
        return [java.java(), *java.JVM, "-jar", str(jar), "--host=127.0.0.1", f"--port={self._port}"]

    async def _restore(self) -> None:
        async with self._telling:
            for topic in self._topics.names:
                await self._create_topic(topic)
            for spec in self._topics.subscriptions.values():
                try:
                    await self._subscribe(spec)
                except Rejected as rejection:
                    _LOG.warning("subscription %s did not come back: %s", spec.name, rejection)

    async def _create_topic(self, name: str) -> None:
        await self._call("PUT", f"topics/{name}", {}, accept=_EXISTS)

    async def _subscribe(self, spec: SubscriptionSpec) -> None:
        path, wanted = f"subscriptions/{spec.name}", self._resource(spec)
        if await self._call("PUT", path, wanted, accept=_EXISTS) is not None:
            return
        present = await self._call("GET", path)
        if present and present["topic"] == wanted["topic"]:
            await self._call("PATCH", path, {"subscription": wanted, "updateMask": _MUTABLE})
            return
        await self._call("DELETE", path)
        await self._call("PUT", path, wanted)

    def _resource(self, spec: SubscriptionSpec) -> dict[str, Any]:
        resource: dict[str, Any] = {
            "name": self._path(f"subscriptions/{spec.name}"),
            "topic": self._path(f"topics/{spec.topic}"),
            "ackDeadlineSeconds": spec.ack_deadline_s,
            "pushConfig": {"pushEndpoint": self._relay.url(spec.name)} if spec.push_endpoint else {},
        }
        self._buries[spec.name] = self._may_bury(spec)
        if self._buries[spec.name]:
            topic = self._path(f"topics/{spec.dead_letter_topic}")
            resource["deadLetterPolicy"] = {"deadLetterTopic": topic, "maxDeliveryAttempts": spec.max_delivery_attempts}
        backoff = {"minimumBackoff": spec.minimum_backoff, "maximumBackoff": spec.maximum_backoff}
        if any(backoff.values()):
            resource["retryPolicy"] = {bound: value for bound, value in backoff.items() if value}
        if spec.retention:
            resource["messageRetentionDuration"] = spec.retention
        return resource

    def _spec(self, found: Mapping[str, Any], told: SubscriptionSpec) -> SubscriptionSpec:
        """What the emulator is not told stays as `told`."""
        withheld = None if self._buries.get(told.name) else told.dead_letter_topic
        dead, backoff = found.get("deadLetterPolicy") or {}, found.get("retryPolicy") or {}
        pushes_to = (found.get("pushConfig") or {}).get("pushEndpoint")
        if pushes_to != (self._relay.url(told.name) if told.push_endpoint else None):
            told = replace(told, push_endpoint=pushes_to, push_account=None, push_audience=None)
        return replace(
            told,
            topic=_id(found["topic"]),
            ack_deadline_s=found["ackDeadlineSeconds"],
            dead_letter_topic=_id(dead["deadLetterTopic"]) if dead else withheld,
            max_delivery_attempts=dead.get("maxDeliveryAttempts", told.max_delivery_attempts),
            minimum_backoff=_bound(backoff.get("minimumBackoff"), told.minimum_backoff, "10s"),
            maximum_backoff=_bound(backoff.get("maximumBackoff"), told.maximum_backoff, "600s"),
            retention=found.get("messageRetentionDuration") if told.retention else None,
        )

    def _may_bury(self, spec: SubscriptionSpec) -> bool:
        if spec.dead_letter_topic is None:
            return False
        asked = [needs.publishing(self._project, spec.dead_letter_topic), needs.consuming(self._project, spec.name)]
        return all(self._guard.allows(pubsub_agent(self._project), need) for need in asked)

    def _path(self, name: str) -> str:
        return f"projects/{self._project.id}/{name}"

    async def _call(self, verb: str, path: str, body: dict[str, Any] | None = None, accept: int = 0) -> Any:
        """The answer's JSON; None where the status is `accept`."""
        url = f"http://{self.address}/v1/{self._path(path)}"
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as client, client.request(verb, url, json=body) as answer:
            if answer.ok:
                return await answer.json()
            if answer.status == accept:
                return None
            raise Rejected(f"Pub/Sub answered {verb} {path} with {answer.status}: {await answer.text()}")


def _id(path: str) -> str:
    return path.rpartition("/")[2]


def _bound(found: str | None, told: str | None, usual: str) -> str | None:
    """Told one bound of the backoff, the emulator fills in the other."""
    return None if told is None and found == usual else found
