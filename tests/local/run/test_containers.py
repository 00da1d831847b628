import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.interfaces import ContainerSpec
from local.run.containers import Container
from local.run.errors import NoSuchImage

Write = Callable[[Mapping[str, str]], Path]
Start = Callable[..., Awaitable[Container]]
DOCKERFILE = """
    FROM python:3.11
    WORKDIR /app
    ENV MODEL=/app/model.bin OUTSIDE=/data COLOUR=red HOST=0.0.0.0 PATH="/app/tools:$PATH"
    COPY . .
    ENTRYPOINT ["python", "main.py"]
    CMD ["from-cmd"]
"""
SHOW = """
    import json, os, sys
    from pathlib import Path
    said = {"argv": sys.argv, "cwd": os.getcwd(), "env": dict(os.environ), "python": sys.executable, "pid": os.getpid()}
    Path(os.environ["TMPDIR"], "said.json").write_text(json.dumps(said))
"""


@pytest.fixture
def start(machine: Any, write: Write) -> Start:
    async def started(source: str, **settings: Any) -> Container:
        context = write({"Dockerfile": DOCKERFILE, "main.py": source, "model.bin": "", "tools/tool": ""})
        image = await machine.images.build("show", context, context / "Dockerfile")
        container: Container = await machine.containers.start(ContainerSpec("show", image, "a@b.iam.gserviceaccount.com", **settings))
        return container

    return started


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def said(machine: Any) -> Any:
    return json.loads((machine.layout.root / "run/tmp/show/said.json").read_text())


async def test_a_process_gets_the_images_and_the_workloads_and_its_own_environment(machine: Any, start: Start) -> None:
    container = await start(SHOW, env={"COLOUR": "blue"})

    assert await container.wait() == 0

    env, cwd = said(machine)["env"], Path(said(machine)["cwd"])
    assert cwd.name == "app"
    assert (env["MODEL"], env["OUTSIDE"]) == (str(cwd / "model.bin"), "/data")
    assert (env["COLOUR"], env["WORKLOAD_ACCOUNT"], env["HOST"]) == ("blue", "a@b.iam.gserviceaccount.com", "127.0.0.1")
    assert env["PATH"].split(":")[:2] == [str(cwd / "tools"), str(Path(sys.prefix) / "bin")]
    assert "PYTHONPATH" not in env
    assert said(machine)["python"].startswith(sys.prefix)


async def test_nothing_of_the_developers_environment_gets_in(machine: Any, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/secret.json")

    await (await start(SHOW)).wait()

    env = said(machine)["env"]
    assert "GOOGLE_APPLICATION_CREDENTIALS" not in env
    assert env["HOME"] != os.environ["HOME"]


@pytest.mark.parametrize(
    ("settings", "arguments"),
    [
        ({}, ["main.py", "from-cmd"]),
        ({"args": ["one", "/app/model.bin"]}, ["main.py", "one", "{cwd}/model.bin"]),
        ({"command": ["python", "/app/main.py"]}, ["{cwd}/main.py"]),
        ({"command": ["python", "main.py"], "args": ["x"]}, ["main.py", "x"]),
    ],
)
async def test_command_and_args_replace_as_in_kubernetes(machine: Any, start: Start, settings: Any, arguments: list[str]) -> None:
    await (await start(SHOW, **settings)).wait()

    assert said(machine)["argv"] == [argument.format(cwd=said(machine)["cwd"]) for argument in arguments]


async def test_plain_lines_get_time_and_name_and_json_lines_go_as_they_are(start: Start) -> None:
    container = await start('import sys; print("hello"); print(\'{"severity": "INFO"}\'); sys.stderr.write("no line end")')

    await container.wait()

    plain, structured, last = container.log.read_text().splitlines()
    assert plain.endswith("+00:00 show | hello")
    assert plain.startswith("20")
    assert structured == '{"severity": "INFO"}'
    assert last.endswith("show | no line end")


async def test_what_must_not_be_logged_is_replaced_by_the_reason(start: Start) -> None:
    container = await start('print("hello")', unlogged="nobody may read this")

    await container.wait()

    (line,) = container.log.read_text().splitlines()
    assert line.endswith("show | nobody may read this")
    assert container.tail() == ["hello"]


async def test_the_exit_code_is_known_at_once(start: Start) -> None:
    began = time.monotonic()

    assert await (await start("raise SystemExit(3)")).wait() == 3
    assert await (await start("import os; os.kill(os.getpid(), 9)")).wait() == -9
    assert await (await start("", command=["no-such-program"])).wait() == 127
    assert time.monotonic() - began < 3


async def test_stop_asks_first_and_kills_what_does_not_listen_with_all_its_children(machine: Any, start: Start) -> None:
    deaf = """
        import os, signal, subprocess, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen(["sleep", "100"], start_new_session=True)
        print(child.pid, flush=True)
        time.sleep(100)
    """
    polite = await start("import signal, time; signal.signal(signal.SIGTERM, lambda *_: exit(7)); print('up', flush=True); time.sleep(100)")
    stubborn = await start(deaf)
    await until(lambda: bool(polite.lines and stubborn.lines))

    await asyncio.gather(polite.stop(5), stubborn.stop(0.3))

    assert (await polite.wait(), await stubborn.wait()) == (7, -9)
    await until(lambda: not alive(int(stubborn.tail()[0])))


async def test_an_image_that_was_never_built_starts_nothing(machine: Any) -> None:
    with pytest.raises(NoSuchImage):
        await machine.containers.start(ContainerSpec("x", "x@sha256:00", "a@b"))
