from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from google.cloud import firestore

from jobs.documents import Failure, Job, Progress, Upload, new_id, now
from jobs.job import NotAllowed, State, Superseded, UploadState
from jobs.library import Generation
from jobs.store import Generations, Jobs, UnknownJob, UnknownUpload, Uploads


@pytest.fixture
def jobs(database: firestore.Client) -> Jobs:
    return Jobs(database)


@pytest.fixture
def uploads(database: firestore.Client) -> Uploads:
    return Uploads(database)


def draft(owner: str = "ada") -> Job:
    return Job(id=new_id(), owner=owner, name="Teapot", subject="sks", class_word="teapot")


def picture(job: Job, number: int = 0) -> Upload:
    return Upload(f"u{number}", job.id, job.owner, f"{number}.png", "image/png", 5, "AAAAAA==")


def test_a_job_that_is_created_twice_is_one_job(jobs: Jobs) -> None:
    first = jobs.create(draft(), by="test")

    second = jobs.create(replace(first, name="Other"), by="test")

    assert second == first
    assert len(jobs.events(first.id)) == 1


def test_an_unknown_job_is_said_to_be_unknown(jobs: Jobs) -> None:
    with pytest.raises(UnknownJob, match="no job nothere"):
        jobs.get("nothere")


def test_twenty_submits_at_once_have_one_effect_and_one_answer(jobs: Jobs) -> None:
    job = jobs.create(draft(), by="test")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: jobs.submit(job.id, 6, by="test"), range(20)))

    assert {(answer.state, answer.pictures) for answer in answers} == {(State.UPLOADED, 6)}
    assert [(row.job_id, row.attempt) for row in jobs.outbox()] == [(job.id, 1)]
    assert [event.state for event in jobs.events(job.id)] == [State.DRAFT, State.UPLOADED]


def test_a_stage_may_be_skipped_forwards_and_a_late_report_changes_nothing(jobs: Jobs) -> None:
    job = jobs.submit(jobs.create(draft(), by="test").id, 5, by="test")
    jobs.advance(job.id, 1, State.TRAINING, by="train")

    late = jobs.advance(job.id, 1, State.QUEUED, by="start")

    assert late.state is State.TRAINING


def test_reports_of_an_older_attempt_are_refused(jobs: Jobs) -> None:
    job = jobs.submit(jobs.create(draft(), by="test").id, 5, by="test")
    jobs.advance(job.id, 1, State.FAILED, by="train", failure=Failure("TRAINING", "It broke", retryable=True))

    again = jobs.retry(job.id, by="test")

    assert (again.state, again.attempt, again.failure) == (State.UPLOADED, 2, None)
    with pytest.raises(Superseded):
        jobs.advance(job.id, 1, State.READY, by="deploy")
    assert {row.attempt for row in jobs.outbox()} == {1, 2}


def test_a_failure_is_kept_with_its_reason_and_in_the_history(jobs: Jobs) -> None:
    job = jobs.submit(jobs.create(draft(), by="test").id, 5, by="test")

    jobs.advance(job.id, 1, State.FAILED, by="train", failure=Failure("TRAINING", "It broke"))

    assert jobs.get(job.id).failure == Failure("TRAINING", "It broke")
    assert jobs.events(job.id)[-1].detail == "It broke"


def test_the_same_retry_again_is_the_attempt_that_it_made(jobs: Jobs) -> None:
    job = jobs.submit(jobs.create(draft(), by="test").id, 5, by="test")
    jobs.advance(job.id, 1, State.FAILED, by="train")

    first, again = (jobs.retry(job.id, by="test", after=1) for _ in range(2))

    assert (first.attempt, again.attempt, again.state) == (2, 2, State.UPLOADED)
    assert len(jobs.outbox()) == 2


def test_only_a_job_that_ended_badly_can_be_tried_again(jobs: Jobs) -> None:
    job = jobs.submit(jobs.create(draft(), by="test").id, 5, by="test")

    with pytest.raises(NotAllowed):
        jobs.retry(job.id, by="test")


def test_progress_is_noted_without_a_move(jobs: Jobs) -> None:
    job = jobs.create(draft(), by="test")

    jobs.note(job.id, progress=Progress("training", 3, 9, 0.5, 2.0, ("gs://b/1",)))

    assert jobs.get(job.id).progress == Progress("training", 3, 9, 0.5, 2.0, ("gs://b/1",))
    assert jobs.get(job.id).state is State.DRAFT


def test_running_and_overdue_jobs_are_found(jobs: Jobs) -> None:
    idle = jobs.create(draft(), by="test")
    busy = jobs.submit(jobs.create(draft(), by="test").id, 5, by="test")
    jobs.advance(busy.id, 1, State.QUEUED, by="start")
    jobs.note(busy.id, deadline=now() - timedelta(seconds=1))

    assert [job.id for job in jobs.running()] == [busy.id]
    assert [job.id for job in jobs.overdue(now())] == [busy.id]
    assert idle.id not in {job.id for job in jobs.overdue(now())}


def test_a_designer_sees_own_jobs_newest_first_page_by_page(jobs: Jobs) -> None:
    mine = [jobs.create(replace(draft(), created=now() + timedelta(seconds=n)), by="test") for n in range(3)]
    jobs.create(draft("grace"), by="test")

    first = jobs.of_owner("ada", limit=2)
    rest = jobs.of_owner("ada", limit=2, before=(first[-1].created, first[-1].id))

    assert [job.id for job in [*first, *rest]] == [job.id for job in reversed(mine)]


def test_use_puts_off_retirement_but_never_past_the_absolute_limit(jobs: Jobs) -> None:
    job = jobs.submit(jobs.create(draft(), by="test").id, 5, by="test")
    ready = jobs.advance(job.id, 1, State.READY, by="deploy")

    jobs.touch(ready, timedelta(hours=2))
    soon = jobs.get(job.id).deadline
    jobs.touch(ready, timedelta(hours=200))
    late = jobs.get(job.id).deadline

    assert soon is not None
    assert late is not None
    assert timedelta(hours=1) < soon - ready.updated < timedelta(hours=3)
    assert abs(late - ready.updated - timedelta(hours=8)) < timedelta(seconds=1)


def test_a_picture_is_registered_once_and_settled_once(jobs: Jobs, uploads: Uploads) -> None:
    job = jobs.create(draft(), by="test")
    uploads.register([picture(job), picture(job)])

    uploads.settle(picture(job), UploadState.VERIFIED, width=64)
    again = uploads.settle(picture(job), UploadState.REJECTED, failure=Failure("X", "x"))

    assert [upload.state for upload in uploads.of_job(job.id)] == [UploadState.VERIFIED]
    assert (again.state, again.width) == (UploadState.VERIFIED, 64)


def test_an_unknown_upload_is_said_to_be_unknown(uploads: Uploads) -> None:
    with pytest.raises(UnknownUpload):
        uploads.get("j", "u")


def test_generations_of_a_job_come_newest_first(database: firestore.Client) -> None:
    generations = Generations(database)
    for number in range(2):
        generations.open(Generation(f"g{number}", "j", "ada", "a cat", "", 1, 20, 7.5, created=now() + timedelta(seconds=number)))

    assert [generation.id for generation in generations.of_job("j")] == ["g1", "g0"]
