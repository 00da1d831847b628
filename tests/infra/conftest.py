import functools
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

STACKS = ("local", "dev", "prod")
ROOT = Path(__file__).parents[2]
Graph = dict[str, dict[str, Any]]


class Refused(Exception):
    """The program did not evaluate; the text is what the platform engineer would read."""


@functools.cache
def _evaluate(stack: str, content: str = "") -> Graph:
    """Every resource of the stack by its URN, from a preview that has neither credentials nor state."""
    command = [sys.executable, "-m", "local.engine", "preview", "--stack", stack, "--offline", "--json"]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(content)
        file.flush()
        done = subprocess.run([*command, *(["--config-file", file.name] if content else [])], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(done.stderr)
    return {resource["urn"]: resource for resource in json.loads(done.stdout)["resources"]}


def inputs_of(graph: Graph, kind: str) -> list[dict[str, Any]]:
    return [resource["inputs"] for resource in graph.values() if resource["type"] == kind]


@pytest.fixture
def evaluate() -> Callable[..., Graph]:
    """A stack with some of its keys changed, dev's keys where it has none; None takes a key away. Raises Refused."""
    return _changed


def _changed(stack: str = "dev", /, **changes: Any) -> Graph:
    base = stack if stack in STACKS else "dev"
    config = yaml.safe_load((ROOT / f"Pulumi.{base}.yaml").read_text())["config"]
    for key, value in changes.items():
        name = key.replace("gcp_", "gcp:") if key.startswith("gcp_") else f"sd-for-designers:{key}"
        config.pop(name, None)
        if value is not None:
            config[name] = value
    return _evaluate(stack, yaml.safe_dump({"config": config}))


@pytest.fixture(scope="session")
def graph_of() -> Callable[[str], Graph]:
    return _evaluate


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def graph(stack: str, graph_of: Callable[[str], Graph]) -> Graph:
    return graph_of(stack)
