"""Whether a model draws now, until when, and at what price. A job that is `ready` has its endpoint; a retired one's may be woken."""

from datetime import timedelta

from jobs.documents import Job
from jobs.job import State
from jobs.library import Deployment, DeploymentState
from services.upload import answers, wire
from services.upload.parts import BY, Parts
from services.upload.problems import Problem

_NOT_AWAKE = {
    DeploymentState.WAKING: "This model is waking up. Ask again once it is awake.",
    DeploymentState.FAILED: "This model could not be woken. Wake it again before you ask for pictures.",
}
_ASLEEP = "This model is asleep. Wake it before you ask for pictures."


def of(parts: Parts, job: Job) -> Deployment:
    if job.state is State.READY:
        return Deployment(job.id, job.owner, job.attempt, DeploymentState.AWAKE, since=job.updated, deadline=job.deadline)
    return parts.deployments.get(job.id) or _asleep(job)


def wake(parts: Parts, job: Job) -> Deployment:
    """A model that wakes or is awake is answered as it stands. Raises Problem while intake is paused: an endpoint costs money."""
    there = of(parts, job)
    if there.state in {DeploymentState.AWAKE, DeploymentState.WAKING}:
        return there
    parts.door.admit()
    return parts.deployments.wake(job)


def sleep(parts: Parts, job: Job) -> Deployment:
    """From now on no pictures; the sweep lets the endpoint go within a minute or two."""
    if job.state is State.READY:
        job = parts.jobs.advance(job.id, job.attempt, State.RETIRED, by=BY)
        return parts.deployments.retire(job)
    return parts.deployments.sleep(job.id) or _asleep(job)


def need_awake(parts: Parts, job: Job) -> None:
    """Raises Problem."""
    state = of(parts, job).state
    if state is not DeploymentState.AWAKE:
        raise Problem("asleep", _NOT_AWAKE.get(state, _ASLEEP))


def touch(parts: Parts, job: Job) -> None:
    """It was used, and may idle again from now."""
    idle = timedelta(hours=parts.settings.idle_hours)
    if job.state is State.READY:
        parts.jobs.touch(job, idle)
    else:
        parts.deployments.touch(job.id, idle)


def answer(parts: Parts, there: Deployment) -> wire.Deployment:
    awake = there.state is DeploymentState.AWAKE
    return wire.Deployment(
        state=there.state.value,
        since=there.since,
        until=there.deadline if awake else None,
        hourly_price=parts.settings.serving_price,
        currency=parts.settings.currency,
        failure=answers.failure(there.failure),
    )


def _asleep(job: Job) -> Deployment:
    return Deployment(job.id, job.owner, job.attempt, DeploymentState.ASLEEP, since=job.updated)
