"""A designer's models: each is the job that trained it, and its one version the attempt that became ready."""

from collections.abc import Sequence

from jobs import names
from jobs.documents import Job
from jobs.job import State
from jobs.store.models import TRAINED
from services.upload import answers, endpoints, wire
from services.upload.parts import Parts, owned
from services.upload.problems import Problem

_SAMPLES = 4


def model(model_id: str) -> Job:
    """Raises Problem and UnknownJob."""
    job = owned(model_id)
    if not has_model(job):
        raise Problem("not-found", f"Job {job.id} has no model.")
    return job


def version(model_id: str, number: int) -> Job:
    """Attempts that failed left nothing, so the last one is the only version. Raises Problem and UnknownJob."""
    job = model(model_id)
    if number != job.attempt:
        raise Problem("not-found", f"Model {job.id} has no version {number}; it has version {job.attempt}.")
    return job


def has_model(job: Job) -> bool:
    """One that was deleted has left its job behind, without a result."""
    return job.state in TRAINED and bool(job.result.model)


def need_ready(job: Job) -> None:
    """Raises Problem."""
    if not has_model(job):
        over = job.state in {State.RETIRED, State.FAILED, State.CANCELLED, State.EXPIRED}
        text = "It has no model." if over else "Pictures can be made once it is ready."
        raise Problem("not-ready", f"This job is {job.state}. {text}")


def model_url(job: Job) -> str:
    return f"/v1/models/{job.id}"


def version_url(job: Job) -> str:
    return f"{model_url(job)}/versions/{job.attempt}"


def answer(parts: Parts, job: Job) -> wire.Model:
    return wire.Model(
        id=job.id,
        name=job.name,
        subject=job.subject,
        class_word=job.class_word,
        method=job.method,
        prompt=names.prompt(job.subject, job.class_word),
        created=job.finished or job.created,
        versions=1,
        generations=parts.generations.count(job.id),
        deployment=endpoints.answer(parts, endpoints.of(parts, job)),
        covers=_covers(job),
    )


def answer_version(job: Job) -> wire.Version:
    result = answers.result(job, job.result)
    if result is None:
        raise Problem("not-found", f"Job {job.id} has no model.")
    lineage = wire.Lineage(
        job=answers.job_url(job.id),
        attempt=job.attempt,
        method=job.method,
        subject=job.subject,
        class_word=job.class_word,
        pictures=job.pictures,
        base_model=job.result.base,
        pipeline=job.pipeline,
        registered=job.result.model,
    )
    return wire.Version(
        number=job.attempt,
        created=job.finished or job.updated,
        result=result,
        lineage=lineage,
        weights=f"{version_url(job)}/weights",
        card=f"{version_url(job)}/card",
    )


def _covers(job: Job) -> list[str]:
    """What it draws: after training, and the last pictures on the way there."""
    samples: Sequence[int] = range(len(job.progress.samples))[-_SAMPLES:]
    after = [answers.picture_url(job, "after")] if job.result.after else []
    return [*after, *(answers.picture_url(job, f"samples/{number}") for number in reversed(samples))]
