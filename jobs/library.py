"""What a trained model leads to, as documents: the pictures that are drawn with it, and an endpoint that was woken again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from jobs.documents import Failure, Record, now

# more than four pictures and an endpoint that is slow need, and less than a designer waits in vain
DRAWN_WITHIN = timedelta(minutes=30)


class GenerationState(StrEnum):
    WAITING = "waiting"
    DRAWING = "drawing"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Generation(Record):
    """`pictures` are gs:// URIs in the order of their seeds, as far as they are drawn, "" for one that the safety check holds back;
    `blocked` and `favourites` are numbers in it, and `liked` says that there are favourites, which a query can ask for. `base` is the model
    before it was tuned. `deadline` is when the sweep gives up what nobody has drawn."""

    id: str
    job_id: str
    owner: str
    prompt: str
    negative_prompt: str
    seed: int
    steps: int
    guidance: float
    count: int = 1
    base: bool = False
    version: int = 1
    state: GenerationState = GenerationState.DONE
    pictures: tuple[str, ...] = ()
    blocked: tuple[int, ...] = ()
    favourites: tuple[int, ...] = ()
    liked: bool = False
    remix_of: str = ""
    failure: Failure | None = None
    deadline: datetime | None = None
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)

    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Self:
        document = document or {}
        generation = super().read(document)
        failure = Failure.read(document["failure"]) if document.get("failure") else None
        return replace(generation, state=GenerationState(generation.state), failure=failure)


class DeploymentState(StrEnum):
    WAKING = "waking"
    AWAKE = "awake"
    SLEEPING = "sleeping"
    ASLEEP = "asleep"
    FAILED = "failed"


@dataclass(frozen=True)
class Deployment(Record):
    """Of a retired job's model that was woken; the endpoint of a job that is `ready` has none. The upload service writes `waking` and
    `sleeping`, the sweep the others. `deadline` is when an endpoint that nobody uses falls asleep, or one that wakes has failed to;
    `latest` is when it falls asleep in any case."""

    job_id: str
    owner: str
    attempt: int
    state: DeploymentState = DeploymentState.WAKING
    since: datetime = field(default_factory=now)
    deadline: datetime | None = None
    latest: datetime | None = None
    failure: Failure | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Self:
        document = document or {}
        deployment = super().read(document)
        failure = Failure.read(document["failure"]) if document.get("failure") else None
        return replace(deployment, state=DeploymentState(deployment.state), failure=failure)
