import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from jobs.documents import new_id, now
from tests.upload import cloud
from tests.upload.conftest import Service


def rows(service: Service) -> list[Any]:
    return list(service.documents.collection("requests").stream())


def test_the_same_request_again_is_answered_the_same_to_the_letter(service: Service) -> None:
    first = service.create(key="once")
    job_id = first.json["id"]
    service.register(job_id, ("one.png", cloud.picture(1)))

    again = service.create(key="once")

    assert (again.status_code, again.data, again.headers["Location"]) == (201, first.data, f"/v1/jobs/{job_id}")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert len(service.call("GET", "/v1/jobs").json["jobs"]) == 1


def test_the_order_of_fields_and_spaces_are_no_difference(service: Service) -> None:
    headers = {"Idempotency-Key": "once", "Content-Type": "application/json"}

    first = service.call("POST", "/v1/jobs", data=b'{"name":"Cat","classWord":"cat"}', headers=headers)
    again = service.call("POST", "/v1/jobs", data=b'{ "classWord": "cat", "name": "Cat" }', headers=headers)

    assert (again.status_code, again.data) == (201, first.data)


def test_another_body_under_the_same_key_is_refused_and_has_no_effect(service: Service) -> None:
    service.create(key="once")

    answer = service.create(key="once", name="Dog")

    assert (answer.status_code, answer.json["type"]) == (422, "/problems/key-reused")
    assert [job["name"] for job in service.call("GET", "/v1/jobs").json["jobs"]] == ["Cat"]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "  "}, {"Idempotency-Key": "x" * 201}])
def test_a_job_needs_a_key_of_reasonable_length(service: Service, headers: dict[str, str]) -> None:
    answer = service.call("POST", "/v1/jobs", json={"name": "Cat", "classWord": "cat"}, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (400, "BAD_REQUEST")
    assert "Idempotency-Key" in answer.json["detail"]
    assert rows(service) == []


def test_while_the_first_is_answered_the_second_is_told_to_wait(service: Service) -> None:
    service.create(key="once")
    (row,) = rows(service)
    row.reference.update({"status": 0})

    answer = service.create(key="once")

    assert (answer.status_code, answer.json["code"], answer.json["retryable"]) == (409, "KEY_IN_FLIGHT", True)
    assert answer.headers["Retry-After"] == "1"


def test_a_request_whose_process_died_is_taken_over(service: Service) -> None:
    first = service.create(key="once")
    (row,) = rows(service)
    row.reference.update({"status": 0, "body": "", "deadline": now() - timedelta(seconds=1)})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.create(key="once"), range(8)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json["id"] for answer in answers if answer.status_code == 201} == {first.json["id"]}
    assert len(service.call("GET", "/v1/jobs").json["jobs"]) == 1


def test_many_at_once_have_one_effect_and_then_one_answer(service: Service) -> None:
    at_once = threading.Barrier(16)

    def create(_: int) -> Any:
        at_once.wait(30)
        return service.create(key="once")

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(create, range(16)))
    after = service.create(key="once")

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.data for answer in answers if answer.status_code == 201} == {after.data}
    assert len(service.call("GET", "/v1/jobs").json["jobs"]) == 1


def test_what_failed_is_not_remembered(service: Service) -> None:
    invalid = service.create(key="once", name="")
    torn = service.call("POST", "/v1/jobs", data=b"{", headers={"Idempotency-Key": "once", "Content-Type": "application/json"})

    made = service.create(key="once")

    assert [answer.status_code for answer in (invalid, torn, made)] == [422, 400, 201]
    assert len(rows(service)) == 1


def test_nothing_of_a_caller_shows_in_the_name_of_a_row(service: Service) -> None:
    service.create(key="my secret plan")

    assert all("secret" not in row.id and "ada" not in row.id for row in rows(service))


def test_a_key_is_of_one_caller_and_one_route(service: Service) -> None:
    mine = service.create(key="one")

    sheet = service.call("POST", "/upload", data=form(), content_type="multipart/form-data", headers={"Idempotency-Key": "one"})
    service.email = "eve@example.com"
    theirs = service.create(key="one")

    assert sheet.status_code == 202
    assert len({mine.json["id"], theirs.json["id"], sheet.json["jobId"]}) == 3


def form(first: int = 0) -> dict[str, Any]:
    images = [(io.BytesIO(cloud.picture(number)), f"{number}.png") for number in range(first, first + 5)]
    return {"images": images, "name": "Sheet", "classWord": "cat"}


def test_a_form_with_a_key_is_one_job(service: Service) -> None:
    options = {"content_type": "multipart/form-data", "headers": {"Idempotency-Key": "sheet"}}

    first, again = (service.call("POST", "/upload", data=form(), **options) for _ in range(2))
    other = service.call("POST", "/upload", data=form(1), **options)

    assert (first.status_code, again.data) == (202, first.data)
    assert (other.status_code, other.json["code"]) == (422, "KEY_REUSED")
    assert len(service.call("GET", "/v1/jobs").json["jobs"]) == 1


def test_a_form_without_a_key_is_a_job_each_time(service: Service) -> None:
    for _ in range(2):
        service.call("POST", "/upload", data=form(), content_type="multipart/form-data")

    assert len(service.call("GET", "/v1/jobs").json["jobs"]) == 2


def test_a_form_whose_fields_have_no_names_is_refused_for_what_it_lacks(service: Service) -> None:
    part = "--x\r\nContent-Disposition: form-data{name}\r\n\r\n1\r\n"
    body = "".join(part.format(name=name) for name in ("", '; name="name"', "")) + "--x--\r\n"
    headers = {"Idempotency-Key": new_id(), "Content-Type": "multipart/form-data; boundary=x"}

    answer = service.call("POST", "/upload", data=body.encode(), headers=headers)

    assert answer.json["code"] == "TOO_FEW_PICTURES"
