"""A cloud in memory: every room keeps what it is told, and nothing runs."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import google_crc32c

from local.interfaces import Cloud, FunctionSpec, ScheduleSpec, ServiceSpec, SubscriptionSpec
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
        self.members: dict[str, set[str]] = {}

    async def put(self, spec: ServiceSpec) -> str:
        if spec.container.image == "broken":
            raise RuntimeError(f"{spec.name} did not start: exit code 1")
        self.running[spec.name] = spec
        return self.uri(spec.name)

    async def delete(self, name: str) -> None:
        self.running.pop(name, None)

    def uri(self, name: str) -> str:
        return f"http://127.0.0.1:1/{name}"

    def grant(self, name: str, member: str) -> None:
        self.members.setdefault(name, set()).add(member)

    def revoke(self, name: str, member: str) -> None:
        self.members.get(name, set()).discard(member)


class MemoryFunctions:
    def __init__(self) -> None:
        self.running: dict[str, FunctionSpec] = {}

    async def put(self, spec: FunctionSpec) -> str:
        self.running[spec.name] = spec
        return f"http://127.0.0.1:2/{spec.name}"

    async def delete(self, name: str) -> None:
        self.running.pop(name, None)


class MemoryScheduler:
    def __init__(self) -> None:
        self.jobs: dict[str, ScheduleSpec] = {}

    async def put(self, spec: ScheduleSpec) -> None:
        self.jobs[spec.name] = spec

    async def delete(self, name: str) -> None:
        self.jobs.pop(name, None)


class NoIdentity:
    """The provider asks for no tokens."""

    async def environment(self, account: str) -> Mapping[str, str]:
        return {}

    def identity_token(self, account: str, audience: str) -> str:
        raise AssertionError("the provider asks for no tokens")

    def verify_identity_token(self, token: str, audience: str) -> str:
        raise AssertionError("the provider verifies no tokens")


def memory_cloud() -> Cloud:
    return Cloud(
        project=Project(),
        storage=MemoryStorage(),
        pubsub=MemoryPubSub(),
        firestore=MemoryFirestore(),
        images=MemoryImages(),
        services=MemoryServices(),
        functions=MemoryFunctions(),
        scheduler=MemoryScheduler(),
        identity=NoIdentity(),
    )
