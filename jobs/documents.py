"""The documents of a job as Python sees them and as Firestore and the API carry them: snake_case here, camelCase there."""

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from jobs.job import LIFE, State, UploadState

Document = dict[str, Any]
# documents with `expires` are deleted by Firestore within a day of it (infra/data.py)
PICTURES_KEPT = timedelta(days=30)
OWED_KEPT = timedelta(days=7)
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """26 characters of lower-case base32: 48 bits of milliseconds, then 82 random ones, so ids sort by time."""
    number = (int(time.time() * 1000) << 82) | secrets.randbits(82)
    return "".join(_BASE32[(number >> shift) & 31] for shift in range(125, -5, -5))


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match.group().lower(), name)


def wire(value: Any) -> Any:
    """Dataclasses, sequences and mappings as Firestore takes them; times stay datetimes."""
    if hasattr(value, "__dataclass_fields__"):
        return {_camel(item.name): wire(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: wire(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [wire(item) for item in value]
    return str(value) if isinstance(value, State | UploadState) else value


def changed(**changes: Any) -> Document:
    """Some fields alone, as an update takes them."""
    return {_camel(name): wire(value) for name, value in changes.items()}


class _Record:
    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Self:
        """From a document; fields that this version does not know are left out."""
        document = document or {}
        known = {item.name for item in fields(cls)}  # type: ignore[arg-type]
        values = {_snake(key): value for key, value in document.items() if _snake(key) in known}
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})


@dataclass(frozen=True)
class Failure(_Record):
    """Why a job or an upload ended badly: a stable code, and a sentence for the designer."""

    code: str
    text: str
    retryable: bool = False


@dataclass(frozen=True)
class Progress(_Record):
    """How far the trainer is. `samples` are gs:// URIs, oldest first."""

    stage: str = ""
    step: int = 0
    total: int = 0
    loss: float | None = None
    eta_seconds: float | None = None
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result(_Record):
    """What a finished job leaves: resource names, gs:// URIs, and how like the pictures the prints are (0 to 1)."""

    model: str = ""
    endpoint: str = ""
    before: str = ""
    after: str = ""
    likeness_before: float | None = None
    likeness_after: float | None = None


@dataclass(frozen=True)
class Job(_Record):
    """`owner` is the identity provider's subject, never an address; `deadline` is when the sweep ends the present state."""

    id: str
    owner: str
    name: str
    subject: str
    class_word: str
    method: str = "dreambooth"
    state: State = State.DRAFT
    attempt: int = 1
    pictures: int = 0
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    deadline: datetime | None = None
    used: datetime | None = None
    pipeline: str = ""
    trace: str = ""
    progress: Progress = Progress()
    result: Result = Result()
    failure: Failure | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Self:
        document = document or {}
        job = super().read(document)
        return replace(
            job,
            state=State(job.state),
            progress=Progress.read(document.get("progress")),
            result=Result.read(document.get("result")),
            failure=Failure.read(document["failure"]) if document.get("failure") else None,
        )

    def due(self, state: State, at: datetime) -> datetime | None:
        limit = LIFE[state].deadline
        return at + limit if limit else None


@dataclass(frozen=True)
class Upload(_Record):
    """One picture. `crc32c` is base64 of the big-endian value, as Cloud Storage writes it; `size` is in bytes."""

    id: str
    job_id: str
    owner: str
    file_name: str
    content_type: str
    size: int
    crc32c: str
    state: UploadState = UploadState.PENDING
    width: int = 0
    height: int = 0
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    expires: datetime = field(default_factory=lambda: now() + PICTURES_KEPT)
    failure: Failure | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Self:
        document = document or {}
        upload = super().read(document)
        failure = Failure.read(document["failure"]) if document.get("failure") else None
        return replace(upload, state=UploadState(upload.state), failure=failure)


@dataclass(frozen=True)
class Event(_Record):
    """One transition, kept under its job as `{attempt}-{rank}`, so that a timeline cannot fork."""

    state: State
    attempt: int
    at: datetime
    by: str
    detail: str = ""


@dataclass(frozen=True)
class Outbox(_Record):
    """A message still owed for this attempt; it is closed only on evidence that the job is past `uploaded`, long before it expires."""

    job_id: str
    attempt: int
    created: datetime
    published: datetime | None = None
    expires: datetime = field(default_factory=lambda: now() + OWED_KEPT)


@dataclass(frozen=True)
class Generation(_Record):
    """Pictures asked of a ready model; `pictures` are gs:// URIs in the order of their seeds."""

    id: str
    job_id: str
    owner: str
    prompt: str
    negative_prompt: str
    seed: int
    steps: int
    guidance: float
    pictures: tuple[str, ...] = ()
    created: datetime = field(default_factory=now)
