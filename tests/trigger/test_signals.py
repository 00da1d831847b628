"""The lines that the functions really print, through the filters of the metrics and alerts that look for them."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta

import functions_framework
import pytest
from google.cloud import aiplatform_v1 as vertex
from google.cloud import pubsub_v1

from infra.operations.signals import (
    DEAD_LETTER,
    ENDPOINT_IDLE,
    ERASURE_LATE,
    INTAKE_PAUSED,
    JOB_MOVED,
    JOB_STUCK,
    MESSAGE_DROPPED,
    OLDEST_JOB,
    ORPHANS_REMOVED,
    PRINTS_FAILED,
    REPAIR_FAILED,
    WEBHOOK_NOT_TOLD,
    Signal,
)
from jobs import names
from jobs.account import Erasure, Webhook
from jobs.documents import Job, new_id, now
from jobs.intake import Gate
from jobs.job import State
from jobs.library import Generation
from jobs.message import Submitted
from jobs.methods import Method
from jobs.webhooks import new_secret
from services.trigger import intake as budgeting
from services.trigger import orphans
from services.trigger.start import start
from services.trigger.sweep import sweep
from tests.infra.log_filter import Entry, entries, matches
from tests.trigger.conftest import DEAD, PROJECT, LocalClients

Seen = Callable[[Signal, str], list[Entry]]


@pytest.fixture
def seen(capsys: pytest.CaptureFixture[str]) -> Seen:
    """The lines printed since the last look that a signal of the stack `test` matches, had this function printed them."""

    def look(signal: Signal, function: str) -> list[Entry]:
        printed = entries(capsys.readouterr().out, f"sd-test-{function}")
        return [found for found in printed if matches(signal.of("test"), found)]

    return look


def endpoint(clients: LocalClients, job_id: str, labels: dict[str, str] | None = None) -> str:
    wanted = vertex.Endpoint(display_name="e", labels=labels or names.labels("test", job_id, 1, Method.DREAMBOOTH))
    request = vertex.CreateEndpointRequest(parent=clients.parent, endpoint=wanted, endpoint_id=names.endpoint(job_id))
    return str(clients.endpoints.create_endpoint(request=request).result(30).name)


def names_of(clients: LocalClients) -> set[str]:
    return {found.name.rpartition("/")[2] for found in clients.endpoints.list_endpoints(parent=clients.parent)}


def test_a_job_that_does_not_move_is_named_with_its_state(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    start(clients, Submitted(submitted.id, 1))
    clients.jobs.note(submitted.id, state=State.TRAINING, deadline=now() - timedelta(seconds=1))

    sweep(clients)

    (stuck,) = seen(JOB_STUCK, "sweep")
    assert stuck["jsonPayload"].items() >= {"jobId": submitted.id, "state": "training", "attempt": 1, "alert": True}.items()


@pytest.mark.parametrize("state", [State.DRAFT, State.READY])
def test_a_job_whose_time_is_simply_over_is_not_stuck(clients: LocalClients, submitted: Job, seen: Seen, state: State) -> None:
    clients.jobs.note(submitted.id, state=state, deadline=now() - timedelta(seconds=1))

    sweep(clients)

    assert seen(JOB_STUCK, "sweep") == []


def test_dead_letters_are_counted_whether_they_can_be_read_or_not(
    clients: LocalClients, submitted: Job, publisher: pubsub_v1.PublisherClient, seen: Seen
) -> None:
    topic, letter = f"projects/{PROJECT.id}/topics/{DEAD}", Submitted(submitted.id, 1)
    publisher.publish(topic, b"not a job").result(10)
    publisher.publish(topic, letter.data(), **letter.attributes()).result(10)

    sweep(clients)

    found = seen(DEAD_LETTER, "sweep")
    assert {line["jsonPayload"]["message"] for line in found} == {"dead letter", "dead letter dropped"}
    assert {line["jsonPayload"].get("jobId") for line in found} == {submitted.id, None}


def test_an_endpoint_whose_job_is_long_over_is_let_go_and_told(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    name = endpoint(clients, submitted.id)
    clients.jobs.note(submitted.id, state=State.RETIRED, deadline=None, updated=now() - timedelta(hours=1))

    done = sweep(clients)

    (idle,) = seen(ENDPOINT_IDLE, "sweep")
    assert done["letGo"] == 1
    assert name.rpartition("/")[2] not in names_of(clients)
    assert idle["jsonPayload"].items() >= {"jobId": submitted.id, "endpoint": name, "state": "retired", "alert": True}.items()
    assert idle["jsonPayload"]["idleSeconds"] == pytest.approx(3600, abs=60)


def test_what_a_failed_job_has_just_left_is_let_go_without_waking_anyone(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    name = endpoint(clients, submitted.id)
    clients.jobs.note(submitted.id, state=State.FAILED, deadline=None, updated=now())

    done = sweep(clients)

    assert (done["letGo"], seen(ENDPOINT_IDLE, "sweep")) == (1, [])
    assert name.rpartition("/")[2] not in names_of(clients)


def test_endpoints_that_draw_and_those_of_others_are_left_alone(clients: LocalClients, submitted: Job) -> None:
    others = new_id()
    drawing, foreign = endpoint(clients, submitted.id), endpoint(clients, others, names.labels("prod", others, 1, Method.DREAMBOOTH))
    clients.jobs.advance(submitted.id, 1, State.READY, by="test")

    done = sweep(clients)

    assert done["letGo"] == 0
    assert {drawing.rpartition("/")[2], foreign.rpartition("/")[2]} <= names_of(clients)


def test_pictures_that_nobody_draws_are_told_with_their_job(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    wish = clients.generations.open(Generation(new_id(), submitted.id, "ada", "a cat", "", 1, 5, 7.5))
    clients.documents.collection("generations").document(wish.id).update({"deadline": now() - timedelta(seconds=1)})

    sweep(clients)

    (given_up,) = seen(PRINTS_FAILED, "sweep")
    assert given_up["jsonPayload"].items() >= {"jobId": submitted.id, "generationId": wish.id, "alert": True}.items()


def test_an_erasure_that_is_not_done_after_hours_is_told_with_its_job(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    start(clients, Submitted(submitted.id, 1))  # its run has to end first
    clients.erasures.keep(Erasure(new_id(), submitted.id, "ada", asked=now() - timedelta(hours=3)))
    clients.erasures.keep(Erasure(new_id(), new_id(), "ada", asked=now()))

    sweep(clients)

    (late,) = seen(ERASURE_LATE, "sweep")
    assert late["jsonPayload"].items() >= {"jobId": submitted.id, "alert": True}.items()


def test_an_address_that_is_not_there_is_told_to_us_but_wakes_nobody(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    clients.webhooks.put(Webhook("ada", "http://127.0.0.1:1/", new_secret()))
    clients.jobs.advance(submitted.id, 1, State.READY, by="test")

    sweep(clients)

    (failed,) = seen(WEBHOOK_NOT_TOLD, "sweep")
    assert failed["severity"] == "WARNING"
    assert "alert" not in failed["jsonPayload"]


def test_orphans_are_counted_by_page(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    clients.keep(clients.uploads_bucket, names.raw(submitted.id, new_id()), names.clean(submitted.id, new_id()))

    orphans.remove(clients, timedelta())

    (removed,) = seen(ORPHANS_REMOVED, "sweep")
    assert removed["jsonPayload"]["count"] == 2


def test_each_sweep_says_how_long_the_oldest_job_has_not_moved(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    start(clients, Submitted(submitted.id, 1))
    clients.jobs.note(submitted.id, updated=now() - timedelta(minutes=5))

    sweep(clients)

    (swept,) = seen(OLDEST_JOB, "sweep")
    assert swept["jsonPayload"][OLDEST_JOB.value] >= 300


def test_a_repair_that_cannot_be_made_is_told(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    object.__setattr__(clients.settings, "dead_letter_subscription", f"projects/{PROJECT.id}/subscriptions/gone")

    sweep(clients)

    (failed,) = seen(REPAIR_FAILED, "sweep")
    assert failed["jsonPayload"]["repair"] == "deadLettered"


def test_a_move_carries_what_the_dashboard_sorts_by(clients: LocalClients, submitted: Job, seen: Seen) -> None:
    start(clients, Submitted(submitted.id, 1))

    moved = [line["jsonPayload"] for line in seen(JOB_MOVED, "start")]

    assert [(line["state"], line["by"]) for line in moved] == [("queued", "start")]
    assert set(JOB_MOVED.labels) <= moved[0].keys()


@pytest.mark.parametrize("function", ["start", "intake"])
def test_a_dropped_message_is_told(function: str, seen: Seen) -> None:
    app = functions_framework.create_app(target=function, source="services/trigger/main.py", signature_type="cloudevent").test_client()
    message = {"data": base64.b64encode(b"poison").decode(), "messageId": "1", "publishTime": "2026-05-20T10:00:00Z", "attributes": {}}

    app.post("/", json={"message": message, "subscription": "projects/demo/subscriptions/s"})

    assert len(seen(MESSAGE_DROPPED, function)) == 1


def test_a_pause_by_the_budget_is_told(clients: LocalClients, database: object, seen: Seen) -> None:
    body = {"costAmount": 12, "budgetAmount": 10, "costIntervalStart": "2026-05-01T07:00:00Z", "currencyCode": "EUR"}

    budgeting.intake(Gate(database), budgeting.Notice.parse(json.dumps(body).encode()))

    assert len(seen(INTAKE_PAUSED, "intake")) == 1
