"""Jobs, and the messages that are owed for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import NotFound
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs.account import Erasure, Scope
from jobs.documents import Event, Job, Outbox, Progress, Result, changed, now, wire
from jobs.job import AT_REST, LIFE, MAX_ATTEMPTS, RETRIABLE, RUNNING, NotAllowed, State, Superseded, moves
from jobs.log import log
from jobs.store.errors import Contended, UnknownJob
from jobs.store.limits import RACES, TIMEOUT_S
from jobs.store.moves import LOST, Also, Moves
from jobs.store.usages import Check, Usages, unchecked

COVERS = 6
# histories of as many states of jobs are remembered
_REMEMBERED = 2000
_GOING_ON = RUNNING | {State.READY, State.RETIRED}
_OPEN = frozenset(state for state, rule in LIFE.items() if rule.rank < LIFE[State.READY].rank)


class Jobs:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._jobs = client.collection("jobs")
        self._outbox = client.collection("outbox")
        self._moves = Moves(client)
        self._usages = Usages(client)
        self._histories: dict[tuple[str, int, State], list[Event]] = {}

    def create(self, job: Job, by: str, room: Callable[[], None] | None = None) -> Job:
        """A job of that id that is there already is answered as it stands. `room` raises if the owner may have no more; nobody of the
        same owner comes between it and the commit."""
        job = replace(job, deadline=job.due(job.state, job.created))
        for _ in range(RACES):
            batch = self._client.batch()
            batch.create(self._jobs.document(job.id), wire(job))
            batch.create(self._moves.event(job), wire(Event(job.state, job.attempt, job.created, by)))
            if room:
                self._usages.spend(batch, job.owner, unchecked, jobs=1)
                room()
            try:
                batch.commit(timeout=TIMEOUT_S)
            except LOST:
                if self._jobs.document(job.id).get(timeout=TIMEOUT_S).exists:
                    return self.get(job.id)
                continue
            log("job created", job_id=job.id, state=job.state, by=by)
            return job
        raise Contended("too many of your jobs are made at once; try again")

    def get(self, job_id: str) -> Job:
        """Raises UnknownJob."""
        return self._moves.read(job_id)[0]

    def of_owner(self, owner: str, limit: int = 50, before: tuple[datetime, str] | None = None) -> list[Job]:
        """Newest first, without erased ones; `before` is the last job of the page before, by `created` and id."""
        query = self._jobs.where(filter=FieldFilter("owner", "==", owner)).order_by("created", direction="DESCENDING")
        query = query.order_by("__name__", direction="DESCENDING")
        jobs: list[Job] = []
        while len(jobs) < limit:
            start = {"created": before[0], "__name__": self._jobs.document(before[1])} if before else None
            page = _jobs((query.start_after(start) if start else query).limit(limit))
            jobs += [job for job in page if not job.erased]
            if len(page) < limit:
                break
            before = page[-1].created, page[-1].id
        return jobs[:limit]

    def open(self, owner: str) -> int:
        """How many of an owner's jobs are not over yet."""
        query = self._jobs.where(filter=FieldFilter("owner", "==", owner)).where(filter=FieldFilter("state", "in", sorted(_OPEN)))
        return sum(not job.erased for job in _jobs(query))

    def running(self) -> list[Job]:
        """Whatever has, or should have, a pipeline."""
        return _jobs(self._jobs.where(filter=FieldFilter("state", "in", sorted(RUNNING | {State.CANCELLING}))))

    def overdue(self, at: datetime) -> list[Job]:
        return _jobs(self._jobs.where(filter=FieldFilter("deadline", "<=", at)))

    def finished(self, limit: int) -> list[Job]:
        """Of all owners, the last to end first."""
        return _jobs(self._jobs.order_by("finished", direction="DESCENDING").limit(limit))

    def events(self, job_id: str) -> list[Event]:
        """Oldest first."""
        stream = self._jobs.document(job_id).collection("events").order_by("at").stream(timeout=TIMEOUT_S)
        return [Event.read(found.to_dict()) for found in stream]

    def history(self, job: Job) -> list[Event]:
        """Oldest first, up to the state in which the job was read. No event is ever changed or put in between, so that one look at each
        state is enough."""
        key = (job.id, job.attempt, job.state)
        if key not in self._histories:
            events = self.events(job.id)
            here = next((number for number, event in enumerate(events) if (event.attempt, event.state) == key[1:]), None)
            if here is None:
                return events
            if len(self._histories) >= _REMEMBERED:
                self._histories.clear()
            self._histories[key] = events[: here + 1]
        return self._histories[key]

    def advance(self, job_id: str, attempt: int, to: State, by: str, **changes: Any) -> Job:
        """Move a job; a move that was made already changes nothing. `changes` are fields of Job, written with it.

        Raises UnknownJob, NotAllowed, Superseded and Contended.
        """

        def decide(job: Job) -> tuple[Job, Mapping[str, Any]] | None:
            if job.attempt != attempt:
                raise Superseded(job_id, attempt, job.attempt)
            return (replace(job, state=to), changes) if moves(job_id, job.state, to) else None

        return self._moves.make(job_id, by, decide)

    def submit(
        self,
        job_id: str,
        pictures: int | Callable[[Job], Sequence[str]],
        by: str,
        steps: int = 0,
        minutes: int = 0,
        check: Check = unchecked,
    ) -> Job:
        """`uploaded`, and the outbox row in the same commit. However many submit at once: one effect, one answer. A callable names the
        pictures of the very version of the job that the commit holds for, or raises. `minutes` of GPU are put on the owner's day."""

        def decide(job: Job) -> tuple[Job, Mapping[str, Any]] | None:
            _refuse_erased(job)
            if LIFE[job.state].rank >= LIFE[State.UPLOADED].rank:
                return None
            ids = () if isinstance(pictures, int) else tuple(pictures(job))
            count = pictures if isinstance(pictures, int) else len(ids)
            return replace(job, state=State.UPLOADED), {"pictures": count, "covers": with_cover(job, ids), "steps": steps or job.steps}

        return self._moves.make(job_id, by, decide, self._spending(minutes, check))

    def retry(self, job_id: str, by: str, after: int | None = None, steps: int = 0, minutes: int = 0, check: Check = unchecked) -> Job:
        """The next attempt of a failed or cancelled job; one that was made `after` that attempt already is answered. Raises NotAllowed."""

        def decide(job: Job) -> tuple[Job, Mapping[str, Any]] | None:
            _refuse_erased(job)
            if after is not None and job.attempt == after + 1:
                return None
            if job.state not in RETRIABLE or not job.pictures:
                raise NotAllowed(job_id, job.state, State.UPLOADED)
            if job.attempt >= MAX_ATTEMPTS:
                text = f"this was attempt {job.attempt} of {MAX_ATTEMPTS}; make a new job instead"
                raise NotAllowed(job_id, job.state, State.UPLOADED, text)
            fresh = {"attempt": job.attempt + 1, "failure": None, "progress": Progress(), "finishing": None, "steps": steps or job.steps}
            return replace(job, state=State.UPLOADED, attempt=job.attempt + 1), fresh

        return self._moves.make(job_id, by, decide, self._spending(minutes, check))

    def finish(self, job_id: str) -> Job:
        """What is learnt by now is enough: the train step hears of it. Once asked, it is answered as it stands. Raises NotAllowed."""

        def decide(job: Job) -> tuple[Job, Mapping[str, Any]] | None:
            _refuse_erased(job)
            if job.finishing and job.state in _GOING_ON:
                return None
            if job.state not in {State.PROVISIONING, State.TRAINING}:
                text = f"this job is {job.state}; only one that trains can be stopped and kept"
                raise NotAllowed(job.id, job.state, State.EVALUATING, text)
            return job, {"finishing": now(), "updated": now()}

        return self._moves.make(job_id, "", decide)

    def erase(self, erasure: Erasure, by: str) -> Job:
        """Opens the erasure in the commit that hides the job (or, of a model, its result), and retires what is ready. What is erased
        already is answered as it stands. Raises NotAllowed."""

        def decide(job: Job) -> tuple[Job, Mapping[str, Any]] | None:
            whole = erasure.scope is Scope.JOB
            if job.erased if whole else job.result == Result() and job.state is State.RETIRED:
                return None
            if job.state not in (AT_REST if whole else {State.READY, State.RETIRED}):
                raise NotAllowed(job.id, job.state, State.RETIRED, f"the job is {job.state}: cancel it first, then delete it")
            state = State.RETIRED if job.state is State.READY else job.state
            return replace(job, state=state), {"erased": erasure.asked} if whole else {"result": Result(), "progress": Progress()}

        def also(batch: Any, _: Job) -> None:
            batch.create(self._client.collection("erasures").document(erasure.id), wire(erasure))

        return self._moves.make(erasure.job_id, by, decide, also)

    def change(self, job_id: str, check: Callable[[Job], None], **changes: Any) -> Job:
        """Fields that the owner may set, as long as `check` lets the very version pass that is written over."""

        def decide(job: Job) -> tuple[Job, Mapping[str, Any]] | None:
            check(job)
            return (job, {**changes, "updated": now()}) if changes else None

        return self._moves.make(job_id, "", decide)

    def note(self, job_id: str, **changes: Any) -> None:
        """Fields that are no transition: progress, pipeline, last use."""
        self._jobs.document(job_id).update(changed(**changes), timeout=TIMEOUT_S)

    def touch(self, job: Job, idle: timedelta) -> None:
        """The endpoint was used: it may idle again, but never past its absolute limit."""
        at = now()
        self.note(job.id, used=at, deadline=min(at + idle, job.updated + (LIFE[State.READY].deadline or idle)))

    def outbox(self) -> list[Outbox]:
        """Every message still owed."""
        return [Outbox.read(row.to_dict()) for row in self._outbox.stream(timeout=TIMEOUT_S)]

    def published(self, job_id: str, attempt: int) -> None:
        try:
            self._moves.row(job_id, attempt).update({"published": now()}, timeout=TIMEOUT_S)
        except NotFound:
            return  # the sweep has closed it meanwhile

    def close(self, row: Outbox) -> None:
        self._moves.row(row.job_id, row.attempt).delete(timeout=TIMEOUT_S)

    def _spending(self, minutes: int, check: Check) -> Also:
        """Puts minutes of GPU on the owner's day."""

        def also(batch: Any, job: Job) -> None:
            if minutes:
                self._usages.spend(batch, job.owner, check, gpu_minutes=minutes)

        return also


def _refuse_erased(job: Job) -> None:
    if job.erased:
        raise UnknownJob(job.id)


def _jobs(query: Any) -> list[Job]:
    return [Job.read(found.to_dict()) for found in query.stream(timeout=TIMEOUT_S)]


def with_cover(job: Job, ids: Sequence[str]) -> tuple[str, ...]:
    """A few of a job's uploads, first the one that its owner chose."""
    return tuple(sorted(ids, key=lambda upload_id: upload_id != job.cover)[:COVERS])
