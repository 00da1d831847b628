from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jobs import names
from jobs.account import Scope, Webhook
from jobs.documents import Result
from jobs.job import State
from services.upload import erasing
from tests.upload import cloud
from tests.upload.conftest import Service


def delete(service: Service, job_id: str, **options: Any) -> Any:
    return service.call("DELETE", f"/v1/jobs/{job_id}", **options)


def in_state(service: Service, state: State) -> str:
    job_id = service.job_with_pictures()
    service.parts.jobs.note(job_id, state=state, pictures=5)
    return job_id


def test_a_deleted_job_is_gone_at_once_and_leaves_a_receipt(service: Service) -> None:
    job_id = service.job_with_pictures()

    answer = delete(service, job_id)

    receipt = service.call("GET", answer.headers["Location"])
    assert (answer.status_code, receipt.status_code) == (202, 200)
    assert receipt.json == answer.json
    assert (receipt.json["jobId"], receipt.json["scope"], receipt.json["state"]) == (job_id, "job", "due")
    assert service.call("GET", "/v1/jobs").json["jobs"] == []
    assert service.call("GET", "/v1/me").json["openJobs"] == 0


def test_of_a_deleted_job_nothing_can_be_reached_or_changed(service: Service) -> None:
    job_id = service.job_with_pictures()
    upload_id = service.parts.uploads.of_job(job_id)[0].id
    delete(service, job_id)

    answers = [
        service.call("GET", f"/v1/jobs/{job_id}"),
        service.call("PATCH", f"/v1/jobs/{job_id}", json={"name": "Back"}, headers={"If-Match": "*"}),
        service.call("POST", f"/v1/jobs/{job_id}/submit"),
        service.call("PUT", f"/v1/jobs/{job_id}/uploads/{upload_id}", data=cloud.picture(0)),
        service.call("GET", f"/v1/jobs/{job_id}/pictures/uploads/{upload_id}"),
        service.register(job_id, ("new.png", b"x")),
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_a_deletion_whose_answer_was_lost_is_answered_again(service: Service) -> None:
    job_id = service.job_with_pictures()

    first, again = delete(service, job_id), delete(service, job_id)

    assert (again.status_code, again.data) == (202, first.data)
    assert len(service.parts.erasures.due()) == 1


def test_a_job_that_is_made_anew_under_its_old_key_can_be_deleted_anew(service: Service) -> None:
    job_id = service.create(key="again").json["id"]
    first = delete(service, job_id).json
    too_early = service.create(key="again", name="Other")
    for name in ("requests", "jobs"):
        for row in service.documents.collection(name).stream():
            row.reference.delete()
    for event in service.documents.collection("jobs").document(job_id).collection("events").stream():
        event.reference.delete()
    service.parts.erasures.finish(first["id"])
    lost = delete(service, job_id).json

    anew = service.create(key="again").json["id"]
    second = delete(service, anew).json

    assert too_early.json["code"] == "KEY_REUSED"
    assert (anew, lost["id"], lost["state"]) == (job_id, first["id"], "done")
    assert second["id"] != first["id"]
    assert [erasure.id for erasure in service.parts.erasures.due()] == [second["id"]]


def test_those_who_delete_at_once_get_one_receipt(service: Service) -> None:
    job_id = service.job_with_pictures()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: delete(service, job_id), range(8)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == len(service.parts.erasures.due()) == 1


def test_a_receipt_fills_and_is_done(service: Service) -> None:
    receipt = delete(service, service.job_with_pictures()).json
    store = service.parts.erasures

    store.note(receipt["id"], removed=["gs://b/raw/1", "gs://b/raw/2"])
    store.note(receipt["id"], removed=["gs://b/raw/2", "firestore:jobs/1"], kept=["logs: 30 days"])
    store.finish(receipt["id"])

    read = service.call("GET", f"/v1/receipts/{receipt['id']}").json
    assert read["removed"] == ["gs://b/raw/1", "gs://b/raw/2", "firestore:jobs/1"]
    assert (read["kept"], read["state"], store.due()) == (["logs: 30 days"], "done", [])


def test_receipts_are_their_owners(service: Service) -> None:
    receipt = delete(service, service.job_with_pictures()).json

    foreign = service.call("GET", f"/v1/receipts/{receipt['id']}", as_="eve@example.com")
    unknown = [service.call("GET", f"/v1/receipts/{name}") for name in ("0" * 26, "__x__", "a.b", "ü", "a" * 2000)]

    assert {answer.status_code for answer in (foreign, *unknown)} == {404}


def test_nobody_deletes_the_job_of_another(service: Service) -> None:
    job_id = service.job_with_pictures()

    before = delete(service, job_id, as_="eve@example.com")
    delete(service, job_id)
    after = delete(service, job_id, as_="eve@example.com")

    assert (before.status_code, after.status_code) == (404, 404)
    assert [erasure.owner for erasure in service.parts.erasures.due()] == ["accounts.google.com:ada@example.com"]


@pytest.mark.parametrize("state", [State.UPLOADED, State.QUEUED, State.TRAINING, State.DEPLOYING, State.CANCELLING])
def test_what_is_under_way_is_cancelled_first(service: Service, state: State) -> None:
    job_id = in_state(service, state)

    answer = delete(service, job_id)

    assert (answer.status_code, answer.json["code"]) == (409, "NOT_ALLOWED")
    assert "cancel it first" in answer.json["detail"]
    assert service.call("GET", f"/v1/jobs/{job_id}").status_code == 200
    assert service.parts.erasures.due() == []


@pytest.mark.parametrize("state", [State.DRAFT, State.UPLOADING, State.FAILED, State.CANCELLED, State.EXPIRED, State.RETIRED])
def test_what_is_at_rest_is_deleted_as_it_is(service: Service, state: State) -> None:
    job_id = in_state(service, state)

    assert delete(service, job_id).status_code == 202
    assert service.parts.jobs.get(job_id).state is state


def test_a_ready_job_is_retired_in_the_same_commit(service: Service) -> None:
    job_id = in_state(service, State.READY)

    delete(service, job_id)

    job = service.parts.jobs.get(job_id)
    assert (job.state, job.erased is not None) == (State.RETIRED, True)
    assert service.parts.jobs.events(job_id)[-1].state == State.RETIRED


def test_a_model_alone_is_erased_and_its_job_stays_without_a_result(service: Service) -> None:
    job_id = in_state(service, State.READY)
    service.parts.jobs.note(job_id, result=Result(model="models/1", after="gs://b/after.png"))
    with service.http.application.test_request_context(headers={}):
        from flask import g

        g.user = service.parts.verifier.user(service.provider.assertion())
        first = erasing.erase(service.parts, job_id, Scope.MODEL)
        again = erasing.erase(service.parts, job_id, Scope.MODEL)

    job = service.call("GET", f"/v1/jobs/{job_id}").json
    assert first == again
    assert (first.scope, job["state"], job["result"], job["counts"]["verified"]) == ("model", "retired", None, 5)


def test_everything_of_a_designer_goes_at_once(service: Service) -> None:
    jobs = {service.job_with_pictures(), in_state(service, State.READY)}
    owner = "accounts.google.com:ada@example.com"
    service.parts.webhooks.put(Webhook(owner, "https://example.com/", "whsec_x"))
    (today,) = service.documents.collection("usage").stream()
    service.documents.collection("usage").document(names.usage(owner, "2026-01-01")).set(today.to_dict() | {"day": "2026-01-01"})

    answer = service.call("DELETE", "/v1/me/data")
    again = service.call("DELETE", "/v1/me/data")

    receipts = answer.json["receipts"]
    removed = [name for receipt in receipts for name in receipt["removed"]]
    assert (answer.status_code, {receipt["jobId"] for receipt in receipts}) == (202, jobs)
    assert removed == [f"firestore:usage/{names.usage(owner, '2026-01-01')}", f"firestore:webhooks/{names.owner(owner)}"]
    assert next(name for receipt in receipts for name in receipt["kept"]).startswith(f"firestore:usage/{today.id}")
    assert again.json == answer.json
    assert (service.call("GET", "/v1/jobs").json["jobs"], service.call("GET", "/v1/me/webhook").status_code) == ([], 404)


def test_todays_allowance_is_not_won_back_by_deleting(service: Service) -> None:
    service.job_with_pictures()

    service.call("DELETE", "/v1/me/data")

    assert service.call("GET", "/v1/me").json["quota"]["pictures"]["used"] == 5


def test_nothing_goes_while_something_is_under_way(service: Service) -> None:
    idle, busy = service.job_with_pictures(), in_state(service, State.TRAINING)

    answer = service.call("DELETE", "/v1/me/data")

    assert (answer.status_code, answer.json["code"]) == (409, "NOT_ALLOWED")
    assert {job["id"] for job in service.call("GET", "/v1/jobs").json["jobs"]} == {idle, busy}


def test_who_has_nothing_gets_no_receipt_but_what_there_was_is_named(service: Service) -> None:
    nothing = service.call("DELETE", "/v1/me/data").json["receipts"]
    service.parts.webhooks.put(Webhook("accounts.google.com:ada@example.com", "https://example.com/", "whsec_x"))

    (alone,) = service.call("DELETE", "/v1/me/data").json["receipts"]

    assert nothing == []
    assert (alone["state"], alone["jobId"]) == ("done", "")
    assert len(alone["removed"]) == 1
    assert service.call("GET", f"/v1/receipts/{alone['id']}").json == alone
