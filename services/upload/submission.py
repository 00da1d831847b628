"""The moment a designer says go: enough pictures, one commit, one message."""

import threading
from collections.abc import Sequence

from google.api_core.exceptions import GoogleAPICallError, RetryError

from jobs.documents import Job, Upload
from jobs.job import OPEN_FOR_PICTURES, RETRIABLE, NotAllowed, State, UploadState
from jobs.log import log
from jobs.message import Submitted
from jobs.store import Contended
from services.upload import quota
from services.upload.estimate import estimate, planned
from services.upload.parts import BY, Parts
from services.upload.problems import Problem

__all__ = ["OPEN_FOR_PICTURES", "announce", "retry", "submit"]


# Of those who submit one job at once, the first does it; the others of this process answer with what it made of the job they had read.
_TURNS = tuple(threading.Lock() for _ in range(64))
_MADE: dict[str, Job] = {}
_REMEMBERED = 1000


def submit(parts: Parts, job: Job) -> Job:
    """However often it is called: one effect, one answer. Raises Problem and NotAllowed."""
    with _TURNS[hash(job.id) % len(_TURNS)]:
        if job.state in OPEN_FOR_PICTURES and job.id in _MADE:
            return _MADE[job.id]
        made = _submit(parts, job)
        _read_for_all(parts, made)
        return made


def _read_for_all(parts: Parts, job: Job) -> None:
    """What each of their answers tells, which the stores keep: otherwise all would read it at once."""
    parts.uploads.of(job)
    parts.jobs.history(job)


def _submit(parts: Parts, job: Job) -> Job:
    if job.state in OPEN_FOR_PICTURES:
        parts.door.admit()
        steps, minutes = planned(parts, job), estimate(parts, job).gpu_minutes
        check = quota.training(parts.settings, minutes)
        job = parts.jobs.submit(job.id, lambda here: _fit(parts, job, here), BY, steps, minutes, check)
    if not job.pictures:
        raise NotAllowed(job.id, job.state, State.UPLOADED, f"this job is {job.state} and has no pictures to learn from; make a new one")
    return announce(parts, job)


def retry(parts: Parts, job: Job) -> Job:
    """The next attempt, which is on the day of whoever asks for it. Raises Problem and NotAllowed."""
    minutes = 0
    if job.state in RETRIABLE:
        parts.door.admit()
        minutes = estimate(parts, job).gpu_minutes
    check = quota.training(parts.settings, minutes)
    again = parts.jobs.retry(job.id, BY, job.attempt, planned(parts, job), minutes, check)
    return announce(parts, again)


def announce(parts: Parts, job: Job) -> Job:
    """Publish what is owed. A message that cannot be published stays in the outbox, from which the sweep sends it."""
    if job.state is not State.UPLOADED or _is_published(job):
        return job
    try:
        parts.publish(Submitted(job.id, job.attempt))
    except (GoogleAPICallError, RetryError, TimeoutError) as error:
        log("message not published; the sweep will", severity="WARNING", job_id=job.id, attempt=job.attempt, error=repr(error))
        return job
    parts.jobs.published(job.id, job.attempt)
    _remember(job)
    return job


def _is_published(job: Job) -> bool:
    """By this process; what another one has published is published again, which changes nothing."""
    return job.id in _MADE and _MADE[job.id].attempt >= job.attempt


def _remember(job: Job) -> None:
    if len(_MADE) >= _REMEMBERED:
        _MADE.clear()
    _MADE[job.id] = job


def _fit(parts: Parts, seen: Job, here: Job) -> Sequence[str]:
    """The ids of the pictures that there are to learn from, in the version that the commit holds for. Raises Problem and Contended."""
    if not here.consented:
        raise Problem("consent-missing", "Say that you may use these pictures before the training starts.")
    if (here.method, here.preset) != (seen.method, seen.preset):
        raise Contended(f"job {here.id} was changed while it was submitted; try again")
    return _enough(parts, parts.uploads.of_job(here.id))


def _enough(parts: Parts, uploads: Sequence[Upload]) -> Sequence[str]:
    """Raises Problem."""
    pending = [upload for upload in uploads if upload.state is UploadState.PENDING]
    if pending:
        errors = [{"uploadId": upload.id, "fileName": upload.file_name, "detail": "its bytes are not here"} for upload in pending]
        raise Problem("pictures-missing", f"{len(pending)} announced pictures are not here yet. Send or remove them.", errors=errors)
    verified = [upload.id for upload in uploads if upload.state is UploadState.VERIFIED]
    if len(verified) < parts.settings.min_pictures:
        errors = [
            {"uploadId": upload.id, "fileName": upload.file_name, "detail": upload.failure.text}
            for upload in uploads
            if upload.state is UploadState.REJECTED and upload.failure
        ]
        text = f"{len(verified)} pictures can be used; {parts.settings.min_pictures} are the fewest to learn from."
        raise Problem("too-few-pictures", text, errors=errors)
    if len(verified) > parts.settings.max_pictures:
        raise Problem("too-many-pictures", f"{len(verified)} pictures; {parts.settings.max_pictures} are the most. Remove some.")
    return verified
