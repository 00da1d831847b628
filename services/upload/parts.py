"""What a request can reach: the settings, the documents, the two buckets, the topic, the endpoints and who calls."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, g

from jobs.documents import Job
from jobs.message import Submitted
from jobs.settings import UploadSettings
from jobs.store import Generations, Jobs, UnknownJob, Uploads
from services.upload.bucket import Bucket
from services.upload.identity import User, Verifier
from services.upload.intake import Door

BY = "upload"
_ID = re.compile(r"[0-9a-z]{26}")


@dataclass(frozen=True)
class Print:
    """One generated picture and the seed it came from."""

    png: bytes
    seed: int


@dataclass(frozen=True)
class Parts:
    """`door` lets new jobs in; `publish` answers once the message is taken; `predict` takes a job id and one instance."""

    settings: UploadSettings
    verifier: Verifier
    jobs: Jobs
    uploads: Uploads
    generations: Generations
    door: Door
    pictures: Bucket
    models: Bucket
    publish: Callable[[Submitted], None]
    predict: Callable[[str, dict[str, Any]], Print]


def the() -> Parts:
    parts: Parts = current_app.extensions["parts"]
    return parts


def caller() -> User:
    user: User = g.user
    return user


def owned(job_id: str) -> Job:
    """Raises UnknownJob, for another owner's job too: that it exists is none of the caller's business."""
    if not _ID.fullmatch(job_id):
        raise UnknownJob(job_id)
    job = the().jobs.get(job_id)
    if job.owner != caller().id:
        raise UnknownJob(job_id)
    return job
