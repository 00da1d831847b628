"""A job on the wire."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from jobs.job import State
from services.upload.wire.base import ClassWord, Failure, Name, Subject, Wire
from services.upload.wire.uploads import Upload


class NewJob(Wire):
    """`subject` is the rare word that will stand for what the pictures show, `classWord` what kind of thing that is."""

    name: Name
    subject: Subject = "sks"
    class_word: ClassWord
    method: Literal["dreambooth"] = "dreambooth"


class JobChange(Wire):
    name: Name | None = None
    subject: Subject | None = None
    class_word: ClassWord | None = None


class JobsPage(Wire):
    cursor: str | None = None
    limit: int = Field(12, ge=1, le=50)


class Counts(Wire):
    pending: int
    verified: int
    rejected: int


class Sample(Wire):
    step: int | None
    url: str


class Progress(Wire):
    stage: str
    step: int
    total: int
    loss: float | None
    eta_seconds: float | None
    samples: list[Sample]


class Result(Wire):
    model: str
    endpoint: str
    before: str | None
    after: str | None
    likeness_before: float | None
    likeness_after: float | None


class Event(Wire):
    state: State
    attempt: int
    at: datetime
    by: str
    detail: str


class Job(Wire):
    """`covers` are URLs of a few of its pictures; `prompt` is what the model is trained to answer."""

    id: str
    name: str
    subject: str
    class_word: str
    method: str
    state: State
    attempt: int
    pictures: int
    prompt: str
    created: datetime
    updated: datetime
    deadline: datetime | None
    failure: Failure | None
    covers: list[str]


class JobDetail(Job):
    counts: Counts
    uploads: list[Upload]
    history: list[Event]
    progress: Progress
    result: Result | None
    attempts_left: int


class JobList(Wire):
    jobs: list[Job]
    next_cursor: str | None


class Accepted(Wire):
    """The answer of the one-call form."""

    message: str
    job_id: str


class Money(Wire):
    """`low` to `high`, in `currency`."""

    low: float
    high: float
    currency: str
    as_of: str


class Estimate(Wire):
    """`low` is the quarter of the jobs that took least, `high` the tenth that took longest; from `history` of `jobs` like this one, or from
    `config` where there are too few. `price` is absent where the stack has no prices."""

    low_seconds: float
    high_seconds: float
    basis: Literal["history", "config"]
    jobs: int
    gpu_minutes: int
    price: Money | None
