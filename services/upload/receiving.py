"""One picture on its way in: announced, received whole, checked, kept."""

from collections import Counter
from collections.abc import Sequence

from jobs import names
from jobs.documents import Failure, Job, Upload
from jobs.job import NotAllowed, State, UploadState
from jobs.log import log
from jobs.settings import UploadSettings
from services.upload import pictures, wire
from services.upload.bucket import Different
from services.upload.identifiers import crc32c, derived
from services.upload.parts import BY, Parts
from services.upload.problems import Problem
from services.upload.submission import OPEN_FOR_PICTURES

LIVE = frozenset({UploadState.PENDING, UploadState.VERIFIED})
_GONE = frozenset({UploadState.REMOVED, UploadState.EXPIRED, UploadState.PURGED})


def register(parts: Parts, job: Job, announced: Sequence[wire.NewUpload]) -> list[Upload]:
    """The same file again in the same job is the same upload, unless it was removed meanwhile. Raises Problem and NotAllowed."""
    there = {upload.id: upload for upload in parts.uploads.of_job(job.id)}
    gone = Counter(_what(upload) for upload in there.values() if upload.state in _GONE)
    uploads = {upload.id: upload for upload in (_upload(job, item, gone) for item in announced)}
    new = [upload for upload in uploads.values() if upload.id not in there]
    if new:
        _room(parts.settings, len(new) + sum(upload.state in LIVE for upload in there.values()))
        _sizes(parts.settings, new)
        parts.jobs.advance(job.id, job.attempt, State.UPLOADING, by=BY)
        there |= {upload.id: upload for upload in parts.uploads.register(new)}
    return [there[upload_id] for upload_id in uploads]


def _room(settings: UploadSettings, pictures: int) -> None:
    if pictures > settings.max_pictures:
        text = f"A job takes {settings.max_pictures} pictures at most; this would make {pictures}. Leave some out."
        raise Problem("too-many-pictures", text)


def _sizes(settings: UploadSettings, uploads: Sequence[Upload]) -> None:
    too_big = [upload for upload in uploads if upload.size > settings.max_picture_bytes]
    if too_big:
        errors = [{"fileName": upload.file_name, "detail": f"{upload.size} bytes"} for upload in too_big]
        text = f"{too_big[0].file_name} is larger than {settings.max_picture_bytes // 2**20} MiB. Export it smaller."
        raise Problem("too-large", text, errors=errors)


def _what(upload: Upload) -> tuple[str, int, str]:
    return upload.crc32c, upload.size, upload.file_name


def _upload(job: Job, item: wire.NewUpload, gone: Counter[tuple[str, int, str]]) -> Upload:
    times_removed = gone[item.crc32c, item.size, item.file_name]
    return Upload(
        id=derived("upload", job.id, item.crc32c, item.size, item.file_name, times_removed),
        job_id=job.id,
        owner=job.owner,
        file_name=item.file_name,
        content_type=item.content_type,
        size=item.size,
        crc32c=item.crc32c,
    )


def receive(parts: Parts, job: Job, upload: Upload, data: bytes) -> Upload:
    """`verified`, with both objects kept; the same bytes again change nothing. Raises Problem, NotUsable and NotAllowed."""
    if len(data) != upload.size:
        raise Problem("size-mismatch", f"{upload.file_name} was announced with {upload.size} bytes; {len(data)} came.")
    if crc32c(data) != upload.crc32c:
        raise Problem("checksum", f"{upload.file_name} has checksum {crc32c(data)}, not {upload.crc32c}. Send it again.")
    if upload.state is UploadState.PENDING:
        upload = _settle(parts, job, upload, data)
    if upload.state is UploadState.REJECTED and upload.failure:
        raise pictures.NotUsable(upload.failure.code, upload.failure.text)
    if upload.state is not UploadState.VERIFIED:
        drop(parts, upload)
        raise Problem("picture-removed", f"{upload.file_name} was removed from this job.")
    return upload


def _settle(parts: Parts, job: Job, upload: Upload, data: bytes) -> Upload:
    if job.state not in OPEN_FOR_PICTURES:
        raise NotAllowed(job.id, job.state, State.UPLOADING)
    try:
        picture = pictures.check(data, upload.file_name)
    except pictures.NotUsable as error:
        log("picture refused", job_id=job.id, uploadId=upload.id, reason=error.code)
        return parts.uploads.settle(upload, UploadState.REJECTED, failure=Failure(error.code, str(error)))
    try:
        parts.pictures.keep(names.raw(job.id, upload.id), data, "application/octet-stream")
        parts.pictures.keep(names.clean(job.id, upload.id), picture.png, "image/png")
    except Different as error:
        raise Problem("picture-conflict", f"{error}. Remove the picture and add it again.") from error
    return parts.uploads.settle(upload, UploadState.VERIFIED, width=picture.width, height=picture.height)


def remove(parts: Parts, job: Job, upload: Upload) -> None:
    """The document first: a picture that still counts must have its bytes, one that does not may have them a little longer."""
    if job.state not in OPEN_FOR_PICTURES:
        raise NotAllowed(job.id, job.state, State.UPLOADING)
    parts.uploads.settle(upload, UploadState.REMOVED)
    drop(parts, upload)


def drop(parts: Parts, upload: Upload) -> None:
    parts.pictures.delete(names.clean(upload.job_id, upload.id))
    parts.pictures.delete(names.raw(upload.job_id, upload.id))
