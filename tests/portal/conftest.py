"""One stage for all tests of a run, whichever of its processes they run in; each changes only what it made itself."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.portal.browsing import chromium
from tests.portal.stage import FRONTEND, Stage, built

ROOT = FRONTEND.parent
_PATIENCE_S = 90


@pytest.fixture(scope="session")
def stood(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """It ends with the run; $PORTAL_STAGE names what one has told that stands already."""
    if told := os.environ.get("PORTAL_STAGE"):
        return _told(Path(told))
    together = "PYTEST_XDIST_WORKER" in os.environ
    folder = tmp_path_factory.getbasetemp().parent if together else tmp_path_factory.getbasetemp()
    with (folder / "stage.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "stage.json").exists():
            _stand(folder, os.getppid() if together else os.getpid())
        return _told(folder / "stage.json")


def _told(path: Path) -> Stage:
    told = json.loads(path.read_text())
    return Stage(told["url"], told["designers"])


def _stand(folder: Path, beside: int) -> None:
    command = [sys.executable, "-m", "tests.portal.stage", "--dist", str(_dist(folder)), "--beside", str(beside)]
    partial = folder / "stage.partial"
    with partial.open("w") as out:
        started = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    end = time.monotonic() + _PATIENCE_S
    while not partial.read_text().endswith("}\n"):
        assert started.poll() is None, partial.read_text()
        assert time.monotonic() < end, f"no stage after {_PATIENCE_S} s: {partial.read_text()}"
        time.sleep(0.2)
    started.returncode = 0  # it outlives this process, and ends itself
    partial.rename(folder / "stage.json")


def _dist(folder: Path) -> Path:
    """The built pages: those of $PORTAL_DIST, else built now."""
    if there := os.environ.get("PORTAL_DIST"):
        return Path(there)
    return built(folder / "dist")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found
