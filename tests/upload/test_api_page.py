"""docs/api.md, as a stranger reads it: its blocks are run against the service."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs.documents import Result, now
from jobs.job import State
from jobs.webhooks import new_secret, signature
from tests.upload import cloud, trained
from tests.upload.conftest import Service
from tests.upload.test_openapi import SPEC
from tests.upload.worker import worker

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/api.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SHELL = "\n".join(block for language, block in BLOCKS if language == "sh")
CLIENT, GENUINE = (block for language, block in BLOCKS if language == "python")


@pytest.fixture
def environment(service: Service, firestore_address: str, storage_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Of a reader: where the service is, who they are, and a folder of pictures."""
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(cloud.picture(number))
    with worker(service, firestore_address, storage_url) as (url, _):
        yield {"URL": url, "TOKEN": service.provider.assertion(), "FOLDER": str(tmp_path), "PATH": os.environ["PATH"]}


def test_its_commands_do_what_it_says(environment: dict[str, str]) -> None:
    done = subprocess.run(["sh", "-ec", SHELL], env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    for told in ('"openJobs"', '"limits"', "# OVER_QUOTA", '"name":"Sheet 17, oak"', "5 pictures are here", '"state":"due"'):
        assert told in done.stdout


def test_its_client_makes_a_model_and_draws(service: Service, environment: dict[str, str]) -> None:
    trainer = threading.Thread(target=_train_and_draw, args=[service])
    trainer.start()
    done = subprocess.run([sys.executable, "-c", CLIENT], env=environment, capture_output=True, text=True, timeout=60, check=False)
    trainer.join(10)

    folder = Path(environment["FOLDER"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "done"
    assert [folder.joinpath(f"drawn-{number}.png").read_bytes()[:4] for number in range(2)] == [b"\x89PNG"] * 2


def _train_and_draw(service: Service) -> None:
    """What the rest of the stack would do, as soon as it is asked for."""
    owner, end = "accounts.google.com:ada@example.com", now() + timedelta(seconds=40)
    ready = drawn = False
    while not drawn and now() < end:
        for job in service.parts.jobs.of_owner(owner, 5):
            if job.state is State.UPLOADED:
                service.parts.jobs.advance(job.id, 1, State.READY, by="test", result=Result("projects/p/models/m@1"))
                ready = True
        for wish in service.parts.generations.of_owner(owner, 5) if ready else ():
            drawn = trained.push(service, wish.id).status_code == 204


def test_its_check_of_a_message_accepts_ours_and_no_other() -> None:
    place: dict[str, Any] = {}
    exec(GENUINE, place)
    secret, at, body = new_secret(), now(), b'{"type": "job.ready"}'
    headers = {"webhook-id": "j-a1-ready", "webhook-timestamp": str(int(at.timestamp()))}
    headers["webhook-signature"] = signature(secret, headers["webhook-id"], at, body)
    old = {**headers, "webhook-timestamp": str(int(at.timestamp()) - 600)}

    assert place["genuine"](headers, body, secret)
    assert not place["genuine"](headers, body + b" ", secret)
    assert not place["genuine"](headers, body, new_secret())
    assert not place["genuine"](old, body, secret)


def test_it_lists_every_operation() -> None:
    rows = [
        f"| `{method.upper()} {path}` | `{operation['operationId']}` | {operation['summary']} |"
        for path, operations in SPEC["paths"].items()
        for method, operation in operations.items()
    ]

    assert PAGE.rstrip().splitlines()[-len(rows) :] == rows, "\n".join(rows)
