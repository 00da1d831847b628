"""The running service against whoever sends anything at all: Schemathesis, by the committed description, along its links."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs.job import State
from services.upload.contract import PROBLEMS
from services.upload.description import FILE
from tests.upload import trained
from tests.upload.conftest import Service
from tests.upload.worker import worker

ROOT = Path(__file__).parents[2]
SECONDS, REQUESTS = 100, 2000
# operations that a slow machine may not come to in that time, of more than forty
UNLUCKY = 3
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"),
    *("response_headers_conformance", "unsupported_method", "allow_header_conformance", "use_after_free", "ignored_auth"),
    *("answers_only_the_problems_that_it_lists", "says_what_browsers_may_not_do"),
)
# streams are short, and so are the lives of listeners
PATIENCE = "stream_s=0.2, linger_s=0.5"
# what hunts, each beside the others, and how many models there are for it
MODELS = {"examples,coverage": 6, "fuzzing": 12, "stateful": 12}
# no designer comes near these, and a walk that stands before a limit goes nowhere
WIDE: dict[str, Any] = {"max_open_jobs": 10**6, "daily_pictures": 10**6, "daily_bytes": 2**50, "daily_gpu_minutes": 10**6}
CONFIG = """
[headers]
Authorization = "Bearer {token}"
X-Requested-With = "XMLHttpRequest"

# here, since what the command line names is not switched off for single operations
[checks]
enabled = false
{checks}

# of somebody of whom nothing is under way
[[operations]]
include-operation-id = "deleteMyData"
headers = {{ Authorization = "Bearer {spare}" }}

# what is deleted is that it is awake
[[operations]]
include-operation-id = ["readDeployment", "wakeModel", "undeployModel"]
checks = {{ use_after_free = {{ enabled = false }} }}
"""


@pytest.fixture
def url(service: Service, firestore_address: str, storage_url: str, tmp_path: Path) -> Iterator[str]:
    with worker(service, firestore_address, storage_url, tmp_path / "log", PATIENCE, **WIDE) as (url, _):
        yield url


def _hunt(url: str, token: str, spare: str, phases: str, folder: Path) -> subprocess.Popen[bytes]:
    """In one thread: Python 3.11 does not parse source in several at once, which Hypothesis does."""
    folder.mkdir()
    checks = "\n".join(f"{name}.enabled = true" for name in CHECKS)
    (folder / "schemathesis.toml").write_text(CONFIG.format(token=token, spare=spare, checks=checks))
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(folder / "schemathesis.toml")),
        *("run", str(FILE), "--url", url, "--phases", phases),
        *("--max-time", str(SECONDS), "--continue-on-failure", "--no-shrink", "--no-color"),
        *("--request-timeout", "20"),
        *("--generation-with-security-parameters", "false", "--generation-database", "none"),
        *("--warnings", "off", "--suppress-health-check", "all", "--report", "ndjson", "--report-ndjson-path", "told.ndjson"),
    ]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.upload.fuzz_hooks"}
    env |= {"HOME": str(folder)}
    with (folder / "said").open("wb") as said:
        return subprocess.Popen(command, cwd=folder, env=env, stdout=said, stderr=subprocess.STDOUT)


def _world(service: Service, phases: str) -> str:
    """A designer for each hunt, who has of everything, and much where models are deleted again and again. Answers their token."""
    service.email = f"{phases.partition(',')[0]}@example.com"
    for _ in range(MODELS[phases]):
        job_id = trained.job(service)
        trained.weights(service, job_id, **{"model__unet.safetensors": b"weights"})
        trained.drawn(service, job_id)
    for ends in (State.FAILED, State.FAILED, None):  # one is under way, so that nobody may delete everything
        job_id = service.job_with_pictures()
        service.parts.jobs.submit(job_id, 5, by="test")
        if ends:
            service.parts.jobs.advance(job_id, 1, ends, by="test")
    return service.provider.assertion(service.email)


@pytest.mark.timeout(SECONDS + 120)
def test_nothing_that_is_sent_brings_an_answer_that_is_not_described(service: Service, url: str, tmp_path: Path) -> None:
    spare = service.provider.assertion("spare@example.com")
    tokens = {phases: _world(service, phases) for phases in MODELS}

    hunts = {phases: _hunt(url, token, spare, phases, tmp_path / phases) for phases, token in tokens.items()}
    ends = {phases: hunt.wait() for phases, hunt in hunts.items()}

    answers = [line.split() for phases in MODELS for line in (tmp_path / phases / "answers").read_text().splitlines()]
    reached = {name for name, method, status, _ in answers if status < "400" and method != "OPTIONS"}
    said = {phases: (tmp_path / phases / "said").read_text() for phases, end in ends.items() if end}
    assert said == {}, "\n".join(said.values())[-20000:] + _errors(tmp_path / "log")
    assert len(answers) >= REQUESTS
    assert len(PROBLEMS.keys() - reached) <= UNLUCKY, f"nobody got to {PROBLEMS.keys() - reached}"


def _errors(log: Path) -> str:
    """What the service said of its own errors, stacks as they are meant to be read."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return "\n".join(line.get("stack") or str(line) for line in lines if line["severity"] == "ERROR")[-5000:]
