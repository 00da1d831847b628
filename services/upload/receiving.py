"""One picture on its way in: announced, received whole, checked, kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from jobs import names
from jobs.documents import Failure, Job, Upload
from jobs.job import OPEN_FOR_PICTURES, NotAllowed, State, UploadState
from jobs.log import log
from jobs.settings import UploadSettings
from jobs.store import UnknownUpload
from services.upload import pictures, quota, wire
from services.upload.arriving import SOON
from services.upload.bodies import Full, Held
from services.upload.bucket import Different
from services.upload.identifiers import derived
from services.upload.parts import BY, Parts
from services.upload.problems import Problem
from services.upload.safety import Unchecked

LIVE = frozenset({UploadState.PENDING, UploadState.VERIFIED})
_GONE = frozenset({UploadState.REMOVED, UploadState.EXPIRED, UploadState.PURGED})
_UNSAFE = "{name} looks as if it showed nudity or sex, which is not taken here. If it does not, choose another picture of the same thing."


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
        there |= {upload.id: upload for upload in parts.uploads.register(new, quota.pictures(parts.settings))}
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


def receive(parts: Parts, job: Job, upload: Upload, raw: Held, version: Any) -> Upload:
    """`verified`, with both objects kept; the same bytes again change nothing. `version` is that of `upload`'s document.

    Raises Problem, NotUsable and NotAllowed.
    """
    if raw.size != upload.size:
        raise Problem("size-mismatch", f"{upload.file_name} was announced with {upload.size} bytes; {raw.size} came.")
    if raw.crc32c != upload.crc32c:
        raise Problem("checksum", f"{upload.file_name} has checksum {raw.crc32c}, not {upload.crc32c}. Send it again.")
    if upload.state is UploadState.PENDING:
        upload = _settle(parts, job, upload, raw, version)
    return usable(parts, upload)


def usable(parts: Parts, upload: Upload) -> Upload:
    """Raises NotUsable and Problem for one that was settled otherwise than by `verified`."""
    if upload.state is UploadState.REJECTED and upload.failure:
        raise pictures.NotUsable(upload.failure.code, upload.failure.text)
    if upload.state is not UploadState.VERIFIED:
        drop(parts, upload)
        raise Problem("picture-removed", f"{upload.file_name} was removed from this job.")
    return upload


def _settle(parts: Parts, job: Job, upload: Upload, raw: Held, version: Any) -> Upload:
    if job.state not in OPEN_FOR_PICTURES:
        raise NotAllowed(job.id, job.state, State.UPLOADING)
    try:
        with inspect(parts, raw, upload.file_name) as picture:
            return keep(parts, upload, raw, picture, version)
    except pictures.NotUsable as error:
        log("picture refused", job_id=job.id, uploadId=upload.id, reason=error.code)
        return parts.uploads.settle(upload, UploadState.REJECTED, version, failure=Failure(error.code, str(error)))


@contextmanager
def inspect(parts: Parts, raw: Held, name: str) -> Iterator[pictures.Picture]:
    """The picture, if it may be used here. Raises NotUsable and Problem."""
    try:
        picture = pictures.check(raw, name, parts.settings.picture_size)
    except (pictures.Undecided, Full) as error:
        raise Problem("busy", "Other pictures are being looked at. Send this one again in a moment.", headers=SOON) from error
    with picture.png:
        try:
            unsafe = parts.safety.unsafe(picture.small)
        except Unchecked as error:
            raise Problem("unavailable", f"{name} could not be checked: {error}. Send it again in a moment.") from error
        if unsafe:
            raise pictures.NotUsable("NOT_SAFE", _UNSAFE.format(name=name))
        yield picture


def keep(parts: Parts, upload: Upload, raw: Held, picture: pictures.Picture, version: Any = None) -> Upload:
    """Both objects, then the document: what counts has its bytes. Raises Problem."""
    try:
        parts.pictures.keep(names.raw(upload.job_id, upload.id), raw, "application/octet-stream")
    except Different as error:
        raise Problem("picture-conflict", f"{error}. Remove the picture and add it again.") from error
    # ours to make again: another version of this service may have made it otherwise, for a request that died
    parts.pictures.write(names.clean(upload.job_id, upload.id), picture.png, "image/png")
    facts = {"width": picture.width, "height": picture.height, "look": picture.look}
    try:
        return parts.uploads.settle(upload, UploadState.VERIFIED, version, **facts)
    except UnknownUpload:
        drop(parts, upload)  # the job was erased meanwhile
        raise


def remove(parts: Parts, job: Job, upload: Upload) -> None:
    """The document first: a picture that still counts must have its bytes, one that does not may have them a little longer."""
    if job.state not in OPEN_FOR_PICTURES:
        raise NotAllowed(job.id, job.state, State.UPLOADING)
    parts.uploads.settle(upload, UploadState.REMOVED)
    drop(parts, upload)


def drop(parts: Parts, upload: Upload) -> None:
    parts.pictures.delete(names.clean(upload.job_id, upload.id))
    parts.pictures.delete(names.raw(upload.job_id, upload.id))
