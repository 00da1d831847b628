"""Pipeline jobs as resources, over both of Google's transports."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, Conflict, Forbidden, NotFound
from kfp import dsl

from tests.local.vertex import pipelines_of_tests as steps
from tests.local.vertex.conftest import NUMBERED, PARENT, Cloud
from tests.local.vertex.pipelines_of_tests import ended, notes, states, submit


def work(text: str = "done") -> None:
    steps.note(text=text)


def long_work() -> None:
    steps.sleep(seconds=60.0)


def test_a_job_keeps_its_id_labels_and_parameters(cloud: Cloud, transport: str) -> None:
    submitted = submit(cloud, work, "sdfd-j1-a1", transport, text="hello")

    job = ended(cloud, submitted.name, transport)
    assert job.name == f"{NUMBERED}/pipelineJobs/sdfd-j1-a1"
    assert job.state.name == "PIPELINE_STATE_SUCCEEDED"
    assert job.labels["job"] == "sdfd-j1-a1"
    assert job.runtime_config.parameter_values["text"] == "hello"
    assert dict(job.pipeline_spec)["pipelineInfo"]["name"] == "test"
    assert notes(cloud) == ["hello"]


def test_a_second_create_answers_already_exists(cloud: Cloud, transport: str) -> None:
    submit(cloud, work, "twice", transport)

    with pytest.raises(Conflict, match="pipelineJobs/twice"):
        submit(cloud, work, "twice", transport)


def test_an_unknown_job_is_not_found_by_name(cloud: Cloud, transport: str) -> None:
    with pytest.raises(NotFound, match="pipelineJobs/nobody"):
        cloud.client("pipelines", transport).get_pipeline_job(name=f"{PARENT}/pipelineJobs/nobody")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"job_id": "Upper"}, "pipeline_job_id"),
        ({"root": ""}, "gcs_output_directory"),
        ({"parameters": {"txt": "x"}}, "Unknown runtime parameters: txt"),
        ({"parameters": {"text": 3}}, "`text` is a STRING"),
        ({"labels": {"Big": "x"}}, "label key `Big`"),
        ({"spec": {}}, "pipeline_spec is required"),
        ({"spec": {"root": {}}}, "has no `pipelineInfo`"),
    ],
)
def test_bad_requests_are_refused_with_the_field(cloud: Cloud, transport: str, change: dict[str, Any], words: str) -> None:
    config = {"gcs_output_directory": change.get("root", "gs://b/r"), "parameter_values": change.get("parameters", {})}
    spec = change.get("spec", steps.compiled(work, cloud.root))
    job = {"pipeline_spec": spec, "runtime_config": config, "labels": change.get("labels", {})}
    client = cloud.client("pipelines", transport)

    with pytest.raises(BadRequest, match=words):
        client.create_pipeline_job(parent=PARENT, pipeline_job=job, pipeline_job_id=change.get("job_id", "good"))


def test_another_project_is_refused(cloud: Cloud, transport: str) -> None:
    with pytest.raises(Forbidden, match="somebody"):
        list(cloud.client("pipelines", transport).list_pipeline_jobs(parent="projects/somebody/locations/us-central1"))


def test_jobs_are_listed_by_label_state_and_time(cloud: Cloud, transport: str) -> None:
    for job_id in ("first", "second", "third"):
        ended(cloud, submit(cloud, work, job_id).name)
    client = cloud.client("pipelines", transport)

    def found(text: str) -> list[str]:
        jobs = client.list_pipeline_jobs(request={"parent": PARENT, "filter": text})
        return [job.name.rpartition("/")[2] for job in jobs]

    assert found("") == ["third", "second", "first"]
    assert found("labels.job=second") == ["second"]
    assert found('labels.job="second" AND state="PIPELINE_STATE_SUCCEEDED"') == ["second"]
    assert found("labels.job=second AND state=PIPELINE_STATE_RUNNING") == []
    assert found('labels.job=first OR display_name:"thi*"') == ["third", "first"]
    assert found("NOT labels.job=first AND labels:job") == ["third", "second"]
    assert found('create_time>"2020-01-01T00:00:00Z" AND end_time<"2021-01-01T00:00:00Z"') == []
    assert found("pipeline_name=test")[0] == "third"


def test_a_filter_on_an_unknown_field_is_refused(cloud: Cloud, transport: str) -> None:
    client = cloud.client("pipelines", transport)

    with pytest.raises(BadRequest, match="unknown field `colour`"):
        client.list_pipeline_jobs(request={"parent": PARENT, "filter": "colour=red"})


def test_pages_neither_repeat_nor_skip_while_jobs_are_deleted(cloud: Cloud) -> None:
    for job_id in ("a", "b", "c", "d", "e"):
        ended(cloud, submit(cloud, work, job_id).name)
    client = cloud.client("pipelines")
    first = client.list_pipeline_jobs(request={"parent": PARENT, "page_size": 2})
    first_page = [job.name.rpartition("/")[2] for job in first.pipeline_jobs]
    client.delete_pipeline_job(name=f"{PARENT}/pipelineJobs/d").result()

    rest = client.list_pipeline_jobs(request={"parent": PARENT, "page_size": 2, "page_token": first.next_page_token})

    assert first_page == ["e", "d"]
    assert [job.name.rpartition("/")[2] for job in rest] == ["c", "b", "a"]


def test_cancel_stops_the_steps_and_skips_the_exit_handler(cloud: Cloud, transport: str) -> None:
    def pipeline() -> None:
        with dsl.ExitHandler(steps.report(job="x")):
            steps.note(text="never").after(steps.sleep(seconds=60.0))

    submitted = submit(cloud, pipeline, "long")
    _until(lambda: "start 60.0" in notes(cloud))
    client = cloud.client("pipelines", transport)

    client.cancel_pipeline_job(name=submitted.name)

    job = ended(cloud, submitted.name)
    assert job.state.name == "PIPELINE_STATE_CANCELLED"
    assert job.error.code == 1
    assert set(states(job).values()) == {"CANCELLED"}
    assert notes(cloud) == ["start 60.0"]
    assert cloud.containers.alive() == []


def test_a_job_can_be_cancelled_at_once_and_twice_but_not_after_its_end(cloud: Cloud) -> None:
    client = cloud.client("pipelines")
    long = submit(cloud, long_work, "long")
    short = ended(cloud, submit(cloud, work, "short").name)

    client.cancel_pipeline_job(name=long.name)
    client.cancel_pipeline_job(name=long.name)

    assert ended(cloud, long.name).state.name == "PIPELINE_STATE_CANCELLED"
    with pytest.raises(BadRequest, match="PIPELINE_STATE_SUCCEEDED and cannot be canceled"):
        client.cancel_pipeline_job(name=short.name)


def test_only_an_ended_job_can_be_deleted(cloud: Cloud, transport: str) -> None:
    client = cloud.client("pipelines", transport)
    submitted = submit(cloud, long_work, "long")

    with pytest.raises(BadRequest, match="cannot be deleted"):
        client.delete_pipeline_job(name=submitted.name)
    client.cancel_pipeline_job(name=submitted.name)
    ended(cloud, submitted.name)
    client.delete_pipeline_job(name=submitted.name).result(timeout=10)

    with pytest.raises(NotFound):
        client.get_pipeline_job(name=submitted.name)


def _until(holds: Callable[[], bool], timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
