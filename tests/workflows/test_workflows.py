"""What the workflows may do, when they run, and that what they call is there."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github/workflows"
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")

READS = {"contents": "read"}
SIGNS_IN = {"contents": "read", "id-token": "write"}
# workflow: (its triggers, by job what its token may do); nothing is granted for all jobs of one
TABLE: dict[str, tuple[dict[str, Any], dict[str, dict[str, str]]]] = {
    "ci": ({"pull_request": None, "push": {"branches": ["main"]}}, {"test": READS}),
    "preview": ({"pull_request": None}, {"offline": READS, "real": SIGNS_IN}),
    "comment": (
        {"workflow_run": {"workflows": ["preview"], "types": ["completed"]}},
        {"comment": {"actions": "read", "contents": "read", "pull-requests": "write"}},
    ),
    "deploy": ({"push": {"branches": ["main"]}}, {"dev": SIGNS_IN, "prod": SIGNS_IN}),
    "drift": ({"schedule": [{"cron": "17 5 * * *"}]}, {"look": SIGNS_IN, "tell": {"contents": "read", "issues": "write"}}),
}
# they can be run here, and say why they cannot do their work
QUICK = ("promoted", "comment", "drift-issue")


def text(name: str) -> str:
    return (FOLDER / f"{name}.yml").read_text()


def workflow(name: str) -> dict[str, Any]:
    # YAML 1.1 reads the key `on` as true
    return {"on" if key is True else key: value for key, value in yaml.safe_load(text(name)).items()}


def jobs(name: str) -> dict[str, dict[str, Any]]:
    return dict(workflow(name)["jobs"])


def steps() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in TABLE:
        for job, about in jobs(name).items():
            for step in about["steps"]:
                yield name, job, step


def commands() -> set[str]:
    return {line for _, _, step in steps() for line in step.get("run", "").splitlines()}


def named_targets() -> set[str]:
    return {line.split()[1] for line in commands()}


def test_the_table_names_every_workflow() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_a_workflow_runs_when_the_table_says_and_may_do_what_it_says(name: str) -> None:
    triggers, permissions = TABLE[name]

    assert workflow(name)["on"] == triggers
    assert workflow(name)["permissions"] == {}
    assert {job: about["permissions"] for job, about in jobs(name).items()} == permissions


def test_no_workflow_runs_a_strangers_code_with_the_repositorys_rights() -> None:
    assert [name for name in TABLE if "pull_request_target" in text(name)] == []


def test_what_may_write_runs_make_and_checks_out_nothing_of_a_pull_request() -> None:
    writing = [
        (name, job)
        for name, (_, rights) in TABLE.items()
        for job, may in rights.items()
        if "write" in {may[what] for what in may if what != "id-token"}
    ]
    checkouts = [step for name, job, step in steps() if (name, job) in writing and "checkout" in step.get("uses", "")]

    assert writing == [("comment", "comment"), ("drift", "tell")]
    # nothing but the default branch: no `ref`, no other repository
    assert [step["with"] for step in checkouts] == [{"persist-credentials": False}] * 2


def test_who_may_sign_in_is_no_fork() -> None:
    condition = jobs("preview")["real"]["if"]

    assert "github.event.pull_request.head.repo.full_name == github.repository" in condition
    assert not any("id-token" in jobs(name)[job]["permissions"] for name, job in [("preview", "offline"), ("ci", "test")])


def test_no_secret_is_named_and_no_token_but_the_jobs_own() -> None:
    assert [name for name in TABLE if "secrets." in text(name)] == []


def test_a_checkout_leaves_no_token_behind() -> None:
    checkouts = [step for _, _, step in steps() if "actions/checkout" in step.get("uses", "")]

    assert len(checkouts) >= len(TABLE)
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("name", TABLE)
def test_an_action_is_pinned_by_commit_and_says_its_version(name: str) -> None:
    uses = re.findall(r"^\s*(?:- )?uses: (.*)$", text(name), re.MULTILINE)

    assert uses
    assert [line for line in uses if not PINNED.match(line)] == []


def test_one_action_has_one_version_everywhere() -> None:
    uses = {line for name in TABLE for line in re.findall(r"uses: (\S+@\S+)", text(name))}

    assert len(uses) == len({line.partition("@")[0] for line in uses})


def test_the_cli_is_of_the_version_that_the_sdk_is_locked_to() -> None:
    locked = re.search(r"^pulumi==(\S+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    versions = {step["with"]["pulumi-version"] for _, _, step in steps() if "pulumi/actions" in step.get("uses", "")}

    assert locked
    assert versions == {locked[1]}


def test_a_step_runs_one_make_target_and_writes_nothing_of_the_event_into_a_shell() -> None:
    assert [line for line in commands() if not re.fullmatch(r"make [a-z0-9-]+( [A-Z]+=\S*)*", line)] == []
    assert [line for line in commands() if "${{" in line] == []


def test_every_target_that_is_called_is_there() -> None:
    assert sorted(named_targets() - TARGETS) == []


def test_a_job_ends_and_a_newer_commit_stops_the_older_ones_preview() -> None:
    assert all(about["timeout-minutes"] <= 60 for name in TABLE for about in jobs(name).values())
    assert workflow("preview")["concurrency"]["cancel-in-progress"] is True
    # an `up` that is cut off leaves a lock and half a stack
    assert [about["concurrency"]["cancel-in-progress"] for about in jobs("deploy").values()] == [False, False]


def test_production_waits_for_dev_and_for_its_environments_reviewers() -> None:
    dev, prod = jobs("deploy")["dev"], jobs("deploy")["prod"]

    assert (dev["environment"], prod["environment"], prod["needs"]) == ("dev", "prod", "dev")
    assert "make promoted" in [step.get("run") for step in prod["steps"]]


def test_the_comment_follows_the_preview_by_its_name() -> None:
    assert workflow("comment")["on"]["workflow_run"]["workflows"] == [workflow("preview")["name"]]


@pytest.mark.parametrize("target", sorted(named_targets()))
def test_make_knows_what_a_target_would_do(target: str) -> None:
    planned = subprocess.run(["make", "--dry-run", target, "STACK=dev"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert planned.returncode == 0, planned.stderr
    assert planned.stdout.strip()


@pytest.mark.parametrize("target", QUICK)
def test_a_quick_target_runs_and_refuses_in_words(target: str) -> None:
    """None of them can do its work here: no token is in the environment, no stack is promoted."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")} | {"STACK": "prod"}

    ran = subprocess.run(["make", target], cwd=ROOT, env=bare, capture_output=True, text=True, check=False)

    assert ran.returncode == 2, ran.stdout
    assert "error: " in ran.stderr


def test_the_check_of_the_workflows_passes() -> None:
    checked = subprocess.run(["scripts/check_workflows"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr
