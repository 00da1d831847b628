"""How much time a repair has, and what its failure means to the others."""

import json
import time
from collections.abc import Iterable
from datetime import timedelta

import pytest
from google.api_core.exceptions import ServiceUnavailable
from google.cloud import pubsub_v1

from infra.access import Workload
from infra.plumbing import SHAPES
from jobs.documents import Job, new_id, now
from jobs.library import Generation, GenerationState
from jobs.message import Wish
from services.trigger.clients import TIMEOUT_S, Clients
from services.trigger.repairs import Repair
from services.trigger.sweep import REPAIRS, sweep
from tests.trigger.conftest import DEAD, PROJECT, LocalClients


def steps(count: int, seconds: float = 0.0) -> Iterable[bool]:
    for _ in range(count):
        time.sleep(seconds)
        yield True


def test_what_is_left_when_the_time_is_over_is_for_the_next_sweep(clients: LocalClients) -> None:
    repair = Repair("slow", lambda _: steps(1000, 0.02), 1.0)

    mended = repair.make(clients, time.monotonic() + 0.1)

    assert mended is not None
    assert 1 <= mended < 20


def test_one_that_fails_as_a_whole_is_told_and_has_no_figure(clients: LocalClients, capsys: pytest.CaptureFixture[str]) -> None:
    def act(_: Clients) -> Iterable[bool]:
        yield True
        raise ServiceUnavailable("away")

    mended = Repair("broken", act, 1.0).make(clients, time.monotonic() + 1)

    line = json.loads(capsys.readouterr().out)
    assert mended is None
    assert (line["message"], line["repair"], line["alert"]) == ("repair failed", "broken", True)


def test_all_repairs_and_one_last_long_step_end_before_the_function_does() -> None:
    assert sum(repair.seconds for repair in REPAIRS) + TIMEOUT_S <= SHAPES[Workload.SWEEP].timeout_s


def test_a_sweep_of_nothing_takes_seconds_and_says_what_it_looked_at(clients: LocalClients) -> None:
    began = time.monotonic()

    done = sweep(clients)

    assert done == dict.fromkeys([repair.name for repair in REPAIRS], 0)
    assert time.monotonic() - began < 60


def asked(clients: LocalClients, job: Job) -> Generation:
    return clients.generations.open(Generation(new_id(), job.id, job.owner, "a cat", "", 1, 5, 7.5, count=2))


def test_pictures_that_the_broker_gave_up_on_fail_in_plain_words(
    clients: LocalClients, submitted: Job, publisher: pubsub_v1.PublisherClient
) -> None:
    generation = asked(clients, submitted)
    clients.generations.begin(generation.id)
    clients.generations.drew(generation.id, 0, "gs://models/a.png")
    wish = Wish(generation.id)
    publisher.publish(f"projects/{PROJECT.id}/topics/{DEAD}", wish.data(), **wish.attributes()).result(10)

    done = sweep(clients)

    failed = clients.generations.get(generation.id)
    assert failed is not None
    assert failed.failure is not None
    assert done["deadLettered"] == 1
    assert (failed.state, failed.failure.retryable, failed.pictures) == (GenerationState.FAILED, True, ("gs://models/a.png",))


def test_pictures_that_are_deleted_meanwhile_are_no_dead_letter_s_business(
    clients: LocalClients, publisher: pubsub_v1.PublisherClient
) -> None:
    publisher.publish(f"projects/{PROJECT.id}/topics/{DEAD}", Wish(new_id()).data()).result(10)

    assert sweep(clients)["deadLettered"] == 0
    assert sweep(clients)["deadLettered"] == 0


def test_pictures_that_nobody_draws_are_given_up(clients: LocalClients, submitted: Job) -> None:
    generation = asked(clients, submitted)
    clients.documents.collection("generations").document(generation.id).update({"deadline": now() - timedelta(seconds=1)})

    done = sweep(clients)

    failed = clients.generations.get(generation.id)
    assert failed is not None
    assert done["givenUp"] == 1
    assert failed.state is GenerationState.FAILED
