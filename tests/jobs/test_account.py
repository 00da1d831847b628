"""What is kept of a designer beside their jobs."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from google.cloud import firestore

from jobs.account import Erasure, Scope, Usage
from jobs.documents import Job, Upload, new_id, now
from jobs.job import NotAllowed, State, UploadState
from jobs.store import Contended, Erasures, Jobs, Requests, UnknownJob, UnknownUpload, Uploads, Usages
from jobs.store.usages import Check


@pytest.fixture
def jobs(database: firestore.Client) -> Jobs:
    return Jobs(database)


@pytest.fixture
def uploads(database: firestore.Client) -> Uploads:
    return Uploads(database)


@pytest.fixture
def usages(database: firestore.Client) -> Usages:
    return Usages(database)


class Full(Exception):
    """The day is full."""


def at_most(pictures: int) -> Check:
    def check(usage: Usage) -> None:
        if usage.pictures > pictures:
            raise Full

    return check


def made(jobs: Jobs) -> Job:
    return jobs.create(Job(id=new_id(), owner="ada", name="Teapot", subject="sks", class_word="teapot"), by="test")


def pictures(job: Job, *numbers: int) -> list[Upload]:
    return [Upload(f"u{number}", job.id, job.owner, f"{number}.png", "image/png", 5, "AAAAAA==") for number in numbers]


def test_pictures_are_put_on_the_day_in_the_commit_that_registers_them(jobs: Jobs, uploads: Uploads, usages: Usages) -> None:
    job = made(jobs)

    uploads.register(pictures(job, 1, 2))
    uploads.register(pictures(job, 2, 3))

    assert (usages.of("ada").pictures, usages.of("ada").bytes) == (3, 15)
    assert usages.of("grace").pictures == 0


def test_what_does_not_fit_into_the_day_is_registered_not_at_all(jobs: Jobs, uploads: Uploads, usages: Usages) -> None:
    job = made(jobs)

    with pytest.raises(Full):
        uploads.register(pictures(job, 1, 2, 3), at_most(2))

    assert (uploads.of_job(job.id), usages.of("ada").pictures) == ([], 0)


def test_many_who_register_the_same_pictures_at_once_count_them_once(jobs: Jobs, uploads: Uploads, usages: Usages) -> None:
    job = made(jobs)
    at_once = threading.Barrier(6)

    def register(_: int) -> bool:
        at_once.wait(30)
        try:
            return len(uploads.register(pictures(job, 1, 2, 3))) == 3
        except Contended:
            return True

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(register, range(6)))

    assert (len(uploads.of_job(job.id)), usages.of("ada").pictures) == (3, 3)


def test_a_job_that_takes_no_pictures_any_more_gets_none_and_loses_none(jobs: Jobs, uploads: Uploads) -> None:
    job = made(jobs)
    (upload,) = uploads.register(pictures(job, 1))
    jobs.submit(job.id, 1, by="test")

    with pytest.raises(NotAllowed):
        uploads.register(pictures(job, 2))
    with pytest.raises(NotAllowed):
        uploads.settle(upload, UploadState.REMOVED)

    assert [each.state for each in uploads.of_job(job.id)] == [UploadState.PENDING]


def test_pictures_are_counted_anew_if_one_goes_between_the_count_and_the_commit(jobs: Jobs, uploads: Uploads) -> None:
    job = made(jobs)
    first, _ = uploads.register(pictures(job, 1, 2))
    looks: list[list[str]] = []

    def look(_: Job) -> list[str]:
        looks.append([upload.id for upload in uploads.of_job(job.id) if upload.state is UploadState.PENDING])
        if len(looks) == 1:
            uploads.settle(first, UploadState.REMOVED)
        return looks[-1]

    submitted = jobs.submit(job.id, look, by="test")

    assert looks == [["u1", "u2"], ["u2"]]
    assert (submitted.pictures, submitted.covers) == (1, ("u2",))


def test_a_history_is_told_as_far_as_the_job_was_when_it_was_read(jobs: Jobs) -> None:
    draft = made(jobs)
    submitted = jobs.submit(draft.id, 5, by="test")

    for _ in range(2):
        assert [event.state for event in jobs.history(draft)] == [State.DRAFT]
        assert [event.state for event in jobs.history(submitted)] == [State.DRAFT, State.UPLOADED]


def test_uploads_of_many_jobs_come_in_one_go_each_to_its_own(jobs: Jobs, uploads: Uploads) -> None:
    many = [made(jobs) for _ in range(32)]
    uploads.register(pictures(many[0], 1, 2))
    uploads.register(pictures(many[31], 3))

    found = uploads.of_jobs([job.id for job in many])

    assert [[upload.id for upload in found[job.id]] for job in (many[0], many[1], many[31])] == [["u1", "u2"], [], ["u3"]]


def test_pictures_of_a_submitted_job_are_described_no_more_and_read_once(jobs: Jobs, uploads: Uploads, database: firestore.Client) -> None:
    job = made(jobs)
    (upload,) = uploads.register(pictures(job, 1))
    uploads.describe(upload, "a teapot")
    open_, submitted = uploads.of(jobs.get(job.id)), jobs.submit(job.id, 1, by="test")

    with pytest.raises(NotAllowed):
        uploads.describe(upload, "a cup")

    first = uploads.of(submitted)
    database.collection("uploads").document(f"{job.id}__u1").update({"caption": "written by nobody of ours"})
    assert [each.caption for each in (*open_, *first, *uploads.of(submitted))] == ["a teapot"] * 3


def test_a_picture_of_a_job_that_is_gone_is_unknown(jobs: Jobs, uploads: Uploads, database: firestore.Client) -> None:
    job = made(jobs)
    (upload,) = uploads.register(pictures(job, 1))
    for document in database.collection("uploads").stream():
        document.reference.delete()

    with pytest.raises(UnknownUpload):
        uploads.settle(upload, UploadState.VERIFIED)
    with pytest.raises(UnknownUpload):
        uploads.describe(upload, "a cat")


def test_an_erased_job_takes_no_more_pictures(jobs: Jobs, uploads: Uploads) -> None:
    job = made(jobs)
    jobs.erase(Erasure("e1", job.id, "ada"), by="test")

    with pytest.raises(UnknownJob):
        uploads.register(pictures(job, 1))


@pytest.mark.parametrize("state", [State.UPLOADING, State.FAILED])
def test_an_erased_job_is_not_started_by_whoever_was_a_moment_late(jobs: Jobs, state: State) -> None:
    job = made(jobs)
    jobs.note(job.id, state=state, pictures=5)
    jobs.erase(Erasure("e1", job.id, "ada"), by="test")

    with pytest.raises(UnknownJob):
        jobs.submit(job.id, 5, by="test")
    with pytest.raises(UnknownJob):
        jobs.retry(job.id, by="test")

    assert jobs.outbox() == []


def test_erased_jobs_are_in_no_list_but_leave_no_hole_in_a_page(jobs: Jobs) -> None:
    mine = [jobs.create(replace(draft, created=now() + timedelta(seconds=n)), by="test") for n, draft in enumerate(drafts(6))]
    for job in mine[1:5]:
        jobs.erase(Erasure(f"e{job.id}", job.id, "ada"), by="test")

    assert [job.id for job in jobs.of_owner("ada", limit=2)] == [mine[5].id, mine[0].id]
    assert jobs.open("ada") == 2


def drafts(count: int) -> list[Job]:
    return [Job(id=new_id(), owner="ada", name="Teapot", subject="sks", class_word="teapot") for _ in range(count)]


def test_jobs_of_one_moment_are_all_in_one_page_or_the_next(jobs: Jobs) -> None:
    at = now()
    ids = {jobs.create(replace(draft, created=at), by="test").id for draft in drafts(5)}

    first = jobs.of_owner("ada", limit=2)
    rest = jobs.of_owner("ada", limit=9, before=(first[-1].created, first[-1].id))

    assert {job.id for job in (*first, *rest)} == ids
    assert len(first) + len(rest) == 5


def test_a_job_is_erased_once_however_many_ask(jobs: Jobs, database: firestore.Client) -> None:
    job = made(jobs)

    with ThreadPoolExecutor(8) as pool:
        erased = list(pool.map(lambda _: jobs.erase(Erasure("e1", job.id, "ada"), by="test"), range(8)))

    assert len({answer.erased for answer in erased}) == 1
    assert [erasure.id for erasure in Erasures(database).due()] == ["e1"]


def test_erasures_come_oldest_first_and_leave_when_they_are_done(database: firestore.Client) -> None:
    erasures = Erasures(database)
    for number in (2, 1, 3):
        erasures.keep(Erasure(f"e{number}", "j", "ada", Scope.MODEL, asked=now() + timedelta(seconds=number)))

    erasures.finish("e1")

    assert [erasure.id for erasure in erasures.due()] == ["e2", "e3"]
    assert [erasure.id for erasure in erasures.of_owner("ada")] == ["e3", "e2", "e1"]
    assert [found.scope for found in (erasures.get("e1"), erasures.get("e9")) if found] == [Scope.MODEL]


def test_a_job_that_became_ready_is_history_and_one_that_never_ended_is_not_in_front_of_it(jobs: Jobs) -> None:
    made(jobs)
    ready = jobs.submit(made(jobs).id, 5, by="test", steps=30)
    jobs.advance(ready.id, 1, State.READY, by="test")

    (last, *_) = jobs.finished(5)

    assert (last.id, last.steps) == (ready.id, 30)
    assert last.submitted is not None
    assert last.finished is not None
    assert last.submitted < last.finished


def test_a_request_is_held_by_one_and_known_to_the_others(database: firestore.Client) -> None:
    requests = Requests(database)

    with ThreadPoolExecutor(8) as pool:
        held = [version for _, version in pool.map(lambda _: requests.begin("r", "f"), range(8)) if version]

    assert len(held) == 1


def test_who_was_taken_over_forgets_nothing_of_whoever_took_over(database: firestore.Client) -> None:
    requests = Requests(database)
    row, slow = requests.begin("r", "f")
    database.collection("requests").document("r").update({"deadline": now() - timedelta(seconds=1)})
    _, fast = requests.begin("r", "f")

    requests.forget(row, slow)

    assert fast is not None
    assert database.collection("requests").document("r").get().exists
    requests.forget(row, fast)
    assert not database.collection("requests").document("r").get().exists


def test_a_request_of_another_body_takes_nothing_over(database: firestore.Client) -> None:
    requests = Requests(database)
    requests.begin("r", "f")
    database.collection("requests").document("r").update({"deadline": now() - timedelta(seconds=1)})

    there, held = requests.begin("r", "other")

    assert (there.fingerprint, held) == ("f", None)
