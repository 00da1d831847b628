"""The version of a job, as ETag and If-Match carry it: of what is stored, not of how it is told.

It has two parts, the job's and its pictures'. A read tells a change of either. Who changes the job says which version they saw, and
only the job's part counts: a picture that arrives meanwhile is no conflict.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from flask import request

from jobs.documents import Job, Upload, wire
from services.upload.problems import Problem


def etag(job: Job, uploads: Sequence[Upload]) -> str:
    return f'"{_of_job(job)}-{_of_pictures(tuple(uploads))}"'


def unchanged(tag: str) -> bool:
    """Whether the caller has this version already."""
    return request.if_none_match.contains_weak(tag.strip('"'))


def seen() -> Sequence[str]:
    """The versions that the caller allows to be written over. Raises Problem."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise Problem("version-missing", "Send the job's ETag as If-Match, so that nobody's change is lost.")
    return ("*",) if header == "*" else tuple(request.if_match)


def allow(job: Job, versions: Sequence[str]) -> None:
    """Raises Problem if the job has changed since."""
    if "*" not in versions and not any(version.partition("-")[0] == _of_job(job) for version in versions):
        raise Problem("version-stale", "This job was changed since you read it. Read it again, then change it.")


def _of_job(job: Job) -> str:
    return _digest(job)


@lru_cache(1000)
def _of_pictures(uploads: tuple[Upload, ...]) -> str:
    """Those of a submitted job are the same for each read of it."""
    return _digest(uploads)


def _digest(stored: object) -> str:
    text = json.dumps(wire(stored), default=datetime.isoformat)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
