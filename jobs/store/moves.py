"""How a job's document is written: as it was read, or not at all, with everything that the change owes in the same commit."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from google.api_core.exceptions import Aborted, AlreadyExists, FailedPrecondition, NotFound
from google.cloud import firestore

from jobs import names
from jobs.account import Delivery
from jobs.documents import Event, Failure, Job, Outbox, changed, now, wire
from jobs.job import FINISHED, LIFE, State
from jobs.log import log
from jobs.store.errors import Contended, UnknownJob
from jobs.store.limits import RACES, TIMEOUT_S
from jobs.store.webhooks import Webhooks

# someone else was faster: read again and decide anew
LOST = (FailedPrecondition, Aborted, AlreadyExists, NotFound)
Decision = Callable[[Job], tuple[Job, Mapping[str, Any]] | None]
Also = Callable[[Any, Job], None]
_TOLD = frozenset({State.READY, State.FAILED})


def nothing(batch: Any, job: Job) -> None:
    """No more than the change itself."""


class Moves:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._jobs = client.collection("jobs")
        self._outbox = client.collection("outbox")
        self._deliveries = client.collection("deliveries")
        self._webhooks = Webhooks(client)

    def make(self, job_id: str, by: str, decide: Decision, also: Also = nothing) -> Job:
        """`decide` answers the job in its next state and other fields that change, or None to leave it; `also` adds to the commit.

        Raises UnknownJob, Contended and what the two raise.
        """
        for _ in range(RACES):
            here, version = self.read(job_id)
            decision = decide(here)
            if decision is None:
                return here
            job, changes = decision
            moved = (job.state, job.attempt) != (here.state, here.attempt)
            changes = self._move(here, job, changes) if moved else changes
            job = replace(job, **changes)
            batch = self._client.batch()
            batch.update(self._jobs.document(job.id), changed(**changes), option=self._client.write_option(last_update_time=version))
            if moved:
                self._owe(batch, job, by)
            also(batch, job)
            try:
                batch.commit(timeout=TIMEOUT_S)
            except LOST:
                continue
            if moved:
                log("job moved", job_id=job.id, attempt=job.attempt, before=here.state, state=job.state, by=by, detail=_detail(job))
            return job
        raise Contended(f"job {job_id} is being written by too many at once; try again")

    def read(self, job_id: str) -> tuple[Job, Any]:
        """And the version of its document. Raises UnknownJob."""
        found = self._jobs.document(job_id).get(timeout=TIMEOUT_S)
        if not found.exists:
            raise UnknownJob(job_id)
        return Job.read(found.to_dict()), found.update_time

    def event(self, job: Job) -> Any:
        return self._jobs.document(job.id).collection("events").document(f"{job.attempt}-{LIFE[job.state].rank:03}")

    def row(self, job_id: str, attempt: int) -> Any:
        return self._outbox.document(names.outbox(job_id, attempt))

    def _owe(self, batch: Any, job: Job, by: str) -> None:
        batch.create(self.event(job), wire(Event(job.state, job.attempt, job.updated, by, _detail(job))))
        if job.state is State.UPLOADED:
            batch.create(self.row(job.id, job.attempt), wire(Outbox(job.id, job.attempt, job.updated)))
        if job.state in _TOLD and self._webhooks.of(job.owner):
            delivery = Delivery(names.delivery(job.id, job.attempt, job.state), job.id, job.owner, f"job.{job.state}", at=job.updated)
            batch.create(self._deliveries.document(delivery.id), wire(delivery))

    def _move(self, here: Job, job: Job, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        at = now()
        times: dict[str, datetime | None] = {"updated": at, "deadline": job.due(job.state, at)}
        if job.state is State.UPLOADED:
            times |= {"submitted": at, "finished": None}
        if job.state in FINISHED:
            times |= {"finished": at}
        return {"failure": None, **changes, "state": job.state, "attempt": job.attempt, **times}


def _detail(job: Job) -> str:
    return job.failure.text if isinstance(job.failure, Failure) else ""
