"""From a folder of pictures to a model, as the command line shows it."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from jobs.job import OPEN_FOR_PICTURES, State
from jobs.methods import Method
from jobs.presets import PresetId
from services.upload import wire
from services.upload.client import Client, PicturesRefused, pictures_in
from services.upload.client.screen import STEPS, Screen, duration, note

# by which a job is known again
_ASKED = ("name", "subject", "class_word", "method", "preset")


class JobEnded(Exception):
    """Otherwise than by `ready`."""


def upload(client: Client, screen: Screen, asked: Namespace) -> None:
    pictures = pictures_in(asked.folder)
    if not pictures:
        raise FileNotFoundError(f"{asked.folder} holds no pictures: JPEG, PNG, WebP or HEIC")
    job = _begun(client, asked)
    _send(client, screen, job, pictures, asked.skip_refused)
    if asked.no_submit:
        return screen.result(client.job(job.id), job.id)
    if not job.consented:
        client.change(job.id, consent=True)
    _tell_estimate(client.estimate(job.id))
    job = client.submit(job.id)
    if asked.no_watch:
        return screen.result(job, job.id)
    return follow(client, screen, job.id)


def _begun(client: Client, asked: Namespace) -> wire.Job:
    """A job that still takes pictures is gone on with: what was sent of it is there."""
    name, method, preset = asked.name or asked.folder.resolve().name, Method(asked.method), PresetId(asked.preset)
    wanted = wire.NewJob(name=name, subject=asked.subject, class_word=asked.class_word, method=method, preset=preset)
    if not asked.new:
        for job in client.jobs():
            same = all(getattr(job, field) == getattr(wanted, field) for field in _ASKED)
            if same and job.state in OPEN_FOR_PICTURES:
                note(f"going on with job {job.id}")
                return job
    job = client.create(wanted.name, wanted.class_word, wanted.subject, method=method, preset=preset)
    note(f"job {job.id}")
    return job


def _send(client: Client, screen: Screen, job: wire.Job, pictures: Sequence[Path], skip_refused: bool) -> None:
    try:
        with screen.track("B") as track:
            client.upload(job.id, pictures, lambda path, sent, size: track.at(path.name, sent, size))
    except PicturesRefused as refused:
        for path, problem in refused.problems.items():
            note(f"{path.name}: {problem.detail}")
        if not skip_refused:
            note("Nothing was submitted. Take these out of the folder, or run the same command with --skip-refused.")
            raise


def _tell_estimate(estimate: wire.Estimate) -> None:
    price = estimate.price
    cost = f", {price.low:.2f} to {price.high:.2f} {price.currency} at prices of {price.as_of}" if price else ""
    note(f"training takes {duration(estimate.low_seconds)} to {duration(estimate.high_seconds)}{cost}")


def follow(client: Client, screen: Screen, job_id: str) -> None:
    """Raises JobEnded unless the job is ready, or was."""
    state = None
    with screen.track(STEPS) as track:
        for job in client.watch(job_id):
            if job.state is not state:
                state = job.state
                note(f"{job.updated.astimezone():%H:%M:%S}  {state}")
            if state is State.TRAINING and job.progress.total:
                track.at("training", job.progress.step, job.progress.total, _fact(job.progress))
    screen.result(job, f"{job.id} is {job.state}")
    if job.state not in {State.READY, State.RETIRED}:
        raise JobEnded(f"job {job.id} is {job.state}" + (f": {job.failure.text}" if job.failure else ""))


def _fact(progress: wire.Progress) -> str:
    loss = f"loss {progress.loss:.3f}" if progress.loss is not None else ""
    left = f"about {duration(progress.eta_seconds)} left" if progress.eta_seconds else ""
    return ", ".join(filter(None, (loss, left)))


def job_table(jobs: Sequence[wire.Job]) -> str:
    rows = [f"{job.id}  {job.state:<12} {job.created.astimezone():%Y-%m-%d %H:%M}  {job.pictures:>3} pictures  {job.name}" for job in jobs]
    return "\n".join(rows) or "no jobs"
