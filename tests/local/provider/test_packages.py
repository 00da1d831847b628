"""The packages `time` and `command`, which the same server answers for."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from local.provider.wire import Secret, Unknown, encoded
from tests.local.provider.engine import Engine

SLEEP = "time:index/sleep:Sleep"
COMMAND = "command:local:Command"


async def test_a_sleep_waits_when_it_is_made_and_at_no_other_time(engine: Engine) -> None:
    began = time.monotonic()
    made = await engine.create(SLEEP, "apis-work", createDuration="200ms")
    waited = time.monotonic() - began

    changed = await engine.update(made, createDuration="1h")
    await engine.preview(SLEEP, "apis-work", createDuration="1h")
    await engine.delete(changed)

    assert waited > 0.2
    assert time.monotonic() - began < 10


async def test_a_sleep_may_wait_at_its_end_too(engine: Engine) -> None:
    made = await engine.create(SLEEP, "dns-forgets", destroyDuration="200ms")
    began = time.monotonic()

    await engine.delete(made)

    assert time.monotonic() - began > 0.2


async def test_a_command_runs_in_its_folder_with_its_environment_and_input(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()

    made = await engine.create(
        COMMAND, "build", create="echo $NAME; cat; pwd >&2", dir="images", environment={"NAME": "portal"}, stdin="sources"
    )

    assert made.outputs["stdout"] == "portal\nsources"
    assert made.outputs["stderr"] == str(tmp_path / "images")


async def test_a_preview_runs_no_command(engine: Engine, tmp_path: Path) -> None:
    outputs = await engine.preview(COMMAND, "build", create="touch built")

    assert isinstance(outputs["stdout"], Unknown)
    assert not (tmp_path / "built").exists()


async def test_an_update_hears_what_was_said_before_and_a_delete_too(engine: Engine, tmp_path: Path) -> None:
    made = await engine.create(COMMAND, "build", create="echo first")

    changed = await engine.update(
        made, create="echo again", update="echo after $PULUMI_COMMAND_STDOUT", delete="echo $PULUMI_COMMAND_STDOUT > end"
    )
    await engine.delete(changed)

    assert changed.outputs["stdout"] == "after first"
    assert (tmp_path / "end").read_text() == "after first\n"


async def test_an_update_that_does_not_want_to_hear_hears_nothing(engine: Engine) -> None:
    made = await engine.create(COMMAND, "build", create="echo first")

    changed = await engine.update(made, create="echo [$PULUMI_COMMAND_STDOUT]", addPreviousOutputInEnv=False)

    assert changed.outputs["stdout"] == "[]"


async def test_what_a_command_with_a_secret_says_is_secret_and_in_no_record(engine: Engine, tmp_path: Path) -> None:
    made = await engine.create(COMMAND, "login", create="echo $TOKEN", environment={"TOKEN": Secret("hush")}, delete="echo $TOKEN > end")

    assert made.outputs["stdout"] == Secret("hush")
    assert "hush" not in (tmp_path / "records.json").read_text()
    await engine.delete(made)
    assert (tmp_path / "end").read_text() == "hush\n"


async def test_a_command_that_fails_says_why_but_no_secret(engine: Engine) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as plain:
        await engine.create(COMMAND, "build", create="echo no daemon >&2; exit 3")
    with pytest.raises(grpc.aio.AioRpcError) as secret:
        await engine.create(COMMAND, "login", create="echo $TOKEN; exit 3", environment={"TOKEN": Secret("hush")})

    assert "exit status 3:\nno daemon" in plain.value.details()
    assert "hush" not in secret.value.details()
    assert "environment holds a secret" in secret.value.details()


async def test_an_interrupted_command_leaves_nothing_running(engine: Engine, tmp_path: Path) -> None:
    checked = await engine.check(COMMAND, "build", {"create": "echo $$ > pid; sleep 60"})
    request = provider_pb2.CreateRequest(urn=f"urn:pulumi:test::project::{COMMAND}::build", properties=encoded(checked))
    call = engine.stub.Create(request)
    await asyncio.wait_for(_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip()), 10)
    pid = int((tmp_path / "pid").read_text())

    call.cancel()

    await asyncio.wait_for(_until(lambda: not _lives(pid)), 10)


async def test_the_settings_of_another_package_leave_those_of_gcp_alone(engine: Engine) -> None:
    for package in ("time", "command", "docker"):
        await engine.stub.Configure(provider_pb2.ConfigureRequest(args=encoded({}), type=f"pulumi:providers:{package}"))

    topic = await engine.create("gcp:pubsub/topic:Topic", "jobs", name="jobs")

    assert topic.outputs["project"] == "sd-local"


async def _until(told: Callable[[], object]) -> None:
    while not told():  # noqa: ASYNC110 - another process tells
        await asyncio.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
