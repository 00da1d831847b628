"""The whole system on this machine, brought up once by the engine that is there, and driven as people drive it."""

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jobs.job import State
from jobs.methods import Method
from local import client as cloud
from local.iam.principals import OWNER
from scripts import stack
from services.upload.client import Client, Patience, pictures_in
from services.upload.wire import JobDetail

ROOT = Path(".local/e2e")
PICTURES = Path("samples/pictures")
JOB_S = 900.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A job that trains may take longer than any other test may."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(JOB_S))


@dataclass(frozen=True)
class System:
    """A running stack; `client` acts for a designer."""

    outputs: dict[str, str]

    @property
    def portal(self) -> str:
        return self.outputs["portal"]

    def token(self, user: str, audience: str | None = None) -> Callable[[], str]:
        text = local("token", "--user", user, "--audience", audience or self.outputs["iapAudience"]).strip()
        return lambda: text

    def client(self, user: str = "ada@example.com") -> Client:
        """Where something is refused on purpose, nobody waits a minute for it."""
        return Client(self.portal, self.token(user), Patience(answered_s=5))

    def develop(self, folder: str, class_word: str, user: str = "ada@example.com", method: Method = Method.DREAMBOOTH) -> JobDetail:
        """One job from pictures to its end."""
        client = self.client(user)
        job = client.create(f"The {folder}", class_word, method=method)
        client.upload(job.id, pictures_in(PICTURES / folder))
        client.submit(job.id)
        return finish(client, job.id)


def finish(client: Client, job_id: str) -> JobDetail:
    for job in client.watch(job_id, every_s=1.0, timeout_s=JOB_S):
        last = job
    assert last.state is State.READY, last.failure
    return last


def local(command: str, *flags: str) -> str:
    call = [sys.executable, "-m", "local", command, "--root", str(ROOT), *flags]
    return subprocess.run(call, check=True, capture_output=True, text=True).stdout


def engine(command: str, *flags: str) -> Any:
    """The engine's own JSON, on the stack under test."""
    driver = stack.Engine(ROOT)
    call = [sys.executable, "-m", "local.engine", command, "--stack", "local", "--root", str(ROOT), "--json", *flags]
    done = subprocess.run(call, env=driver.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def act(program: str, *words: str) -> str:
    """As the laptop's owner, with Google's clients."""
    env = {**os.environ, **cloud.environment(ROOT, OWNER)}
    command = [sys.executable, "-c", textwrap.dedent(program), *words]
    done = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    stack.cloud("stop", ROOT)
    driver = stack.Engine(ROOT)
    assert stack.cloud("start", ROOT) == 0
    assert driver.run("up", "local") == 0
    yield System(driver.outputs("local"))
    if (ROOT / "cloud.json").exists():
        driver.run("destroy", "local")
        stack.cloud("stop", ROOT)


@pytest.fixture(scope="session")
def pennant(system: System) -> Iterator["Future[JobDetail]"]:
    """A second designer's job, of the other method, which develops while the others' tests run."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(system.develop, "pennant", "triangle", "grace@example.com", Method.LORA)


def until(holds: Callable[[], bool], patience_s: float = 30.0) -> bool:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False
