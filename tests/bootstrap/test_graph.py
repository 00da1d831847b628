from pathlib import Path
from typing import Any

import pytest

from tests.bootstrap.conftest import Graph, engine, evaluate, project

GRANTS = "gcp:projects/iAMMember:IAMMember"


def _inputs(graph: Graph, name: str) -> dict[str, Any]:
    inputs: dict[str, Any] = graph[name]["inputs"]
    return inputs


def _bindings(graph: Graph) -> list[dict[str, Any]]:
    return [each["inputs"] for each in graph.values() if each["type"].endswith(("IAMMember", "IamMember"))]


def test_no_key_is_made_and_no_policy_is_taken_over(graph: Graph) -> None:
    kinds = {each["type"] for each in graph.values()}

    assert not [kind for kind in kinds if kind.endswith(("Key:Key", "IAMPolicy", "IamPolicy", "IAMBinding", "IamBinding", "HmacKey"))]


def test_nobody_unknown_and_no_primitive_role_is_bound(graph: Graph) -> None:
    bound = _bindings(graph)

    assert not {each["member"] for each in bound} & {"allUsers", "allAuthenticatedUsers"}
    assert not {each["role"] for each in bound} & {"roles/owner", "roles/editor", "roles/viewer"}


def test_the_state_is_private_and_what_is_overwritten_or_deleted_can_be_had_back(graph: Graph) -> None:
    state = _inputs(graph, "gcp:storage/bucket:Bucket state")

    assert state["publicAccessPrevention"] == "enforced"
    assert state["uniformBucketLevelAccess"] is True
    assert state["versioning"] == {"enabled": True}
    assert state["softDeletePolicy"] == {"retentionDurationSeconds": 30 * 86_400}
    assert state["lifecycleRules"] == [{"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 90, "numNewerVersions": 10}}]


def test_the_key_is_rotated_every_90_days(graph: Graph) -> None:
    assert _inputs(graph, "gcp:kms/cryptoKey:CryptoKey secrets")["rotationPeriod"] == f"{90 * 86_400}s"


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_state_and_key_refuse_to_be_destroyed_in_every_environment_on_google_cloud(stack: str) -> None:
    graph = evaluate(stack)

    protected = {name.rpartition(" ")[2] for name, each in graph.items() if each.get("protect")}

    assert protected == {"state", "pulumi", "secrets"}
    assert _inputs(graph, "gcp:kms/cryptoKey:CryptoKey secrets")["deletionPolicy"] == "PREVENT"
    assert _inputs(graph, "gcp:storage/bucket:Bucket state")["forceDestroy"] is False


def test_the_previewer_holds_nothing_that_changes_anything(graph: Graph) -> None:
    role = _inputs(graph, "gcp:projects/iAMCustomRole:IAMCustomRole previewer")
    held = {
        each["role"]
        for name, each in ((name, each["inputs"]) for name, each in graph.items())
        if " previewer-" in name and "member" in each
    }

    assert {permission.rpartition(".")[2] for permission in role["permissions"]} == {"get", "getIamPolicy", "getMetadata"}
    assert {name for name in held if name.startswith("roles/")} == {
        "roles/cloudkms.cryptoKeyDecrypter",
        "roles/iam.workloadIdentityUser",
        "roles/storage.objectViewer",
    }


def test_a_stack_s_switches_take_its_deployer_more_roles(tmp_path: Path) -> None:
    plain = evaluate("dev")

    switched = evaluate(
        "trial", project(tmp_path, **{"sd-bootstrap:switches": ["cmek", "privateEgress", "binaryAuthorization", "cloudBuild"]})
    )

    assert {name.rpartition(" ")[2] for name in switched.keys() - plain.keys() if name.startswith(GRANTS)} == {
        "deployer-binaryauthorization-policyEditor",
        "deployer-cloudbuild-builds-editor",
        "deployer-cloudkms-admin",
        "deployer-compute-networkAdmin",
        "deployer-compute-securityAdmin",
        "deployer-dns-admin",
    }


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("gcp:region", "us", "gcp:region 'us': a region such as us-central1"),
        ("sd-bootstrap:projectNumber", "my-project", "projectNumber 'my-project': the project's number, digits only"),
        ("sd-bootstrap:repositoryId", "octo/repo", "repositoryId 'octo/repo': the repository's number: a name could be taken over"),
        ("sd-bootstrap:ownerId", "octo", "ownerId 'octo'"),
        ("sd-bootstrap:branch", "release *", "branch 'release *': one branch"),
        ("sd-bootstrap:switches", ["kms"], "switches '[\"kms\"]': a list of cmek, privateEgress, binaryAuthorization, cloudBuild"),
        ("sd-bootstrap:protected", True, "protected: no such key; did you mean protect?"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused_with_its_key_and_value(tmp_path: Path, key: str, value: object, said: str) -> None:
    folder = project(tmp_path, **{key: value})

    done = engine(folder, "preview", "--stack", "trial", "--offline")

    assert done.returncode != 0
    assert said in done.stdout + done.stderr
