"""For how long a job trains, and that its owner says that its pictures may be used."""

import io
from dataclasses import replace
from typing import Any

import pytest

from jobs.job import State
from jobs.presets import PresetId
from services.upload.contract import PROBLEMS
from tests.upload import cloud
from tests.upload.conftest import Service


def change(service: Service, job_id: str, **fields: Any) -> Any:
    return service.call("PATCH", f"/v1/jobs/{job_id}", json=fields, headers={"If-Match": "*"})


def estimate(service: Service, job_id: str) -> Any:
    return service.call("POST", f"/v1/jobs/{job_id}/estimate").json


@pytest.mark.parametrize(("preset", "steps"), [("quick", 400), ("standard", 800), ("thorough", 1200)])
def test_a_preset_is_a_share_of_the_stacks_steps(service: Service, preset: str, steps: int) -> None:
    made = service.create(preset=preset)

    assert (made.json["preset"], made.json["steps"]) == (preset, steps)


def test_a_stack_of_few_steps_has_one_at_least() -> None:
    assert [preset.steps(1) for preset in PresetId] == [1, 1, 2]


def test_a_preset_that_is_none_of_ours_is_refused(service: Service) -> None:
    answer = service.create(preset="endless")

    assert (answer.status_code, answer.json["code"]) == (422, "VALIDATION")


def test_the_same_key_with_another_preset_is_another_job(service: Service) -> None:
    service.create(key="one")

    assert service.create(key="one", preset="quick").json["code"] == "KEY_REUSED"


def test_the_steps_follow_the_preset_and_the_estimate_and_the_day_follow_the_steps(service: Service) -> None:
    job_id = service.job_with_pictures()
    standard = estimate(service, job_id)

    changed = change(service, job_id, preset="thorough").json

    thorough = estimate(service, job_id)
    submitted = service.call("POST", f"/v1/jobs/{job_id}/submit").json
    assert (changed["preset"], changed["steps"], submitted["steps"]) == ("thorough", 1200, 1200)
    assert thorough["lowSeconds"] - standard["lowSeconds"] == pytest.approx(400 * 0.4)
    assert service.call("GET", "/v1/me").json["quota"]["gpuMinutes"]["used"] == thorough["gpuMinutes"] > standard["gpuMinutes"]


def test_a_retry_trains_for_as_long_as_the_attempt_before(service: Service) -> None:
    job_id = service.job_with_pictures()
    change(service, job_id, preset="quick")
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    service.parts.jobs.advance(job_id, 1, State.FAILED, by="test")

    again = service.call("POST", f"/v1/jobs/{job_id}/retry").json

    assert (again["attempt"], again["preset"], again["steps"]) == (2, "quick", 400)


def test_a_job_that_is_older_than_presets_trains_as_the_stack_says(service: Service) -> None:
    job_id = service.job_with_pictures()
    service.parts.jobs.note(job_id, steps=0)

    assert service.call("POST", f"/v1/jobs/{job_id}/submit").json["steps"] == 800


def test_a_job_without_consent_is_not_submitted(service: Service) -> None:
    made = service.create(consent=False).json

    answer = service.call("POST", f"/v1/jobs/{made['id']}/submit")

    assert made["consented"] is None
    assert (answer.status_code, answer.json["code"], answer.json["retryable"]) == (409, "CONSENT_MISSING", False)
    assert service.call("GET", f"/v1/jobs/{made['id']}").json["state"] == "draft"
    assert service.topic.messages == []


def test_consent_can_be_given_later_and_taken_back(service: Service) -> None:
    job_id = service.job_with_pictures()

    taken = change(service, job_id, consent=False).json
    refused = service.call("POST", f"/v1/jobs/{job_id}/submit").json
    given = change(service, job_id, consent=True).json
    named = change(service, job_id, name="Another").json

    assert (taken["consented"], refused["code"]) == (None, "CONSENT_MISSING")
    assert named["consented"] == given["consented"] is not None
    assert service.call("POST", f"/v1/jobs/{job_id}/submit").status_code == 202


def send_form(service: Service, key: str) -> Any:
    images = [(io.BytesIO(cloud.picture(number)), f"{number}.png") for number in range(5)]
    options = {"content_type": "multipart/form-data", "headers": {"Idempotency-Key": key}}
    return service.call("POST", "/upload", data={"images": images, "classWord": "cat"}, **options)


def test_whoever_sends_a_whole_job_at_once_says_so_by_sending_it(service: Service) -> None:
    answer = send_form(service, "says so")

    assert service.call("GET", f"/v1/jobs/{answer.json['jobId']}").json["consented"] is not None


def test_a_form_that_is_sent_again_does_not_say_what_was_taken_back(service: Service) -> None:
    parts, extensions = service.parts, service.http.application.extensions
    extensions["parts"] = replace(parts, settings=replace(parts.settings, daily_gpu_minutes=1))
    first = send_form(service, "taken back")
    [job] = service.call("GET", "/v1/jobs").json["jobs"]
    change(service, job["id"], consent=False)

    extensions["parts"] = parts
    again = send_form(service, "taken back")

    assert [first.json["code"], again.json["code"]] == ["OVER_QUOTA", "CONSENT_MISSING"]
    assert "consent-missing" in PROBLEMS["uploadForm"]
