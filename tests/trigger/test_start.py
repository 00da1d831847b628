import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from google.cloud import aiplatform_v1 as vertex

from jobs import names
from jobs.documents import Job, new_id
from jobs.job import State, Superseded
from jobs.message import Submitted
from jobs.store import UnknownJob
from services.trigger.start import start
from tests.trigger.conftest import LocalClients


def runs(clients: LocalClients, job: Job) -> list[vertex.PipelineJob]:
    request = vertex.ListPipelineJobsRequest(parent=clients.parent, filter=f'labels.job="{job.id}"')
    return list(clients.pipelines.list_pipeline_jobs(request=request))


def test_a_submitted_job_gets_a_run_that_carries_its_labels(clients: LocalClients, submitted: Job) -> None:
    start(clients, Submitted(submitted.id, 1))

    (run,) = runs(clients, submitted)
    assert clients.jobs.get(submitted.id).state is State.QUEUED
    assert names.labels("test", submitted.id, 1, submitted.method).items() <= dict(run.labels).items()
    assert run.service_account == clients.settings.pipeline_account
    assert clients.jobs.get(submitted.id).pipeline.endswith(names.pipeline(submitted.id, 1))


def test_twenty_deliveries_start_one_run(clients: LocalClients, submitted: Job) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: start(clients, Submitted(submitted.id, 1)), range(20)))

    assert len(runs(clients, submitted)) == 1
    assert [event.state for event in clients.jobs.events(submitted.id)].count(State.QUEUED) == 1


def test_a_job_that_nobody_knows_and_one_of_another_attempt_start_nothing(clients: LocalClients, submitted: Job) -> None:
    with pytest.raises(UnknownJob):
        start(clients, Submitted(new_id(), 1))
    with pytest.raises(Superseded):
        start(clients, Submitted(submitted.id, 2))

    assert runs(clients, submitted) == []


def test_a_job_that_was_cancelled_while_its_run_was_made_leaves_no_run_going(clients: LocalClients, submitted: Job) -> None:
    start(clients, Submitted(submitted.id, 1))
    clients.jobs.advance(submitted.id, 1, State.CANCELLING, by="test")

    start(clients, Submitted(submitted.id, 1))
    time.sleep(0.1)

    assert clients.jobs.get(submitted.id).state is State.CANCELLING
