import base64
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from google.api_core.exceptions import InvalidArgument, ServiceUnavailable

from jobs.documents import Failure, now
from jobs.job import State
from jobs.library import GenerationState
from services.upload import safety
from tests.upload import trained
from tests.upload.conftest import Service
from tests.upload.trained import ask, drawn, push, push_headers, stored, with_parts

FAR = base64.urlsafe_b64encode(json.dumps(["9999-12-31T23:59:59-12:00", "0" * 26]).encode()).decode()


@pytest.fixture
def job_id(service: Service) -> str:
    return trained.job(service)


@dataclass
class Censor:
    """A safety check that holds back the pictures of these turns."""

    held: set[int]
    seen: int = 0

    def unsafe(self, small: bytes) -> bool:
        assert len(small) == safety.SMALL_BYTES
        self.seen += 1
        return self.seen - 1 in self.held


class Silent:
    def unsafe(self, small: bytes) -> bool:
        raise safety.Unchecked("it does not answer")


@pytest.fixture(autouse=True)
def unchecked(service: Service) -> None:
    with_parts(service, safety=safety.OFF)


def test_asking_answers_at_once_and_draws_nothing_yet(service: Service, job_id: str) -> None:
    answer = ask(service, job_id, count=2, seed=7)

    assert (answer.status_code, answer.headers["Location"]) == (202, f"/v1/generations/{answer.json['id']}")
    assert (answer.json["state"], answer.json["model"], answer.json["version"]) == ("waiting", job_id, 1)
    assert [(each["seed"], each["url"], each["blocked"]) for each in answer.json["pictures"]] == [(7, None, False), (8, None, False)]
    assert service.topic.messages == [({"generationId": answer.json["id"]}, {"schema": "1"})]
    assert not service.endpoint.asked


def test_a_delivered_wish_is_drawn_picture_by_picture(service: Service, job_id: str) -> None:
    made = ask(service, job_id, count=3, seed=7, steps=12, guidance=4.5, negativePrompt="blurry").json

    delivered = push(service, made["id"])

    shown = service.call("GET", f"/v1/generations/{made['id']}").json
    assert (delivered.status_code, shown["state"]) == (204, "done")
    assert [instance["seed"] for _, instance in service.endpoint.asked] == [7, 8, 9]
    asked = service.endpoint.asked[0][1]
    assert (asked["prompt"], asked["negative_prompt"], asked["steps"], asked["guidance"]) == ("a sks cat", "blurry", 12, 4.5)
    for picture in shown["pictures"]:
        assert service.call("GET", picture["url"]).data.startswith(b"\x89PNG")
    assert stored(service, job_id) == [f"{made['id']}-{number}.png" for number in range(3)]


def test_the_untuned_base_is_asked_only_where_somebody_asks_for_it(service: Service, job_id: str) -> None:
    compared, own = drawn(service, job_id, base=True, seed=7), drawn(service, job_id, seed=7)

    shown = service.call("GET", f"/v1/generations/{compared.id}").json
    remix = ask(service, job_id, remixOf=compared.id).json
    assert [instance.get("base") for _, instance in service.endpoint.asked] == [True, None]
    assert (compared.base, own.base, shown["base"], shown["state"], remix["base"]) == (True, False, True, "done", False)


def test_the_gallery_can_be_that_of_one_model(service: Service, job_id: str) -> None:
    other = trained.job(service)
    first, liked, _ = drawn(service, job_id), drawn(service, job_id), drawn(service, other)
    service.call("PUT", f"/v1/generations/{liked.id}/pictures/0/favourite")

    def listed(query: str, as_: str | None = None) -> list[str]:
        return [each["id"] for each in service.call("GET", f"/v1/generations?{query}", as_=as_).json["generations"]]

    page = service.call("GET", f"/v1/generations?model={job_id}&limit=1").json
    assert listed(f"model={job_id}") == [liked.id, first.id]
    assert listed(f"model={job_id}&favourite=true") == [liked.id]
    assert listed(f"model={job_id}&cursor={page['nextCursor']}") == [first.id]
    assert listed(f"model={'0' * 26}") == listed(f"model={job_id}", "eve@example.com") == []
    assert service.call("GET", "/v1/generations?model=nonsense").status_code == 422


def test_what_is_not_asked_is_as_the_stack_says(service: Service, job_id: str) -> None:
    made = ask(service, job_id).json

    settings = service.parts.settings
    assert (made["steps"], made["guidance"], made["count"], made["negativePrompt"]) == (
        settings.sampling_steps,
        settings.guidance,
        1,
        "",
    )
    assert 0 <= made["seed"] < 2**31


def test_a_wish_that_is_delivered_twice_is_drawn_once(service: Service, job_id: str) -> None:
    made = drawn(service, job_id, count=2)

    again = push(service, made.id)

    assert again.status_code == 204
    assert len(service.endpoint.asked) == 2


def test_a_delivery_goes_on_where_the_one_before_stopped(service: Service, job_id: str) -> None:
    made = ask(service, job_id, count=3, seed=1).json
    service.endpoint.faults.append(ServiceUnavailable("the endpoint restarts"))
    push(service, made["id"])
    assert service.call("GET", f"/v1/generations/{made['id']}").json["state"] == "drawing"
    service.parts.generations.drew(made["id"], 0, "gs://elsewhere/0.png")

    second = push(service, made["id"])

    assert second.status_code == 204
    assert [instance["seed"] for _, instance in service.endpoint.asked] == [2, 3]
    assert service.call("GET", f"/v1/generations/{made['id']}").json["state"] == "done"


def test_a_fault_that_passes_is_left_to_pubsub(service: Service, job_id: str) -> None:
    made = ask(service, job_id).json
    service.endpoint.faults.append(ServiceUnavailable("the endpoint restarts"))

    delivered = push(service, made["id"])

    assert delivered.status_code == 503
    assert push(service, made["id"]).status_code == 204


def test_two_deliveries_at_once_leave_each_picture_once(service: Service, job_id: str) -> None:
    made = ask(service, job_id, count=4).json

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: push(service, made["id"]).status_code, range(4)))

    shown = service.call("GET", f"/v1/generations/{made['id']}").json
    assert answers == [204] * 4
    assert (shown["state"], len([each for each in shown["pictures"] if each["url"]])) == ("done", 4)
    assert len(stored(service, job_id)) == 4


def test_a_wish_that_the_model_refuses_fails_with_its_reason(service: Service, job_id: str) -> None:
    made = ask(service, job_id).json
    service.endpoint.faults.append(InvalidArgument("instances[0].steps is 400"))

    delivered = push(service, made["id"])

    shown = service.call("GET", f"/v1/generations/{made['id']}").json
    assert (delivered.status_code, shown["state"], shown["failure"]["code"]) == (204, "failed", "REFUSED")
    assert "steps is 400" in shown["failure"]["text"]


def test_a_wish_whose_model_fell_asleep_fails_and_may_be_repeated(service: Service, job_id: str) -> None:
    made = ask(service, job_id).json
    service.endpoint.asleep = True

    delivered = push(service, made["id"])

    failure = service.call("GET", f"/v1/generations/{made['id']}").json["failure"]
    assert (delivered.status_code, failure["code"], failure["retryable"]) == (204, "ASLEEP", True)


def test_a_picture_that_the_safety_check_holds_back_is_stored_nowhere(service: Service, job_id: str) -> None:
    with_parts(service, safety=Censor(held={1}))

    made = drawn(service, job_id, count=3)

    shown = service.call("GET", f"/v1/generations/{made.id}").json
    assert [(each["blocked"], each["url"] is None) for each in shown["pictures"]] == [(False, False), (True, True), (False, False)]
    assert stored(service, job_id) == [f"{made.id}-0.png", f"{made.id}-2.png"]
    assert service.call("PUT", f"/v1/generations/{made.id}/pictures/1/favourite").status_code == 404


def test_a_picture_that_nothing_is_known_of_waits(service: Service, job_id: str) -> None:
    with_parts(service, safety=Silent())
    made = ask(service, job_id).json

    delivered = push(service, made["id"])

    assert delivered.status_code == 503
    assert stored(service, job_id) == []


def test_the_same_key_is_the_same_wish(service: Service, job_id: str) -> None:
    first = ask(service, job_id, key="k1")

    second = ask(service, job_id, key="k1")
    other = ask(service, job_id, key="k1", prompt="a sks dog")

    assert (second.status_code, second.json["id"]) == (202, first.json["id"])
    assert (other.status_code, other.json["code"]) == (422, "KEY_REUSED")
    assert len(service.topic.messages) == 1


def test_a_wish_needs_a_key(service: Service, job_id: str) -> None:
    answer = service.call("POST", f"/v1/models/{job_id}/generations", json={"prompt": "a sks cat"})

    assert (answer.status_code, answer.json["code"]) == (400, "BAD_REQUEST")


def test_a_wish_that_nobody_would_hear_of_is_not_kept(service: Service, job_id: str) -> None:
    service.topic.down = True

    refused = ask(service, job_id, key="k1")
    left = service.call("GET", "/v1/generations").json["generations"]
    service.topic.down = False
    again = ask(service, job_id, key="k1")

    assert (refused.status_code, refused.json["code"]) == (503, "UNAVAILABLE")
    assert (again.status_code, left) == (202, [])
    assert [row["id"] for row in service.call("GET", "/v1/generations").json["generations"]] == [again.json["id"]]


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": ""},
        {"prompt": None},
        {"prompt": "a" * 1001},
        {"negativePrompt": "a" * 1001},
        {"negativePrompt": "\ud800"},
        {"seed": -1},
        {"seed": 2**31},
        {"steps": 0},
        {"guidance": 0.5},
        {"count": 5},
        {"count": "two"},
        {"remixOf": "no id"},
        {"remixOf": "0" * 26},
        {"colour": "red"},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_with_its_field(service: Service, job_id: str, fields: dict[str, Any]) -> None:
    answer = ask(service, job_id, **fields)

    assert (answer.status_code, answer.json["code"]) == (422, "VALIDATION")
    assert answer.json["errors"][0]["pointer"] == f"#/{next(iter(fields))}"
    assert not service.topic.messages


def test_control_characters_do_not_reach_the_model(service: Service, job_id: str) -> None:
    made = ask(service, job_id, prompt="a sks\x00 cat\u202e", negativePrompt="  dull\n").json

    assert (made["prompt"], made["negativePrompt"]) == ("a sks cat", "dull")


def test_a_job_that_is_not_ready_draws_nothing(service: Service) -> None:
    answer = ask(service, service.create().json["id"])

    assert (answer.status_code, answer.json["code"]) == (409, "NOT_READY")


def test_a_model_that_sleeps_draws_nothing_until_it_is_awake(service: Service) -> None:
    job_id = trained.job(service, State.RETIRED)
    asleep = ask(service, job_id)
    service.call("POST", f"/v1/models/{job_id}/deployment")
    waking = ask(service, job_id)
    deployment = service.parts.deployments.get(job_id)
    assert deployment
    awake = service.parts.deployments.awake(deployment, timedelta(minutes=1))

    drawn = ask(service, job_id)

    assert (asleep.status_code, asleep.json["code"]) == (409, "ASLEEP")
    assert (waking.status_code, waking.json["code"]) == (409, "ASLEEP")
    assert "waking up" in waking.json["detail"]
    assert drawn.status_code == 202
    touched = service.parts.deployments.get(job_id)
    assert awake
    assert touched
    assert awake.deadline
    assert touched.deadline
    assert touched.deadline > awake.deadline


def test_a_wish_keeps_the_endpoint_of_a_ready_job_awake(service: Service, job_id: str) -> None:
    service.parts.jobs.note(job_id, deadline=now() + timedelta(minutes=1))

    ask(service, job_id)

    deadline = service.parts.jobs.get(job_id).deadline
    assert deadline
    assert deadline > now() + timedelta(hours=1)


def test_a_remix_takes_over_what_it_leaves_open(service: Service, job_id: str) -> None:
    first = ask(service, job_id, seed=11, steps=9, guidance=3, count=2, negativePrompt="dull").json

    remix = ask(service, job_id, prompt=None, remixOf=first["id"], steps=20).json
    other = ask(service, job_id, prompt="a sks dog", remixOf=first["id"], seed=0, negativePrompt="").json

    assert (remix["prompt"], remix["seed"], remix["steps"], remix["guidance"]) == ("a sks cat", 11, 20, 3)
    assert (remix["count"], remix["negativePrompt"], remix["remixOf"]) == (2, "dull", first["id"])
    assert (other["prompt"], other["seed"], other["negativePrompt"]) == ("a sks dog", 0, "")


def test_nobody_remixes_what_is_not_theirs(service: Service, job_id: str) -> None:
    of_ada = ask(service, job_id).json["id"]
    service.email = "bob@example.com"

    answer = ask(service, trained.job(service), remixOf=of_ada)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/remixOf")


def test_the_gallery_is_paged_newest_first(service: Service, job_id: str) -> None:
    ids = [ask(service, job_id).json["id"] for _ in range(6)]

    pages, cursor = [], ""
    while cursor is not None:
        page = service.call("GET", f"/v1/generations?limit=2{cursor and '&cursor=' + cursor}").json
        pages.append([row["id"] for row in page["generations"]])
        cursor = page["nextCursor"]

    assert pages == [[ids[5], ids[4]], [ids[3], ids[2]], [ids[1], ids[0]]]


def test_pictures_of_one_moment_are_all_shown(service: Service, job_id: str) -> None:
    first = service.parts.generations.get(ask(service, job_id).json["id"])
    assert first
    twins = [service.parts.generations.open(replace(first, id=secrets.token_hex(13))).id for _ in range(4)]

    seen, cursor = [], ""
    while cursor is not None:
        page = service.call("GET", f"/v1/generations?limit=2{cursor and '&cursor=' + cursor}").json
        seen += [row["id"] for row in page["generations"]]
        cursor = page["nextCursor"]

    assert sorted(seen) == sorted([first.id, *twins])


@pytest.mark.parametrize("cursor", ["x", "bm8=", "W10=", "WzEsIDJd", "eyJhIjogMX0=", "é", "WyIyMDI2LTAxLTAxIiwgImEvYiJd", FAR])
def test_a_made_up_cursor_is_refused(service: Service, cursor: str) -> None:
    for path in ("/v1/generations", "/v1/models"):
        answer = service.call("GET", path, query_string={"cursor": cursor})

        assert (answer.status_code, answer.json["code"]) == (400, "BAD_REQUEST")


def test_favourites_are_found_again(service: Service, job_id: str) -> None:
    liked, other = drawn(service, job_id, count=2), drawn(service, job_id)

    first = service.call("PUT", f"/v1/generations/{liked.id}/pictures/1/favourite")
    again = service.call("PUT", f"/v1/generations/{liked.id}/pictures/1/favourite")
    favourites = service.call("GET", "/v1/generations?favourite=true").json["generations"]

    assert (first.status_code, [each["favourite"] for each in first.json["pictures"]]) == (200, [False, True])
    assert again.json == first.json
    assert [row["id"] for row in favourites] == [liked.id]
    service.call("DELETE", f"/v1/generations/{liked.id}/pictures/1/favourite")
    assert service.call("GET", "/v1/generations?favourite=true").json["generations"] == []
    assert {row["id"] for row in service.call("GET", "/v1/generations").json["generations"]} == {liked.id, other.id}


def test_only_what_is_drawn_can_be_liked(service: Service, job_id: str) -> None:
    waiting = ask(service, job_id).json["id"]

    assert service.call("PUT", f"/v1/generations/{waiting}/pictures/0/favourite").status_code == 404
    assert service.call("PUT", f"/v1/generations/{drawn(service, job_id).id}/pictures/1/favourite").status_code == 404


def test_a_deleted_generation_is_gone_with_its_pictures(service: Service, job_id: str) -> None:
    made, other = drawn(service, job_id, count=2), drawn(service, job_id)
    url = service.call("GET", f"/v1/generations/{made.id}").json["pictures"][0]["url"]

    deleted = service.call("DELETE", f"/v1/generations/{made.id}")

    assert (deleted.status_code, deleted.data) == (204, b"")
    assert service.call("GET", f"/v1/generations/{made.id}").status_code == 404
    assert service.call("DELETE", f"/v1/generations/{made.id}").status_code == 404
    assert service.call("GET", url).status_code == 404
    assert stored(service, job_id) == [f"{other.id}-0.png"]


def test_what_is_deleted_while_it_is_drawn_leaves_nothing(service: Service, job_id: str) -> None:
    made = ask(service, job_id, count=2).json

    class Deleting(Censor):
        def unsafe(self, small: bytes) -> bool:
            service.parts.generations.forget(made["id"])
            return super().unsafe(small)

    with_parts(service, safety=Deleting(set()))

    delivered = push(service, made["id"])

    assert delivered.status_code == 204
    assert stored(service, job_id) == []
    assert len(service.endpoint.asked) == 1


def test_nobody_sees_anothers_pictures(service: Service, job_id: str) -> None:
    made = drawn(service, job_id)

    def as_bob(method: str, path: str) -> int:
        answer = service.call(method, path, as_="bob@example.com")
        assert job_id not in answer.text
        return int(answer.status_code)

    assert as_bob("GET", f"/v1/generations/{made.id}") == 404
    assert as_bob("DELETE", f"/v1/generations/{made.id}") == 404
    assert as_bob("PUT", f"/v1/generations/{made.id}/pictures/0/favourite") == 404
    assert ask(service, job_id, as_="bob@example.com").status_code == 404
    assert service.call("GET", "/v1/generations", as_="bob@example.com").json["generations"] == []


def test_pictures_that_nobody_has_drawn_in_time_are_overdue(service: Service, job_id: str) -> None:
    waiting, done = ask(service, job_id).json["id"], drawn(service, job_id)
    generations = service.parts.generations

    overdue = [each.id for each in generations.overdue(now() + timedelta(hours=1))]
    failed = generations.fail(waiting, Failure("LATE", "too late"))

    assert generations.overdue(now()) == []
    assert overdue == [waiting]
    assert failed
    assert failed.state is GenerationState.FAILED
    assert generations.fail(done.id, Failure("LATE", "too late")).state is GenerationState.DONE  # type: ignore[union-attr]


def test_a_generation_is_read_again_only_if_it_changed(service: Service, job_id: str) -> None:
    made = drawn(service, job_id)
    path = f"/v1/generations/{made.id}"

    same = service.call("GET", path, headers={"If-None-Match": service.call("GET", path).headers["ETag"]})

    assert (same.status_code, same.data) == (304, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Nothing": "at all"},
        push_headers("stranger@sd-test.iam.gserviceaccount.com"),
        push_headers(**{"X-Goog-IAP-JWT-Assertion": "a.b.c"}),
        push_headers(**{"X-Serverless-Authorization": "Bearer a.b.c"}),
        {"Authorization": "Bearer garbage"},
        {"Authorization": "Bearer a.!.c"},
        {"Authorization": "Bearer e30.WzFd.c"},
        {"Authorization": push_headers()["Authorization"].replace("Bearer", "Basic")},
    ],
)
def test_only_the_subscription_delivers(service: Service, job_id: str, headers: dict[str, str]) -> None:
    made = ask(service, job_id).json

    refused = push(service, made["id"], **headers)

    assert (refused.status_code, refused.json["code"]) == (401, "NOT_SIGNED_IN")
    assert not service.endpoint.asked


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"message": 1}', '{"message": {"data": "!"}}', '{"message": {"data": "e30="}}', json.dumps({"message": {}})]
)
def test_a_push_that_no_retry_mends_is_taken(service: Service, body: str) -> None:
    answer = service.http.post("/push/generations", data=body, headers=push_headers())

    assert answer.status_code == 204


def test_a_wish_for_what_is_gone_is_taken(service: Service) -> None:
    assert push(service, "0" * 26).status_code == 204
