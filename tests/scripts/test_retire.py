"""What jobs leave on Vertex AI is let go of, over a real server and real processes."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import NotFound
from google.cloud import aiplatform_v1, firestore

from jobs import names
from jobs.documents import Job, new_id
from jobs.intake import Gate, Keeper
from jobs.job import State
from jobs.methods import Method
from jobs.store import Jobs
from scripts import intake, retire
from scripts.remains import unlabelled
from scripts.retire import Retirement, counted
from scripts.target import Target
from scripts.vertex_objects import KINDS, Vertex, labelled
from tests.local.vertex.conftest import PARENT, PROJECT, Cloud
from tests.local.vertex.pipelines_of_tests import SCRIPT, compiled, sleep
from tests.local.vertex.test_custom_jobs import TRAINER
from tests.local.vertex.test_serving import RESOURCES, SERVER

TARGET = Target("dev", PROJECT.id, PROJECT.region, "", protected=False)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path_factory.mktemp("vertex"))
    (cloud.containers.folder / "step.py").write_text(SCRIPT)
    yield cloud
    cloud.close()


@pytest.fixture
def vertex(cloud: Cloud) -> Iterator[Vertex]:
    clients = Vertex(
        parent=PARENT,
        pipelines=cloud.client("pipelines", "grpc"),
        training=cloud.client("jobs", "grpc"),
        endpoints=cloud.client("endpoints", "grpc"),
        models=cloud.client("models", "grpc"),
        patience_s=20,
        pause_s=0.05,
    )
    yield clients
    for kind in KINDS:
        for found in kind.found(clients):
            kind.let_go(clients, found.name)


def labels(job: str, stack: str = "dev") -> dict[str, str]:
    return names.labels(stack, job, 1, Method.DREAMBOOTH)


def start_run(cloud: Cloud, job: str, stack: str = "dev") -> None:
    def long_work() -> None:
        sleep(seconds=60.0)

    wanted = {
        "display_name": names.pipeline(job, 1),
        "pipeline_spec": compiled(long_work, cloud.root),
        "runtime_config": {"gcs_output_directory": "gs://root/runs"},
        "service_account": "pipeline@sd-test.iam.gserviceaccount.com",
        "labels": labels(job, stack),
    }
    cloud.client("pipelines", "grpc").create_pipeline_job(
        parent=PARENT, pipeline_job=aiplatform_v1.PipelineJob(wanted), pipeline_job_id=names.pipeline(job, 1)
    )


def start_training(cloud: Cloud, job: str, stack: str = "dev") -> None:
    container = {"image_uri": cloud.containers.image("trainer", TRAINER), "args": ["sleep"]}
    pool = {"machine_spec": {"machine_type": "n1-standard-8"}, "replica_count": 1, "container_spec": container}
    wanted = {"display_name": names.pipeline(job, 1), "labels": labels(job, stack), "job_spec": {"worker_pool_specs": [pool]}}
    cloud.client("jobs", "grpc").create_custom_job(parent=PARENT, custom_job=wanted)


def make_model(cloud: Cloud, job: str, stack: str = "dev", **more: str) -> str:
    container = {"image_uri": cloud.containers.image("server", SERVER), "predict_route": "/predict", "health_route": "/health"}
    model = {"display_name": "Teapot", "artifact_uri": "gs://models/j1", "container_spec": container, "labels": labels(job, stack)}
    request = {"parent": PARENT, "model": model, **(more or {"model_id": names.model(job, 1)})}
    return str(cloud.client("models", "grpc").upload_model(request=request).result(timeout=10).model)


def make_endpoint(cloud: Cloud, endpoint_id: str, owned: dict[str, str]) -> str:
    request = {"parent": PARENT, "endpoint": {"display_name": "Teapot", "labels": owned}, "endpoint_id": endpoint_id}
    return str(cloud.client("endpoints", "grpc").create_endpoint(request=request).result(timeout=10).name)


def deploy(cloud: Cloud, endpoint: str, model: str, number: int = 1, **split: int) -> Any:
    deployed = {"id": str(number), "model": model, "dedicated_resources": RESOURCES}
    client = cloud.client("endpoints", "grpc")
    return client.deploy_model(endpoint=endpoint, deployed_model=deployed, traffic_split=split or {"0": 100})


def journey(cloud: Cloud, job: str, stack: str = "dev") -> None:
    """What a job has on Vertex AI while its next attempt trains."""
    model = make_model(cloud, job, stack)
    deploy(cloud, make_endpoint(cloud, names.endpoint(job), labels(job, stack)), model).result(timeout=20)
    start_run(cloud, job, stack)
    start_training(cloud, job, stack)


def left(vertex: Vertex, wanted: str = "") -> list[str]:
    return [found.id for kind in KINDS for found in kind.found(vertex, wanted)]


def test_all_that_a_job_made_goes_and_its_processes_end(cloud: Cloud, vertex: Vertex) -> None:
    journey(cloud, "j1")
    lines: list[str] = []
    retirement = Retirement(vertex, "dev", lines.append)
    before = counted(retirement.found())

    retirement.run()

    assert before == "1 pipeline run (1 running), 1 training job (1 running), 1 endpoint, 1 model"
    assert (left(vertex), cloud.containers.alive(), retirement.stayed) == ([], [], {})
    assert [line for line in lines if "endpoint 1 of 1: sdfd-j1 gone" in line]


def test_another_stack_of_the_project_keeps_what_its_jobs_made(cloud: Cloud, vertex: Vertex) -> None:
    journey(cloud, "j1", "dev")
    journey(cloud, "j2", "dev-2")

    Retirement(vertex, "dev", str).run()

    assert left(vertex, labelled("dev")) == []
    assert len(left(vertex)) == 4


def test_a_second_retirement_finds_nothing_to_do(vertex: Vertex) -> None:
    again = Retirement(vertex, "dev", str)

    again.run()

    assert (again.gone, again.stayed, counted(again.found())) == ({}, {}, "nothing")


def test_an_endpoint_whose_models_share_the_traffic_goes(cloud: Cloud, vertex: Vertex) -> None:
    model, endpoint = make_model(cloud, "j1"), make_endpoint(cloud, names.endpoint("j1"), labels("j1"))
    deploy(cloud, endpoint, model).result(timeout=20)
    deploy(cloud, endpoint, model, 2, **{"0": 40, "1": 60}).result(timeout=20)

    Retirement(vertex, "dev", str).run()

    assert (left(vertex), cloud.containers.alive()) == ([], [])


def test_all_versions_of_a_model_go(cloud: Cloud, vertex: Vertex) -> None:
    model = make_model(cloud, "j1")
    make_model(cloud, "j1", parent_model=model)

    Retirement(vertex, "dev", str).run()

    with pytest.raises(NotFound):
        vertex.models.get_model(name=f"{model}@2")


def test_what_stays_is_told_with_what_to_do_and_keeps_nothing_else(cloud: Cloud, vertex: Vertex) -> None:
    journey(cloud, "j1")
    model = make_model(cloud, "j2")
    foreign = make_endpoint(cloud, "by-hand", {})
    deploy(cloud, foreign, model).result(timeout=20)
    first = Retirement(vertex, "dev", str)

    first.run()

    [stayed] = first.stayed.values()
    assert (left(vertex, labelled("dev")), stayed.found.id) == (["sdfd-j2-a1"], "sdfd-j2-a1")
    assert foreign in stayed.reason
    assert f"gcloud ai models delete sdfd-j2-a1 --region us-central1 --project {PROJECT.id}" in stayed.advice(TARGET)

    vertex.endpoints.undeploy_model(endpoint=foreign, deployed_model_id="1").result(timeout=20)
    again = Retirement(vertex, "dev", str)
    again.run()

    assert (left(vertex, labelled("dev")), again.stayed) == ([], {})


def test_what_has_our_name_but_no_label_is_listed_and_left_alone(cloud: Cloud, vertex: Vertex) -> None:
    make_endpoint(cloud, "sdfd-by-hand", {})
    make_endpoint(cloud, "somebody-elses", {})
    make_model(cloud, "j2", "dev-2")

    Retirement(vertex, "dev", str).run()

    by_hand = f"gcloud ai endpoints delete sdfd-by-hand --region us-central1 --project {PROJECT.id}"
    assert list(unlabelled(vertex, TARGET)) == [f"endpoint sdfd-by-hand has no label: {by_hand}"]
    assert len(left(vertex)) == 3


def test_an_object_that_does_not_go_in_time_is_told_as_such(cloud: Cloud, vertex: Vertex) -> None:
    script = "import pathlib, signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: (time.sleep(3), sys.exit()))\n"
    image = cloud.containers.image("slow", script + "pathlib.Path('slow-is-up').touch()\ntime.sleep(60)\n")
    pool = {"machine_spec": {"machine_type": "n1-standard-8"}, "replica_count": 1, "container_spec": {"image_uri": image}}
    wanted = {"display_name": "train", "labels": labels("j1"), "job_spec": {"worker_pool_specs": [pool]}}
    vertex.training.create_custom_job(parent=PARENT, custom_job=wanted)
    assert until((cloud.containers.folder / "slow-is-up").exists)
    hasty = Retirement(Vertex(**{**vars(vertex), "patience_s": 1.0}), "dev", str)

    hasty.run()

    assert [stayed.reason for stayed in hasty.stayed.values()] == ["it is still JOB_STATE_CANCELLING after 1 s"]


def until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end and not holds():
        time.sleep(0.02)
    return holds()


@pytest.fixture
def jobs(database: firestore.Client) -> Jobs:
    return Jobs(database)


def job_in(jobs: Jobs, *states: State) -> str:
    job = jobs.create(Job(id=new_id(), owner="ada", name="Teapot", subject="sks", class_word="teapot"), by="test")
    for state in states:
        if state is State.UPLOADED:
            jobs.submit(job.id, 5, by="test")
        else:
            jobs.advance(job.id, 1, state, by="test")
    return job.id


def test_open_jobs_are_closed_so_that_no_late_message_starts_a_run(jobs: Jobs) -> None:
    owed = job_in(jobs, State.UPLOADED)
    training = job_in(jobs, State.UPLOADED, State.TRAINING)
    ready = job_in(jobs, State.UPLOADED, State.READY)
    draft = job_in(jobs)
    over = job_in(jobs, State.UPLOADED, State.FAILED)

    closed = retire.close_jobs(jobs)

    states = [jobs.get(job).state for job in (owed, training, ready, draft, over)]
    assert states == [State.CANCELLING, State.CANCELLING, State.RETIRED, State.DRAFT, State.FAILED]
    assert (closed, retire.close_jobs(jobs)) == (3, 0)


def test_a_pause_is_the_operators_and_is_taken_back_by_one(database: firestore.Client) -> None:
    gate = Gate(database)

    intake.pause(gate, retire.REASON)
    paused = gate.state()
    intake.reopen(gate)

    assert (paused.paused, paused.by, paused.reason) == (True, Keeper.OPERATOR, retire.REASON)
    assert "paused since" in intake.shown(paused)
    assert (gate.state().paused, intake.shown(gate.state())) == (False, "intake is open")


def test_the_stacks_of_the_repository_are_read_as_their_files_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])

    prod, local = Target.read("prod"), Target.read("local")

    assert (prod.protected, prod.is_local, prod.database, prod.parent) == (
        True,
        False,
        "sd-prod",
        "projects/my-team-sd-prod/locations/us-central1",
    )
    assert (local.protected, local.is_local) == (False, True)
