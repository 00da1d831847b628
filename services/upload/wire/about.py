"""Who asks, what is allowed and left, and what was erased."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from jobs.methods import Method
from jobs.presets import PresetId
from services.upload.wire.base import Wire


class Allowance(Wire):
    """Of one day; it starts again at `resets`."""

    used: int
    limit: int


class Quota(Wire):
    """`bytes` and `pictures` count what was announced, `gpuMinutes` what submitted jobs are expected to take."""

    pictures: Allowance
    bytes: Allowance
    gpu_minutes: Allowance
    resets: datetime


class Me(Wire):
    id: str
    email: str
    open_jobs: int
    max_open_jobs: int
    quota: Quota


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
    picture_days: int


class Preset(Wire):
    """One way to train: how (`method`) and for how long (`steps`). Of each method there are the same presets."""

    id: PresetId
    method: Method
    steps: int
    resolution: int


class Prompts(Wire):
    """`train` has {subject} and {classWord} to fill in; `hints` too."""

    train: str
    hints: list[str]
    steps: int
    guidance: float


class Prices(Wire):
    """Per hour of training and of an endpoint that is awake; 0 where the stack runs at no cost. `asOf` is the price list's date."""

    training: float
    serving: float
    currency: str
    as_of: str


class Config(Wire):
    limits: Limits
    presets: list[Preset]
    prompts: Prompts
    prices: Prices
    subject: str
    intake_open: bool
    intake_reason: str


class NewWebhook(Wire):
    """Where a signed POST goes when one of the caller's jobs is ready or has failed."""

    url: str = Field(max_length=2000, pattern=r"^https?://")


class Webhook(Wire):
    """`secret` is shown once, in the answer that makes it; https://www.standardwebhooks.com tells how it signs."""

    url: str
    created: datetime
    secret: str | None = None


class Receipt(Wire):
    """What an erasure removed. `removed` names each object (gs://...), document (firestore:...) and Vertex AI resource; `kept` says what
    stays for a while, where and how long. While `due`, the lists grow."""

    id: str
    job_id: str
    scope: Literal["job", "model"]
    state: Literal["due", "done"]
    asked: datetime
    done: datetime | None
    removed: list[str]
    kept: list[str]


class ReceiptList(Wire):
    receipts: list[Receipt]
