"""Pub/Sub's methods: what each asks for, on what."""

import json
import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any

from local.iam import wire
from local.iam.apis import UnknownMethod, Unreadable, by_id, plain
from local.iam.needs import Need, Resource
from local.layout import Project

_SERVICE = "pubsub.googleapis.com"
_RPC = re.compile(r"/google\.pubsub\.v1\.(?:Publisher|Subscriber)/(\w+)")
_KINDS = {"topics": "Topic", "subscriptions": "Subscription", "snapshots": "Snapshot"}
_NAME = re.compile(rf"(projects/[^/]+)(?:/({'|'.join(_KINDS)})/[^/]+)?")


class _On(Enum):
    """Which of a request's names: the first, the project that it lies in, or the other resource that it mentions."""

    FIRST = auto()
    PROJECT = auto()
    SECOND = auto()


_CONSUME = {"pubsub.subscriptions.consume": _On.FIRST}

METHODS: Mapping[str, Mapping[str, _On]] = {
    "CreateTopic": {"pubsub.topics.create": _On.PROJECT},
    "UpdateTopic": {"pubsub.topics.get": _On.FIRST, "pubsub.topics.update": _On.FIRST},
    "Publish": {"pubsub.topics.publish": _On.FIRST},
    "GetTopic": {"pubsub.topics.get": _On.FIRST},
    "ListTopics": {"pubsub.topics.list": _On.FIRST},
    "ListTopicSubscriptions": {"pubsub.topics.get": _On.FIRST},
    "ListTopicSnapshots": {"pubsub.topics.get": _On.FIRST},
    "DeleteTopic": {"pubsub.topics.delete": _On.FIRST},
    # on the subscription's topic, which the request does not name
    "DetachSubscription": {"pubsub.topics.detachSubscription": _On.PROJECT},
    "CreateSubscription": {"pubsub.subscriptions.create": _On.PROJECT, "pubsub.topics.attachSubscription": _On.SECOND},
    "GetSubscription": {"pubsub.subscriptions.get": _On.FIRST},
    "UpdateSubscription": {"pubsub.subscriptions.get": _On.FIRST, "pubsub.subscriptions.update": _On.FIRST},
    "ListSubscriptions": {"pubsub.subscriptions.list": _On.FIRST},
    "DeleteSubscription": {"pubsub.subscriptions.delete": _On.FIRST},
    "ModifyPushConfig": {"pubsub.subscriptions.update": _On.FIRST},
    "ModifyAckDeadline": _CONSUME,
    "Acknowledge": _CONSUME,
    "Pull": _CONSUME,
    "StreamingPull": _CONSUME,
    "Seek": {**_CONSUME, "pubsub.snapshots.seek": _On.SECOND},
    "GetSnapshot": {"pubsub.snapshots.get": _On.FIRST},
    "ListSnapshots": {"pubsub.snapshots.list": _On.FIRST},
    "CreateSnapshot": {"pubsub.snapshots.create": _On.PROJECT, "pubsub.subscriptions.consume": _On.SECOND},
    "UpdateSnapshot": {"pubsub.snapshots.get": _On.FIRST, "pubsub.snapshots.update": _On.FIRST},
    "DeleteSnapshot": {"pubsub.snapshots.delete": _On.FIRST},
}
# their first field is the resource itself, whose first field is its name
_WRAPPED = {"UpdateTopic", "UpdateSubscription", "UpdateSnapshot"}
# the field of the other resource, and what it is called in JSON
_SECONDS = {"CreateSubscription": (2, "topic"), "CreateSnapshot": (2, "subscription"), "Seek": (3, "snapshot")}

_PATH = re.compile(rf"/v1/(projects/[^/]+)/({'|'.join(_KINDS)})(?:/([^/:]+)(?:/(subscriptions|snapshots)|:(\w+))?)?")
# by verb, collection, whether one of it is named, and what follows the name
_REST: Mapping[tuple[str, str, bool, str], str] = {
    **{("GET", kind, False, ""): f"List{name}s" for kind, name in _KINDS.items()},
    **{("GET", kind, True, ""): f"Get{name}" for kind, name in _KINDS.items()},
    **{("PUT", kind, True, ""): f"Create{name}" for kind, name in _KINDS.items()},
    **{("PATCH", kind, True, ""): f"Update{name}" for kind, name in _KINDS.items()},
    **{("DELETE", kind, True, ""): f"Delete{name}" for kind, name in _KINDS.items()},
    ("POST", "topics", True, "publish"): "Publish",
    ("GET", "topics", True, "subscriptions"): "ListTopicSubscriptions",
    ("GET", "topics", True, "snapshots"): "ListTopicSnapshots",
    ("POST", "subscriptions", True, "acknowledge"): "Acknowledge",
    ("POST", "subscriptions", True, "detach"): "DetachSubscription",
    ("POST", "subscriptions", True, "modifyAckDeadline"): "ModifyAckDeadline",
    ("POST", "subscriptions", True, "modifyPushConfig"): "ModifyPushConfig",
    ("POST", "subscriptions", True, "pull"): "Pull",
    ("POST", "subscriptions", True, "seek"): "Seek",
}


class PubSub:
    """Satisfies `apis.Api`."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def called(self, method: str, message: bytes) -> Sequence[Need]:
        found = _RPC.fullmatch(method)
        if found is None or found[1] not in METHODS:
            raise UnknownMethod(method)
        name, fields = found[1], wire.read(message)
        first = wire.text(wire.message(fields, 1) or b"", 1) if name in _WRAPPED else wire.last(fields, 1)
        second = wire.last(fields, _SECONDS[name][0]) if name in _SECONDS else ""
        return self._needs(name, first, second)

    def requested(self, verb: str, path: str, query: Mapping[str, str], body: bytes) -> Sequence[Need]:
        found = _PATH.fullmatch(plain(path))
        project, kind, name, below, action = found.groups(default="") if found else ("",) * 5
        method = _REST.get((verb, kind, bool(name), below or action))
        if method is None:
            raise UnknownMethod(f"{verb} {path}")
        second = _json(body).get(_SECONDS[method][1], "") if method in _SECONDS else ""
        return self._needs(method, f"{project}/{kind}/{name}" if name else project, str(second))

    def words(self, need: Need) -> str:
        return "User not authorized to perform this action."

    def _needs(self, method: str, first: str, second: str) -> Sequence[Need]:
        resource = self._resource(first)
        above = resource.within[-1]
        where = {_On.FIRST: resource, _On.PROJECT: self._resource(above)}
        if second:
            where[_On.SECOND] = self._resource(second)
        return [Need(permission, where[on]) for permission, on in METHODS[method].items() if on in where]

    def _resource(self, name: str) -> Resource:
        name = by_id(self._project, name)
        found = _NAME.fullmatch(f"projects/{self._project.id}" if name == f"projects/{self._project.number}" else name)
        if found is None:
            raise Unreadable(f"{name!r} is the name of no project, topic, subscription or snapshot")
        project, kind = found.groups()
        if kind is None:
            return Resource(project, "cloudresourcemanager.googleapis.com/Project", "cloudresourcemanager.googleapis.com", (project,))
        return Resource(name, f"{_SERVICE}/{_KINDS[kind]}", _SERVICE, (name, project))


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError as error:
        raise Unreadable(f"the body is no JSON: {error}") from error
    return found if isinstance(found, dict) else {}
