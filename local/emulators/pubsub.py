"""Pub/Sub: Google's emulator, with topics and subscriptions that come back after a restart and pushes that carry a token.

Messages do not come back: whoever must not lose one publishes it again.
"""

import logging
from collections.abc import Sequence
from typing import Any

import aiohttp

from local.emulators import java
from local.emulators.process import Emulator, EmulatorError
from local.emulators.push import PushRelay
from local.emulators.topics import Topics
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
    """Satisfies `interfaces.PubSub`."""

    def __init__(self, layout: Layout, ports: Ports, project: Project, identity: Identity) -> None:
        self._project = project
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

    async def put_topic(self, name: str) -> None:
        await self._create_topic(name)
        self._topics.add(name)

    async def delete_topic(self, name: str) -> None:
        await self._call("DELETE", f"topics/{name}", accept=_GONE)
        self._topics.remove(name)

    async def put_subscription(self, spec: SubscriptionSpec) -> None:
        if self._topics.subscriptions.get(spec.name) == spec:
            return
        await self._subscribe(spec)
        self._topics.subscribe(spec)

    async def delete_subscription(self, name: str) -> None:
        await self._call("DELETE", f"subscriptions/{name}", accept=_GONE)
        self._topics.unsubscribe(name)

    def topics(self) -> Sequence[str]:
        return self._topics.names

    def subscriptions(self) -> Sequence[str]:
        return sorted(self._topics.subscriptions)

    def _command(self) -> Sequence[str]:
        jar = java.jar("cloud-pubsub-emulator-*.jar", "pubsub-emulator")
        return [java.java(), *java.JVM, "-jar", str(jar), "--host=127.0.0.1", f"--port={self._port}"]

    async def _restore(self) -> None:
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
        if spec.dead_letter_topic:
            topic = self._path(f"topics/{spec.dead_letter_topic}")
            resource["deadLetterPolicy"] = {"deadLetterTopic": topic, "maxDeliveryAttempts": spec.max_delivery_attempts}
        backoff = {"minimumBackoff": spec.minimum_backoff, "maximumBackoff": spec.maximum_backoff}
        if any(backoff.values()):
            resource["retryPolicy"] = {bound: value for bound, value in backoff.items() if value}
        if spec.retention:
            resource["messageRetentionDuration"] = spec.retention
        return resource

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
