from datetime import timedelta

import pytest

from jobs.documents import Failure, now
from jobs.intake import Gate
from jobs.job import State
from jobs.library import DeploymentState
from services.upload.intake import Door
from tests.upload import trained
from tests.upload.conftest import Service


def deployment(service: Service, method: str, job_id: str) -> tuple[int, dict[str, object]]:
    answer = service.call(method, f"/v1/models/{job_id}/deployment")
    return answer.status_code, answer.json


def awake(service: Service, job_id: str, idle: timedelta = timedelta(hours=1)) -> None:
    """As the sweep leaves it."""
    seen = service.parts.deployments.get(job_id)
    assert seen
    assert service.parts.deployments.awake(seen, idle)


def test_a_model_tells_what_it_is_and_what_it_costs(service: Service) -> None:
    job_id = trained.job(service)
    trained.drawn(service, job_id)

    model = service.call("GET", f"/v1/models/{job_id}").json

    assert (model["id"], model["name"], model["prompt"]) == (job_id, "Cat", "a photo of a sks cat")
    assert (model["versions"], model["generations"]) == (1, 1)
    assert model["deployment"]["state"] == "awake"
    assert model["deployment"]["hourlyPrice"] == service.parts.settings.serving_price
    assert model["covers"][0] == f"/v1/jobs/{job_id}/pictures/after?attempt=1"
    assert len(model["covers"]) == 3


def test_the_library_lists_what_has_a_model_page_by_page(service: Service) -> None:
    ids = [trained.job(service, State.RETIRED if number % 2 else State.READY) for number in range(3)]
    service.create()

    first = service.call("GET", "/v1/models?limit=2").json
    second = service.call("GET", f"/v1/models?limit=2&cursor={first['nextCursor']}").json

    assert [model["id"] for model in first["models"]] == [ids[2], ids[1]]
    assert [model["id"] for model in second["models"]] == [ids[0]]
    assert second["nextCursor"] is None
    assert service.call("GET", "/v1/models", as_="bob@example.com").json == {"models": [], "nextCursor": None}


@pytest.mark.parametrize("limit", ["0", "51", "x"])
def test_a_page_has_a_size(service: Service, limit: str) -> None:
    assert service.call("GET", f"/v1/models?limit={limit}").status_code == 422


def test_a_version_tells_where_it_comes_from(service: Service) -> None:
    job_id = trained.job(service)

    [version] = service.call("GET", f"/v1/models/{job_id}/versions").json["versions"]

    assert service.call("GET", f"/v1/models/{job_id}/versions/1").json == version
    assert version["lineage"] == {
        "job": f"/v1/jobs/{job_id}",
        "attempt": 1,
        "method": "dreambooth",
        "subject": "sks",
        "classWord": "cat",
        "pictures": 5,
        "baseModel": trained.BASE,
        "pipeline": "projects/p/locations/us-central1/pipelineJobs/run",
        "registered": "projects/p/locations/us-central1/models/m@1",
    }
    assert (version["result"]["likenessBefore"], version["result"]["likenessAfter"]) == (0.31, 0.84)
    assert version["weights"] == f"/v1/models/{job_id}/versions/1/weights"


@pytest.mark.parametrize(
    "path", ["", "/versions", "/versions/1", "/versions/1/weights", "/versions/1/weights/a", "/versions/1/card", "/deployment"]
)
def test_what_is_no_model_of_the_callers_is_not_found(service: Service, path: str) -> None:
    draft, anothers = service.create().json["id"], trained.job(service)

    for job_id, email in ((draft, service.email), (anothers, "bob@example.com"), ("0" * 26, service.email), ("no-id", service.email)):
        answer = service.call("GET", f"/v1/models/{job_id}{path}", as_=email)

        assert (answer.status_code, answer.json["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "one"])
def test_a_version_that_was_never_made_is_not_found(service: Service, number: str) -> None:
    assert service.call("GET", f"/v1/models/{trained.job(service)}/versions/{number}").status_code == 404


def test_a_retired_model_wakes_draws_and_sleeps_again(service: Service) -> None:
    job_id = trained.job(service, State.RETIRED)
    before = deployment(service, "GET", job_id)

    waking = deployment(service, "POST", job_id)
    again = deployment(service, "POST", job_id)
    awake(service, job_id)
    there = deployment(service, "GET", job_id)
    sleeping = deployment(service, "DELETE", job_id)

    assert (before[0], before[1]["state"], before[1]["until"]) == (200, "asleep", None)
    assert (waking[0], waking[1]["state"]) == (202, "waking")
    assert again == waking
    assert (there[1]["state"], there[1]["until"] is not None) == ("awake", True)
    assert deployment(service, "POST", job_id)[1]["state"] == "waking"
    assert (sleeping[0], sleeping[1]["state"], sleeping[1]["until"]) == (202, "sleeping", None)


def test_a_model_that_was_never_woken_sleeps_already(service: Service) -> None:
    job_id = trained.job(service, State.RETIRED)

    assert deployment(service, "DELETE", job_id)[1]["state"] == "asleep"


def test_a_ready_job_is_awake_already(service: Service) -> None:
    job_id = trained.job(service)

    status, there = deployment(service, "POST", job_id)

    assert (status, there["state"]) == (202, "awake")
    assert service.parts.deployments.get(job_id) is None


def test_undeploying_a_ready_job_retires_it(service: Service) -> None:
    job_id = trained.job(service)

    first = deployment(service, "DELETE", job_id)
    again = deployment(service, "DELETE", job_id)

    assert (first[0], first[1]["state"], again[1]["state"]) == (202, "sleeping", "sleeping")
    assert service.parts.jobs.get(job_id).state is State.RETIRED
    assert [each.job_id for each in service.parts.deployments.sleeping()] == [job_id]


def test_nothing_wakes_while_intake_is_paused(service: Service) -> None:
    job_id = trained.job(service, State.RETIRED)
    trained.with_parts(service, door=Door(Gate(service.documents), fresh_s=0))
    service.documents.document("intake/state").set({"paused": True, "reason": "The budget is used up", "by": "budget"})

    answer = service.call("POST", f"/v1/models/{job_id}/deployment")

    assert (answer.status_code, answer.json["code"]) == (503, "INTAKE_PAUSED")
    assert service.parts.deployments.get(job_id) is None


def test_a_model_that_could_not_be_woken_says_why_and_may_be_woken_again(service: Service) -> None:
    job_id = trained.job(service, State.RETIRED)
    deployment(service, "POST", job_id)
    seen = service.parts.deployments.get(job_id)
    assert seen
    service.parts.deployments.failed(seen, Failure("NOT_WOKEN", "No machine was free.", retryable=True))

    failed = deployment(service, "GET", job_id)[1]

    assert (failed["state"], failed["failure"]) == ("failed", {"code": "NOT_WOKEN", "text": "No machine was free.", "retryable": True})
    assert deployment(service, "POST", job_id)[1]["state"] == "waking"


def test_an_endpoint_is_never_awake_for_longer_than_its_limit(service: Service) -> None:
    job_id = trained.job(service, State.RETIRED)
    deployment(service, "POST", job_id)
    awake(service, job_id)

    touched = service.parts.deployments.touch(job_id, timedelta(days=2))

    assert touched
    assert touched.state is DeploymentState.AWAKE
    assert touched.deadline == touched.latest
    assert touched.deadline
    assert touched.deadline < now() + timedelta(hours=9)


def test_a_deleted_model_is_gone_and_its_job_stays(service: Service) -> None:
    job_id = trained.job(service)
    made = trained.drawn(service, job_id)

    deleted = service.call("DELETE", f"/v1/models/{job_id}")
    again = service.call("DELETE", f"/v1/models/{job_id}")

    assert (deleted.status_code, deleted.json["scope"], deleted.json["state"]) == (202, "model", "due")
    assert again.json == deleted.json
    assert service.call("GET", deleted.headers["Location"]).json["jobId"] == job_id
    assert service.call("GET", f"/v1/models/{job_id}").status_code == 404
    assert service.call("GET", "/v1/models").json["models"] == []
    assert service.call("GET", f"/v1/generations/{made.id}").status_code == 404
    assert service.call("GET", "/v1/generations").json["generations"] == []
    assert service.call("POST", f"/v1/models/{job_id}/deployment").status_code == 404
    assert trained.ask(service, job_id).json["code"] == "NOT_READY"
    job = service.call("GET", f"/v1/jobs/{job_id}").json
    assert (job["state"], job["result"], len(job["uploads"])) == ("retired", None, 5)
    assert [erasure.job_id for erasure in service.parts.erasures.due()] == [job_id]


def test_a_job_that_made_no_model_has_none_to_delete(service: Service) -> None:
    job_id = service.job_with_pictures()

    refused = service.call("DELETE", f"/v1/models/{job_id}")

    assert (refused.status_code, refused.json["code"]) == (404, "NOT_FOUND")
    assert service.call("GET", f"/v1/jobs/{job_id}").status_code == 200


def test_nobody_deletes_anothers_model(service: Service) -> None:
    job_id = trained.job(service)

    assert service.call("DELETE", f"/v1/models/{job_id}", as_="bob@example.com").status_code == 404
    assert service.call("GET", f"/v1/models/{job_id}").status_code == 200


def test_what_never_had_a_model_cannot_lose_it(service: Service) -> None:
    answer = service.call("DELETE", f"/v1/models/{service.create().json['id']}")

    assert answer.status_code in {404, 409}
