"""What the rooms of the local cloud ask of one another.

The provider turns a Pulumi resource into one of these specifications; the room that owns it makes it real. Every `put` is
idempotent: the same specification twice changes nothing, another one replaces what stood there. Every `delete` of what is not
there is silent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from local.iam.bindings import Iam
from local.layout import Project

Json = dict[str, Any]


@dataclass(frozen=True)
class ContainerSpec:
    """One process of a built image. `command` and `args` replace ENTRYPOINT and CMD where given, as in Kubernetes.

    `unlogged` is what its log says in place of all that it writes, where that must not be kept.
    """

    name: str
    image: str
    account: str
    command: Sequence[str] = ()
    args: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    unlogged: str = ""


class Running(Protocol):
    """A started container."""

    pid: int
    log: Path

    async def wait(self) -> int:
        """The exit code; negative for a signal, as in subprocess."""

    async def stop(self, grace_s: float = 10.0) -> None:
        """SIGTERM to the process group, SIGKILL after `grace_s`."""


class Containers(Protocol):
    async def start(self, spec: ContainerSpec) -> Running: ...


class Images(Protocol):
    def digest(self, context: Path, dockerfile: Path) -> str:
        """`sha256:...` of the Dockerfile and of the files that its ignore file lets in: what `build` would be named by."""

    async def build(self, name: str, context: Path, dockerfile: Path) -> str:
        """Build and keep the image; answers `NAME@sha256:...`. Raises BuildFailed with the Dockerfile's line."""


@dataclass(frozen=True)
class ServiceSpec:
    """A Cloud Run service (or the one behind a function)."""

    name: str
    container: ContainerSpec
    port_env: str = "PORT"
    iap: bool = False
    timeout_s: float = 300.0
    startup_path: str | None = None
    liveness_path: str | None = None
    max_instances: int = 1


class Services(Protocol):
    async def put(self, spec: ServiceSpec) -> str:
        """Start or replace; answers the service's URI once it takes requests. Raises StartFailed with the log's last lines."""

    async def delete(self, name: str) -> None: ...

    def uri(self, name: str) -> str: ...

    def spec(self, name: str) -> ServiceSpec | None:
        """As it is now; of functions too."""


@dataclass(frozen=True)
class BuildSpec:
    """Which account builds a function, from which object, into which repository (its full name, "" for Google's own)."""

    account: str
    bucket: str
    object: str
    repository: str = ""


@dataclass(frozen=True)
class FunctionSpec:
    """A second-generation HTTP function: an archive in a bucket, run by functions-framework."""

    name: str
    archive: bytes
    entry_point: str
    account: str
    env: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 60.0
    # "http" or "cloudevent": how functions-framework calls the entry point
    signature: str = "http"
    build: BuildSpec | None = None


class Functions(Protocol):
    async def put(self, spec: FunctionSpec) -> str:
        """Answers the URI. Raises BuildRefused. The service behind it has the function's name in `Services`."""

    async def delete(self, name: str) -> None: ...


@dataclass(frozen=True)
class ScheduleSpec:
    """A Cloud Scheduler job that calls `uri` with an OIDC token of `account`."""

    name: str
    cron: str
    time_zone: str
    uri: str
    method: str
    account: str
    audience: str
    body: bytes = b""
    attempt_deadline_s: float = 180.0


class Scheduler(Protocol):
    async def put(self, spec: ScheduleSpec) -> None: ...

    def job(self, name: str) -> ScheduleSpec | None:
        """As it is now."""

    async def delete(self, name: str) -> None: ...


@dataclass(frozen=True)
class SubscriptionSpec:
    """Names are ids, not paths. `push_endpoint` None is a pull subscription."""

    name: str
    topic: str
    ack_deadline_s: int = 10
    push_endpoint: str | None = None
    push_account: str | None = None
    push_audience: str | None = None
    dead_letter_topic: str | None = None
    max_delivery_attempts: int = 5
    minimum_backoff: str | None = None
    maximum_backoff: str | None = None
    retention: str | None = None


class PubSub(Protocol):
    async def put_topic(self, name: str) -> None: ...

    async def delete_topic(self, name: str) -> None: ...

    async def put_subscription(self, spec: SubscriptionSpec) -> None: ...

    async def delete_subscription(self, name: str) -> None: ...

    def topics(self) -> Sequence[str]: ...

    def subscriptions(self) -> Sequence[str]: ...

    async def has_topic(self, name: str) -> bool:
        """Whoever made or deleted it."""

    async def subscription(self, name: str) -> SubscriptionSpec | None:
        """As it is now, whoever changed it."""


class Firestore(Protocol):
    async def put_database(self, name: str) -> None: ...

    async def delete_database(self, name: str) -> None:
        """Its documents go with it."""


class Storage(Protocol):
    """Resources are Google's own JSON (`storage#bucket`, `storage#object`)."""

    def bucket(self, name: str) -> Json | None: ...

    def put_bucket(self, name: str, settings: Json) -> Json: ...

    def delete_bucket(self, name: str, force: bool) -> None:
        """Raises NotEmpty unless `force`."""

    def object(self, bucket: str, name: str) -> Json | None: ...

    def write(self, bucket: str, name: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> Json: ...

    def read(self, bucket: str, name: str) -> bytes: ...

    def delete(self, bucket: str, name: str) -> None: ...


class Identity(Protocol):
    """Tokens and environments of workloads."""

    async def environment(self, account: str) -> Mapping[str, str]:
        """What a workload of `account` needs to reach Google: its metadata server, the proxy, the private CA."""

    def identity_token(self, account: str, audience: str) -> str:
        """Signed as Google signs: RS256, issuer https://accounts.google.com, `email`, `email_verified`."""

    def verify_identity_token(self, token: str, audience: str) -> str:
        """The e-mail address that it was issued for. Raises Refused."""


@dataclass(frozen=True)
class Cloud:
    """All that a provider's catalog can act on."""

    project: Project
    storage: Storage
    pubsub: PubSub
    firestore: Firestore
    images: Images
    services: Services
    functions: Functions
    scheduler: Scheduler
    identity: Identity
    iam: Iam
