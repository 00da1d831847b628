import io
from typing import Any

import pytest

from jobs.intake import Gate, Intake, Keeper
from jobs.job import State
from services.upload.intake import Door
from services.upload.problems import Problem
from tests.upload import cloud
from tests.upload.conftest import Service


def pause(service: Service, reason: str = "this month's budget is used up") -> None:
    Gate(service.documents).change(lambda _: Intake(paused=True, reason=reason, by=Keeper.BUDGET))


def reopen(service: Service) -> None:
    Gate(service.documents).change(lambda _: Intake(by=Keeper.OPERATOR))


def shut(service: Service) -> None:
    pause(service)
    look_anew(service)


def look_anew(service: Service) -> None:
    """As if the time for which the instance trusts what it has seen were over."""
    service.parts.door._at = float("-inf")


def form() -> dict[str, Any]:
    images = [(io.BytesIO(cloud.picture(number)), f"{number}.png") for number in range(5)]
    return {"images": images, "name": "Cat", "classWord": "cat"}


def test_a_paused_service_takes_no_new_job_and_says_why(service: Service) -> None:
    pause(service)

    answer = service.create()

    assert (answer.status_code, answer.json["code"], answer.json["retryable"]) == (503, "INTAKE_PAUSED", True)
    assert answer.headers["Retry-After"] == "600"
    assert answer.json["detail"] == (
        "New jobs are not taken just now: this month's budget is used up. Jobs under way go on, and the pictures that are here stay."
    )
    assert service.call("GET", "/v1/jobs").json["jobs"] == []


def test_a_pause_without_a_reason_is_a_whole_sentence_too(service: Service) -> None:
    pause(service, reason="")

    assert "your platform team has closed the door" in service.create().json["detail"]


def test_a_whole_form_is_not_taken_either(service: Service) -> None:
    pause(service)

    answer = service.call("POST", "/upload", data=form(), content_type="multipart/form-data")

    assert answer.json["code"] == "INTAKE_PAUSED"
    assert service.call("GET", "/v1/jobs").json["jobs"] == []


def test_a_job_whose_pictures_are_here_is_not_started_and_keeps_them(service: Service) -> None:
    job_id = service.job_with_pictures()
    shut(service)

    answer = service.call("POST", f"/v1/jobs/{job_id}/submit")

    job = service.call("GET", f"/v1/jobs/{job_id}").json
    assert answer.json["code"] == "INTAKE_PAUSED"
    assert (job["state"], job["counts"]["verified"]) == (State.UPLOADING, 5)
    assert service.topic.messages == []


def test_a_failed_job_is_not_tried_again(service: Service) -> None:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    service.parts.jobs.advance(job_id, 1, State.FAILED, by="test")
    shut(service)

    answer = service.call("POST", f"/v1/jobs/{job_id}/retry")

    assert answer.json["code"] == "INTAKE_PAUSED"
    assert service.parts.jobs.get(job_id).state is State.FAILED


def test_what_is_under_way_goes_on(service: Service) -> None:
    draft = service.create(key="draft").json["id"]
    running = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{running}/submit")
    shut(service)

    sent = service.put(draft, "one.png", cloud.picture(1))
    submitted_again = service.call("POST", f"/v1/jobs/{running}/submit")
    made_again = service.create(key="draft")
    cancelled = service.call("POST", f"/v1/jobs/{running}/cancel")

    assert [answer.status_code for answer in (sent, submitted_again, made_again, cancelled)] == [200, 202, 201, 202]


def test_once_open_again_it_takes_jobs(service: Service) -> None:
    shut(service)
    refused = service.create().status_code

    reopen(service)
    look_anew(service)

    assert (refused, service.create().status_code) == (503, 201)


def test_a_word_is_trusted_for_a_while_and_then_asked_for_again(service: Service) -> None:
    trusting, asking = (Door(Gate(service.documents), fresh_s=seconds) for seconds in (60, 0))
    for door in (trusting, asking):
        door.admit()
    pause(service)

    trusting.admit()

    with pytest.raises(Problem, match="not taken just now"):
        asking.admit()
