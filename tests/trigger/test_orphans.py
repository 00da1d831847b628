"""Pictures without a verified document, and those of jobs that nobody submitted."""

from datetime import timedelta

import pytest

from jobs import names
from jobs.account import Erasure
from jobs.documents import Job, new_id, now
from jobs.job import State, UploadState
from services.trigger import orphans
from services.trigger.sweep import sweep
from tests.trigger.conftest import LocalClients

NO_AGE = timedelta()


@pytest.fixture
def draft(clients: LocalClients) -> Job:
    return clients.jobs.create(Job(id=new_id(), owner="ada", name="Teapot", subject="sks", class_word="teapot"), by="test")


def test_a_picture_whose_document_is_verified_stays(clients: LocalClients, draft: Job) -> None:
    upload = clients.picture(draft)

    removed = orphans.remove(clients, NO_AGE)

    assert removed == 0
    assert clients.objects_in(clients.uploads_bucket) == [names.clean(draft.id, upload.id), names.raw(draft.id, upload.id)]


@pytest.mark.parametrize("state", [state for state in UploadState if state is not UploadState.VERIFIED])
def test_one_whose_document_says_anything_else_goes(clients: LocalClients, draft: Job, state: UploadState) -> None:
    clients.picture(draft, state)

    removed = orphans.remove(clients, NO_AGE)

    assert removed == 2
    assert clients.objects_in(clients.uploads_bucket) == []


def test_one_that_no_document_speaks_of_goes(clients: LocalClients, draft: Job) -> None:
    clients.keep(clients.uploads_bucket, names.raw(draft.id, new_id()), names.clean(new_id(), new_id()))

    assert orphans.remove(clients, NO_AGE) == 2


def test_one_whose_job_has_expired_goes(clients: LocalClients, draft: Job) -> None:
    clients.picture(draft)
    clients.jobs.advance(draft.id, 1, State.EXPIRED, by="test")

    assert orphans.remove(clients, NO_AGE) == 2


def test_one_whose_job_is_being_erased_waits_for_the_receipt(clients: LocalClients, draft: Job) -> None:
    clients.picture(draft)
    clients.jobs.erase(Erasure(new_id(), draft.id, draft.owner), by="test")

    assert orphans.remove(clients, NO_AGE) == 0


def test_what_a_request_may_still_be_working_on_is_left_alone(clients: LocalClients, draft: Job) -> None:
    clients.keep(clients.uploads_bucket, names.raw(draft.id, new_id()))

    done = sweep(clients)

    assert done["orphans"] == 0
    assert len(clients.objects_in(clients.uploads_bucket)) == 1


def test_what_is_not_a_picture_of_ours_is_left_alone(clients: LocalClients) -> None:
    clients.keep(clients.uploads_bucket, "readyz", "raw/notes.txt", "other/a/b")

    assert orphans.remove(clients, NO_AGE) == 0


def test_a_bucket_of_many_pages_is_gone_through_whole(clients: LocalClients, draft: Job) -> None:
    clients.keep(clients.uploads_bucket, *(names.raw(draft.id, f"{number:026}") for number in range(230)))

    assert orphans.remove(clients, NO_AGE) == 230
    assert clients.objects_in(clients.uploads_bucket) == []


def test_a_round_that_was_broken_off_goes_on_where_it_stood(clients: LocalClients, draft: Job) -> None:
    clients.keep(clients.uploads_bucket, *(names.raw(draft.id, f"{number:026}") for number in range(120)))
    place = clients.documents.collection("sweeps").document("orphans")

    first = iter(orphans.clear(clients))
    next(first)
    stood = place.get().to_dict()
    list(orphans.clear(clients))

    assert stood["after"] == names.raw(draft.id, f"{99:026}")
    assert place.get().to_dict() == {"after": "", "began": stood["began"]}


def test_a_round_begins_once_an_hour(clients: LocalClients, draft: Job) -> None:
    place = clients.documents.collection("sweeps").document("orphans")
    sweep(clients)
    first = place.get().to_dict()["began"]

    sweep(clients)
    again = place.get().to_dict()["began"]
    place.update({"began": now() - timedelta(hours=1, seconds=1)})
    sweep(clients)

    assert first == again
    assert place.get().to_dict()["began"] > first


@pytest.mark.parametrize("state", [State.DRAFT, State.UPLOADING])
def test_a_job_that_was_never_submitted_expires_with_its_pictures(clients: LocalClients, draft: Job, state: State) -> None:
    verified, pending = clients.picture(draft), clients.picture(draft, UploadState.PENDING)
    clients.jobs.note(draft.id, state=state, deadline=now() - timedelta(seconds=1))

    sweep(clients)

    assert clients.jobs.get(draft.id).state is State.EXPIRED
    assert clients.objects_in(clients.uploads_bucket) == []
    assert {upload.id: upload.state for upload in clients.uploads.of_job(draft.id)} == {
        verified.id: UploadState.PURGED,
        pending.id: UploadState.PURGED,
    }
