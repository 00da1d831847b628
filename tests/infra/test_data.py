from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.config import Config, InvalidConfig
from jobs.settings import StepSettings, TriggerSettings, UploadSettings
from tests.infra.conftest import Graph

ROOT = Path(__file__).parents[2]


def _inputs(graph: Graph, kind: str) -> list[dict[str, Any]]:
    return [resource["inputs"] for resource in graph.values() if resource["type"] == kind]


def test_no_bucket_is_public(graph: Graph) -> None:
    buckets = _inputs(graph, "gcp:storage/bucket:Bucket")

    assert len(buckets) == 5
    assert all(bucket["publicAccessPrevention"] == "enforced" and bucket["uniformBucketLevelAccess"] for bucket in buckets)


def test_only_an_environment_that_protects_its_data_refuses_to_destroy_it(graph: Graph, stack: str) -> None:
    (database,) = _inputs(graph, "gcp:firestore/database:Database")
    buckets = _inputs(graph, "gcp:storage/bucket:Bucket")

    protects = stack == "prod"

    assert (database["deletionPolicy"] == "PREVENT") == protects
    assert all(bucket["forceDestroy"] is not protects for bucket in buckets)


def test_every_query_of_the_store_has_its_index(graph: Graph) -> None:
    indexes = {
        (index["collection"], *(field["fieldPath"] for field in index["fields"])) for index in _inputs(graph, "gcp:firestore/index:Index")
    }

    assert indexes == {("jobs", "owner", "created"), ("uploads", "jobId", "created"), ("generations", "jobId", "created")}


def test_the_start_subscription_retries_and_buries_what_cannot_be_delivered(graph: Graph) -> None:
    (start,) = [subscription for subscription in _inputs(graph, "gcp:pubsub/subscription:Subscription") if "pushConfig" in subscription]

    assert start["deadLetterPolicy"]["maxDeliveryAttempts"] == 10
    assert start["retryPolicy"]["minimumBackoff"] == "10s"
    assert "oidcToken" in start["pushConfig"]


def test_containers_get_all_the_settings_that_they_read(graph: Graph) -> None:
    services = {service["name"].rpartition("-")[2]: service for service in _inputs(graph, "gcp:cloudrunv2/service:Service")}
    functions = _inputs(graph, "gcp:cloudfunctionsv2/function:Function")

    upload = {env["name"] for env in services["upload"]["template"]["containers"][0]["envs"]}

    assert UploadSettings.from_env(dict.fromkeys(upload, "1"))
    assert all(TriggerSettings.from_env(dict.fromkeys(function["serviceConfig"]["environmentVariables"], "1")) for function in functions)
    assert StepSettings.env(**{name.lower(): "1" for name in _required(StepSettings)})


def _required(kind: Any) -> list[str]:
    return [name.upper() for name, field in kind.__dataclass_fields__.items() if field.default.__class__.__name__ == "_MISSING_TYPE"]


def test_the_configuration_s_keys_are_those_of_the_schema() -> None:
    schema = set(yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"])

    fields = {"".join([head, *map(str.capitalize, rest)]) for head, *rest in (name.split("_") for name in Config.__dataclass_fields__)}

    assert fields - {"stack", "project", "region"} == schema


@pytest.mark.parametrize("stack", ["local", "dev", "prod"])
def test_a_stack_s_file_sets_only_keys_that_exist(stack: str) -> None:
    schema = set(yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"])
    given = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]

    assert {key.removeprefix("sd-for-designers:") for key in given if not key.startswith("gcp:")} <= schema


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("stack", "Prod!", "stack 'Prod!'"),
        ("project_number", "my-project", "projectNumber 'my-project'"),
        ("designers", ("bob",), "designers 'bob'"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused_with_its_key_and_value(key: str, value: Any, said: str) -> None:
    good: dict[str, Any] = dict.fromkeys(Config.__dataclass_fields__, "1") | {"stack": "dev", "designers": ("user:a@b.c",)}

    with pytest.raises(InvalidConfig, match=said):
        Config(**good | {key: value}).check()
