"""Models, their versions and endpoints, and the pictures drawn with them, on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from jobs.methods import Method
from services.upload.wire.base import Failure, Prompt, Wire, printable
from services.upload.wire.jobs import Result

NegativePrompt = Annotated[str, Field(max_length=1000), AfterValidator(printable)]


class NewGeneration(Wire):
    """What `remixOf` leaves open is as in that generation. `base` asks the model as it was before it was tuned, to compare."""

    prompt: Prompt | None = None
    negative_prompt: NegativePrompt | None = None
    seed: int | None = Field(None, ge=0, lt=2**31)
    steps: int | None = Field(None, ge=1, le=100)
    guidance: float | None = Field(None, ge=1, le=30)
    count: int | None = Field(None, ge=1, le=4)
    base: bool = False
    remix_of: str | None = Field(None, pattern=r"^[0-9a-z]{26}$")


class Picture(Wire):
    """`url` is absent until it is drawn, and where the safety check holds it back (`blocked`)."""

    number: int
    seed: int
    url: str | None
    blocked: bool
    favourite: bool


class Generation(Wire):
    """`waiting` → `drawing` → `done` or `failed`; `pictures` fill one after another."""

    id: str
    model: str
    version: int
    state: Literal["waiting", "drawing", "done", "failed"]
    prompt: str
    negative_prompt: str
    seed: int
    steps: int
    guidance: float
    count: int
    base: bool
    remix_of: str | None
    pictures: list[Picture]
    failure: Failure | None
    created: datetime


class GenerationList(Wire):
    generations: list[Generation]
    next_cursor: str | None


class GenerationsPage(Wire):
    """`model` is the id of one; without it, of all."""

    cursor: str | None = None
    limit: int = Field(24, ge=1, le=100)
    favourite: bool = False
    model: str | None = Field(None, pattern=r"^[0-9a-z]{26}$")


class Deployment(Wire):
    """`until` is when it falls asleep unless it is used before; `hourlyPrice` is what it costs while it is awake."""

    state: Literal["awake", "waking", "sleeping", "asleep", "failed"]
    since: datetime
    until: datetime | None
    hourly_price: float
    currency: str
    failure: Failure | None


class Lineage(Wire):
    """Where a version comes from: enough to make it again."""

    job: str
    attempt: int
    method: Method
    subject: str
    class_word: str
    pictures: int
    base_model: str
    pipeline: str
    registered: str


class Version(Wire):
    """`number` is the attempt that made it; `result` has its pictures and figures."""

    number: int
    created: datetime
    result: Result
    lineage: Lineage
    weights: str
    card: str


class VersionList(Wire):
    versions: list[Version]


class Model(Wire):
    """The id is that of the job that trained it."""

    id: str
    name: str
    subject: str
    class_word: str
    method: Method
    prompt: str
    created: datetime
    versions: int
    generations: int
    deployment: Deployment
    covers: list[str]


class ModelsPage(Wire):
    cursor: str | None = None
    limit: int = Field(12, ge=1, le=50)


class ModelList(Wire):
    models: list[Model]
    next_cursor: str | None


class WeightsFile(Wire):
    """`url` answers once with a link that works for `minutes`; `crc32c` as Cloud Storage writes it."""

    name: str
    size: int
    crc32c: str = Field(alias="crc32c")
    url: str


class Adapter(WeightsFile):
    """What LoRA has learnt, alone. `format` is of its keys: diffusers' own, or kohya's, which ComfyUI and most other tools read."""

    format: Literal["diffusers", "kohya"]


class Weights(Wire):
    """`files` are the model; `adapters`, which DreamBooth does not leave, lie beside it."""

    files: list[WeightsFile]
    adapters: list[Adapter]
    minutes: int
