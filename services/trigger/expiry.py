"""A job that its designer never submitted: its pictures go with it, not with the month."""

from jobs import names
from jobs.documents import Job
from jobs.job import UPLOAD_LIFE, UploadState
from jobs.log import log
from services.trigger.clients import Clients
from services.trigger.objects import Prefix, remove


def purge(clients: Clients, job: Job) -> None:
    """The job is over before: nothing can be added or submitted meanwhile. What this does not finish, the search for orphans does."""
    for prefix in (names.clean_prefix(job.id), names.raw(job.id, "")):
        for _ in remove(Prefix(clients.uploads_bucket, prefix)):
            continue
    for upload in clients.uploads.of_job(job.id):
        for state in (UploadState.EXPIRED, UploadState.PURGED):
            if state in UPLOAD_LIFE[upload.state]:
                upload = clients.uploads.settle(upload, state)  # noqa: PLW2901 - two steps of one upload
    log("pictures of an expired job purged", job_id=job.id)
