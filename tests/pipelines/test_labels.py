"""What a run makes on Vertex AI says whose it is and how it learnt; the local Vertex AI holds it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from google.cloud import aiplatform_v1 as vertex
from google.cloud import firestore

from images.pipeline import deploy, register, train
from images.pipeline.step import Step
from jobs import names
from jobs.documents import Job, new_id
from jobs.job import State
from jobs.methods import Method
from jobs.settings import StepSettings
from jobs.store import Jobs
from tests.local.vertex.conftest import PARENT, Cloud
from tests.local.vertex.test_custom_jobs import TRAINER
from tests.local.vertex.test_serving import SERVER
from tests.pipelines.conftest import SETTINGS


@dataclass(frozen=True)
class LocalStep(Step):
    """The same step, told where the server of these tests is."""

    clients: dict[Any, Any] = field(default_factory=dict)

    @property
    def parent(self) -> str:
        return PARENT

    def vertex(self, client: Any) -> Any:
        return self.clients[client]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path_factory.mktemp("vertex"))
    yield cloud
    cloud.close()


@pytest.fixture
def settings(cloud: Cloud, database: firestore.Client) -> StepSettings:
    image = cloud.containers.image("trainer", TRAINER)
    known = replace(SETTINGS, project=database.project, database=database._database, trainer_image=image)
    return replace(known, training_machine="n1-standard-4", training_accelerator="")


@pytest.fixture
def clients(cloud: Cloud) -> dict[Any, Any]:
    kinds = {vertex.JobServiceClient: "jobs", vertex.ModelServiceClient: "models", vertex.EndpointServiceClient: "endpoints"}
    return {kind: cloud.client(name, "grpc") for kind, name in kinds.items()}


def submitted(database: firestore.Client, method: Method) -> Job:
    jobs = Jobs(database)
    made = jobs.create(Job(new_id(), "ada", "Teapot", "sks", "teapot", method=method), by="test")
    return jobs.submit(made.id, 5, by="test")


def step_of(name: str, job: Job, settings: StepSettings, clients: dict[Any, Any]) -> Step:
    return LocalStep(name, job.id, job.attempt, settings, clients)


@pytest.mark.parametrize("method", Method)
def test_a_training_job_carries_its_method_and_is_found_again_by_job_and_attempt(
    method: Method, database: firestore.Client, settings: StepSettings, clients: dict[Any, Any]
) -> None:
    job, other = submitted(database, method), submitted(database, method)
    step = step_of("train", job, settings, clients)
    before = train._adopt(step, clients[vertex.JobServiceClient])

    made = train._create(step, clients[vertex.JobServiceClient])
    train._create(step_of("train", other, settings, clients), clients[vertex.JobServiceClient])

    assert before is None
    assert dict(made.labels) == names.labels(settings.stack, job.id, 1, method)
    assert train._adopt(step, clients[vertex.JobServiceClient]).name == made.name


@pytest.mark.parametrize("method", Method)
def test_a_model_and_its_endpoint_carry_the_method(
    method: Method, cloud: Cloud, database: firestore.Client, settings: StepSettings, clients: dict[Any, Any]
) -> None:
    job = submitted(database, method)
    Jobs(database).advance(job.id, 1, State.TRAINING, by="test")
    settings = replace(settings, trainer_image=cloud.containers.image("server", SERVER))
    step = step_of("register", job, settings, clients)

    model = register.main(step, f"{step.run_uri}model")
    endpoint = deploy._endpoint(step, clients[vertex.EndpointServiceClient])

    labels = names.labels(settings.stack, job.id, 1, method)
    assert dict(clients[vertex.ModelServiceClient].get_model(name=model).labels) == labels
    assert dict(clients[vertex.EndpointServiceClient].get_endpoint(name=endpoint).labels) == labels
