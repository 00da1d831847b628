"""What every method shares: Google's rules, errors, operations, and state that outlives the daemon."""

import asyncio
import json
import multiprocessing
import os
import re
import signal
import time
import urllib.request
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud.aiplatform_v1.services.endpoint_service.transports import rest_base as endpoint_rules
from google.cloud.aiplatform_v1.services.job_service.transports import rest_base as job_rules
from google.cloud.aiplatform_v1.services.model_service.transports import rest_base as model_rules
from google.cloud.aiplatform_v1.services.pipeline_service.transports import rest_base as pipeline_rules
from google.cloud.aiplatform_v1.services.prediction_service.transports import rest_base as prediction_rules
from google.longrunning import operations_pb2, operations_pb2_grpc

from local.layout import Layout, Ports
from local.vertex.server import VertexServer
from tests.local.vertex import pipelines_of_tests as steps
from tests.local.vertex.conftest import NUMBERED, PARENT, PROJECT, Cloud
from tests.local.vertex.pipelines_of_tests import ended, notes, submit
from tests.local.vertex.script_containers import ScriptContainers
from tests.local.vertex.test_serving import deploy, endpoint, upload

_RULES = {
    "PipelineService": pipeline_rules._BasePipelineServiceRestTransport,
    "JobService": job_rules._BaseJobServiceRestTransport,
    "ModelService": model_rules._BaseModelServiceRestTransport,
    "EndpointService": endpoint_rules._BaseEndpointServiceRestTransport,
    "PredictionService": prediction_rules._BasePredictionServiceRestTransport,
}


def call(cloud: Cloud, verb: str, path: str, body: Any = None) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://{cloud.server.http_address}{path}", data=data, method=verb)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_every_method_follows_the_rules_of_googles_client(cloud: Cloud) -> None:
    checked = 0
    for method in cloud.server._methods()._methods:
        service = method.service.rpartition(".")[2]
        if service == "Operations":
            continue
        theirs = getattr(_RULES[service], f"_Base{method.name}")._get_http_options()[0]
        [ours] = method.rules
        assert (ours.verb, ours.template, ours.body) == (theirs["method"].upper(), theirs["uri"], theirs.get("body", ""))
        checked += 1
    assert checked == 25


def test_an_error_has_googles_shape(cloud: Cloud) -> None:
    status, answer = call(cloud, "GET", f"/v1/{PARENT}/pipelineJobs/nobody")

    message = f"The resource `{NUMBERED}/pipelineJobs/nobody` is not found."
    assert (status, answer) == (404, {"error": {"code": 404, "message": message, "status": "NOT_FOUND"}})


def test_unknown_methods_are_refused_by_name(cloud: Cloud) -> None:
    status, answer = call(cloud, "POST", f"/v1/{PARENT}/trainingPipelines", {})
    path = "/google.cloud.aiplatform.v1.JobService/CreateBatchPredictionJob"

    assert (status, answer["error"]["status"]) == (501, "UNIMPLEMENTED")
    assert "trainingPipelines" in answer["error"]["message"]
    with grpc.insecure_channel(cloud.server.grpc_address) as channel, pytest.raises(grpc.RpcError) as refused:
        channel.unary_unary(path)(b"")
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert path in refused.value.details()


@pytest.mark.parametrize(
    ("query", "body", "words"),
    [
        ("", {"displayName": "x", "colour": "red"}, 'no field named "colour"'),
        ("?endpointIdd=x", {"displayName": "x"}, 'no field named "endpointIdd"'),
        ("", {"displayName": ["x"]}, "displayName"),
        ("", {}, "display_name is required"),
    ],
)
def test_bad_bodies_and_queries_are_refused(cloud: Cloud, query: str, body: Any, words: str) -> None:
    status, answer = call(cloud, "POST", f"/v1/{PARENT}/endpoints{query}", body)

    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert words in answer["error"]["message"]


def test_a_body_that_is_no_json_is_refused(cloud: Cloud) -> None:
    url = f"http://{cloud.server.http_address}/v1/{PARENT}/endpoints"
    request = urllib.request.Request(url, data=b'{"displayName": ', method="POST")

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)

    with refused.value as error:
        assert error.code == 400
        assert "Invalid JSON payload" in json.load(error)["error"]["message"]


def test_snake_case_numbers_for_enums_and_unset_nulls_are_understood(cloud: Cloud) -> None:
    spec = steps.compiled(_noted, cloud.root)
    (cloud.containers.folder / "step.py").write_text(steps.SCRIPT)
    body = {
        "pipeline_spec": spec,
        "display_name": None,
        "runtime_config": {"gcs_output_directory": "gs://b/r", "failure_policy": 2},
    }

    status, answer = call(cloud, "POST", f"/v1/{PARENT}/pipelineJobs?pipeline_job_id=snake&$alt=json%3Benum-encoding%3Dint", body)

    assert (status, answer["runtimeConfig"]["failurePolicy"]) == (200, "PIPELINE_FAILURE_POLICY_FAIL_FAST")


def test_what_the_server_alone_may_say_is_ignored_in_a_create(cloud: Cloud) -> None:
    status, answer = call(
        cloud, "POST", f"/v1/{PARENT}/endpoints", {"displayName": "x", "name": "mine", "createTime": "2001-01-01T00:00:00Z"}
    )

    made = answer["response"]
    assert status == 200
    assert made["name"].startswith(f"{NUMBERED}/endpoints/")
    assert not made["createTime"].startswith("2001")


def test_operations_are_polled_under_both_roots_and_by_grpc(cloud: Cloud) -> None:
    upload(cloud)
    made = endpoint(cloud)
    name = deploy(cloud, made.name).operation.name

    with grpc.insecure_channel(cloud.server.grpc_address) as channel:
        stub = operations_pb2_grpc.OperationsStub(channel)
        waited = stub.WaitOperation(operations_pb2.WaitOperationRequest(name=name))
        listed = stub.ListOperations(operations_pb2.ListOperationsRequest(name=made.name)).operations
    [by_v1], [by_ui] = ([call(cloud, "GET", f"/{root}/{name}")[1]] for root in ("v1", "ui"))

    assert re.fullmatch(rf"{NUMBERED}/endpoints/sdfd-j1/operations/\d+", name)
    assert waited.done
    assert waited.response.type_url == "type.googleapis.com/google.cloud.aiplatform.v1.DeployModelResponse"
    assert waited.metadata.type_url.endswith("DeployModelOperationMetadata")
    assert next(operation.name for operation in listed) == name
    assert by_v1 == by_ui
    assert by_ui["response"]["deployedModel"]["id"] == "1"


def test_cancelling_a_deployment_stops_its_server(cloud: Cloud) -> None:
    upload(cloud, "m1", "sick")
    made = endpoint(cloud)
    name = deploy(cloud, made.name).operation.name
    _until(lambda: bool(cloud.containers.alive()))

    status, _ = call(cloud, "POST", f"/v1/{name}:cancel", {})

    assert status == 200
    assert call(cloud, "GET", f"/v1/{name}")[1]["error"]["code"] == 1
    assert cloud.containers.alive() == []
    deploy(cloud, made.name)


def test_the_same_resource_reads_alike_over_both_transports(cloud: Cloud) -> None:
    submitted = submit(cloud, _noted, "same")
    by_grpc = ended(cloud, submitted.name, "grpc")

    by_rest = ended(cloud, submitted.name, "rest")

    assert by_grpc == by_rest


def test_a_restart_keeps_what_ended_and_fails_what_ran(cloud: Cloud) -> None:
    done = ended(cloud, submit(cloud, _noted, "done").name)
    running = submit(cloud, _slept, "running")
    _until(lambda: "start 60.0" in notes(cloud))

    cloud.restart()

    client = cloud.client("pipelines")
    failed = client.get_pipeline_job(name=running.name)
    assert client.get_pipeline_job(name=done.name).state.name == "PIPELINE_STATE_SUCCEEDED"
    assert failed.state.name == "PIPELINE_STATE_FAILED"
    assert "The local cloud stopped while this pipeline was running" in failed.error.message
    assert [task.state.name for task in failed.job_detail.task_details] == ["FAILED"]
    assert cloud.containers.alive() == []


def test_state_survives_a_kill(tmp_path: Path, types: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    names = spawn.Queue()
    daemon = spawn.Process(target=_daemon, args=(tmp_path, types, names))
    daemon.start()
    kept, running = names.get(timeout=30)
    os.kill(daemon.pid or 0, signal.SIGKILL)
    daemon.join()
    cloud = Cloud.__new__(Cloud)
    (tmp_path / "images").rename(tmp_path / "old")
    cloud.__init__(tmp_path)  # type: ignore[misc]

    try:
        assert cloud.client("endpoints").get_endpoint(name=kept).display_name == "sdfd-j1"
        job = cloud.client("pipelines").get_pipeline_job(name=running)
        assert job.state.name == "PIPELINE_STATE_FAILED"
        with pytest.raises(BadRequest):
            cloud.client("pipelines").cancel_pipeline_job(name=running)
        with pytest.raises(NotFound):
            cloud.client("pipelines").get_pipeline_job(name=f"{PARENT}/pipelineJobs/other")
    finally:
        cloud.close()


async def test_a_server_stopped_before_it_knows_its_types_leaves_nothing(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    server = VertexServer(layout, Ports(layout), PROJECT, ScriptContainers(tmp_path))
    await server.start()
    await asyncio.sleep(0.2)

    await server.stop()

    assert not list(layout.folder("vertex").glob("*.binpb"))


def _daemon(root: Path, types: Path, names: Any) -> None:
    folder = root / "state" / "vertex"
    folder.mkdir(parents=True)
    (folder / types.name).write_bytes(types.read_bytes())
    cloud = Cloud(root)
    made = endpoint(cloud)
    running = submit(cloud, _slept, "running")
    _until(lambda: "start 60.0" in notes(cloud))
    names.put((made.name, running.name))
    time.sleep(60)


def _noted() -> None:
    steps.note(text="x")


def _slept() -> None:
    steps.sleep(seconds=60.0)


def _until(holds: Any, timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
