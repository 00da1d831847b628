"""A request once its path is understood, and the two kinds of handlers that answer it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from aiohttp import web
from multidict import CIMultiDict, MultiDict

from local.iam.needs import EVERYBODY, Guard
from local.interfaces import Json
from local.storage.callers import Caller
from local.storage.errors import Invalid
from local.storage.records import GOOGLE
from local.storage.slots import Slot
from local.storage.store import Store

PublicKey = Callable[[str], str | None]


@dataclass(frozen=True)
class Call:
    """`path` holds the decoded variables of the route; `base` is the scheme and host that the client used."""

    method: str
    raw_path: str
    path: Mapping[str, str]
    query: MultiDict[str]
    headers: CIMultiDict[str]
    caller: Caller
    body: bytes = b""
    base: str = GOOGLE

    def json(self) -> Json:
        return json_object(self.body)

    def ask(self, permissions: tuple[str, ...]) -> None:
        """On the bucket or object of the path. Raises AccessDenied."""
        self.caller.require(permissions, self.path.get("bucket", ""), self.path.get("object", ""))


def json_object(text: bytes) -> Json:
    """Nothing counts as {}. Raises Invalid."""
    try:
        value = json.loads(text or b"{}")
    except ValueError:
        raise Invalid("Parse Error: the resource is not JSON.") from None
    if not isinstance(value, dict):
        raise Invalid("Parse Error: the resource is not a JSON object.")
    return value


@dataclass(frozen=True)
class Answer:
    status: int = 200
    json: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Service:
    """What the handlers work on. `public_key` answers the PEM of a service account's key, for signed URLs."""

    store: Store
    public_key: PublicKey | None = None
    guard: Guard = EVERYBODY
    slots: WeakValueDictionary[str, Slot] = field(default_factory=WeakValueDictionary)


Handler = Callable[[Store, Call], Answer]
Stream = Callable[[Service, web.Request, Call], Awaitable[web.StreamResponse]]
