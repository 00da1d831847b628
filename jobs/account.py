"""What is kept of a designer beside their jobs, as documents: a day's use, requests that may come again, erasures, and who is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from jobs.documents import Record, now

USAGE_KEPT, REQUESTS_KEPT, DELIVERIES_KEPT = timedelta(days=32), timedelta(hours=24), timedelta(days=7)


@dataclass(frozen=True)
class Usage(Record):
    """What one owner took of one day (UTC)."""

    owner: str
    day: str
    jobs: int = 0
    pictures: int = 0
    bytes: int = 0
    gpu_minutes: int = 0
    expires: datetime = field(default_factory=lambda: now() + USAGE_KEPT)


@dataclass(frozen=True)
class Request(Record):
    """One Idempotency-Key of one caller on one route. `status` 0: it is being answered, until `deadline` at the latest."""

    id: str
    fingerprint: str
    deadline: datetime
    status: int = 0
    body: str = ""
    location: str = ""
    etag: str = ""
    expires: datetime = field(default_factory=lambda: now() + REQUESTS_KEPT)


class Scope(StrEnum):
    JOB = "job"
    MODEL = "model"


@dataclass(frozen=True)
class Erasure(Record):
    """What is to be removed, then what was: full names (gs://..., firestore:collection/id, projects/.../models/...). `done` ends it."""

    id: str
    job_id: str
    owner: str
    scope: Scope = Scope.JOB
    asked: datetime = field(default_factory=now)
    done: datetime | None = None
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Self:
        erasure = super().read(document)
        return replace(erasure, scope=Scope(erasure.scope))


@dataclass(frozen=True)
class Webhook(Record):
    """Where an owner is told of jobs that end. `secret` signs; it is shown to the owner once and never logged."""

    owner: str
    url: str
    secret: str = field(repr=False)
    created: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Delivery(Record):
    """One message owed to a webhook, written in the commit that ends the job. `due` is empty once it was taken or given up."""

    id: str
    job_id: str
    owner: str
    event: str
    at: datetime
    tries: int = 0
    due: datetime | None = field(default_factory=now)
    outcome: str = ""
    expires: datetime = field(default_factory=lambda: now() + DELIVERIES_KEPT)
