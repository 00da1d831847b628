"""A started server, Google's own client for it, and a bucket of the test's own."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from local.layout import Layout, Ports
from local.storage.server import StorageServer

REPOSITORY = Path(__file__).parents[3]

_SERVE = """
import asyncio, sys
from pathlib import Path
from local.layout import Layout, Ports
from local.storage.server import StorageServer

async def main():
    layout = Layout(Path(sys.argv[1]))
    await StorageServer(layout, Ports(layout)).start()
    await asyncio.Event().wait()

asyncio.run(main())
"""


class RunningServer:
    """On a loop and a thread of its own, since Google's client blocks."""

    def __init__(self, server: StorageServer) -> None:
        self.server = server
        self.url = f"http://{server.address}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._run(server.start())

    def stop(self) -> None:
        self._run(self.server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def _run(self, coroutine) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)


class KillableServer:
    """A process, to be killed in the middle of things."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.start()
        ports = json.loads((root / "cloud" / "ports.json").read_text())
        self.url = f"http://127.0.0.1:{ports['storage']}"

    def start(self) -> None:
        command = [sys.executable, "-c", _SERVE, str(self._root)]
        self.process = subprocess.Popen(command, cwd=REPOSITORY, start_new_session=True)
        self._wait()

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _wait(self) -> None:
        ports = self._root / "cloud" / "ports.json"
        for _ in range(200):
            try:
                port = json.loads(ports.read_text())["storage"]
                requests.get(f"http://127.0.0.1:{port}/storage/v1/b", timeout=5).raise_for_status()
                return
            except (FileNotFoundError, ValueError, KeyError, requests.ConnectionError):
                time.sleep(0.05)
        raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    layout = Layout(tmp_path_factory.mktemp("cloud"))
    server = RunningServer(StorageServer(layout, Ports(layout)))
    yield server
    server.stop()


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[KillableServer]:
    server = KillableServer(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., RunningServer]]:
    """Servers with constructor arguments of the test's own."""
    started = []

    def start(**arguments) -> RunningServer:
        layout = Layout(tmp_path)
        started.append(RunningServer(StorageServer(layout, Ports(layout), **arguments)))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], storage.Client]]:
    clients = []

    def connect(url: str) -> storage.Client:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
        clients.append(storage.Client(project="sd-local", credentials=AnonymousCredentials()))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def client(running: RunningServer, connect: Callable[[str], storage.Client]) -> storage.Client:
    return connect(running.url)


@pytest.fixture
def url(running: RunningServer) -> str:
    return running.url


@pytest.fixture
def bucket(client: storage.Client) -> storage.Bucket:
    return client.create_bucket(f"test-{secrets.token_hex(6)}")
