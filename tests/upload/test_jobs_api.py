import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from jobs.documents import Failure, Progress, Result
from jobs.job import State
from services.upload import description
from tests.upload import cloud
from tests.upload.conftest import Service


def test_the_description_has_not_drifted() -> None:
    assert description.FILE.read_text() == description.text(), "run `python -m services.upload.description`"


def test_the_description_is_served(service: Service) -> None:
    assert service.http.get("/openapi.json").json == json.loads(description.text())


def test_a_job_is_made_and_read(service: Service) -> None:
    made = service.create(name=" A  cat\u202e ", classWord="a cat")

    read = service.call("GET", made.headers["Location"])
    assert made.status_code == 201
    assert read.json == made.json
    assert (read.json["name"], read.json["classWord"], read.json["state"]) == ("A cat", "cat", "draft")
    assert read.json["prompt"] == "a photo of a sks cat"
    assert [event["state"] for event in read.json["history"]] == ["draft"]


def test_the_same_key_makes_one_job(service: Service) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.create(key="once"), range(8)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len(service.call("GET", "/v1/jobs").json["jobs"]) == 1


def test_the_same_key_with_another_body_is_refused(service: Service) -> None:
    service.create(key="once")

    answer = service.create(key="once", name="Dog")

    assert (answer.status_code, answer.json["type"]) == (422, "/problems/key-reused")


def test_a_job_without_a_key_is_refused(service: Service) -> None:
    answer = service.call("POST", "/v1/jobs", json={"name": "Cat", "classWord": "cat"})

    assert (answer.status_code, answer.json["code"]) == (400, "BAD_REQUEST")
    assert "Idempotency-Key" in answer.json["detail"]


def test_fields_that_need_attention_are_named(service: Service) -> None:
    answer = service.create(name="", subject="two words", classWord="cat7")

    assert (answer.status_code, answer.json["code"], answer.content_type) == (422, "VALIDATION", "application/problem+json")
    assert {error["pointer"] for error in answer.json["errors"]} == {"#/name", "#/subject", "#/classWord"}
    assert set(answer.json) == {"type", "title", "status", "detail", "instance", "code", "retryable", "traceId", "errors"}


def test_what_is_not_json_is_a_bad_request(service: Service) -> None:
    answer = service.call("POST", "/v1/jobs", data=b"{", headers={"Idempotency-Key": "k", "Content-Type": "application/json"})

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_a_json_body_has_a_limit(service: Service) -> None:
    answer = service.call("POST", "/v1/jobs", data=b"x" * 2**21, headers={"Idempotency-Key": "k"})

    assert (answer.status_code, answer.json["code"]) == (413, "TOO_LARGE")


def test_open_jobs_have_a_limit_that_a_repeat_does_not_meet(service: Service) -> None:
    first = [service.create(key=str(number)) for number in range(3)]

    fourth, again = service.create(), service.create(key="0")

    assert (fourth.status_code, fourth.json["code"]) == (429, "TOO_MANY_JOBS")
    assert int(fourth.headers["Retry-After"]) > 0
    assert fourth.json["retryable"] is True
    assert again.json["id"] == first[0].json["id"]
    assert service.call("GET", "/v1/me").json == {
        "id": "accounts.google.com:ada@example.com",
        "email": "ada@example.com",
        "openJobs": 3,
        "maxOpenJobs": 3,
    }


def test_jobs_come_in_pages_newest_first(service: Service) -> None:
    ids = [service.create(name=str(number)).json["id"] for number in range(3)]

    first = service.call("GET", "/v1/jobs?limit=2").json
    second = service.call("GET", f"/v1/jobs?limit=2&cursor={first['nextCursor']}").json

    assert [job["id"] for job in first["jobs"] + second["jobs"]] == ids[::-1]
    assert second["nextCursor"] is None
    assert service.call("GET", "/v1/jobs?cursor=nonsense").status_code == 400
    assert service.call("GET", "/v1/jobs?limit=0").json["code"] == "VALIDATION"


def test_an_unknown_job_is_not_found(service: Service) -> None:
    for job_id in ("0" * 26, "nonsense", "__x__", "ü" * 26):
        answer = service.call("GET", f"/v1/jobs/{job_id}")
        assert (answer.status_code, answer.json["code"]) == (404, "NOT_FOUND")


def test_a_job_that_has_not_changed_is_not_sent_again(service: Service) -> None:
    job_id = service.create().json["id"]
    etag = service.call("GET", f"/v1/jobs/{job_id}").headers["ETag"]

    same = service.call("GET", f"/v1/jobs/{job_id}", headers={"If-None-Match": etag})
    service.parts.jobs.note(job_id, progress=Progress("training", 10, 100))
    other = service.call("GET", f"/v1/jobs/{job_id}", headers={"If-None-Match": etag})

    assert (same.status_code, same.data) == (304, b"")
    assert other.status_code == 200
    assert other.json["progress"]["step"] == 10


def test_a_draft_can_be_described_anew(service: Service) -> None:
    job_id = service.create().json["id"]

    changed = service.call("PATCH", f"/v1/jobs/{job_id}", json={"name": "Teapot", "classWord": "a teapot"})

    assert (changed.json["name"], changed.json["classWord"], changed.json["subject"]) == ("Teapot", "teapot", "sks")


def test_a_submitted_job_cannot_be_described_anew(service: Service) -> None:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")

    assert service.call("PATCH", f"/v1/jobs/{job_id}", json={"name": "Late"}).json["code"] == "NOT_ALLOWED"


def test_twenty_submits_are_one(service: Service) -> None:
    job_id = service.job_with_pictures()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: service.call("POST", f"/v1/jobs/{job_id}/submit"), range(20)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.data for answer in answers}) == 1
    assert answers[0].json["state"] == "uploaded"
    assert [(row.job_id, row.attempt) for row in service.parts.jobs.outbox()] == [(job_id, 1)]
    assert {(message["jobId"], attributes["attempt"]) for message, attributes in service.topic.messages} == {(job_id, "1")}
    assert service.parts.jobs.outbox()[0].published is not None


def test_a_submit_that_cannot_be_published_stays_owed(service: Service) -> None:
    job_id = service.job_with_pictures()
    service.topic.down = True

    answer = service.call("POST", f"/v1/jobs/{job_id}/submit")

    assert (answer.status_code, answer.json["state"]) == (202, "uploaded")
    assert [row.published for row in service.parts.jobs.outbox()] == [None]


def test_too_few_pictures_are_refused_with_the_refused_ones(service: Service) -> None:
    job_id = service.job_with_pictures(4)
    service.put(job_id, "notes.pdf", b"%PDF-1.7")

    answer = service.call("POST", f"/v1/jobs/{job_id}/submit")

    assert (answer.status_code, answer.json["code"]) == (409, "TOO_FEW_PICTURES")
    assert [error["fileName"] for error in answer.json["errors"]] == ["notes.pdf"]
    assert service.call("GET", f"/v1/jobs/{job_id}").json["state"] == "uploading"


def test_pictures_that_are_not_here_are_listed(service: Service) -> None:
    job_id = service.job_with_pictures(5)
    service.register(job_id, ("late.png", cloud.picture(9)))

    answer = service.call("POST", f"/v1/jobs/{job_id}/submit")

    assert (answer.status_code, answer.json["code"]) == (409, "PICTURES_MISSING")
    assert [error["fileName"] for error in answer.json["errors"]] == ["late.png"]


def test_a_draft_can_be_cancelled_twice_but_not_submitted_after(service: Service) -> None:
    job_id = service.job_with_pictures()

    first, second = (service.call("POST", f"/v1/jobs/{job_id}/cancel") for _ in range(2))

    assert (first.status_code, first.json["state"]) == (second.status_code, second.json["state"]) == (202, "cancelling")
    assert service.call("POST", f"/v1/jobs/{job_id}/submit").json["code"] == "NOT_ALLOWED"
    assert service.topic.messages == []


def test_a_failed_job_says_why_and_is_tried_again(service: Service) -> None:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    service.parts.jobs.advance(job_id, 1, State.FAILED, by="test", failure=Failure("NO_GPU", "There was no GPU for an hour.", True))
    failed = service.call("GET", f"/v1/jobs/{job_id}").json

    again = service.call("POST", f"/v1/jobs/{job_id}/retry")

    assert failed["failure"] == {"code": "NO_GPU", "text": "There was no GPU for an hour.", "retryable": True}
    assert failed["attemptsLeft"] == 2
    assert (again.status_code, again.json["state"], again.json["attempt"], again.json["failure"]) == (202, "uploaded", 2, None)
    assert service.topic.messages[-1] == ({"jobId": job_id}, {"attempt": "2", "schema": "1"})
    assert service.call("POST", f"/v1/jobs/{job_id}/retry").json["code"] == "NOT_ALLOWED"


def ready(service: Service) -> str:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    models = service.parts.models
    for name in ("before.png", "after.png", "samples/step-000100.png"):
        models.write(f"runs/{job_id}/a1/{name}", cloud.picture(len(name)), "image/png")
    run = f"gs://{models.name}/runs/{job_id}/a1/"
    service.parts.jobs.note(job_id, progress=Progress("done", 100, 100, 0.1, 0.0, (f"{run}samples/step-000100.png",)))
    result = Result("models/1", "endpoints/1", f"{run}before.png", f"{run}after.png", 0.2, 0.8)
    service.parts.jobs.advance(job_id, 1, State.READY, by="test", result=result)
    return job_id


def test_a_ready_job_shows_its_samples_and_both_pictures(service: Service) -> None:
    job = service.call("GET", f"/v1/jobs/{ready(service)}").json

    assert [(sample["step"]) for sample in job["progress"]["samples"]] == [100]
    assert (job["result"]["likenessBefore"], job["result"]["likenessAfter"]) == (0.2, 0.8)
    for url in (job["progress"]["samples"][0]["url"], job["result"]["before"], job["result"]["after"], job["covers"][0]):
        answer = service.call("GET", url)
        assert (answer.status_code, answer.content_type, answer.data[:4]) == (200, "image/png", b"\x89PNG")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_pictures_come_smaller_if_asked(service: Service) -> None:
    job = service.call("GET", f"/v1/jobs/{ready(service)}").json

    small, same = (service.call("GET", f"{job['covers'][0]}&width={width}") for width in (48, 2000))

    assert int.from_bytes(small.data[16:20]) == 48
    assert int.from_bytes(same.data[16:20]) == 96


def test_no_other_object_can_be_reached_through_a_picture(service: Service) -> None:
    job_id = ready(service)

    for path in ("../../x", "uploads/..", "samples/9", "samples/-1", "raw", "generations/x/0", "uploads/" + "0" * 26, "before.png"):
        answer = service.call("GET", f"/v1/jobs/{job_id}/pictures/{path}")
        assert (answer.status_code, answer.json["code"]) == (404, "NOT_FOUND"), path


def test_prints_are_made_of_a_ready_model(service: Service) -> None:
    job_id = ready(service)
    body = {"prompt": "a photo of sks cat", "seed": 7, "count": 3, "steps": 12, "guidance": 6.5, "negativePrompt": "blur"}

    made = service.call("POST", f"/v1/jobs/{job_id}/generations", json=body)

    assert made.status_code == 201
    assert [service.call("GET", url).status_code for url in made.json["pictures"]] == [200] * 3
    assert [instance["seed"] for _, instance in service.endpoint.asked] == [7, 8, 9]
    assert service.endpoint.asked[0] == (
        f"projects/{service.parts.settings.project}/locations/us-central1/endpoints/sdfd-{job_id}",
        {"prompt": "a photo of sks cat", "negative_prompt": "blur", "seed": 7, "steps": 12, "guidance": 6.5},
    )
    assert service.call("GET", f"/v1/jobs/{job_id}/generations").json["generations"] == [made.json]


def test_the_same_key_makes_prints_once(service: Service) -> None:
    job_id = ready(service)
    body, headers = {"prompt": "a photo of sks cat"}, {"Idempotency-Key": "print"}

    first, second = (service.call("POST", f"/v1/jobs/{job_id}/generations", json=body, headers=headers) for _ in range(2))
    other = service.call("POST", f"/v1/jobs/{job_id}/generations", json={"prompt": "a dog"}, headers=headers)

    assert first.json == second.json
    assert len(service.endpoint.asked) == 1
    assert other.json["code"] == "KEY_REUSED"


def test_a_print_keeps_the_endpoint_awake(service: Service) -> None:
    job_id = ready(service)
    before = service.parts.jobs.get(job_id)

    service.call("POST", f"/v1/jobs/{job_id}/generations", json={"prompt": "a photo of sks cat"})

    after = service.parts.jobs.get(job_id)
    assert after.used is not None
    assert after.deadline is not None
    assert timedelta(hours=1.9) < after.deadline - after.used <= timedelta(hours=2)
    assert after.updated == before.updated


def test_no_print_before_ready_or_while_asleep(service: Service) -> None:
    draft, job_id = service.create().json["id"], ready(service)
    service.endpoint.asleep = True

    early = service.call("POST", f"/v1/jobs/{draft}/generations", json={"prompt": "x"})
    asleep = service.call("POST", f"/v1/jobs/{job_id}/generations", json={"prompt": "x"})
    silly = service.call("POST", f"/v1/jobs/{job_id}/generations", json={"prompt": "x", "count": 5})

    assert [answer.json["code"] for answer in (early, asleep, silly)] == ["NOT_READY", "ASLEEP", "VALIDATION"]


def test_the_service_tells_its_limits_and_its_health(service: Service) -> None:
    config = service.call("GET", "/v1/config").json

    assert (config["limits"]["minPictures"], config["limits"]["maxPictures"]) == (5, 20)
    assert config["presets"][0]["steps"] == 800
    assert service.http.get("/healthz").json == {"status": "ok"}
    assert service.http.get("/readyz").json == {"status": "ok"}
