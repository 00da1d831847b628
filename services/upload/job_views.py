"""Jobs: made, listed, read, changed, submitted, cancelled, tried again."""

import base64
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import request

from jobs.documents import Job
from jobs.job import LIFE, NotAllowed, State
from jobs.store import UnknownJob
from services.upload import answers, submission, wire
from services.upload.identifiers import derived
from services.upload.parts import BY, caller, owned, the
from services.upload.problems import Problem, trace_id

api = APIBlueprint("jobs", __name__, url_prefix="/v1")
OPEN = frozenset(state for state, rule in LIFE.items() if rule.rank < LIFE[State.READY].rank)
RETRY_AFTER = {"Retry-After": "60"}


def idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= 200:
        raise Problem("bad-request", "Send an Idempotency-Key header of 1 to 200 characters, the same for each try of one request.")
    return key


def open_jobs() -> int:
    return sum(job.state in OPEN for job in the().jobs.of_owner(caller().id))


def create(asked: wire.NewJob, key: str) -> Job:
    """The job of this caller and key: made now, or as it stands. Raises Problem."""
    parts = the()
    wanted = Job(derived("job", caller().id, key), caller().id, asked.name, asked.subject, asked.class_word, asked.method, trace=trace_id())
    try:
        job = parts.jobs.get(wanted.id)
    except UnknownJob:
        parts.door.admit()
        most = parts.settings.max_open_jobs
        if open_jobs() >= most:
            text = f"{most} of your jobs are open. Wait until one is ready, or cancel one."
            raise Problem("too-many-jobs", text, headers=RETRY_AFTER) from None
        job = parts.jobs.create(wanted, by=BY)
    if (job.name, job.subject, job.class_word, job.method) != (wanted.name, wanted.subject, wanted.class_word, wanted.method):
        raise Problem("key-reused", "This Idempotency-Key belongs to a job with other fields. Use a new key for a new job.")
    return job


def detail(job: Job) -> wire.JobDetail:
    parts = the()
    return answers.detail(job, parts.uploads.of_job(job.id), parts.jobs.events(job.id))


@api.post("/jobs")
@api.input(wire.NewJob, location="json", arg_name="asked")
@api.output(wire.JobDetail, status_code=201)
@api.doc(operation_id="createJob", summary="Make a job")
def create_job(asked: wire.NewJob) -> Any:
    job = create(asked, idempotency_key())
    return detail(job), 201, {"Location": answers.job_url(job.id)}


@api.get("/jobs")
@api.input(wire.JobsPage, location="query", arg_name="page")
@api.output(wire.JobList)
@api.doc(operation_id="listJobs", summary="The caller's jobs, newest first")
def list_jobs(page: wire.JobsPage) -> Any:
    parts = the()
    jobs = parts.jobs.of_owner(caller().id, page.limit, _before(page.cursor))
    more = _cursor(jobs[-1].created) if len(jobs) == page.limit else None
    return wire.JobList(jobs=[answers.job(job, parts.uploads.of_job(job.id)) for job in jobs], next_cursor=more)


def _cursor(created: datetime) -> str:
    return base64.urlsafe_b64encode(created.isoformat().encode()).decode()


def _before(cursor: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(base64.urlsafe_b64decode(cursor).decode()) if cursor else None
    except ValueError:
        raise Problem("bad-request", "That cursor is not one of ours. Leave it out to start at the newest job.") from None


@api.get("/jobs/<job_id>")
@api.output(wire.JobDetail)
@api.doc(operation_id="readJob", summary="One job, with its pictures, history, progress and result; ETag and If-None-Match")
def read_job(job_id: str) -> Any:
    return detail(owned(job_id))


@api.patch("/jobs/<job_id>")
@api.input(wire.JobChange, location="json", arg_name="change")
@api.output(wire.JobDetail)
@api.doc(operation_id="changeJob", summary="Describe a job anew, as long as it takes pictures")
def change_job(job_id: str, change: wire.JobChange) -> Any:
    job = owned(job_id)
    if job.state not in submission.OPEN_FOR_PICTURES:
        raise NotAllowed(job.id, job.state, State.UPLOADING)
    changes = change.model_dump(exclude_none=True)
    if changes:
        the().jobs.note(job.id, **changes)
    return detail(the().jobs.get(job.id))


@api.post("/jobs/<job_id>/submit")
@api.output(wire.JobDetail, status_code=202)
@api.doc(operation_id="submitJob", summary="Start training; the second call answers like the first")
def submit_job(job_id: str) -> Any:
    return detail(submission.submit(the(), owned(job_id)))


@api.post("/jobs/<job_id>/cancel")
@api.output(wire.JobDetail, status_code=202)
@api.doc(operation_id="cancelJob", summary="Stop a job; the second call answers like the first")
def cancel_job(job_id: str) -> Any:
    job = owned(job_id)
    if job.state not in {State.CANCELLING, State.CANCELLED}:
        job = the().jobs.advance(job.id, job.attempt, State.CANCELLING, by=BY)
    return detail(job)


@api.post("/jobs/<job_id>/retry")
@api.output(wire.JobDetail, status_code=202)
@api.doc(operation_id="retryJob", summary="The next attempt of a failed or cancelled job, with the same pictures")
def retry_job(job_id: str) -> Any:
    job = owned(job_id)
    the().door.admit()
    return detail(submission.announce(the(), the().jobs.retry(job.id, by=BY)))
