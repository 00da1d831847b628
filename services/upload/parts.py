"""What a request can reach: the settings, the documents, the two buckets, the topic, the endpoints and who calls."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, g

from jobs.documents import Job, Upload
from jobs.message import Submitted
from jobs.settings import UploadSettings
from jobs.store import Deployments, Erasures, Generations, Jobs, Models, Requests, UnknownJob, UnknownUpload, Uploads, Usages, Webhooks
from services.upload.bucket import Bucket
from services.upload.identity import User, Verifier
from services.upload.intake import Door
from services.upload.safety import Safety
from services.upload.watch import Watches
from services.upload.weights import Weights

BY = "upload"
_ID = re.compile(r"[0-9a-z]{26}")


@dataclass(frozen=True)
class Print:
    """One generated picture and the seed it came from."""

    png: bytes
    seed: int


@dataclass(frozen=True)
class Parts:
    """`documents` is the firestore.Client, `publisher` the PublisherClient, for the parts' own stores. `door` lets new jobs in; `publish`
    answers once the message is taken; `predict` takes a job id and one instance."""

    settings: UploadSettings
    documents: Any
    publisher: Any
    verifier: Verifier
    jobs: Jobs
    uploads: Uploads
    generations: Generations
    deployments: Deployments
    library: Models
    requests: Requests
    usages: Usages
    erasures: Erasures
    webhooks: Webhooks
    door: Door
    safety: Safety
    watches: Watches
    pictures: Bucket
    models: Bucket
    weights: Weights
    publish: Callable[[Submitted], None]
    predict: Callable[[str, dict[str, Any]], Print]


def the() -> Parts:
    parts: Parts = current_app.extensions["parts"]
    return parts


def caller() -> User:
    user: User = g.user
    return user


def is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def owned(job_id: str) -> Job:
    """Raises UnknownJob, for another owner's job too: that it exists is none of the caller's business. One that was deleted is gone,
    whatever of it is still to be removed."""
    if not is_id(job_id):
        raise UnknownJob(job_id)
    return _seen_by_caller(the().jobs.get(job_id))


def owned_upload(job_id: str, upload_id: str) -> tuple[Job, Upload, Any]:
    """Its job, itself and its version. Raises UnknownJob and UnknownUpload."""
    if not is_id(job_id) or not is_id(upload_id):
        raise UnknownUpload(job_id, upload_id)
    job, upload, version = the().uploads.with_job(job_id, upload_id)
    _seen_by_caller(job)
    if upload is None:
        raise UnknownUpload(job_id, upload_id)
    return job, upload, version


def _seen_by_caller(job: Job) -> Job:
    if job.owner != caller().id or job.erased:
        raise UnknownJob(job.id)
    return job
