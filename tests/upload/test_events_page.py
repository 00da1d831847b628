"""docs/events.md, as a stranger reads it: its blocks are run against the service."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from jobs.documents import Failure, Progress
from jobs.job import State
from services.upload.board import AT_REST
from services.upload.event_views import RETRY_MS
from services.upload.watch import Patience
from tests.upload.streams import parsed
from tests.upload.test_events import Serve, Served, serve

__all__ = ["serve"]
PAGE = (Path(__file__).parents[2] / "docs/events.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WATCH, RESUME, ASK = (block for language, block in BLOCKS if language == "sh")
(CLIENT,) = (block for language, block in BLOCKS if language == "python")
(SHOWN,) = (block for language, block in BLOCKS if language == "text")


def shell(served: Served, job_id: str, command: str, **variables: str) -> str:
    own = {"URL": served.url, "TOKEN": served.provider.assertion(), "JOB": job_id, "PATH": os.environ["PATH"]}
    return subprocess.run(["sh", "-ec", command], env={**own, **variables}, check=True, capture_output=True, text=True, timeout=30).stdout


@pytest.fixture
def failed(serve: Serve) -> tuple[Served, str]:
    served = serve()
    job_id = served.job()
    served.moves(job_id, State.UPLOADED, State.TRAINING)
    served.jobs.note(job_id, progress=Progress("training", 5, 10, samples=("gs://b/runs/5.png",)))
    served.moves(job_id, State.FAILED, failure=Failure("X", "it broke"))
    return served, job_id


def test_the_pages_first_command_tells_what_the_page_shows(failed: tuple[Served, str]) -> None:
    served, job_id = failed

    got = shell(served, job_id, WATCH)

    shown, told = list(parsed(SHOWN.splitlines())), list(parsed(got.splitlines()))
    assert got.startswith(f"retry: {RETRY_MS}\n\nevent: status\nid: 1-005.0\n")
    assert [each.event for each in told] == ["status", "status", "status", "error", "status", "progress", "sample"]
    fields = {each.event: each.data.keys() for each in told}
    assert [each.data.keys() for each in shown] == [fields["status"], fields["progress"]]
    assert {f"`{each.event}`" for each in told} <= set(re.findall(r"^\| (`\w+`) \|", PAGE, re.MULTILINE))


def test_its_second_command_goes_on(failed: tuple[Served, str]) -> None:
    served, job_id = failed

    rest = shell(served, job_id, RESUME, LAST="1-020.0")

    assert [each.data["state"] for each in parsed(rest.splitlines()) if each.event == "status"] == ["training", "failed"]


def test_its_client_follows_a_job_to_its_end(failed: tuple[Served, str], tmp_path: Path) -> None:
    served, job_id = failed
    (tmp_path / "client.py").write_text(CLIENT)

    command = [sys.executable, "client.py", served.url, served.provider.assertion(), job_id]
    said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=30).stdout.splitlines()

    assert said == [
        *(f"status {state}" for state in ("draft", "uploaded", "training")),
        "error None",
        "status failed",
        "progress 5",
        "sample 5",
    ]


def test_its_way_without_streams_answers_304(failed: tuple[Served, str]) -> None:
    served, job_id = failed
    headers = {"Authorization": f"Bearer {served.provider.assertion()}"}
    etag = requests.get(f"{served.url}/v1/jobs/{job_id}", headers=headers, timeout=10).headers["ETag"]

    head = shell(served, job_id, ASK, ETAG=etag)

    assert head.startswith("HTTP/1.1 304")


def test_the_page_has_the_figures_of_the_code() -> None:
    patience = Patience()

    assert f"after {patience.stream_s:.0f} seconds" in PAGE
    assert f"every {patience.heartbeat_s:.0f} seconds" in PAGE
    assert {10: "ten"}[int(patience.slow_s)] + " seconds" in PAGE
    assert {0.2: "five times a second"}[patience.pace_s] in PAGE
    assert set(re.findall(r"`(\w+)`", re.findall(r"at rest \((.*?)\)", PAGE)[0])) == AT_REST
