"""Jobs: made, listed, read, changed, estimated, submitted, cancelled, tried again, deleted."""

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from jobs.account import Scope
from jobs.documents import Job, Upload, now
from jobs.job import OPEN_FOR_PICTURES, NotAllowed, State
from jobs.store import UnknownJob
from services.upload import answers, erasing, paging, submission, versions, wire
from services.upload.estimate import estimate
from services.upload.idempotency import idempotent, key
from services.upload.identifiers import derived
from services.upload.parts import BY, Parts, caller, owned, the
from services.upload.problems import Problem, trace_id

api = APIBlueprint("jobs", __name__, url_prefix="/v1")
_RETRY_AFTER = {"Retry-After": "60"}
_ASKED = ("name", "subject", "class_word", "method", "preset")


def create(asked: wire.NewJob, key: str) -> Job:
    """The job of this caller, route and key: made now, or as it stands. Raises Problem."""
    parts = the()
    wanted = _wanted(parts, asked, derived("job", caller().id, request.path, key))
    try:
        job = parts.jobs.get(wanted.id)
    except UnknownJob:
        parts.door.admit()
        job = parts.jobs.create(wanted, BY, lambda: _room(parts, wanted.owner))
    if job.erased:
        raise Problem("key-reused", "This Idempotency-Key belongs to a job that was deleted. Use a new key for a new job.")
    if any(getattr(job, name) != getattr(wanted, name) for name in _ASKED):
        raise Problem("key-reused", "This Idempotency-Key belongs to a job with other fields. Use a new key for a new job.")
    return job


def _wanted(parts: Parts, asked: wire.NewJob, job_id: str) -> Job:
    return Job(
        id=job_id,
        owner=caller().id,
        **{name: getattr(asked, name) for name in _ASKED},
        steps=asked.preset.steps(parts.settings.training_steps),
        consented=now() if asked.consent else None,
        trace=trace_id(),
    )


def _room(parts: Parts, owner: str) -> None:
    most = parts.settings.max_open_jobs
    if parts.jobs.open(owner) >= most:
        text = f"{most} of your jobs are open. Wait until one is ready, or cancel one."
        raise Problem("too-many-jobs", text, headers=_RETRY_AFTER)


def _told(job: Job, status: int = 200, **headers: str) -> Any:
    """The whole job, with its version."""
    uploads = the().uploads.of(job)
    return _detail(job, uploads), status, {"ETag": versions.etag(job, uploads), **headers}


def _detail(job: Job, uploads: Sequence[Upload]) -> wire.JobDetail:
    return answers.detail(job, uploads, the().jobs.history(job))


@api.post("/jobs")
@idempotent()
@api.input(wire.NewJob, location="json", arg_name="asked")
@api.output(wire.JobDetail, status_code=201)
@api.doc(operation_id="createJob", summary="Make a job")
def create_job(asked: wire.NewJob) -> Any:
    job = create(asked, key())
    return _told(job, 201, Location=answers.job_url(job.id))


@api.get("/jobs")
@api.input(wire.JobsPage, location="query", arg_name="page")
@api.output(wire.JobList)
@api.doc(operation_id="listJobs", summary="The caller's jobs, newest first")
def list_jobs(page: wire.JobsPage) -> Any:
    parts = the()
    jobs, more = paging.page(parts.jobs.of_owner(caller().id, page.limit + 1, paging.mark(page.cursor)), page.limit)
    uploads = parts.uploads.of_jobs([job.id for job in jobs if not job.covers])
    return wire.JobList(jobs=[answers.job(job, uploads.get(job.id, ())) for job in jobs], next_cursor=more)


@api.get("/jobs/<job_id>")
@api.output(wire.JobDetail)
@api.doc(operation_id="readJob", summary="One job, with its pictures, history, progress and result; ETag and If-None-Match")
def read_job(job_id: str) -> Any:
    job = owned(job_id)
    uploads = the().uploads.of(job)
    headers = {"ETag": versions.etag(job, uploads)}
    return Response(status=304, headers=headers) if versions.unchanged(headers["ETag"]) else (_detail(job, uploads), 200, headers)


@api.patch("/jobs/<job_id>")
@api.input(wire.JobChange, location="json", arg_name="change")
@api.output(wire.JobDetail)
@api.doc(operation_id="changeJob", summary="Describe a job anew, as long as it takes pictures; If-Match says which version")
def change_job(job_id: str, change: wire.JobChange) -> Any:
    owned(job_id)
    seen = versions.seen()

    def check(job: Job) -> None:
        if job.erased:
            raise UnknownJob(job.id)
        versions.allow(job, seen)
        if job.state not in OPEN_FOR_PICTURES:
            text = f"this job is {job.state}; it can be described anew only as long as it takes pictures"
            raise NotAllowed(job.id, job.state, State.UPLOADING, text)

    return _told(the().jobs.change(job_id, check, **_changes(change)))


def _changes(change: wire.JobChange) -> dict[str, Any]:
    """Of the fields of Job."""
    changes = change.model_dump(exclude_none=True)
    if change.preset is not None:
        changes["steps"] = change.preset.steps(the().settings.training_steps)
    if change.consent is not None:
        changes["consented"] = now() if changes.pop("consent") else None
    return changes


@api.delete("/jobs/<job_id>")
@api.output(wire.Receipt, status_code=202)
@api.doc(operation_id="deleteJob", summary="Erase a job and everything that came of it; the receipt names what went")
def delete_job(job_id: str) -> Any:
    receipt = erasing.receipt(erasing.erase(the(), job_id, Scope.JOB))
    return receipt, 202, {"Location": f"/v1/receipts/{receipt.id}"}


@api.post("/jobs/<job_id>/estimate")
@api.output(wire.Estimate)
@api.doc(operation_id="estimateJob", summary="How long training may take, and what it may cost")
def estimate_job(job_id: str) -> Any:
    return estimate(the(), owned(job_id))


@api.post("/jobs/<job_id>/submit")
@api.output(wire.JobDetail, status_code=202)
@api.doc(operation_id="submitJob", summary="Start training; the second call answers like the first")
def submit_job(job_id: str) -> Any:
    return _told(submission.submit(the(), owned(job_id)), 202)


@api.post("/jobs/<job_id>/finish")
@api.output(wire.JobDetail, status_code=202)
@api.doc(operation_id="finishJob", summary="Stop training and keep what is learnt by then; the second call answers like the first")
def finish_job(job_id: str) -> Any:
    return _told(the().jobs.finish(owned(job_id).id), 202)


@api.post("/jobs/<job_id>/cancel")
@api.output(wire.JobDetail, status_code=202)
@api.doc(operation_id="cancelJob", summary="Stop a job; the second call answers like the first")
def cancel_job(job_id: str) -> Any:
    job = owned(job_id)
    if job.state not in {State.CANCELLING, State.CANCELLED}:
        job = the().jobs.advance(job.id, job.attempt, State.CANCELLING, by=BY)
    return _told(job, 202)


@api.post("/jobs/<job_id>/retry")
@api.output(wire.JobDetail, status_code=202)
@api.doc(operation_id="retryJob", summary="The next attempt of a failed or cancelled job, with the same pictures")
def retry_job(job_id: str) -> Any:
    return _told(submission.retry(the(), owned(job_id)), 202)
