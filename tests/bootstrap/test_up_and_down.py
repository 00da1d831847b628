"""The project under both engines, against the provider server of the local cloud."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.provider.server import serve
from tests.bootstrap.conftest import ROOT, project
from tests.local.provider.rooms import memory_cloud

Run = Callable[..., subprocess.CompletedProcess[str]]
_ON_LOCAL = {"gcp:project": "sd-local", "sd-bootstrap:projectNumber": "100000000001"}


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server, port = asyncio.run_coroutine_threadsafe(serve(memory_cloud(), records=tmp_path / "records.json"), loop).result(20)
    yield port
    asyncio.run_coroutine_threadsafe(server.stop(None), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def _records(folder: Path) -> dict[str, dict[str, object]]:
    known = json.loads((folder / "records.json").read_text())
    return {kind: found for kind, found in known.items() if found}


def _embedded(folder: Path, port: int) -> Run:
    root = folder / ".local"
    root.mkdir()
    (root / "cloud.json").write_text(json.dumps({"project": "sd-local", "provider": f"127.0.0.1:{port}"}))

    def run(command: str, *flags: str) -> subprocess.CompletedProcess[str]:
        call = [sys.executable, "-m", "local.engine", command, "--stack", "trial", "--root", str(root), *flags]
        known = {**os.environ, "PYTHONPATH": str(ROOT), "PULUMI_CONFIG_PASSPHRASE": "open sesame"}
        return subprocess.run(call, cwd=folder / "bootstrap", env=known, capture_output=True, text=True, check=False, timeout=60)

    return run


def _cli(folder: Path, port: int) -> Run:
    (folder / "backend").mkdir()
    known = {
        **os.environ,
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE": "open sesame",
        "PULUMI_DEBUG_PROVIDERS": f"gcp:{port}",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }

    def run(command: str, *flags: str) -> subprocess.CompletedProcess[str]:
        call = ["pulumi", "--non-interactive", *command.split(), "--stack", "trial", *flags]
        return subprocess.run(call, cwd=folder / "bootstrap", env=known, capture_output=True, text=True, check=False, timeout=90)

    subprocess.run(["pulumi", "stack", "init", "trial"], cwd=folder / "bootstrap", env=known, capture_output=True, check=True, timeout=60)
    return run


ENGINES: dict[str, Callable[[Path, int], Run]] = {"embedded": _embedded, **({"cli": _cli} if shutil.which("pulumi") else {})}


@pytest.fixture(params=list(ENGINES))
def open_engine(request: pytest.FixtureRequest) -> Callable[[Path, int], Run]:
    return ENGINES[request.param]


def test_an_environment_goes_up_stays_as_it_is_and_leaves_nothing(
    open_engine: Callable[[Path, int], Run], tmp_path: Path, provider: int
) -> None:
    project(tmp_path, **_ON_LOCAL, **{"sd-bootstrap:protect": False})
    run = open_engine(tmp_path, provider)

    up = run("up", "--yes", "--skip-preview")
    again = run("up", "--yes", "--skip-preview", "--expect-no-changes")
    made = _records(tmp_path)
    down = run("destroy", "--yes", "--skip-preview")

    assert up.returncode == 0, up.stdout + up.stderr
    assert "gcpkms://projects/sd-local/locations/us-central1/keyRings/sd-trial-pulumi/cryptoKeys/secrets" in up.stdout
    assert "projects/100000000001/locations/global/workloadIdentityPools/sd-trial-github/providers/actions" in up.stdout
    assert again.returncode == 0, again.stdout + again.stderr
    assert "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider" in made
    assert down.returncode == 0, down.stdout + down.stderr
    # Google never forgets the name of a key
    assert _records(tmp_path).keys() == {"key rings and keys that were"}


def test_what_holds_the_state_is_not_destroyed_with_the_rest(
    open_engine: Callable[[Path, int], Run], tmp_path: Path, provider: int
) -> None:
    project(tmp_path, **_ON_LOCAL)
    run = open_engine(tmp_path, provider)
    run("up", "--yes", "--skip-preview")

    down = run("destroy", "--yes", "--skip-preview")

    assert down.returncode != 0
    assert "protect" in down.stdout + down.stderr
    assert {"gcp:storage/bucket:Bucket", "gcp:kms/cryptoKey:CryptoKey"} <= _records(tmp_path).keys()
