"""Which of GitHub's tokens become which account: the pool's own expressions, evaluated over tokens as GitHub makes them."""

from typing import Any

import celpy
import pytest
from celpy import celtypes

from tests.bootstrap.conftest import Graph, evaluate

SAME = {"repository_id": "100000001", "repository_owner_id": "10000001", "repository": "octo/designs"}


def token(event: str, ref: str, environment: str | None = None, **claims: str) -> dict[str, str]:
    found = {**SAME, "event_name": event, "ref": ref, "sub": f"repo:octo/designs:{environment or event}", **claims}
    return found | ({"environment": environment} if environment else {})


def _evaluated(expression: str, **known: Any) -> Any:
    environment = celpy.Environment(runner_class=celpy.InterpretedRunner)
    functions = {"getAttribute": lambda api, name, default: api.get(name, default), "hasOnly": _has_only}
    program = environment.program(environment.compile(expression), functions=functions)
    return program.evaluate({name: celpy.json_to_cel(value) for name, value in known.items()})


def _has_only(given: Any, allowed: Any) -> celtypes.BoolType:
    return celtypes.BoolType(set(map(str, given)) <= set(map(str, allowed)))


def _accounts(graph: Graph, claims: dict[str, str]) -> set[str]:
    """Those that a workflow run with these claims may become."""
    (provider,) = (each["inputs"] for each in graph.values() if each["type"].endswith("WorkloadIdentityPoolProvider"))
    if not _evaluated(provider["attributeCondition"], assertion=claims):
        return set()
    mapped = {name: str(_evaluated(how, assertion=claims)) for name, how in provider["attributeMapping"].items()}
    pool = "principalSet://iam.googleapis.com/projects/200000000002/locations/global/workloadIdentityPools/sd-dev-github"
    principals = {f"{pool}/{name}/{value}" for name, value in mapped.items()}
    bound = [each["inputs"] for each in graph.values() if each["type"] == "gcp:serviceaccount/iAMMember:IAMMember"]
    return {each["serviceAccountId"].rpartition("/")[2].partition("@")[0] for each in bound if each["member"] in principals}


@pytest.mark.parametrize(
    ("claims", "accounts"),
    [
        (token("push", "refs/heads/main", "dev"), {"sd-dev-deployer"}),
        (token("workflow_dispatch", "refs/heads/main", "dev"), {"sd-dev-deployer"}),
        (token("pull_request", "refs/pull/7/merge"), {"sd-dev-previewer"}),
        # the right environment from another branch, the right branch in another environment or in none
        (token("push", "refs/heads/feature", "dev"), set()),
        (token("push", "refs/heads/main", "prod"), set()),
        (token("push", "refs/heads/main"), set()),
        (token("push", "refs/tags/main", "dev"), set()),
        # a pull request cannot deploy, whatever environment its workflow names
        (token("pull_request", "refs/pull/7/merge", "dev"), {"sd-dev-previewer"}),
        # runs with the base's secrets on the code of a fork
        (token("pull_request_target", "refs/heads/main"), set()),
        (token("schedule", "refs/heads/main"), {"sd-dev-previewer"}),
        # a fork, and another repository that has taken the name
        (token("pull_request", "refs/pull/7/merge", repository_id="200000002"), set()),
        (token("push", "refs/heads/main", "dev", repository_id="200000002"), set()),
        (token("push", "refs/heads/main", "dev", repository_owner_id="20000002"), set()),
        # an environment whose name imitates the pair
        (token("push", "refs/heads/feature", "dev:refs/heads/main"), set()),
    ],
)
def test_a_workflow_run_becomes_the_account_of_its_event_and_no_other(claims: dict[str, str], accounts: set[str]) -> None:
    assert _accounts(evaluate("dev"), claims) == accounts


@pytest.mark.parametrize(
    ("changed", "allowed"),
    [
        (["roles/datastore.user"], True),
        (["roles/datastore.user", "projects/my-team-sd-dev/roles/sd_dev_predict"], True),
        ([], True),
        (["roles/owner"], False),
        (["roles/datastore.user", "roles/resourcemanager.projectIamAdmin"], False),
        (["projects/my-team-sd-dev/roles/sd_prod_predict"], False),
    ],
)
def test_the_deployer_changes_grants_of_the_program_s_roles_only(changed: list[str], allowed: bool) -> None:
    condition = evaluate("dev")["gcp:projects/iAMMember:IAMMember deployer-grants"]["inputs"]["condition"]

    assert _evaluated(condition["expression"], api={"iam.googleapis.com/modifiedGrantsByRole": changed}) == allowed


@pytest.mark.parametrize(
    ("name", "resource", "allowed"),
    [
        ("deployer-storage", "projects/_/buckets/my-team-sd-dev-sd-dev-uploads", True),
        ("deployer-storage", "projects/my-team-sd-dev", True),
        ("deployer-storage", "projects/_/buckets/my-team-sd-dev-pulumi-dev", False),
        ("deployer-storage", "projects/_/buckets/my-team-sd-dev-pulumi-dev/objects/.pulumi/stacks/dev.json", False),
        ("previewer-sources", "projects/_/buckets/my-team-sd-dev-sd-dev-sources/objects/trigger.zip", True),
        ("previewer-sources", "projects/_/buckets/my-team-sd-dev-sd-dev-models/objects/base/0123/model_index.json", True),
        ("previewer-sources", "projects/_/buckets/my-team-sd-dev-sd-dev-models/objects/runs/j1/a1/model.safetensors", False),
        ("previewer-sources", "projects/_/buckets/my-team-sd-dev-sd-dev-uploads/objects/clean/j1/u1.png", False),
        ("previewer-sources", "projects/_/buckets/my-team-sd-dev-sd-dev-pipeline-root/objects/run", False),
    ],
)
def test_a_condition_holds_where_it_should(name: str, resource: str, allowed: bool) -> None:
    condition = evaluate("dev")[f"gcp:projects/iAMMember:IAMMember {name}"]["inputs"]["condition"]

    assert _evaluated(condition["expression"], resource={"name": resource}) == allowed
