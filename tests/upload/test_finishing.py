"""Stop here and keep it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jobs import names
from jobs.documents import Progress, now
from jobs.job import State
from services.upload.estimate import history
from tests.upload import trained
from tests.upload.conftest import Service


def under_way(service: Service, state: State = State.TRAINING) -> str:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    service.parts.jobs.advance(job_id, 1, state, by="test")
    return job_id


def finish(service: Service, job_id: str, **options: Any) -> Any:
    return service.call("POST", f"/v1/jobs/{job_id}/finish", **options)


@pytest.mark.parametrize("state", [State.PROVISIONING, State.TRAINING])
def test_a_job_that_trains_is_told_that_it_is_enough(service: Service, state: State) -> None:
    job_id = under_way(service, state)

    answer = finish(service, job_id)

    assert (answer.status_code, answer.json["state"]) == (202, state)
    assert answer.json["finishing"] is not None
    assert service.parts.jobs.get(job_id).finishing is not None


def test_to_ask_again_changes_nothing_also_when_the_job_has_gone_on(service: Service) -> None:
    job_id = under_way(service)
    first = finish(service, job_id)

    second = finish(service, job_id)
    service.parts.jobs.advance(job_id, 1, State.EVALUATING, by="test")
    later = finish(service, job_id)

    assert (second.status_code, second.json) == (first.status_code, first.json)
    assert (later.status_code, later.json["state"], later.json["finishing"]) == (202, "evaluating", first.json["finishing"])


def test_many_who_ask_at_once_get_one_answer(service: Service) -> None:
    job_id, at_once = under_way(service), threading.Barrier(8)

    def ask(_: int) -> Any:
        at_once.wait(30)
        return finish(service, job_id)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))

    assert {answer.status_code for answer in answers} <= {202, 503}
    assert len({answer.json["finishing"] for answer in answers if answer.status_code == 202}) == 1


@pytest.mark.parametrize("state", [State.QUEUED, State.EVALUATING, State.READY, State.FAILED, State.CANCELLING])
def test_what_does_not_train_cannot_be_stopped_and_kept(service: Service, state: State) -> None:
    job_id = under_way(service, state)

    answer = finish(service, job_id)

    assert (answer.status_code, answer.json["code"]) == (409, "NOT_ALLOWED")
    assert state in answer.json["detail"]


def test_the_next_attempt_knows_nothing_of_it(service: Service) -> None:
    job_id = under_way(service)
    finish(service, job_id)
    service.parts.jobs.advance(job_id, 1, State.FAILED, by="test")

    again = service.call("POST", f"/v1/jobs/{job_id}/retry").json

    assert again["finishing"] is None
    assert finish(service, job_id).json["code"] == "NOT_ALLOWED"


def test_what_was_stopped_early_tells_nothing_of_how_long_training_takes(service: Service) -> None:
    job_id = trained.job(service)
    whole = service.parts.jobs.get(job_id)
    service.parts.jobs.note(job_id, finishing=now())

    stopped = service.parts.jobs.get(job_id)

    assert len(history([whole], "dreambooth", whole.steps)) == 1
    assert history([stopped], "dreambooth", whole.steps) == []


def test_its_card_says_how_many_steps_it_has_had(service: Service) -> None:
    job_id = trained.job(service)
    service.parts.jobs.note(job_id, finishing=now(), steps=800)
    figures = service.objects.bucket(service.parts.models.name).blob(f"{names.run_prefix(job_id, 1)}metrics.json")
    figures.upload_from_string(json.dumps({"steps": 310}))

    card = service.call("GET", f"/v1/models/{job_id}/versions/1/card").text

    assert "- Steps: 310 of 800, then stopped on request" in card


def test_the_losses_of_the_attempt_are_told_but_for_those_that_are_no_number(service: Service) -> None:
    job_id = under_way(service)
    progress = Progress("training", 10, 20, float("nan"), 2.0, loss_steps=(1, 5, 10), losses=(0.5, 0.25, float("nan")))
    service.parts.jobs.note(job_id, progress=progress)

    told = service.call("GET", f"/v1/jobs/{job_id}").json["progress"]

    assert (told["losses"], told["loss"], told["step"]) == ([[1, 0.5], [5, 0.25]], None, 10)
