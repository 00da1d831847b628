"""Custom jobs, run as processes and followed with Google's client."""

import time
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, MethodNotImplemented, NotFound
from google.protobuf.duration_pb2 import Duration

from tests.local.vertex.conftest import NUMBERED, PARENT, Cloud

TRAINER = """
import json, os, pathlib, sys, time
folder = pathlib.Path(os.environ["FOLDER"])
with (folder / "tries").open("a") as tries:
    tries.write(json.dumps({k: v for k, v in os.environ.items() if k.startswith(("AIP_", "CLOUD_", "COLOUR"))}) + "\\n")
print("loading", sys.argv[1:], flush=True)
if "sleep" in sys.argv:
    time.sleep(60)
if "fail" in sys.argv or "once" in sys.argv and len((folder / "tries").read_text().splitlines()) == 1:
    sys.exit(5)
"""


def create(cloud: Cloud, *args: str, transport: str = "rest", labels: dict[str, str] | None = None, **scheduling: Any) -> Any:
    image = cloud.containers.image("trainer", TRAINER)
    container = {"image_uri": image, "args": list(args), "env": [{"name": "COLOUR", "value": "red"}]}
    machine = {"machine_type": "n1-standard-8", "accelerator_type": "NVIDIA_TESLA_T4", "accelerator_count": 1}
    job = {
        "display_name": "train",
        "labels": labels or {},
        "job_spec": {
            "worker_pool_specs": [{"machine_spec": machine, "replica_count": 1, "container_spec": container}],
            "scheduling": scheduling,
            "base_output_directory": {"output_uri_prefix": "gs://models/j1/"},
            "service_account": "trainer@sd-test.iam.gserviceaccount.com",
        },
    }
    return cloud.client("jobs", transport).create_custom_job(parent=PARENT, custom_job=job)


def ended(cloud: Cloud, name: str, transport: str = "rest") -> Any:
    client = cloud.client("jobs", transport)
    for _ in range(400):
        job = client.get_custom_job(name=name)
        if job.end_time:
            return job
        time.sleep(0.05)
    raise AssertionError(job.state.name)


def tries(cloud: Cloud) -> list[str]:
    return (cloud.containers.folder / "tries").read_text().splitlines()


def test_a_job_runs_with_vertex_variables_as_its_account(cloud: Cloud, transport: str) -> None:
    created = create(cloud, "--steps", "3", transport=transport)

    job = ended(cloud, created.name, transport)
    [spec] = cloud.containers.started
    identifier = job.name.removeprefix(f"{NUMBERED}/customJobs/")
    assert job.state.name == "JOB_STATE_SUCCEEDED"
    assert identifier.isdigit()
    assert spec.account == "trainer@sd-test.iam.gserviceaccount.com"
    assert spec.args == ["--steps", "3"]
    assert spec.env == {
        "CLOUD_ML_JOB_ID": identifier,
        "CLOUD_ML_PROJECT_ID": "123456789012",
        "AIP_MODEL_DIR": "gs://models/j1/model/",
        "AIP_CHECKPOINT_DIR": "gs://models/j1/checkpoints/",
        "AIP_TENSORBOARD_LOG_DIR": "gs://models/j1/logs/",
        "COLOUR": "red",
    }
    assert job.job_spec.worker_pool_specs[0].machine_spec.accelerator_type.name == "NVIDIA_TESLA_T4"


def test_a_failed_worker_is_started_again(cloud: Cloud) -> None:
    created = create(cloud, "once")

    assert ended(cloud, created.name).state.name == "JOB_STATE_SUCCEEDED"
    assert len(tries(cloud)) == 2


def test_with_retries_disabled_the_first_failure_is_the_jobs(cloud: Cloud, transport: str) -> None:
    created = create(cloud, "fail", transport=transport, disable_retries=True)

    job = ended(cloud, created.name, transport)
    assert job.state.name == "JOB_STATE_FAILED"
    assert "non-zero status of 5" in job.error.message
    assert "loading ['fail']" in job.error.message
    assert len(tries(cloud)) == 1


def test_a_job_that_outlives_its_timeout_is_stopped(cloud: Cloud) -> None:
    created = create(cloud, "sleep", timeout=Duration(seconds=1))

    job = ended(cloud, created.name)
    assert job.state.name == "JOB_STATE_FAILED"
    assert "scheduling.timeout of 1 s" in job.error.message
    assert cloud.containers.alive() == []


def test_cancel_stops_the_worker(cloud: Cloud, transport: str) -> None:
    client = cloud.client("jobs", transport)
    created = create(cloud, "sleep")

    client.cancel_custom_job(name=created.name)

    assert ended(cloud, created.name).state.name == "JOB_STATE_CANCELLED"
    assert cloud.containers.alive() == []
    with pytest.raises(BadRequest):
        client.cancel_custom_job(name=ended(cloud, create(cloud).name).name)


def test_jobs_are_found_by_their_labels_and_deleted(cloud: Cloud, transport: str) -> None:
    client = cloud.client("jobs", transport)
    mine = create(cloud, labels={"job": "a", "attempt": "1"})
    create(cloud, labels={"job": "a", "attempt": "2"})
    ended(cloud, mine.name)

    found = client.list_custom_jobs(request={"parent": PARENT, "filter": "labels.job=a AND labels.attempt=1"})

    assert [job.name for job in found] == [mine.name]
    client.delete_custom_job(name=mine.name).result(timeout=10)
    with pytest.raises(NotFound):
        client.get_custom_job(name=mine.name)


def test_what_this_cloud_cannot_run_is_refused(cloud: Cloud) -> None:
    client = cloud.client("jobs")
    pool = {"container_spec": {"image_uri": "x"}, "replica_count": 2}

    with pytest.raises(MethodNotImplemented, match="replica_count 1"):
        client.create_custom_job(parent=PARENT, custom_job={"display_name": "x", "job_spec": {"worker_pool_specs": [pool]}})
    with pytest.raises(BadRequest, match="worker_pool_specs"):
        client.create_custom_job(parent=PARENT, custom_job={"display_name": "x"})
