"""Endpoints of retired jobs that were woken again: one document for each job.

A designer wakes and lets sleep; the sweep makes it so. Whatever was decided on an older state than the stored one changes nothing, and
the answer says how it stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition, NotFound
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs.documents import Failure, Job, now, wire
from jobs.job import LIFE, State
from jobs.library import Deployment, DeploymentState
from jobs.log import log
from jobs.store.errors import Contended, UnknownJob
from jobs.store.limits import RACES, TIMEOUT_S

_S = DeploymentState
_MOVES: Mapping[DeploymentState, frozenset[DeploymentState]] = {
    _S.WAKING: frozenset({_S.AWAKE, _S.SLEEPING, _S.FAILED}),
    _S.AWAKE: frozenset({_S.SLEEPING, _S.ASLEEP}),
    _S.SLEEPING: frozenset({_S.WAKING, _S.ASLEEP}),
    _S.ASLEEP: frozenset({_S.WAKING}),
    _S.FAILED: frozenset({_S.WAKING}),
}
# as long as a new job's endpoint may take, and stay, at most
WAKES_WITHIN = LIFE[State.DEPLOYING].deadline or timedelta(hours=1)
_AWAKE_AT_MOST = LIFE[State.READY].deadline or timedelta(hours=8)


class Deployments:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._deployments = client.collection("deployments")

    def get(self, job_id: str) -> Deployment | None:
        """None for a job that was never woken."""
        found = self._deployments.document(job_id).get(timeout=TIMEOUT_S)
        return Deployment.read(found.to_dict()) if found.exists else None

    def waking(self) -> list[Deployment]:
        return self._where("state", "==", str(_S.WAKING))

    def sleeping(self) -> list[Deployment]:
        return self._where("state", "==", str(_S.SLEEPING))

    def overdue(self, at: datetime) -> list[Deployment]:
        """Awake and used by nobody, or waking for longer than it may take."""
        return self._where("deadline", "<=", at)

    def wake(self, job: Job) -> Deployment:
        """`waking`, until the sweep has deployed it; one that wakes or is awake is answered as it stands. Raises UnknownJob."""
        at = now()
        fresh = Deployment(job.id, job.owner, job.attempt, since=at, deadline=at + WAKES_WITHIN)
        try:
            self._deployments.document(job.id).create(wire(fresh), timeout=TIMEOUT_S)
        except AlreadyExists:
            there = self._move(job.id, lambda there: fresh if _S.WAKING in _MOVES[there.state] else None)
            if there is None:
                raise UnknownJob(job.id) from None  # erased meanwhile
            return there
        log("endpoint moves", job_id=job.id, state=fresh.state)
        return fresh

    def retire(self, job: Job) -> Deployment:
        """The endpoint of a job that was `ready` and is retired now: `sleeping`, until the sweep has let it go."""
        wanted = Deployment(job.id, job.owner, job.attempt, _S.SLEEPING)
        try:
            self._deployments.document(job.id).create(wire(wanted), timeout=TIMEOUT_S)
        except AlreadyExists:
            return self.get(job.id) or wanted  # woken again meanwhile
        return wanted

    def sleep(self, job_id: str) -> Deployment | None:
        """`sleeping`, until the sweep has let it go. None if it was never woken."""
        return self._move(job_id, lambda there: _moved(there, _S.SLEEPING))

    def awake(self, seen: Deployment, idle: timedelta) -> Deployment | None:
        """Deployed as `seen` asked: from now on it may idle."""
        at = now()
        return self._move(seen.job_id, _if(seen, _S.AWAKE, deadline=at + min(idle, _AWAKE_AT_MOST), latest=at + _AWAKE_AT_MOST))

    def asleep(self, seen: Deployment) -> Deployment | None:
        """Undeployed, while it stood as `seen`."""
        return self._move(seen.job_id, _if(seen, _S.ASLEEP))

    def failed(self, seen: Deployment, failure: Failure) -> Deployment | None:
        """It could not be deployed as `seen` asked."""
        return self._move(seen.job_id, _if(seen, _S.FAILED, failure=failure))

    def touch(self, job_id: str, idle: timedelta) -> Deployment | None:
        """The endpoint was used: it may idle again, but never past its absolute limit."""

        def decide(there: Deployment) -> Deployment | None:
            if there.state is not _S.AWAKE:
                return None
            return replace(there, deadline=min(now() + idle, there.latest or now() + idle))

        return self._move(job_id, decide)

    def forget(self, job_id: str) -> None:
        self._deployments.document(job_id).delete(timeout=TIMEOUT_S)

    def _move(self, job_id: str, decide: Callable[[Deployment], Deployment | None]) -> Deployment | None:
        document = self._deployments.document(job_id)
        for _ in range(RACES):
            found = document.get(timeout=TIMEOUT_S)
            if not found.exists:
                return None
            there = Deployment.read(found.to_dict())
            wanted = decide(there)
            if wanted is None:
                return there
            try:
                document.update(wire(wanted), option=self._client.write_option(last_update_time=found.update_time), timeout=TIMEOUT_S)
            except (FailedPrecondition, NotFound):
                continue  # someone was faster: decide anew on what they wrote
            if wanted.state is not there.state:
                log("endpoint moves", job_id=job_id, before=there.state, state=wanted.state)
            return wanted
        raise Contended(f"the endpoint of job {job_id} is being written by too many at once; try again")

    def _where(self, field: str, operator: str, value: Any) -> list[Deployment]:
        query = self._deployments.where(filter=FieldFilter(field, operator, value))
        return [Deployment.read(found.to_dict()) for found in query.stream(timeout=TIMEOUT_S)]


def _moved(there: Deployment, to: DeploymentState, **changes: Any) -> Deployment | None:
    if to not in _MOVES[there.state]:
        return None
    return replace(there, **{"state": to, "since": now(), "deadline": None, "latest": None, "failure": None, **changes})


def _if(seen: Deployment, to: DeploymentState, **changes: Any) -> Callable[[Deployment], Deployment | None]:
    """A move that holds only for what was seen: neither slept nor woken since."""

    def decide(there: Deployment) -> Deployment | None:
        same = (there.state, there.since) == (seen.state, seen.since)
        return _moved(there, to, **changes) if same else None

    return decide
