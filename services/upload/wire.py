"""What goes over the wire, as Pydantic models: camelCase there, snake_case here."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from jobs.job import State, UploadState
from services.upload.problems import KINDS, code

CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp")


def printable(text: str) -> str:
    """NFC, and without control and direction characters, which can make one name look like another."""
    kept = "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    return " ".join(kept.split())


def _class_word(text: str) -> str:
    return re.sub(r"^(a|an|the)\s+", "", printable(text), flags=re.IGNORECASE)


def _text(longest: int) -> object:
    return Field(min_length=1, max_length=longest)


Name = Annotated[str, BeforeValidator(lambda value: printable(value) if isinstance(value, str) else value), _text(120)]
Subject = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{1,31}$")]
ClassWord = Annotated[str, AfterValidator(_class_word), Field(pattern=r"^[A-Za-z][A-Za-z -]{0,63}$")]
Code = Annotated[str, Field(json_schema_extra={"enum": [code(slug) for slug in KINDS]})]


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Problem(Wire):
    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: Code
    retryable: bool
    trace_id: str
    errors: list[dict[str, str]] | None = None


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


class NewUpload(Wire):
    """`crc32c` is base64 of the four big-endian bytes."""

    file_name: Annotated[str, BeforeValidator(lambda value: printable(value)[-255:] if isinstance(value, str) else value), _text(255)]
    size: int = Field(gt=0)
    crc32c: str = Field(alias="crc32c", pattern=r"^[A-Za-z0-9+/]{6}==$")
    content_type: str = Field(max_length=100)


class NewUploads(Wire):
    uploads: list[NewUpload] = Field(min_length=1, max_length=200)


class NewGeneration(Wire):
    prompt: Annotated[str, Field(min_length=1, max_length=1000)]
    negative_prompt: Annotated[str, Field(max_length=1000)] = ""
    seed: int | None = Field(None, ge=0, lt=2**31)
    steps: int | None = Field(None, ge=1, le=100)
    guidance: float | None = Field(None, ge=1, le=30)
    count: int = Field(1, ge=1, le=4)


class JobsPage(Wire):
    cursor: str | None = None
    limit: int = Field(12, ge=1, le=50)


class Failure(Wire):
    code: str
    text: str
    retryable: bool


class Upload(Wire):
    """`url` takes the bytes by PUT; `picture` is there once they are verified."""

    id: str
    file_name: str
    size: int
    state: UploadState
    width: int
    height: int
    url: str
    picture: str | None
    failure: Failure | None


class Uploads(Wire):
    uploads: list[Upload]


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


class Generation(Wire):
    id: str
    prompt: str
    negative_prompt: str
    seed: int
    steps: int
    guidance: float
    pictures: list[str]
    created: datetime


class GenerationList(Wire):
    generations: list[Generation]


class Accepted(Wire):
    """The answer of the one-call form."""

    message: str
    job_id: str


class Me(Wire):
    id: str
    email: str
    open_jobs: int
    max_open_jobs: int


class Limits(Wire):
    min_pictures: int
    max_pictures: int
    max_picture_bytes: int
    min_side: int
    max_side: int
    good_side: int
    max_open_jobs: int
    max_prints: int
    content_types: list[str]


class Preset(Wire):
    method: str
    label: str
    steps: int
    resolution: int


class Prompts(Wire):
    """`train` has {subject} and {classWord} to fill in; `hints` too."""

    train: str
    hints: list[str]
    steps: int
    guidance: float


class Config(Wire):
    limits: Limits
    presets: list[Preset]
    prompts: Prompts
    subject: str
