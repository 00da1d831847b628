"""Pictures that no document speaks of: left by a request that died, by a job that expired, or by one that was erased while they came in.

The bucket is gone through page by page, a round at a time; where a round stands is kept in a document, since each page costs reads.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from google.cloud.storage.retry import DEFAULT_RETRY

from jobs import names
from jobs.documents import now
from jobs.job import State, UploadState
from jobs.log import log
from services.trigger.clients import TIMEOUT_S, Clients
from services.trigger.objects import PAGE, delete
from services.trigger.repairs import pages

# longer than any request lives
AGE = timedelta(hours=1)
_ROUND = timedelta(hours=1)
_FIRST = datetime.min.replace(tzinfo=now().tzinfo)
_PLACES = (names.raw("", "").partition("/")[0], names.CLEAN.strip("/"))
_RETRY = DEFAULT_RETRY.with_timeout(20.0)


def clear(clients: Clients) -> Iterable[bool]:
    """The rest of this round, as far as the time goes; a new one begins an hour after the last."""
    place = clients.documents.collection("sweeps").document("orphans")
    known = place.get(timeout=TIMEOUT_S).to_dict() or {}
    after = known.get("after", "")
    if not after and known.get("began", _FIRST) > now() - _ROUND:
        return
    began = known["began"] if after else now()
    for page in _pages(clients, after):
        place.set({"after": page[-1].name, "began": began}, timeout=TIMEOUT_S)
        yield remove_of(clients, page, AGE) > 0
    place.set({"after": "", "began": began}, timeout=TIMEOUT_S)


def remove(clients: Clients, age: timedelta = AGE) -> int:
    """A whole round at once."""
    return sum(remove_of(clients, page, age) for page in _pages(clients, ""))


def remove_of(clients: Clients, page: Sequence[Any], age: timedelta) -> int:
    """How many of these objects went."""
    old = [blob for blob in page if blob.time_created <= now() - age]
    kept = _kept(clients, {_upload(blob.name) for blob in old})
    lost = [blob for blob in old if not kept[_upload(blob.name)]]
    if lost:
        log("orphans removed", severity="WARNING", count=len(lost), first=f"gs://{clients.uploads_bucket.name}/{lost[0].name}")
        delete(clients.uploads_bucket, lost)
    return len(lost)


def _pages(clients: Clients, after: str) -> Iterator[Sequence[Any]]:
    bucket = clients.uploads_bucket
    found = bucket.list_blobs(start_offset=after or None, page_size=PAGE, timeout=TIMEOUT_S, retry=_RETRY)
    return pages((blob for blob in found if blob.name != after and _is_ours(blob.name)), PAGE)


def _is_ours(name: str) -> bool:
    return name.count("/") == 2 and name.partition("/")[0] in _PLACES


def _upload(name: str) -> tuple[str, str]:
    """`clean/JOB/UPLOAD.png`, `raw/JOB/UPLOAD`."""
    _, job_id, file = name.split("/")
    return job_id, file.removesuffix(".png")


def _kept(clients: Clients, uploads: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], bool]:
    """Whose document says `verified`, and whose job is there and has not expired."""
    wanted = list(uploads)
    jobs = _fields(clients, "jobs", {job_id for job_id, _ in wanted}, "state")
    pictures = _fields(clients, "uploads", {names.upload_document(*upload) for upload in wanted}, "state")
    return {
        upload: _is_live(jobs.get(upload[0])) and (pictures.get(names.upload_document(*upload)) or {}).get("state") == UploadState.VERIFIED
        for upload in wanted
    }


def _is_live(job: Mapping[str, Any] | None) -> bool:
    """One that is being erased is: its receipt is to name what goes."""
    return job is not None and job["state"] != State.EXPIRED


def _fields(clients: Clients, collection: str, ids: Iterable[str], *fields: str) -> Mapping[str, Mapping[str, Any]]:
    """Of the documents that are there, by id."""
    references = [clients.documents.collection(collection).document(each) for each in ids]
    found = clients.documents.get_all(references, field_paths=fields, timeout=TIMEOUT_S) if references else ()
    return {each.id: each.to_dict() for each in found if each.exists}
