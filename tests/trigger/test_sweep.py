import json
import time
from datetime import timedelta

import pytest
from google.cloud import aiplatform_v1 as vertex
from google.cloud import pubsub_v1

from jobs import names
from jobs.documents import Job, now
from jobs.job import State
from jobs.message import Submitted
from services.trigger.start import start
from services.trigger.sweep import sweep
from tests.local.vertex.conftest import Cloud
from tests.trigger.conftest import DEAD, PROJECT, LocalClients


def test_a_message_that_was_never_published_is_published_once_it_is_late(clients: LocalClients, submitted: Job) -> None:
    early = sweep(clients)
    clients.jobs._outbox.document(names.outbox(submitted.id, 1)).update({"created": now() - timedelta(minutes=1)})

    late = sweep(clients)
    again = sweep(clients)

    assert [early["republished"], late["republished"], again["republished"]] == [0, 1, 0]
    assert [json.loads(data)["jobId"] for data in clients.pull()] == [submitted.id]


def test_the_outbox_is_closed_once_the_job_went_on(clients: LocalClients, submitted: Job) -> None:
    start(clients, Submitted(submitted.id, 1))

    sweep(clients)

    assert clients.jobs.outbox() == []


def test_a_dead_letter_fails_its_job_in_plain_words_and_is_gone(
    clients: LocalClients, submitted: Job, publisher: pubsub_v1.PublisherClient
) -> None:
    letter = Submitted(submitted.id, 1)
    topic = f"projects/{PROJECT.id}/topics/{DEAD}"
    publisher.publish(topic, b"not a job").result(10)
    publisher.publish(topic, letter.data(), **letter.attributes()).result(10)

    done = sweep(clients)

    failed = clients.jobs.get(submitted.id)
    assert done["deadLettered"] == 1
    assert failed.state is State.FAILED
    assert failed.failure is not None
    assert "could not be started" in failed.failure.text
    assert sweep(clients)["deadLettered"] == 0


def test_a_run_that_dies_without_a_word_fails_its_job(clients: LocalClients, submitted: Job, cloud: Cloud) -> None:
    start(clients, Submitted(submitted.id, 1))
    _cancel_behind_our_back(clients, submitted)

    done = sweep(clients)

    assert done["reconciled"] == 1
    assert clients.jobs.get(submitted.id).state is State.FAILED


def test_a_run_that_goes_on_is_left_alone(clients: LocalClients, submitted: Job) -> None:
    start(clients, Submitted(submitted.id, 1))

    assert sweep(clients)["reconciled"] == 0
    assert clients.jobs.get(submitted.id).state is State.QUEUED


def test_a_job_that_its_designer_cancels_stops_its_run(clients: LocalClients, submitted: Job) -> None:
    start(clients, Submitted(submitted.id, 1))
    clients.jobs.advance(submitted.id, 1, State.CANCELLING, by="test")

    sweep(clients)

    run = clients.pipelines.get_pipeline_job(name=f"{clients.parent}/pipelineJobs/{names.pipeline(submitted.id, 1)}")
    assert clients.jobs.get(submitted.id).state is State.CANCELLED
    assert run.state in {vertex.PipelineState.PIPELINE_STATE_CANCELLING, vertex.PipelineState.PIPELINE_STATE_CANCELLED}


@pytest.mark.parametrize(("here", "end"), [(State.DRAFT, State.EXPIRED), (State.UPLOADED, State.FAILED), (State.TRAINING, State.FAILED)])
def test_what_stays_too_long_is_ended(clients: LocalClients, submitted: Job, here: State, end: State) -> None:
    if here is State.TRAINING:
        clients.jobs.advance(submitted.id, 1, here, by="test")
    clients.jobs.note(submitted.id, state=here, deadline=now() - timedelta(seconds=1))
    if here is State.TRAINING:
        start(clients, Submitted(submitted.id, 1))

    sweep(clients)

    assert clients.jobs.get(submitted.id).state is end


def test_a_ready_model_that_idles_is_undeployed_and_its_job_retired(clients: LocalClients, submitted: Job, cloud: Cloud) -> None:
    clients.jobs.advance(submitted.id, 1, State.READY, by="test")
    endpoint = _endpoint(clients, submitted)
    clients.jobs.note(submitted.id, deadline=now() - timedelta(seconds=1))

    sweep(clients)

    assert clients.jobs.get(submitted.id).state is State.RETIRED
    assert endpoint not in {found.name.rpartition("/")[2] for found in clients.endpoints.list_endpoints(parent=clients.parent)}


def test_one_job_that_cannot_be_repaired_keeps_no_other_from_it(clients: LocalClients, submitted: Job) -> None:
    clients.jobs._outbox.document("gone-a1").create({"jobId": "gone", "attempt": 1, "created": now() - timedelta(hours=1)})
    clients.jobs._outbox.document(names.outbox(submitted.id, 1)).update({"created": now() - timedelta(hours=1)})

    done = sweep(clients)

    assert done["republished"] == 1


def _cancel_behind_our_back(clients: LocalClients, job: Job) -> None:
    name = f"{clients.parent}/pipelineJobs/{names.pipeline(job.id, job.attempt)}"
    clients.pipelines.cancel_pipeline_job(name=name)
    for _ in range(100):
        if clients.pipelines.get_pipeline_job(name=name).state is vertex.PipelineState.PIPELINE_STATE_CANCELLED:
            return
        time.sleep(0.1)


def _endpoint(clients: LocalClients, job: Job) -> str:
    endpoint_id = names.endpoint(job.id)
    request = vertex.CreateEndpointRequest(parent=clients.parent, endpoint=vertex.Endpoint(display_name="e"), endpoint_id=endpoint_id)
    clients.endpoints.create_endpoint(request=request).result(30)
    return endpoint_id
