"""The states of a job and of an upload, and the only moves between them.

The key (attempt, rank) of a job never decreases. Stages may be skipped forwards, since a report can be lost, never backwards, so a
late, doubled or reordered report changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MAX_ATTEMPTS = 3


class State(StrEnum):
    DRAFT = "draft"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    QUEUED = "queued"
    PROVISIONING = "provisioning"
    TRAINING = "training"
    EVALUATING = "evaluating"
    REGISTERING = "registering"
    DEPLOYING = "deploying"
    READY = "ready"
    CANCELLING = "cancelling"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RETIRED = "retired"


@dataclass(frozen=True)
class Rule:
    """What holds in a state: its rank, where it may lead, who writes it, and when the sweep ends it and how."""

    rank: int
    next: frozenset[State]
    writer: str
    deadline: timedelta | None = None
    overdue: State | None = None


_S = State
_STAGES = (_S.QUEUED, _S.PROVISIONING, _S.TRAINING, _S.EVALUATING, _S.REGISTERING, _S.DEPLOYING, _S.READY)
_ENDS = (_S.CANCELLING, _S.FAILED)


def _later(stage: State) -> frozenset[State]:
    return frozenset((*_STAGES[_STAGES.index(stage) + 1 :], *_ENDS))


LIFE: Mapping[State, Rule] = {
    _S.DRAFT: Rule(5, frozenset({_S.UPLOADING, _S.UPLOADED, _S.CANCELLING, _S.EXPIRED}), "upload", timedelta(hours=24), _S.EXPIRED),
    _S.UPLOADING: Rule(10, frozenset({_S.UPLOADED, _S.CANCELLING, _S.EXPIRED}), "upload", timedelta(hours=24), _S.EXPIRED),
    _S.UPLOADED: Rule(20, frozenset({*_STAGES, *_ENDS}), "upload", timedelta(hours=24), _S.FAILED),
    _S.QUEUED: Rule(30, _later(_S.QUEUED), "start", timedelta(hours=2), _S.FAILED),
    _S.PROVISIONING: Rule(40, _later(_S.PROVISIONING), "pipeline", timedelta(hours=4), _S.FAILED),
    _S.TRAINING: Rule(50, _later(_S.TRAINING), "pipeline", timedelta(hours=4), _S.FAILED),
    _S.EVALUATING: Rule(60, _later(_S.EVALUATING), "pipeline", timedelta(minutes=30), _S.FAILED),
    _S.REGISTERING: Rule(65, _later(_S.REGISTERING), "pipeline", timedelta(minutes=15), _S.FAILED),
    _S.DEPLOYING: Rule(70, _later(_S.DEPLOYING), "pipeline", timedelta(hours=1), _S.FAILED),
    _S.READY: Rule(80, frozenset({_S.RETIRED}), "pipeline", timedelta(hours=8), _S.RETIRED),
    _S.CANCELLING: Rule(85, frozenset({_S.CANCELLED}), "upload", timedelta(minutes=30), _S.CANCELLED),
    _S.FAILED: Rule(90, frozenset(), "any"),
    _S.CANCELLED: Rule(90, frozenset(), "sweep"),
    _S.EXPIRED: Rule(90, frozenset(), "sweep"),
    _S.RETIRED: Rule(100, frozenset(), "sweep"),
}
RUNNING = frozenset({*_STAGES[:-1]})
TERMINAL = frozenset(state for state, rule in LIFE.items() if not rule.next)
RETRIABLE = frozenset({_S.FAILED, _S.CANCELLED})
OPEN_FOR_PICTURES = frozenset({_S.DRAFT, _S.UPLOADING})
# nothing is under way that an erasure would have to stop first
AT_REST = TERMINAL | OPEN_FOR_PICTURES | {_S.READY}
# where an attempt is over, well or badly
FINISHED = frozenset({_S.READY, _S.FAILED, _S.CANCELLED, _S.EXPIRED})


class NotAllowed(Exception):
    """The job's life has no such move; the job stays as it is."""

    def __init__(self, job_id: str, here: State, to: State, text: str = "") -> None:
        allowed = ", ".join(sorted(LIFE[here].next)) or "nothing"
        super().__init__(text or f"job {job_id} is {here} and cannot become {to}; from here it can become: {allowed}")
        self.here, self.to = here, to


class Superseded(Exception):
    """A report of an attempt that is not the job's present one."""

    def __init__(self, job_id: str, reported: int, present: int) -> None:
        super().__init__(f"job {job_id} is in attempt {present}; the report of attempt {reported} changes nothing")


def moves(job_id: str, here: State, to: State) -> bool:
    """Whether `to` is a step forward; False if the job is already there or beyond it. Raises NotAllowed for what can never follow."""
    if to in LIFE[here].next:
        return True
    if here is to or (to in _STAGES and LIFE[here].rank >= LIFE[to].rank and here not in TERMINAL | {_S.CANCELLING}):
        return False
    raise NotAllowed(job_id, here, to)


class UploadState(StrEnum):
    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"
    REMOVED = "removed"
    EXPIRED = "expired"
    PURGED = "purged"


UPLOAD_LIFE: Mapping[UploadState, frozenset[UploadState]] = {
    UploadState.PENDING: frozenset({UploadState.VERIFIED, UploadState.REJECTED, UploadState.REMOVED, UploadState.EXPIRED}),
    UploadState.VERIFIED: frozenset({UploadState.REMOVED, UploadState.PURGED}),
    UploadState.REJECTED: frozenset({UploadState.REMOVED, UploadState.PURGED}),
    UploadState.REMOVED: frozenset({UploadState.PURGED}),
    UploadState.EXPIRED: frozenset({UploadState.PURGED}),
    UploadState.PURGED: frozenset(),
}
