import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Graph = dict[str, dict[str, Any]]


def engine(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The embedded engine in a project's folder."""
    command = [sys.executable, "-m", "local.engine", *arguments]
    known = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True, check=False, timeout=60)


@functools.cache
def evaluate(stack: str, folder: Path = ROOT / "bootstrap") -> Graph:
    """Every resource by type and name, from a preview that has neither credentials nor state."""
    done = engine(folder, "preview", "--stack", stack, "--offline", "--json")
    assert done.returncode == 0, done.stderr[-4000:]
    return {f"{each['type']} {each['urn'].rpartition('::')[2]}": each for each in json.loads(done.stdout)["resources"]}


@pytest.fixture(params=["local", "dev", "prod"])
def graph(request: pytest.FixtureRequest) -> Graph:
    return evaluate(str(request.param))


def project(folder: Path, **values: object) -> Path:
    """The project in a folder of its own, whose stack `trial` is `dev` but for `values`."""
    here = folder / "bootstrap"
    here.mkdir(parents=True)
    (here / "Pulumi.yaml").write_text((ROOT / "bootstrap/Pulumi.yaml").read_text())
    (here / "__main__.py").symlink_to(ROOT / "bootstrap/__main__.py")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    lines = (ROOT / "bootstrap/Pulumi.dev.yaml").read_text().splitlines()
    kept = [line for line in lines if line.strip().partition(": ")[0] not in values]
    (here / "Pulumi.trial.yaml").write_text("\n".join([*kept, *(f"  {key}: {json.dumps(value)}" for key, value in values.items())]) + "\n")
    return here
