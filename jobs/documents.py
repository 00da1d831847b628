"""The documents of a job as Python sees them and as Firestore carries them: snake_case here, camelCase there."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from jobs.job import LIFE, State, UploadState
from jobs.methods import Method
from jobs.presets import PresetId

Document = dict[str, Any]
# documents with `expires` are deleted by Firestore within a day of it (infra/data.py)
PICTURES_KEPT = timedelta(days=30)
OWED_KEPT = timedelta(days=7)
_NAMES: dict[Any, Mapping[str, str]] = {}
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


def _names(kind: Any) -> Mapping[str, str]:
    """Of its fields: as Firestore has them, by what they are called here."""
    if kind not in _NAMES:
        _NAMES[kind] = {item.name: _camel(item.name) for item in fields(kind)}
    return _NAMES[kind]


def wire(value: Any) -> Any:
    """Dataclasses, sequences and mappings as Firestore takes them; times stay datetimes."""
    if hasattr(value, "__dataclass_fields__"):
        return {key: wire(getattr(value, name)) for name, key in _names(type(value)).items()}
    if isinstance(value, Mapping):
        return {key: wire(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [wire(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value


def changed(**changes: Any) -> Document:
    """Some fields alone, as an update takes them."""
    return {_camel(name): wire(value) for name, value in changes.items()}


class Record:
    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Self:
        """From a document; fields that this version does not know are left out."""
        document = document or {}
        values = {name: document[key] for name, key in _names(cls).items() if key in document}
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


@dataclass(frozen=True)
class Failure(Record):
    """Why a job or an upload ended badly: a stable code, and a sentence for the designer."""

    code: str
    text: str
    retryable: bool = False


@dataclass(frozen=True)
class Progress(Record):
    """How far the trainer is. `samples` are gs:// URIs, oldest first. `losses` are those of `loss_steps`, apart because Firestore has no
    lists in lists."""

    stage: str = ""
    step: int = 0
    total: int = 0
    loss: float | None = None
    eta_seconds: float | None = None
    samples: tuple[str, ...] = ()
    loss_steps: tuple[int, ...] = ()
    losses: tuple[float, ...] = ()


@dataclass(frozen=True)
class Result(Record):
    """What a finished job leaves: resource names, gs:// URIs (`base` is the model that was tuned), and how like the pictures the prints
    are (0 to 1)."""

    model: str = ""
    base: str = ""
    endpoint: str = ""
    before: str = ""
    after: str = ""
    likeness_before: float | None = None
    likeness_after: float | None = None


@dataclass(frozen=True)
class Job(Record):
    """`owner` is the identity provider's subject, never an address; `deadline` is when the sweep ends the present state. `submitted`,
    `finished` and `finishing` (when the owner had seen enough) are those of the present attempt; `covers` are ids of a few of its pictures,
    `cover` of the one that the owner chose to stand for all.
    `consented` is when the owner said that the pictures may be used. Once `erased` is set nobody but the sweep sees the job."""

    id: str
    owner: str
    name: str
    subject: str
    class_word: str
    method: Method = Method.DREAMBOOTH
    preset: PresetId = PresetId.STANDARD
    state: State = State.DRAFT
    attempt: int = 1
    pictures: int = 0
    covers: tuple[str, ...] = ()
    cover: str = ""
    steps: int = 0
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    deadline: datetime | None = None
    used: datetime | None = None
    consented: datetime | None = None
    submitted: datetime | None = None
    finishing: datetime | None = None
    finished: datetime | None = None
    erased: datetime | None = None
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
            method=Method(job.method),
            preset=PresetId(job.preset),
            progress=Progress.read(document.get("progress")),
            result=Result.read(document.get("result")),
            failure=Failure.read(document["failure"]) if document.get("failure") else None,
        )

    def due(self, state: State, at: datetime) -> datetime | None:
        limit = LIFE[state].deadline
        return at + limit if limit else None


@dataclass(frozen=True)
class Upload(Record):
    """One picture. `crc32c` is base64 of the big-endian value, as Cloud Storage writes it; `size` is in bytes. `look` is what the picture
    shows in 64 bits (16 hexadecimal digits), near in Hamming distance for pictures that look alike."""

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
    look: str = ""
    caption: str = ""
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
class Event(Record):
    """One transition, kept under its job as `{attempt}-{rank}`, so that a timeline cannot fork."""

    state: State
    attempt: int
    at: datetime
    by: str
    detail: str = ""


@dataclass(frozen=True)
class Outbox(Record):
    """A message still owed for this attempt; it is closed only on evidence that the job is past `uploaded`, long before it expires."""

    job_id: str
    attempt: int
    created: datetime
    published: datetime | None = None
    expires: datetime = field(default_factory=lambda: now() + OWED_KEPT)
