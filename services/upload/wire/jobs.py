"""A job on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from jobs.job import State
from jobs.methods import Method
from jobs.presets import PresetId
from services.upload.wire.base import ClassWord, Failure, Name, Subject, Wire
from services.upload.wire.uploads import Upload

Point = Annotated[list[float], Field(min_length=2, max_length=2)]


class NewJob(Wire):
    """`subject` is the rare word that will stand for what the pictures show, `classWord` what kind of thing that is. `method` says how to
    learn it, `preset` how long to train; `consent`, that the caller may use these pictures for it, without which the job cannot be
    submitted."""

    name: Name
    subject: Subject = "sks"
    class_word: ClassWord
    method: Method = Method.DREAMBOOTH
    preset: PresetId = PresetId.STANDARD
    consent: bool = False


class JobChange(Wire):
    """Without `consent` what was said before stands; false takes it back. `cover` is the id of the upload that stands for all in
    lists; an empty one takes that back."""

    name: Name | None = None
    subject: Subject | None = None
    class_word: ClassWord | None = None
    method: Method | None = None
    preset: PresetId | None = None
    consent: bool | None = None
    cover: Annotated[str, Field(pattern=r"^([0-9a-z]{26})?$")] | None = None


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
    """`losses` are [step, loss] of the whole attempt, at most 120 of them, evenly spaced."""

    stage: str
    step: int
    total: int
    loss: float | None
    eta_seconds: float | None
    losses: list[Point]
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
    """`covers` are URLs of a few of its pictures, first that of the upload `cover`, if its owner chose one; `prompt` is what the model is
    trained to answer. `steps` is for how long it trains, `consented` when its owner said that the pictures may be used, `finishing` when
    they asked to keep what is learnt by then."""

    id: str
    name: str
    subject: str
    class_word: str
    method: Method
    preset: PresetId
    steps: int
    state: State
    attempt: int
    pictures: int
    prompt: str
    created: datetime
    updated: datetime
    deadline: datetime | None
    consented: datetime | None
    finishing: datetime | None
    failure: Failure | None
    cover: str | None
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
