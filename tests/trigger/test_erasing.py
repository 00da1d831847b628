"""Erasures on real servers: what goes, what the receipt says, and that it may be broken off anywhere."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from google.cloud import aiplatform_v1 as vertex

from jobs import names
from jobs.account import Delivery, Erasure, Scope
from jobs.documents import Job, Progress, Result, new_id, now, wire
from jobs.job import State
from jobs.library import Generation
from jobs.message import Submitted
from services.trigger import receipts
from services.trigger.erasing import erase
from services.trigger.start import start
from services.trigger.sweep import sweep
from tests.local.vertex.conftest import Cloud
from tests.trigger.conftest import LocalClients, go, until


@pytest.fixture
def whole(clients: LocalClients, retired: Job) -> Job:
    """A job with something in every place where a job leaves something."""
    for _ in range(3):
        clients.picture(retired)
    prefix = names.run_prefix(retired.id, 1)
    clients.keep(clients.models_bucket, f"{prefix}model/unet.safetensors", f"{prefix}samples/10.png", f"{prefix}samples/10.png")
    generation = clients.generations.open(Generation(new_id(), retired.id, retired.owner, "a cat", "", 1, 5, 7.5))
    clients.keep(clients.models_bucket, names.generation(retired.id, generation.id, 0))
    clients.deployments.wake(retired)
    clients.deployments.sleep(retired.id)
    delivery = Delivery(names.delivery(retired.id, 1, "ready"), retired.id, retired.owner, "job.ready", now(), due=None)
    clients.documents.collection("deliveries").document(delivery.id).create(wire(delivery))
    clients.jobs.note(retired.id, result=Result(model="m"), progress=Progress(samples=("gs://s",)))
    return retired


def opened(clients: LocalClients, job: Job, scope: Scope = Scope.JOB) -> Erasure:
    erasure = Erasure(new_id(), job.id, job.owner, scope)
    clients.jobs.erase(erasure, by="test")
    return erasure


def receipt(clients: LocalClients, erasure: Erasure) -> Erasure:
    found = clients.erasures.get(erasure.id)
    assert found is not None
    return found


def left(clients: LocalClients, job: Job) -> set[str]:
    """Whatever of the job can be found anywhere."""
    objects = {
        f"gs://{bucket.name}/{name}"
        for bucket in (clients.uploads_bucket, clients.models_bucket)
        for name in clients.objects_in(bucket)
        if job.id in name
    }
    documents = {
        f"firestore:{found.reference.path}"
        for collection in clients.documents.collections()
        if collection.id != "erasures"
        for found in collection.stream()
        if job.id in str(found.to_dict())
    }
    documents |= {
        f"firestore:{found.reference.path}" for found in clients.documents.document(f"jobs/{job.id}").collection("events").stream()
    }
    models = {model.name for model in clients.models.list_models(parent=clients.parent) if job.id in model.name}
    runs = {run.name for run in clients.pipelines.list_pipeline_jobs(parent=clients.parent) if job.id in run.name}
    return objects | documents | models | runs


def test_a_job_that_is_erased_leaves_nothing_and_its_receipt_names_all_of_it(clients: LocalClients, whole: Job) -> None:
    (owed,) = clients.jobs.outbox()
    clients.jobs.close(owed)
    before = left(clients, whole)
    erasure = opened(clients, whole)

    done = sweep(clients)

    given = receipt(clients, erasure)
    assert done["erased"] == 1
    assert left(clients, whole) == set()
    assert given.done is not None
    assert before <= set(given.removed)
    # pictures, files of the run, a print, a model; uploads, a generation, a deployment, a delivery and the job; events
    assert len(before) == 10 + 7 + len([name for name in before if "/events/" in name])


def test_older_versions_go_too(clients: LocalClients, whole: Job) -> None:
    opened(clients, whole)

    sweep(clients)

    assert list(clients.models_bucket.list_blobs(prefix=names.RUNS + whole.id, versions=True)) == []


def test_what_is_another_job_s_stays(clients: LocalClients, whole: Job) -> None:
    other = clients.jobs.create(Job(id=new_id(), owner="ada", name="Cup", subject="sks", class_word="cup"), by="test")
    clients.picture(other)
    before = left(clients, other)
    opened(clients, whole)

    sweep(clients)

    assert before
    assert left(clients, other) == before


def test_a_receipt_says_what_stays_for_a_while_and_how_long(clients: LocalClients, whole: Job) -> None:
    erasure = opened(clients, whole)

    sweep(clients)

    text = "\n".join(receipt(clients, erasure).kept)
    for word in (clients.uploads_bucket.name, clients.models_bucket.name, "7 days", "backups", "log lines", "24 hours", erasure.id):
        assert word in text


def test_a_model_that_is_erased_leaves_its_job_with_pictures_and_history(clients: LocalClients, whole: Job) -> None:
    erasure = opened(clients, whole, Scope.MODEL)

    sweep(clients)

    job = clients.jobs.get(whole.id)
    assert (job.state, job.result, job.progress) == (State.RETIRED, Result(), Progress())
    assert len(clients.uploads.of_job(whole.id)) == 3
    assert len(clients.objects_in(clients.uploads_bucket, names.clean_prefix(whole.id))) == 3
    assert clients.jobs.events(whole.id)
    assert clients.objects_in(clients.models_bucket) == []
    assert clients.generations.of_job(whole.id) == []
    assert clients.deployments.get(whole.id) is None
    assert receipt(clients, erasure).done is not None


def test_one_that_is_broken_off_anywhere_goes_on(clients: LocalClients, whole: Job) -> None:
    before = left(clients, whole)
    erasure = opened(clients, whole)

    for steps in range(1, 30):
        _break_off(iter(erase(clients)), steps)
        if receipt(clients, erasure).done:
            break

    given = receipt(clients, erasure)
    assert given.done is not None
    assert left(clients, whole) == set()
    assert before <= set(given.removed)
    assert len(given.removed) == len(set(given.removed))


def test_a_second_sweep_finds_nothing_to_erase(clients: LocalClients, whole: Job) -> None:
    opened(clients, whole)
    sweep(clients)

    again = sweep(clients)

    assert again["erased"] == 0


def test_what_still_runs_is_stopped_first_and_nothing_else_goes_before(clients: LocalClients, submitted: Job, cloud: Cloud) -> None:
    start(clients, Submitted(submitted.id, 1))
    training = vertex.CustomJob(
        display_name="t",
        labels=names.labels("test", submitted.id, 1, submitted.method),
        job_spec={"worker_pool_specs": [_pool(cloud)]},
    )
    made = clients.training.create_custom_job(parent=clients.parent, custom_job=training)
    clients.jobs.advance(submitted.id, 1, State.FAILED, by="test")
    clients.picture(submitted)
    erasure = opened(clients, submitted)

    first = sweep(clients)
    kept = left(clients, submitted)
    go(cloud, 1)
    ended = until(lambda: bool(sweep(clients)) and receipt(clients, erasure).done is not None)

    assert first["erased"] == 0
    assert any("/raw/" in name for name in kept)
    assert ended
    assert left(clients, submitted) == set()
    given = " ".join(receipt(clients, erasure).removed)
    assert made.name in given
    assert f"/pipelineJobs/{names.pipeline(submitted.id, 1)}" in given


def test_a_list_that_would_be_too_long_names_its_prefix_instead(clients: LocalClients) -> None:
    erasure = Erasure(new_id(), new_id(), "ada")
    clients.erasures.keep(erasure)
    given = receipts.Receipt(clients.erasures, erasure, most=3)

    for page in (["gs://b/1", "gs://b/2"], ["gs://b/2", "gs://b/3"], ["gs://b/4", "gs://b/5"], ["gs://b/6"]):
        given.name(page, all_of_them="gs://b/*")

    assert receipt(clients, erasure).removed == ("gs://b/1", "gs://b/2", "gs://b/3", "gs://b/*")


def test_one_erasure_that_fails_keeps_no_other_from_being_done(clients: LocalClients, whole: Job) -> None:
    # its bucket's name is wrong: as if Cloud Storage refused
    broken = Erasure(new_id(), "..", "ada", asked=now() - timedelta(hours=3))
    clients.erasures.keep(broken)
    erasure = opened(clients, whole)

    sweep(clients)

    assert receipt(clients, broken).done is None
    assert receipt(clients, erasure).done is not None


def _pool(cloud: Cloud) -> Any:
    from tests.trigger.conftest import STEP

    image = cloud.containers.image("step", STEP)
    return {"machine_spec": {"machine_type": "n1-standard-4"}, "replica_count": 1, "container_spec": {"image_uri": image}}


def _break_off(steps: Iterator[bool], after: int) -> None:
    for _ in range(after):
        if next(steps, None) is None:
            return
