"""The switches that are off by default: what each adds, evaluated for real; nothing else changes with it."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.access import GRANTS, Resource
from infra.bindings import title
from tests.infra.conftest import Graph, inputs_of

SWITCHES = ("cmek", "privateEgress", "binaryAuthorization", "auditDataAccess")
SERVICE, FUNCTION = "gcp:cloudrunv2/service:Service", "gcp:cloudfunctionsv2/function:Function"
KEY = "gcp:kms/cryptoKey:CryptoKey"
# what keeps a designer's pictures, words or weights, and by which property it is told the key
ENCRYPTED = {
    "gcp:storage/bucket:Bucket": "encryption",
    "gcp:firestore/database:Database": "cmekConfig",
    "gcp:pubsub/topic:Topic": "kmsKeyName",
    "gcp:artifactregistry/repository:Repository": "kmsKeyName",
    SERVICE: "template",
    FUNCTION: "kmsKeyName",
}


def _added(graph: Graph, plain: Graph) -> set[str]:
    return {resource["type"] for urn, resource in graph.items() if urn not in plain}


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_is_off_unless_it_is_set(evaluate: Callable[..., Graph], switch: str) -> None:
    assert set(evaluate("dev")) == set(evaluate("dev", **{switch: False}))


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_takes_nothing_away(evaluate: Callable[..., Graph], switch: str) -> None:
    assert set(evaluate("dev")) <= set(evaluate("dev", **{switch: True}))


@pytest.mark.parametrize("kind", ENCRYPTED)
def test_with_cmek_everything_that_keeps_data_does_so_under_the_stack_s_key(evaluate: Callable[..., Graph], kind: str) -> None:
    graph = evaluate("dev", cmek=True)
    (key,) = [urn for urn, resource in graph.items() if resource["type"] == KEY]

    kept = [resource for resource in graph.values() if resource["type"] == kind]

    assert kept
    assert all(key in resource["propertyDependencies"][ENCRYPTED[kind]] for resource in kept)


def test_with_cmek_nothing_is_made_under_the_key_before_google_may_use_it(evaluate: Callable[..., Graph]) -> None:
    graph = evaluate("dev", cmek=True)
    usable = {urn for urn in graph if urn.endswith("-key") and "CryptoKeyIAMMember" in urn}

    assert {urn.rpartition("::")[2] for urn in usable} == {title(grant) for grant in GRANTS if grant.resource is Resource.KEY}
    for resource in graph.values():
        if resource["type"] in ENCRYPTED:
            assert usable <= set(resource["propertyDependencies"][ENCRYPTED[resource["type"]]])


def test_with_cmek_the_steps_encrypt_what_they_make_in_vertex_ai(evaluate: Callable[..., Graph]) -> None:
    graph = evaluate("dev", cmek=True)
    (key,) = [urn for urn, resource in graph.items() if resource["type"] == KEY]
    compiled = next(resource for urn, resource in graph.items() if urn.endswith("::compiled-pipeline"))
    start = next(resource for urn, resource in graph.items() if urn.endswith("Function::start"))

    assert key in compiled["propertyDependencies"]["content"]
    assert key in start["propertyDependencies"]["serviceConfig"]


def test_a_key_rotates_and_in_a_protected_environment_cannot_be_destroyed(evaluate: Callable[..., Graph]) -> None:
    (dev,) = inputs_of(evaluate("dev", cmek=True), KEY)
    graph = evaluate("prod", cmek=True)
    (prod,) = [resource for resource in graph.values() if resource["type"] == KEY]

    assert dev["rotationPeriod"] == "7776000s"
    assert dev["deletionPolicy"] == "DELETE"
    assert prod["inputs"]["deletionPolicy"] == "PREVENT"
    assert prod["protect"]


def test_with_private_egress_all_that_runs_leaves_through_the_stack_s_network(evaluate: Callable[..., Graph]) -> None:
    graph = evaluate("dev", privateEgress=True)

    services = [service["template"]["vpcAccess"] for service in inputs_of(graph, SERVICE)]
    functions = [function["serviceConfig"] for function in inputs_of(graph, FUNCTION)]

    assert {access["egress"] for access in services} == {"ALL_TRAFFIC"}
    assert {config["directVpcEgress"] for config in functions} == {"VPC_EGRESS_ALL_TRAFFIC"}
    assert all(config["directVpcNetworkInterfaces"] for config in functions)


def test_the_stack_s_network_reaches_google_s_apis_and_nothing_else(evaluate: Callable[..., Graph]) -> None:
    graph = evaluate("dev", privateEgress=True)
    rules = sorted(inputs_of(graph, "gcp:compute/firewall:Firewall"), key=lambda rule: int(rule["priority"]))
    (subnet,) = inputs_of(graph, "gcp:compute/subnetwork:Subnetwork")
    records = inputs_of(graph, "gcp:dns/recordSet:RecordSet")

    allowed, denied = rules

    assert allowed["destinationRanges"] == ["199.36.153.8/30"]
    assert allowed["allows"][0]["ports"] == ["443"]
    assert denied["destinationRanges"] == ["0.0.0.0/0"]
    assert denied["denies"] == [{"protocol": "all"}]
    assert subnet["privateIpGoogleAccess"] is True
    assert {address for record in records for address in record["rrdatas"]} == {f"199.36.153.{last}" for last in range(8, 12)}
    assert {record["name"] for record in records} >= {"*.googleapis.com.", "*.run.app."}


def test_with_binary_authorization_only_the_stack_s_own_images_run(evaluate: Callable[..., Graph]) -> None:
    graph = evaluate("dev", binaryAuthorization=True)
    (policy,) = inputs_of(graph, "gcp:binaryauthorization/policy:Policy")

    assert policy["defaultAdmissionRule"]["evaluationMode"] == "ALWAYS_DENY"
    assert [pattern["namePattern"] for pattern in policy["admissionWhitelistPatterns"]] == [
        "us-central1-docker.pkg.dev/my-team-sd-dev/sd-dev/*"
    ]
    assert all(service["binaryAuthorization"] == {"useDefault": True} for service in inputs_of(graph, SERVICE))


def test_with_audited_data_access_who_read_what_is_logged(evaluate: Callable[..., Graph]) -> None:
    audited = {
        config["service"]: {log["logType"] for log in config["auditLogConfigs"]}
        for config in inputs_of(evaluate("dev", auditDataAccess=True), "gcp:projects/iAMAuditConfig:IAMAuditConfig")
    }

    assert set(audited) == {"storage.googleapis.com", "datastore.googleapis.com", "aiplatform.googleapis.com"}
    assert all(logs == {"ADMIN_READ", "DATA_READ", "DATA_WRITE"} for logs in audited.values())


@pytest.mark.parametrize(
    ("switch", "apis"),
    [
        ("cmek", {"cloudkms"}),
        ("privateEgress", {"compute", "dns"}),
        ("binaryAuthorization", {"binaryauthorization"}),
        ("auditDataAccess", set()),
    ],
)
def test_a_switch_turns_on_the_apis_that_it_needs(evaluate: Callable[..., Graph], switch: str, apis: set[str]) -> None:
    def on(**changes: Any) -> set[str]:
        return {str(api["service"]).partition(".")[0] for api in inputs_of(evaluate("dev", **changes), "gcp:projects/service:Service")}

    assert on(**{switch: True}) - on() == apis


def test_all_switches_go_together(evaluate: Callable[..., Graph]) -> None:
    graph = evaluate("prod", **dict.fromkeys(SWITCHES, True))

    assert len(graph) > len(evaluate("prod"))
