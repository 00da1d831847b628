import functools
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

STACKS = ("local", "dev", "prod")
Graph = dict[str, dict[str, Any]]


@functools.cache
def _evaluate(stack: str) -> Graph:
    """Every resource of the stack by its URN, from a preview that has neither credentials nor state."""
    command = [sys.executable, "-m", "local.engine", "preview", "--stack", stack, "--offline", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return {resource["urn"]: resource for resource in json.loads(done.stdout)["resources"]}


@pytest.fixture(scope="session")
def graph_of() -> Callable[[str], Graph]:
    return _evaluate


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def graph(stack: str, graph_of: Callable[[str], Graph]) -> Graph:
    return graph_of(stack)
