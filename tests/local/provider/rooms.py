"""A cloud in memory: every room keeps what it is told, and nothing runs."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import google_crc32c

from local.iam.bindings import Binding
from local.interfaces import Cloud, ContainerSpec, FunctionSpec, ScheduleSpec, ServiceSpec, SubscriptionSpec
from local.layout import Project

Json = dict[str, Any]


class NotEmpty(Exception):
    pass


class MemoryStorage:
    def __init__(self) -> None:
        self.buckets: dict[str, Json] = {}
        self.objects: dict[tuple[str, str], tuple[Json, bytes]] = {}

    def bucket(self, name: str) -> Json | None:
        return self.buckets.get(name)

    def put_bucket(self, name: str, settings: Json) -> Json:
        self.buckets[name] = {"kind": "storage#bucket", "name": name, **settings}
        return self.buckets[name]

    def delete_bucket(self, name: str, force: bool) -> None:
        held = [key for key in self.objects if key[0] == name]
        if held and not force:
            raise NotEmpty(f"bucket {name} is not empty: it has {len(held)} objects")
        for key in held:
            del self.objects[key]
        self.buckets.pop(name, None)

    def object(self, bucket: str, name: str) -> Json | None:
        found = self.objects.get((bucket, name))
        return found and found[0]

    def write(self, bucket: str, name: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> Json:
        generation = len(self.objects) + 1
        self.objects[bucket, name] = (
            {
                "kind": "storage#object",
                "bucket": bucket,
                "name": name,
                "contentType": content_type,
                "metadata": dict(metadata),
                "generation": str(generation),
                "md5Hash": base64.b64encode(hashlib.md5(data).digest()).decode(),
                "crc32c": base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode(),
                "storageClass": "STANDARD",
            },
            data,
        )
        return self.objects[bucket, name][0]

    def read(self, bucket: str, name: str) -> bytes:
        return self.objects[bucket, name][1]

    def delete(self, bucket: str, name: str) -> None:
        self.objects.pop((bucket, name), None)


class MemoryPubSub:
    def __init__(self) -> None:
        self.kept_topics: list[str] = []
        self.kept_subscriptions: dict[str, SubscriptionSpec] = {}

    async def put_topic(self, name: str) -> None:
        self.kept_topics.append(name)

    async def delete_topic(self, name: str) -> None:
        self.kept_topics.remove(name)

    async def put_subscription(self, spec: SubscriptionSpec) -> None:
        self.kept_subscriptions[spec.name] = spec

    async def delete_subscription(self, name: str) -> None:
        self.kept_subscriptions.pop(name, None)

    def topics(self) -> Sequence[str]:
        return self.kept_topics

    def subscriptions(self) -> Sequence[str]:
        return list(self.kept_subscriptions)

    async def has_topic(self, name: str) -> bool:
        return name in self.kept_topics

    async def subscription(self, name: str) -> SubscriptionSpec | None:
        return self.kept_subscriptions.get(name)


class MemoryFirestore:
    def __init__(self) -> None:
        self.databases: set[str] = set()

    async def put_database(self, name: str) -> None:
        self.databases.add(name)

    async def delete_database(self, name: str) -> None:
        self.databases.discard(name)


class MemoryImages:
    """Names an image by the Dockerfile alone."""

    def __init__(self) -> None:
        self.built: list[tuple[str, Path, Path]] = []

    def digest(self, context: Path, dockerfile: Path) -> str:
        return f"sha256:{hashlib.sha256(dockerfile.read_bytes()).hexdigest()}"

    async def build(self, name: str, context: Path, dockerfile: Path) -> str:
        self.built.append((name, context, dockerfile))
        return f"{name}@{self.digest(context, dockerfile)}"


class MemoryServices:
    def __init__(self) -> None:
        self.running: dict[str, ServiceSpec] = {}

    async def put(self, spec: ServiceSpec) -> str:
        if spec.container.image == "broken":
            raise RuntimeError(f"{spec.name} did not start: exit code 1")
        self.running[spec.name] = spec
        return self.uri(spec.name)

    async def delete(self, name: str) -> None:
        self.running.pop(name, None)

    def uri(self, name: str) -> str:
        return f"http://127.0.0.1:1/{name}"

    def spec(self, name: str) -> ServiceSpec | None:
        return self.running.get(name)


class MemoryFunctions:
    """Each has a service of its name, as everywhere."""

    def __init__(self, services: MemoryServices) -> None:
        self.running: dict[str, FunctionSpec] = {}
        self._services = services

    async def put(self, spec: FunctionSpec) -> str:
        self.running[spec.name] = spec
        container = ContainerSpec(spec.name, "source", spec.account, env=spec.env)
        self._services.running[spec.name] = ServiceSpec(spec.name, container, timeout_s=spec.timeout_s)
        return f"http://127.0.0.1:2/{spec.name}"

    async def delete(self, name: str) -> None:
        self.running.pop(name, None)
        await self._services.delete(name)


class MemoryScheduler:
    def __init__(self) -> None:
        self.jobs: dict[str, ScheduleSpec] = {}

    async def put(self, spec: ScheduleSpec) -> None:
        self.jobs[spec.name] = spec

    def job(self, name: str) -> ScheduleSpec | None:
        return self.jobs.get(name)

    async def delete(self, name: str) -> None:
        self.jobs.pop(name, None)


class MemoryIam:
    def __init__(self) -> None:
        self.bindings: dict[str, Binding] = {}
        self.roles: dict[str, set[str]] = {}

    async def define(self, role: str, permissions: Iterable[str]) -> None:
        self.roles[role] = set(permissions)

    async def forget(self, role: str) -> None:
        self.roles.pop(role, None)

    async def bind(self, binding: Binding) -> None:
        self.bindings[binding.id] = binding

    async def unbind(self, identity: str) -> None:
        self.bindings.pop(identity, None)


class NoIdentity:
    """The provider asks for no tokens."""

    async def environment(self, account: str) -> Mapping[str, str]:
        return {}

    def identity_token(self, account: str, audience: str) -> str:
        raise AssertionError("the provider asks for no tokens")

    def verify_identity_token(self, token: str, audience: str) -> str:
        raise AssertionError("the provider verifies no tokens")


def memory_cloud() -> Cloud:
    services = MemoryServices()
    return Cloud(
        project=Project(),
        storage=MemoryStorage(),
        pubsub=MemoryPubSub(),
        firestore=MemoryFirestore(),
        images=MemoryImages(),
        services=services,
        functions=MemoryFunctions(services),
        scheduler=MemoryScheduler(),
        identity=NoIdentity(),
        iam=MemoryIam(),
    )
