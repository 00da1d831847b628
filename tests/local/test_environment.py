"""`python -m local environment`: a program of the developer's acts as one of the cloud's accounts."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from local.control import Control
from tests.local.gateway.cloud import running

PIPELINE = "sd-local-pipeline@sd-local.iam.gserviceaccount.com"
PROGRAM = """
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    credentials, project = google.auth.default()
    url = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/default/allowedLocations"
    answer = AuthorizedSession(credentials).get(url, timeout=10)
    print(project, credentials.service_account_email, answer.status_code)
"""


@pytest.fixture
async def root(tmp_path: Path) -> AsyncIterator[Path]:
    """The state folder of a running gateway and its control server, without emulators."""
    none: Any = None
    async with running(tmp_path) as cloud:
        control = Control(cloud.layout, cloud.ports, dict, none, none, cloud.gateway, none)
        await control.start()
        yield tmp_path
        await control.stop()


async def call(*command: str, variables: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower() and not name.startswith("GOOGLE_")}
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, *command],
        env={**environment, **(variables or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_a_program_with_these_variables_acts_as_the_account(root: Path) -> None:
    printed = await call("-m", "local", "environment", "--root", str(root), "--account", PIPELINE)
    variables = dict(line.split("=", 1) for line in printed.stdout.splitlines())
    acted = await call("-c", "if True:" + PROGRAM, variables=variables)

    assert acted.stdout.split() == ["sd-local", PIPELINE, "200"], acted.stderr


async def test_as_json_they_are_the_same(root: Path) -> None:
    lines = await call("-m", "local", "environment", "--root", str(root), "--account", PIPELINE)
    object_ = await call("-m", "local", "environment", "--root", str(root), "--account", PIPELINE, "--json")

    assert [f"{name}={value}" for name, value in json.loads(object_.stdout).items()] == lines.stdout.splitlines()


async def test_what_is_no_account_is_refused_by_its_name(root: Path) -> None:
    refused = await call("-m", "local", "environment", "--root", str(root), "--account", "ada@example.com")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "'ada@example.com' is no service account" in refused.stderr


async def test_without_a_running_cloud_nothing_is_printed_that_a_shell_could_take_for_a_variable(tmp_path: Path) -> None:
    absent = await call("-m", "local", "environment", "--root", str(tmp_path), "--account", PIPELINE)

    assert (absent.returncode, absent.stdout) == (3, "")
    assert "the local cloud is not running" in absent.stderr
