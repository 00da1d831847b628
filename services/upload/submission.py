"""The moment a designer says go: enough pictures, one commit, one message."""

from collections.abc import Sequence

from google.api_core.exceptions import GoogleAPICallError, RetryError

from jobs.documents import Job, Upload
from jobs.job import NotAllowed, State, UploadState
from jobs.log import log
from jobs.message import Submitted
from services.upload.parts import BY, Parts
from services.upload.problems import Problem

OPEN_FOR_PICTURES = frozenset({State.DRAFT, State.UPLOADING})


def submit(parts: Parts, job: Job) -> Job:
    """However often it is called: one effect, one answer. Raises Problem and NotAllowed."""
    if job.state in OPEN_FOR_PICTURES:
        parts.door.admit()
        job = parts.jobs.submit(job.id, _enough(parts, parts.uploads.of_job(job.id)), by=BY)
    if not job.pictures:
        raise NotAllowed(job.id, job.state, State.UPLOADED)
    return announce(parts, job)


def announce(parts: Parts, job: Job) -> Job:
    """Publish what is owed. A message that cannot be published stays in the outbox, from which the sweep sends it."""
    if job.state is not State.UPLOADED:
        return job
    try:
        parts.publish(Submitted(job.id, job.attempt))
    except (GoogleAPICallError, RetryError, TimeoutError) as error:
        log("message not published; the sweep will", severity="WARNING", job_id=job.id, attempt=job.attempt, error=repr(error))
        return job
    parts.jobs.published(job.id, job.attempt)
    return job


def _enough(parts: Parts, uploads: Sequence[Upload]) -> int:
    pending = [upload for upload in uploads if upload.state is UploadState.PENDING]
    if pending:
        errors = [{"uploadId": upload.id, "fileName": upload.file_name, "detail": "its bytes are not here"} for upload in pending]
        raise Problem("pictures-missing", f"{len(pending)} announced pictures are not here yet. Send or remove them.", errors=errors)
    verified = sum(upload.state is UploadState.VERIFIED for upload in uploads)
    if verified < parts.settings.min_pictures:
        errors = [
            {"uploadId": upload.id, "fileName": upload.file_name, "detail": upload.failure.text}
            for upload in uploads
            if upload.state is UploadState.REJECTED and upload.failure
        ]
        text = f"{verified} pictures can be used; {parts.settings.min_pictures} are the fewest to learn from."
        raise Problem("too-few-pictures", text, errors=errors)
    if verified > parts.settings.max_pictures:
        raise Problem("too-many-pictures", f"{verified} pictures; {parts.settings.max_pictures} are the most. Remove some.")
    return verified
