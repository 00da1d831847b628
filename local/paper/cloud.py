"""The rooms of a cloud on paper. They are told everything and remember only what they are asked for again."""

import asyncio
import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.interfaces import Cloud, FunctionSpec, Json, ScheduleSpec, ServiceSpec, SubscriptionSpec
from local.layout import Project
from local.paper import answers
from local.provider.context import context_digest


class PaperStorage:
    def __init__(self) -> None:
        self._buckets: dict[str, Json] = {}
        self._objects: dict[tuple[str, str], tuple[Json, bytes]] = {}

    def bucket(self, name: str) -> Json | None:
        return self._buckets.get(name)

    def put_bucket(self, name: str, settings: Json) -> Json:
        self._buckets[name] = {**settings, "kind": "storage#bucket", "name": name}
        return self._buckets[name]

    def delete_bucket(self, name: str, force: bool) -> None:
        self._buckets.pop(name, None)

    def object(self, bucket: str, name: str) -> Json | None:
        found = self._objects.get((bucket, name))
        return found[0] if found else None

    def write(self, bucket: str, name: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> Json:
        about = {
            "kind": "storage#object",
            "bucket": bucket,
            "name": name,
            "contentType": content_type or mimetypes.guess_type(name)[0],
            "metadata": dict(metadata),
            "storageClass": "STANDARD",
            "size": str(len(data)),
            "generation": answers.generation(data),
            "md5Hash": answers.md5(data),
            "crc32c": answers.crc32c(data),
        }
        self._objects[bucket, name] = about, data
        return about

    def read(self, bucket: str, name: str) -> bytes:
        return self._objects[bucket, name][1]

    def delete(self, bucket: str, name: str) -> None:
        self._objects.pop((bucket, name), None)


class PaperPubSub:
    def __init__(self) -> None:
        self._topics: set[str] = set()
        self._subscriptions: dict[str, SubscriptionSpec] = {}

    async def put_topic(self, name: str) -> None:
        self._topics.add(name)

    async def delete_topic(self, name: str) -> None:
        self._topics.discard(name)

    async def put_subscription(self, spec: SubscriptionSpec) -> None:
        self._subscriptions[spec.name] = spec

    async def delete_subscription(self, name: str) -> None:
        self._subscriptions.pop(name, None)

    def topics(self) -> Sequence[str]:
        return sorted(self._topics)

    def subscriptions(self) -> Sequence[str]:
        return sorted(self._subscriptions)

    async def has_topic(self, name: str) -> bool:
        return name in self._topics

    async def subscription(self, name: str) -> SubscriptionSpec | None:
        return self._subscriptions.get(name)


class PaperFirestore:
    async def put_database(self, name: str) -> None: ...

    async def delete_database(self, name: str) -> None: ...


class PaperImages:
    """An image is named by the digest of what it would be built from."""

    def digest(self, context: Path, dockerfile: Path) -> str:
        return f"sha256:{context_digest(context, dockerfile)}"

    async def build(self, name: str, context: Path, dockerfile: Path) -> str:
        return f"{name}@{await asyncio.to_thread(self.digest, context, dockerfile)}"


class PaperServices:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._specs: dict[str, ServiceSpec] = {}

    async def put(self, spec: ServiceSpec) -> str:
        self._specs[spec.name] = spec
        return self.uri(spec.name)

    async def delete(self, name: str) -> None:
        self._specs.pop(name, None)

    def spec(self, name: str) -> ServiceSpec | None:
        return self._specs.get(name)

    def uri(self, name: str) -> str:
        return answers.service_url(name, self._project.number, self._project.region)

    def grant(self, name: str, member: str) -> None: ...

    def revoke(self, name: str, member: str) -> None: ...


class PaperFunctions:
    def __init__(self, services: PaperServices) -> None:
        self._services = services

    async def put(self, spec: FunctionSpec) -> str:
        return self._services.uri(spec.name)

    async def delete(self, name: str) -> None: ...


class PaperScheduler:
    def __init__(self) -> None:
        self._jobs: dict[str, ScheduleSpec] = {}

    async def put(self, spec: ScheduleSpec) -> None:
        self._jobs[spec.name] = spec

    def job(self, name: str) -> ScheduleSpec | None:
        return self._jobs.get(name)

    async def delete(self, name: str) -> None:
        self._jobs.pop(name, None)


class PaperIdentity:
    async def environment(self, account: str) -> Mapping[str, str]:
        return {}

    def identity_token(self, account: str, audience: str) -> str:
        return ""

    def verify_identity_token(self, token: str, audience: str) -> str:
        return ""


def on_paper(project: Project) -> Cloud:
    services = PaperServices(project)
    return Cloud(
        project=project,
        storage=PaperStorage(),
        pubsub=PaperPubSub(),
        firestore=PaperFirestore(),
        images=PaperImages(),
        services=services,
        functions=PaperFunctions(services),
        scheduler=PaperScheduler(),
        identity=PaperIdentity(),
    )
