"""Jobs, uploads, the outbox and generations in Firestore.

No transactions: a move is read, decided in Python, and written in one batch whose update holds only for the version that was read.
Whoever loses that race reads again and finds the move made.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import Aborted, AlreadyExists, FailedPrecondition, NotFound
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs import names
from jobs.documents import Event, Failure, Generation, Job, Outbox, Progress, Upload, changed, now, wire
from jobs.job import LIFE, MAX_ATTEMPTS, RETRIABLE, RUNNING, UPLOAD_LIFE, NotAllowed, State, Superseded, UploadState, moves
from jobs.log import log

TIMEOUT_S = 10.0
_RACES = 12
Decision = Callable[[Job], tuple[Job, Mapping[str, Any]] | None]


class UnknownJob(Exception):
    def __init__(self, job_id: str) -> None:
        super().__init__(f"there is no job {job_id}")


class UnknownUpload(Exception):
    def __init__(self, job_id: str, upload_id: str) -> None:
        super().__init__(f"job {job_id} has no upload {upload_id}")


class Contended(Exception):
    """Too many writers at once; nothing was written, and the call may be repeated."""


class Jobs:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._jobs = client.collection("jobs")
        self._outbox = client.collection("outbox")

    def create(self, job: Job, by: str) -> Job:
        """A job of that id that is there already is answered as it stands."""
        job = replace(job, deadline=job.due(job.state, job.created))
        batch = self._client.batch()
        batch.create(self._jobs.document(job.id), wire(job))
        batch.create(self._event(job), wire(Event(job.state, job.attempt, job.created, by)))
        try:
            batch.commit(timeout=TIMEOUT_S)
        except AlreadyExists:
            return self.get(job.id)
        log("job created", job_id=job.id, state=job.state, by=by)
        return job

    def get(self, job_id: str) -> Job:
        """Raises UnknownJob."""
        return self._read(job_id)[0]

    def of_owner(self, owner: str, limit: int = 50, before: datetime | None = None) -> list[Job]:
        """Newest first; `before` is the `created` of the last job of the page before."""
        query = self._jobs.where(filter=FieldFilter("owner", "==", owner)).order_by("created", direction="DESCENDING")
        if before is not None:
            query = query.start_after({"created": before})
        return _jobs(query.limit(limit))

    def running(self) -> list[Job]:
        """Whatever has, or should have, a pipeline."""
        return _jobs(self._jobs.where(filter=FieldFilter("state", "in", sorted(RUNNING | {State.CANCELLING}))))

    def overdue(self, at: datetime) -> list[Job]:
        return _jobs(self._jobs.where(filter=FieldFilter("deadline", "<=", at)))

    def events(self, job_id: str) -> list[Event]:
        """Oldest first."""
        stream = self._jobs.document(job_id).collection("events").order_by("at").stream(timeout=TIMEOUT_S)
        return [Event.read(found.to_dict()) for found in stream]

    def advance(self, job_id: str, attempt: int, to: State, by: str, **changes: Any) -> Job:
        """Move a job; a move that was made already changes nothing. `changes` are fields of Job, written with it.

        Raises UnknownJob, NotAllowed, Superseded and Contended.
        """

        def decide(job: Job) -> tuple[Job, Mapping[str, Any]] | None:
            if job.attempt != attempt:
                raise Superseded(job_id, attempt, job.attempt)
            return (replace(job, state=to), changes) if moves(job_id, job.state, to) else None

        return self._move(job_id, by, decide)

    def submit(self, job_id: str, pictures: int, by: str) -> Job:
        """`uploaded`, and the outbox row in the same commit. However many submit at once: one effect, one answer."""

        def decide(job: Job) -> tuple[Job, Mapping[str, Any]] | None:
            if LIFE[job.state].rank >= LIFE[State.UPLOADED].rank:
                return None
            return replace(job, state=State.UPLOADED), {"pictures": pictures}

        return self._move(job_id, by, decide)

    def retry(self, job_id: str, by: str) -> Job:
        """The next attempt of a failed or cancelled job. Raises NotAllowed."""

        def decide(job: Job) -> tuple[Job, Mapping[str, Any]] | None:
            if job.state not in RETRIABLE or job.attempt >= MAX_ATTEMPTS or not job.pictures:
                raise NotAllowed(job_id, job.state, State.UPLOADED)
            attempt = job.attempt + 1
            return replace(job, state=State.UPLOADED, attempt=attempt), {"attempt": attempt, "failure": None, "progress": Progress()}

        return self._move(job_id, by, decide)

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
            self._row(job_id, attempt).update({"published": now()}, timeout=TIMEOUT_S)
        except NotFound:
            return  # the sweep has closed it meanwhile

    def close(self, row: Outbox) -> None:
        self._row(row.job_id, row.attempt).delete(timeout=TIMEOUT_S)

    def _move(self, job_id: str, by: str, decide: Decision) -> Job:
        for _ in range(_RACES):
            job, version = self._read(job_id)
            decision = decide(job)
            if decision is None:
                return job
            try:
                return self._commit(job.state, *decision, by, version)
            except (FailedPrecondition, Aborted, AlreadyExists):
                continue
        raise Contended(f"job {job_id} is being written by too many at once; try again")

    def _commit(self, here: State, job: Job, changes: Mapping[str, Any], by: str, version: Any) -> Job:
        at = now()
        failure = changes.get("failure")
        detail = failure.text if isinstance(failure, Failure) else ""
        fields = changed(**{"failure": None, **changes, "state": job.state, "updated": at, "deadline": job.due(job.state, at)})
        batch = self._client.batch()
        batch.update(self._jobs.document(job.id), fields, option=self._client.write_option(last_update_time=version))
        batch.create(self._event(job), wire(Event(job.state, job.attempt, at, by, detail)))
        if job.state is State.UPLOADED:
            batch.create(self._row(job.id, job.attempt), wire(Outbox(job.id, job.attempt, at)))
        batch.commit(timeout=TIMEOUT_S)
        log("job moved", job_id=job.id, attempt=job.attempt, before=here, state=job.state, by=by, detail=detail)
        return replace(job, **changes, updated=at, deadline=job.due(job.state, at))

    def _read(self, job_id: str) -> tuple[Job, Any]:
        found = self._jobs.document(job_id).get(timeout=TIMEOUT_S)
        if not found.exists:
            raise UnknownJob(job_id)
        return Job.read(found.to_dict()), found.update_time

    def _event(self, job: Job) -> Any:
        return self._jobs.document(job.id).collection("events").document(f"{job.attempt}-{LIFE[job.state].rank:03}")

    def _row(self, job_id: str, attempt: int) -> Any:
        return self._outbox.document(names.outbox(job_id, attempt))


class Uploads:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._uploads = client.collection("uploads")

    def register(self, uploads: Iterable[Upload]) -> list[Upload]:
        """Each by its own `create`: one that is there already is answered as it stands."""
        return [self._register(upload) for upload in uploads]

    def _register(self, upload: Upload) -> Upload:
        try:
            self._document(upload.job_id, upload.id).create(wire(upload), timeout=TIMEOUT_S)
        except AlreadyExists:
            return self.get(upload.job_id, upload.id)
        log("upload registered", job_id=upload.job_id, uploadId=upload.id, size=upload.size)
        return upload

    def get(self, job_id: str, upload_id: str) -> Upload:
        """Raises UnknownUpload."""
        found = self._document(job_id, upload_id).get(timeout=TIMEOUT_S)
        if not found.exists:
            raise UnknownUpload(job_id, upload_id)
        return Upload.read(found.to_dict())

    def of_job(self, job_id: str) -> list[Upload]:
        """Oldest first."""
        query = self._uploads.where(filter=FieldFilter("jobId", "==", job_id)).order_by("created")
        return [Upload.read(found.to_dict()) for found in query.stream(timeout=TIMEOUT_S)]

    def settle(self, upload: Upload, state: UploadState, **changes: Any) -> Upload:
        """The end of an upload's way. What has been settled by someone else meanwhile is answered as it stands."""
        document = self._document(upload.job_id, upload.id)
        for _ in range(_RACES):
            found = document.get(timeout=TIMEOUT_S)
            upload = Upload.read(found.to_dict())
            if state not in UPLOAD_LIFE[upload.state]:
                return upload
            fields = {"state": state, "updated": now(), **changes}
            try:
                document.update(changed(**fields), option=self._client.write_option(last_update_time=found.update_time), timeout=TIMEOUT_S)
            except FailedPrecondition:
                continue
            settled = replace(upload, **fields)
            reason = settled.failure.code if settled.failure else ""
            log("upload settled", job_id=upload.job_id, uploadId=upload.id, state=state, reason=reason)
            return settled
        raise Contended(f"upload {upload.id} of job {upload.job_id} is being written by too many at once; try again")

    def _document(self, job_id: str, upload_id: str) -> Any:
        return self._uploads.document(names.upload_document(job_id, upload_id))


class Generations:
    def __init__(self, client: firestore.Client) -> None:
        self._generations = client.collection("generations")

    def keep(self, generation: Generation) -> None:
        self._generations.document(generation.id).create(wire(generation), timeout=TIMEOUT_S)

    def get(self, generation_id: str) -> Generation | None:
        found = self._generations.document(generation_id).get(timeout=TIMEOUT_S)
        return Generation.read(found.to_dict()) if found.exists else None

    def of_job(self, job_id: str) -> list[Generation]:
        """Newest first."""
        query = self._generations.where(filter=FieldFilter("jobId", "==", job_id)).order_by("created", direction="DESCENDING")
        return [Generation.read(found.to_dict()) for found in query.stream(timeout=TIMEOUT_S)]


def _jobs(query: Any) -> list[Job]:
    return [Job.read(found.to_dict()) for found in query.stream(timeout=TIMEOUT_S)]
