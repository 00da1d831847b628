"""Models and endpoints: uploaded, deployed as real servers, asked, undeployed, deleted."""

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from google.api.httpbody_pb2 import HttpBody
from google.api_core.exceptions import BadRequest, Conflict, GoogleAPICallError, NotFound, ServiceUnavailable

from tests.local.vertex.conftest import NUMBERED, PARENT, Cloud

SERVER = """
import http.server, json, os, sys
if "broken" in sys.argv:
    sys.exit("no weights here")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == os.environ["AIP_HEALTH_ROUTE"] and "sick" not in sys.argv else 503)
        self.end_headers()
    def do_POST(self):
        assert self.path == os.environ["AIP_PREDICT_ROUTE"], self.path
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] == "text/plain":
            return self.answer(200, body[::-1], "text/x-reversed")
        asked = json.loads(body)
        first = asked["instances"][0]
        if isinstance(first, dict) and "status" in first:
            return self.answer(int(first["status"]), b'{"detail": "as you wished"}', "application/json")
        if first == "nonsense":
            return self.answer(200, b'{"images": []}', "application/json")
        told = {"got": asked, "by": sys.argv[1:], "env": {k: v for k, v in os.environ.items() if k.startswith("AIP_") or k == "HOST"}}
        self.answer(200, json.dumps({"predictions": [told]}).encode(), "application/json")
    def answer(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["AIP_HTTP_PORT"])), Handler).serve_forever()
"""
RESOURCES = {"machine_spec": {"machine_type": "n1-standard-4"}, "min_replica_count": 1, "max_replica_count": 1}


def upload(cloud: Cloud, model_id: str = "m1", *args: str, transport: str = "rest", **more: Any) -> Any:
    image = cloud.containers.image("server", SERVER)
    container = {"image_uri": image, "args": list(args), "predict_route": "/predict", "health_route": "/health", **more}
    model = {"display_name": model_id, "artifact_uri": "gs://models/j1", "container_spec": container, "labels": {"job": "j1"}}
    client = cloud.client("models", transport)
    return client.upload_model(request={"parent": PARENT, "model": model, "model_id": model_id}).result(timeout=10)


def endpoint(cloud: Cloud, endpoint_id: str = "sdfd-j1", transport: str = "rest") -> Any:
    request = {"parent": PARENT, "endpoint": {"display_name": endpoint_id, "labels": {"job": endpoint_id}}, "endpoint_id": endpoint_id}
    return cloud.client("endpoints", transport).create_endpoint(request=request).result(timeout=10)


def deploy(cloud: Cloud, where: str, model: str = "m1", deployed_id: str = "1", transport: str = "rest", **split: int) -> Any:
    deployed = {"id": deployed_id, "model": f"{PARENT}/models/{model}", "dedicated_resources": RESOURCES}
    client = cloud.client("endpoints", transport)
    return client.deploy_model(endpoint=where, deployed_model=deployed, traffic_split=split or {"0": 100})


def served(cloud: Cloud) -> Any:
    upload(cloud)
    made = endpoint(cloud)
    deploy(cloud, made.name).result(timeout=20)
    return made


def test_a_picture_goes_from_upload_to_prediction_and_away_again(cloud: Cloud, transport: str) -> None:
    uploaded = upload(cloud, transport=transport)
    made = endpoint(cloud, transport=transport)
    endpoints, prediction = cloud.client("endpoints", transport), cloud.client("prediction", transport)

    deployed = deploy(cloud, made.name, transport=transport).result(timeout=20).deployed_model
    answer = prediction.predict(endpoint=made.name, instances=[{"prompt": "a dog", "steps": 3}], parameters={"seed": 7, "none": None})

    assert uploaded.model == f"{NUMBERED}/models/m1"
    assert made.name == f"{NUMBERED}/endpoints/sdfd-j1"
    assert (deployed.id, deployed.model, deployed.model_version_id) == ("1", uploaded.model, "1")
    told = dict(answer.predictions[0])
    assert _plain(told["got"]) == {"instances": [{"prompt": "a dog", "steps": 3}], "parameters": {"seed": 7, "none": None}}
    assert (answer.deployed_model_id, answer.model, answer.model_display_name) == ("1", uploaded.model, "m1")
    env = dict(told["env"])
    assert (env["AIP_STORAGE_URI"], env["AIP_ENDPOINT_ID"], env["HOST"]) == ("gs://models/j1", "sdfd-j1", "127.0.0.1")
    assert endpoints.get_endpoint(name=made.name).traffic_split == {"1": 100}

    with pytest.raises(BadRequest, match="Undeploy them first"):
        endpoints.delete_endpoint(name=made.name)
    endpoints.undeploy_model(endpoint=made.name, deployed_model_id="1").result(timeout=20)
    endpoints.delete_endpoint(name=made.name).result(timeout=10)
    cloud.client("models", transport).delete_model(name=uploaded.model).result(timeout=10)

    assert cloud.containers.alive() == []
    with pytest.raises(NotFound):
        endpoints.get_endpoint(name=made.name)


def test_a_second_create_answers_already_exists(cloud: Cloud, transport: str) -> None:
    upload(cloud, transport=transport)
    endpoint(cloud, transport=transport)

    with pytest.raises(Conflict, match="models/m1"):
        upload(cloud, transport=transport)
    with pytest.raises(Conflict, match="endpoints/sdfd-j1"):
        endpoint(cloud, transport=transport)


def test_the_same_deployed_model_id_is_refused_while_it_starts_and_after(cloud: Cloud) -> None:
    upload(cloud)
    made = endpoint(cloud)

    starting = deploy(cloud, made.name)
    with pytest.raises(Conflict, match="DeployedModel `1`"):
        deploy(cloud, made.name)
    starting.result(timeout=20)

    with pytest.raises(Conflict, match="DeployedModel `1`"):
        deploy(cloud, made.name)


def test_a_server_that_ends_fails_the_deployment_with_its_last_words(cloud: Cloud, transport: str) -> None:
    upload(cloud, "m1", "broken")
    made = endpoint(cloud)

    operation = deploy(cloud, made.name, transport=transport)

    with pytest.raises(GoogleAPICallError, match=r"Model server exited unexpectedly[\s\S]*no weights here"):
        operation.result(timeout=20)
    assert not cloud.client("endpoints").get_endpoint(name=made.name).deployed_models
    assert cloud.containers.alive() == []


def test_a_server_that_never_gets_healthy_fails_the_deployment(cloud: Cloud) -> None:
    upload(cloud, "m1", "sick", deployment_timeout={"seconds": 1})
    made = endpoint(cloud)

    with pytest.raises(GoogleAPICallError, match="never became ready"):
        deploy(cloud, made.name).result(timeout=20)
    assert cloud.containers.alive() == []


@pytest.mark.parametrize(("status", "error"), [(400, BadRequest), (404, NotFound), (503, ServiceUnavailable)])
def test_an_error_of_the_server_reaches_the_caller(cloud: Cloud, status: int, error: type[Exception]) -> None:
    made = served(cloud)

    for transport in ("rest", "grpc"):
        with pytest.raises(error, match="as you wished"):
            cloud.client("prediction", transport).predict(endpoint=made.name, instances=[{"status": status}], retry=None)


def test_an_answer_without_predictions_is_an_error(cloud: Cloud) -> None:
    made = served(cloud)

    with pytest.raises(BadRequest, match="predictions is missing"):
        cloud.client("prediction").predict(endpoint=made.name, instances=["nonsense"])


def test_a_request_over_the_clouds_limit_is_refused(cloud: Cloud) -> None:
    made = served(cloud)

    with pytest.raises(BadRequest, match=r"1\.500MB"):
        cloud.client("prediction", "grpc").predict(endpoint=made.name, instances=["x" * 1_600_000])


def test_raw_predictions_pass_bytes_both_ways(cloud: Cloud) -> None:
    made = served(cloud)

    body = HttpBody(content_type="text/plain", data=b"\xffabc")
    by_grpc = cloud.client("prediction", "grpc").raw_predict(endpoint=made.name, http_body=body)
    by_http = _post(cloud, f"/v1/{made.name}:rawPredict", b"\xffabc", "text/plain")

    assert (by_grpc.content_type, by_grpc.data) == ("text/x-reversed", b"cba\xff")
    assert by_http == (200, "text/x-reversed", b"cba\xff")


def test_a_raw_error_passes_unchanged(cloud: Cloud) -> None:
    made = served(cloud)

    answer = _post(cloud, f"/v1/{made.name}:rawPredict", b'{"instances": [{"status": 418}]}', "application/json")

    assert answer == (418, "application/json", b'{"detail": "as you wished"}')


def test_traffic_is_split_among_models(cloud: Cloud) -> None:
    made = served(cloud)
    upload(cloud, "m2", "second")
    endpoints, prediction = cloud.client("endpoints"), cloud.client("prediction")

    with pytest.raises(BadRequest, match="add up to 100"):
        deploy(cloud, made.name, "m2", "2", **{"0": 90})
    deploy(cloud, made.name, "m2", "2", **{"0": 50, "1": 50}).result(timeout=20)
    hits = {prediction.predict(endpoint=made.name, instances=["x"]).deployed_model_id for _ in range(40)}
    with pytest.raises(BadRequest, match="has traffic"):
        endpoints.undeploy_model(endpoint=made.name, deployed_model_id="1")
    endpoints.undeploy_model(endpoint=made.name, deployed_model_id="1", traffic_split={"2": 100}).result(timeout=20)

    assert hits == {"1", "2"}
    assert prediction.predict(endpoint=made.name, instances=["x"]).deployed_model_id == "2"


def test_an_endpoint_without_traffic_says_so(cloud: Cloud) -> None:
    made = endpoint(cloud)

    with pytest.raises(BadRequest, match="no deployed model that takes traffic"):
        cloud.client("prediction").predict(endpoint=made.name, instances=["x"])


def test_a_server_that_dies_is_started_again(cloud: Cloud) -> None:
    made = served(cloud)
    [process] = cloud.containers.processes
    os.killpg(process.pid, signal.SIGKILL)

    _until(lambda: len(cloud.containers.processes) == 2 and _answers(cloud, made.name))


def test_deployed_models_are_served_again_after_a_restart(cloud: Cloud) -> None:
    made = served(cloud)

    cloud.restart()

    _until(lambda: _answers(cloud, made.name))
    assert len(cloud.containers.alive()) == 1


def test_versions_share_a_model_and_aliases_choose_one(cloud: Cloud, transport: str) -> None:
    client = cloud.client("models", transport)
    upload(cloud)
    image = cloud.containers.image("server", SERVER)
    newer = {"display_name": "newer", "container_spec": {"image_uri": image}, "version_aliases": ["default", "best"]}

    added = client.upload_model(request={"parent": PARENT, "model": newer, "parent_model": f"{PARENT}/models/m1"}).result(timeout=10)

    assert (added.model, added.model_version_id) == (f"{NUMBERED}/models/m1", "2")
    assert client.get_model(name=f"{PARENT}/models/m1").display_name == "newer"
    assert client.get_model(name=f"{PARENT}/models/m1@best").version_id == "2"
    assert client.get_model(name=f"{PARENT}/models/m1@1").display_name == "m1"
    assert [model.version_id for model in client.list_model_versions(name=f"{PARENT}/models/m1")] == ["2", "1"]
    assert [model.version_id for model in client.list_models(parent=PARENT)] == ["2"]
    client.delete_model_version(name=f"{PARENT}/models/m1@1").result(timeout=10)
    with pytest.raises(NotFound):
        client.get_model(name=f"{PARENT}/models/m1@1")


def test_a_deployed_model_is_not_deleted_and_shows_where_it_is(cloud: Cloud) -> None:
    made = served(cloud)
    client = cloud.client("models")

    with pytest.raises(BadRequest, match="deployed to"):
        client.delete_model(name=f"{PARENT}/models/m1")

    [where] = client.get_model(name=f"{PARENT}/models/m1").deployed_models
    assert (where.endpoint, where.deployed_model_id) == (made.name, "1")


def test_endpoints_are_found_by_label_and_changed_by_mask(cloud: Cloud, transport: str) -> None:
    client = cloud.client("endpoints", transport)
    made = endpoint(cloud, "sdfd-a")
    endpoint(cloud, "sdfd-b")

    changed = {"name": made.name, "display_name": "ignored", "labels": {"job": "new"}}
    client.update_endpoint(endpoint=changed, update_mask={"paths": ["labels"]})

    assert [item.display_name for item in client.list_endpoints(request={"parent": PARENT, "filter": "labels.job=new"})] == ["sdfd-a"]
    assert [item.display_name for item in client.list_endpoints(request={"parent": PARENT, "filter": "labels.job=sdfd-b"})] == ["sdfd-b"]


def test_use_is_counted_for_the_status_page(cloud: Cloud) -> None:
    made = served(cloud)
    for _ in range(3):
        cloud.client("prediction").predict(endpoint=made.name, instances=["x"])

    with urllib.request.urlopen(f"http://{cloud.server.http_address}/-/status") as response:
        [shown] = json.load(response)["endpoints"]

    assert (shown["name"], shown["predictionCount"], shown["ready"]) == (made.name, 3, True)
    assert shown["lastPredictionTime"] > shown["createTime"]


def _answers(cloud: Cloud, name: str) -> bool:
    try:
        cloud.client("prediction").predict(endpoint=name, instances=["x"], retry=None)
    except ServiceUnavailable:
        return False
    return True


def _until(holds: Callable[[], bool], timeout_s: float = 15.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _post(cloud: Cloud, path: str, body: bytes, kind: str) -> tuple[int, str, bytes]:
    request = urllib.request.Request(f"http://{cloud.server.http_address}{path}", data=body, headers={"Content-Type": kind})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.headers["Content-Type"], response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def _plain(value: Any) -> Any:
    if hasattr(value, "items"):
        return {key: _plain(inner) for key, inner in value.items()}
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    return value
