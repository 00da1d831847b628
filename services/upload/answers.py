"""A job, its uploads and its prints as the API answers them; pictures are named by routes of this service, never by bucket."""

import math
import re
from collections.abc import Mapping, Sequence

from jobs import names
from jobs.documents import PICTURES_KEPT, Event, Failure, Job, Progress, Result, Upload, now
from jobs.job import MAX_ATTEMPTS, RETRIABLE, UploadState
from jobs.library import Generation
from jobs.store.jobs import with_cover
from services.upload import wire

# of the 64 bits of `look` that may differ between pictures of the same thing
ALIKE_BITS = 5


def job_url(job_id: str) -> str:
    return f"/v1/jobs/{job_id}"


def picture_url(job: Job, picture: str) -> str:
    """The attempt is in it, so that what a browser keeps of one attempt is never shown for another."""
    return f"{job_url(job.id)}/pictures/{picture}?attempt={job.attempt}"


def covers(job: Job, uploads: Sequence[Upload] = ()) -> list[str]:
    """Of a submitted job as they stand in its document, without its uploads; none once its pictures are deleted."""
    if job.created < now() - PICTURES_KEPT:
        return []
    ids = job.covers or with_cover(job, [upload.id for upload in uploads if upload.state is UploadState.VERIFIED])
    return [picture_url(job, f"uploads/{upload_id}") for upload_id in ids]


def job(job: Job, uploads: Sequence[Upload]) -> wire.Job:
    return wire.Job(
        id=job.id,
        name=job.name,
        subject=job.subject,
        class_word=job.class_word,
        method=job.method,
        preset=job.preset,
        steps=job.steps,
        state=job.state,
        attempt=job.attempt,
        pictures=job.pictures or sum(upload.state is UploadState.VERIFIED for upload in uploads),
        prompt=names.prompt(job.subject, job.class_word),
        created=job.created,
        updated=job.updated,
        deadline=job.deadline,
        consented=job.consented,
        finishing=job.finishing,
        failure=failure(job.failure),
        cover=job.cover or None,
        covers=covers(job, uploads),
    )


def detail(of: Job, uploads: Sequence[Upload], events: Sequence[Event]) -> wire.JobDetail:
    looks = _looks(uploads)
    states = [upload.state for upload in uploads]
    shown = {UploadState.PENDING, UploadState.VERIFIED, UploadState.REJECTED}
    return wire.JobDetail(
        **dict(job(of, uploads)),
        counts=wire.Counts(
            pending=states.count(UploadState.PENDING),
            verified=states.count(UploadState.VERIFIED),
            rejected=states.count(UploadState.REJECTED),
        ),
        uploads=[_upload(of, each, looks) for each in uploads if each.state in shown],
        history=[wire.Event(state=each.state, attempt=each.attempt, at=each.at, by=each.by, detail=each.detail) for each in events],
        progress=_progress(of, of.progress),
        result=result(of, of.result),
        attempts_left=MAX_ATTEMPTS - of.attempt if of.state in RETRIABLE and of.pictures else 0,
    )


def upload(job: Job, upload: Upload, uploads: Sequence[Upload] = ()) -> wire.Upload:
    """`uploads` are those of the whole job, among which others may look like it."""
    return _upload(job, upload, _looks(uploads))


def _upload(job: Job, upload: Upload, looks: Mapping[str, int]) -> wire.Upload:
    verified = upload.state is UploadState.VERIFIED
    return wire.Upload(
        id=upload.id,
        file_name=upload.file_name,
        size=upload.size,
        state=upload.state,
        width=upload.width,
        height=upload.height,
        url=f"{job_url(job.id)}/uploads/{upload.id}",
        picture=picture_url(job, f"uploads/{upload.id}") if verified else None,
        caption=upload.caption,
        alike=_alike(upload.id, looks),
        failure=failure(upload.failure),
    )


def _looks(uploads: Sequence[Upload]) -> Mapping[str, int]:
    return {upload.id: int(upload.look, 16) for upload in uploads if upload.state is UploadState.VERIFIED and upload.look}


def _alike(upload_id: str, looks: Mapping[str, int]) -> list[str]:
    own = looks.get(upload_id)
    return [] if own is None else [each for each, look in looks.items() if each != upload_id and (look ^ own).bit_count() <= ALIKE_BITS]


def generation(job: Job, made: Generation) -> wire.Generation:
    return wire.Generation(
        id=made.id,
        model=job.id,
        version=made.version,
        state=made.state.value,
        prompt=made.prompt,
        negative_prompt=made.negative_prompt,
        seed=made.seed,
        steps=made.steps,
        guidance=made.guidance,
        count=made.count,
        base=made.base,
        remix_of=made.remix_of or None,
        pictures=[_drawn(job, made, number) for number in range(made.count)],
        failure=failure(made.failure),
        created=made.created,
    )


def _drawn(job: Job, made: Generation, number: int) -> wire.Picture:
    blocked = number in made.blocked
    there = number < len(made.pictures) and not blocked
    return wire.Picture(
        number=number,
        seed=made.seed + number,
        url=picture_url(job, f"generations/{made.id}/{number}") if there else None,
        blocked=blocked,
        favourite=number in made.favourites,
    )


def failure(failure: Failure | None) -> wire.Failure | None:
    return wire.Failure(code=failure.code, text=failure.text, retryable=failure.retryable) if failure else None


def _progress(job: Job, progress: Progress) -> wire.Progress:
    samples = [wire.Sample(step=_step(uri), url=picture_url(job, f"samples/{number}")) for number, uri in enumerate(progress.samples)]
    return wire.Progress(
        stage=progress.stage,
        step=progress.step,
        total=progress.total,
        loss=progress.loss if progress.loss is not None and math.isfinite(progress.loss) else None,
        eta_seconds=progress.eta_seconds,
        losses=[[step, loss] for step, loss in zip(progress.loss_steps, progress.losses, strict=False) if math.isfinite(loss)],
        samples=samples,
    )


def _step(uri: str) -> int | None:
    """The trainer names a sample by its step."""
    found = re.search(r"(\d+)\.png$", uri)
    return int(found.group(1)) if found else None


def result(job: Job, result: Result) -> wire.Result | None:
    if not result.model and not result.endpoint:
        return None
    return wire.Result(
        model=result.model,
        endpoint=result.endpoint,
        before=picture_url(job, "before") if result.before else None,
        after=picture_url(job, "after") if result.after else None,
        likeness_before=result.likeness_before,
        likeness_after=result.likeness_after,
    )
