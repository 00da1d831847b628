"""The rooms of a cloud on paper. They are told everything and remember only what they are asked for again."""

import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local.iam.bindings import Binding
from local.interfaces import Cloud, Json, SubscriptionSpec
from local.layout import Project
from local.paper import answers


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


class NoAccess:
    """Enforces nothing: what it is told is forgotten."""

    async def define(self, role: str, permissions: Iterable[str]) -> None: ...

    async def forget(self, role: str) -> None: ...

    async def bind(self, binding: Binding) -> None: ...

    async def unbind(self, identity: str) -> None: ...


def on_paper(project: Project) -> Cloud:
    # what would ask these stands on paper in a room of its own (local.paper.rooms), which asks nobody
    unasked: Any = None
    return Cloud(
        project=project,
        storage=PaperStorage(),
        pubsub=PaperPubSub(),
        firestore=PaperFirestore(),
        images=unasked,
        services=unasked,
        functions=unasked,
        scheduler=unasked,
        identity=unasked,
        iam=NoAccess(),
    )
