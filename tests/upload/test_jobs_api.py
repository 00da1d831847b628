import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jobs.documents import Failure, Progress, Result
from jobs.job import State, UploadState
from tests.upload import cloud
from tests.upload.conftest import Service


def test_a_job_is_made_and_read(service: Service) -> None:
    made = service.create(name=" A  cat\u202e ", classWord="a cat")

    read = service.call("GET", made.headers["Location"])
    assert made.status_code == 201
    assert read.json == made.json
    assert (read.json["name"], read.json["classWord"], read.json["state"]) == ("A cat", "cat", "draft")
    assert read.json["prompt"] == "a photo of a sks cat"
    assert [event["state"] for event in read.json["history"]] == ["draft"]


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
    me = service.call("GET", "/v1/me").json
    assert (me["id"], me["email"]) == ("accounts.google.com:ada@example.com", "ada@example.com")
    assert (me["openJobs"], me["maxOpenJobs"]) == (3, 3)


def test_open_jobs_have_a_limit_that_nobody_outruns(service: Service) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.create(), range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [429] * 5
    assert len(service.call("GET", "/v1/jobs").json["jobs"]) == 3


def test_every_line_that_a_request_logs_carries_its_trace_and_its_job(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    trace, headers = "0af7651916cd43dd8448eb211c80319c", {"X-Cloud-Trace-Context": "0af7651916cd43dd8448eb211c80319c/1;o=1"}
    job_id = service.job_with_pictures()
    capsys.readouterr()

    service.call("POST", f"/v1/jobs/{job_id}/submit", headers=headers)

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    project = service.parts.settings.project
    assert lines
    assert {(line["traceId"], line["jobId"]) for line in lines} == {(trace, job_id)}
    assert {line["logging.googleapis.com/trace"] for line in lines} == {f"projects/{project}/traces/{trace}"}


def test_jobs_come_in_pages_newest_first(service: Service) -> None:
    ids = [service.create(name=str(number)).json["id"] for number in range(3)]

    first = service.call("GET", "/v1/jobs?limit=2").json
    second = service.call("GET", f"/v1/jobs?limit=1&cursor={first['nextCursor']}").json

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


def test_a_picture_that_arrives_is_a_change_of_what_is_read_but_no_conflict(service: Service) -> None:
    job_id = service.job_with_pictures(2)
    service.register(job_id, ("late.png", cloud.picture(9)))
    etag = service.call("GET", f"/v1/jobs/{job_id}").headers["ETag"]
    late = next(upload for upload in service.parts.uploads.of_job(job_id) if upload.state is UploadState.PENDING)
    service.parts.uploads.settle(late, UploadState.VERIFIED)

    read = service.call("GET", f"/v1/jobs/{job_id}", headers={"If-None-Match": etag})
    changed = service.call("PATCH", f"/v1/jobs/{job_id}", json={"name": "Teapot"}, headers={"If-Match": etag})

    assert (read.status_code, changed.status_code) == (200, 200)


def change(service: Service, job_id: str, etag: str | None, **fields: str) -> Any:
    return service.call("PATCH", f"/v1/jobs/{job_id}", json=fields, headers={"If-Match": etag} if etag else {})


def test_a_draft_can_be_described_anew(service: Service) -> None:
    made = service.create()

    changed = change(service, made.json["id"], made.headers["ETag"], name="Teapot", classWord="a teapot")

    assert (changed.json["name"], changed.json["classWord"], changed.json["subject"]) == ("Teapot", "teapot", "sks")
    assert changed.headers["ETag"] == service.call("GET", f"/v1/jobs/{made.json['id']}").headers["ETag"] != made.headers["ETag"]


def test_who_changes_a_job_says_which_version(service: Service) -> None:
    made = service.create()
    job_id = made.json["id"]
    change(service, job_id, made.headers["ETag"], name="Mine")

    missing, stale = change(service, job_id, None, name="Yours"), change(service, job_id, made.headers["ETag"], name="Yours")
    weak, whatever = change(service, job_id, f"W/{made.headers['ETag']}", name="Yours"), change(service, job_id, "*", name="Ours")

    assert [(answer.status_code, answer.json.get("code")) for answer in (missing, stale, weak)] == [
        (428, "VERSION_MISSING"),
        (412, "VERSION_STALE"),
        (412, "VERSION_STALE"),
    ]
    assert (whatever.status_code, whatever.json["name"]) == (200, "Ours")


def test_of_many_who_change_the_same_version_one_wins(service: Service) -> None:
    made = service.create()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: change(service, made.json["id"], made.headers["ETag"], name=f"Name {n}"), range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert service.call("GET", f"/v1/jobs/{made.json['id']}").json["name"] == winner.json["name"]


def test_a_submitted_job_cannot_be_described_anew(service: Service) -> None:
    job_id = service.job_with_pictures()
    submitted = service.call("POST", f"/v1/jobs/{job_id}/submit")

    assert change(service, job_id, submitted.headers["ETag"], name="Late").json["code"] == "NOT_ALLOWED"


def test_a_job_of_someone_else_has_no_version(service: Service) -> None:
    made = service.create()

    answer = service.call("PATCH", f"/v1/jobs/{made.json['id']}", as_="eve@example.com", json={"name": "Mine"}, headers={"If-Match": "*"})

    assert answer.status_code == 404


def test_sixty_four_submits_are_one(service: Service) -> None:
    job_id = service.job_with_pictures()
    at_once = threading.Barrier(64)

    def submit(_: int) -> Any:
        at_once.wait(30)
        return service.call("POST", f"/v1/jobs/{job_id}/submit")

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(submit, range(64)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.data for answer in answers}) == 1
    assert answers[0].json["state"] == "uploaded"
    assert [(row.job_id, row.attempt) for row in service.parts.jobs.outbox()] == [(job_id, 1)]
    assert {(message["jobId"], attributes["attempt"]) for message, attributes in service.topic.messages} == {(job_id, "1")}
    assert service.parts.jobs.outbox()[0].published is not None


def test_the_picture_that_the_owner_chose_comes_first_before_and_after_the_submit(service: Service) -> None:
    job_id = service.job_with_pictures(5)
    chosen = service.parts.uploads.of_job(job_id)[3].id

    changed = service.call("PATCH", f"/v1/jobs/{job_id}", json={"cover": chosen}, headers={"If-Match": "*"})
    listed = service.call("GET", "/v1/jobs").json["jobs"][0]
    submitted = service.call("POST", f"/v1/jobs/{job_id}/submit")

    for told in (changed.json, listed, submitted.json):
        assert (told["cover"], f"/uploads/{chosen}?" in told["covers"][0], len(told["covers"])) == (chosen, True, 5)


def test_a_choice_of_cover_is_taken_back_and_a_picture_that_left_is_none(service: Service) -> None:
    job_id = service.job_with_pictures(6)
    first, second = (upload.id for upload in service.parts.uploads.of_job(job_id)[:2])
    url, any_version = f"/v1/jobs/{job_id}", {"If-Match": "*"}

    service.call("PATCH", url, json={"cover": second}, headers=any_version)
    service.call("DELETE", f"{url}/uploads/{second}")
    left = service.call("GET", url).json
    taken_back = service.call("PATCH", url, json={"cover": ""}, headers=any_version).json
    nonsense = service.call("PATCH", url, json={"cover": "../../x"}, headers=any_version)

    assert f"/uploads/{first}?" in left["covers"][0]
    assert taken_back["cover"] is None
    assert nonsense.json["code"] == "VALIDATION"


def test_pictures_that_come_and_go_during_submits_are_counted_right(service: Service) -> None:
    job_id = service.job_with_pictures(7)
    spare = [upload.id for upload in service.parts.uploads.of_job(job_id)][5:]
    calls = [("POST", f"/v1/jobs/{job_id}/submit"), *(("DELETE", f"/v1/jobs/{job_id}/uploads/{upload_id}") for upload_id in spare)] * 3

    with ThreadPoolExecutor(9) as pool:
        list(pool.map(lambda call: service.call(*call), calls))

    job = service.parts.jobs.get(job_id)
    verified = [upload for upload in service.parts.uploads.of_job(job_id) if upload.state is UploadState.VERIFIED]
    assert (job.state, job.pictures) == (State.UPLOADED, len(verified))


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


def test_two_retries_at_once_are_one(service: Service) -> None:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    service.parts.jobs.advance(job_id, 1, State.FAILED, by="test")
    at_once = threading.Barrier(8)

    def retry(_: int) -> Any:
        at_once.wait(30)
        return service.call("POST", f"/v1/jobs/{job_id}/retry")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(retry, range(8)))

    again = [answer for answer in answers if answer.status_code == 202]
    assert again
    assert {answer.json["attempt"] for answer in again} == {2}
    assert {answer.json["code"] for answer in answers if answer.status_code != 202} <= {"NOT_ALLOWED"}
    assert {row.attempt for row in service.parts.jobs.outbox()} == {1, 2}


def test_a_third_attempt_is_the_last(service: Service) -> None:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    for attempt in (1, 2, 3):
        service.parts.jobs.advance(job_id, attempt, State.FAILED, by="test")
        last = service.call("POST", f"/v1/jobs/{job_id}/retry")

    assert (last.status_code, last.json["code"]) == (409, "NOT_ALLOWED")
    assert "attempt 3 of 3" in last.json["detail"]


def test_each_attempt_has_its_own_times(service: Service) -> None:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    first = service.parts.jobs.advance(job_id, 1, State.FAILED, by="test")

    service.call("POST", f"/v1/jobs/{job_id}/retry")

    second = service.parts.jobs.get(job_id)
    times = [first.submitted, first.finished, second.submitted]
    assert times == sorted(time for time in times if time)
    assert (second.finished, second.steps) == (None, 800)


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
    pictures = {"before": f"{run}before.png", "after": f"{run}after.png"}
    result = Result("models/1", "endpoints/1", **pictures, likeness_before=0.2, likeness_after=0.8)
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


def test_the_service_tells_its_limits_and_its_health(service: Service) -> None:
    config = service.call("GET", "/v1/config").json

    assert (config["limits"]["minPictures"], config["limits"]["maxPictures"]) == (5, 20)
    assert {preset["id"]: preset["steps"] for preset in config["presets"]} == {"quick": 400, "standard": 800, "thorough": 1200}
    assert config["limits"]["pictureDays"] == 30
    assert config["prices"] == {"training": 0.0, "serving": 0.0, "currency": "USD", "asOf": ""}
    assert (config["intakeOpen"], config["intakeReason"]) == (True, "")
    assert service.http.get("/healthz").json == {"status": "ok"}
    assert service.http.get("/readyz").json == {"status": "ok"}
