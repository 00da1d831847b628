"""The lines that the service really prints, through the filters of the metrics and alerts that look for them."""

from collections.abc import Callable

import pytest
from google.api_core.exceptions import ServiceUnavailable

from infra.operations.signals import GOOGLE_CALL_FAILED, PICTURE_SETTLED, PRINTS_MADE, UNEXPECTED_ERROR, Signal
from tests.infra.log_filter import Entry, entries, matches
from tests.upload import cloud, trained
from tests.upload.conftest import Service

Seen = Callable[[Signal], list[Entry]]


@pytest.fixture
def seen(capsys: pytest.CaptureFixture[str]) -> Seen:
    return lambda signal: [found for found in entries(capsys.readouterr().out, "sd-test-upload") if matches(signal.of("test"), found)]


def test_a_verdict_on_a_picture_carries_what_the_dashboard_sorts_by(service: Service, seen: Seen) -> None:
    job_id = service.create().json["id"]
    service.put(job_id, "good.png", cloud.picture(1))
    service.put(job_id, "notes.pdf", b"%PDF-1.7")

    verdicts = [line["jsonPayload"] for line in seen(PICTURE_SETTLED)]

    assert [(line["state"], line["reason"]) for line in verdicts] == [("verified", ""), ("rejected", "NOT_A_PICTURE")]


def test_prints_are_counted(service: Service, seen: Seen) -> None:
    trained.ask(service, trained.job(service))

    assert len(seen(PRINTS_MADE)) == 1


def test_a_call_to_google_that_fails_is_told(service: Service, seen: Seen) -> None:
    asked = trained.ask(service, trained.job(service))
    service.endpoint.faults = [ServiceUnavailable("the endpoint is down")]

    answer = trained.push(service, asked.json["id"])

    assert (answer.status_code, len(seen(GOOGLE_CALL_FAILED))) == (503, 1)


def test_an_error_that_nobody_foresaw_is_told(service: Service, seen: Seen) -> None:
    job_id = service.create().json["id"]
    service.parts.jobs.note(job_id, state="no such state")

    answer = service.call("GET", f"/v1/jobs/{job_id}")

    (found,) = seen(UNEXPECTED_ERROR)
    assert (answer.status_code, found["jsonPayload"]["alert"]) == (500, True)
