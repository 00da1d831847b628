"""What is to be brought up: the stack's configuration, and the resources that its program asks for."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from local.engine.config import StackFile, read_project

Inputs = dict[str, Any]


class Unbuildable(Exception):
    """The program cannot be evaluated; the text is the engine's."""


@dataclass(frozen=True)
class Pool:
    """Machines that Vertex AI takes for one purpose; `purpose` is Training or Serving, as in the names of its quotas."""

    purpose: str
    machine: str
    accelerator: str


@dataclass(frozen=True)
class Resource:
    type: str
    name: str
    inputs: Inputs


@dataclass(frozen=True)
class Stack:
    """`folder` holds Pulumi.yaml; `program` is what the offline preview finds, while other things are asked."""

    name: str
    folder: Path
    program: Future[tuple[Resource, ...]]

    @classmethod
    def open(cls, name: str, folder: Path, pool: Executor) -> Self:
        return cls(name, folder, pool.submit(evaluate, name, folder))

    @property
    def project(self) -> str:
        return self.value("gcp:project")

    @property
    def region(self) -> str:
        return self.value("gcp:region")

    @property
    def designers(self) -> list[str]:
        return list(json.loads(self.value("designers") or "[]"))

    @property
    def pools(self) -> tuple[Pool, Pool]:
        return (
            Pool("Training", self.value("trainingMachine"), self.value("trainingAccelerator")),
            Pool("Serving", self.value("servingMachine"), self.value("servingAccelerator")),
        )

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Raises Unbuildable."""
        return self.program.result()

    def of_type(self, kind: str) -> Iterator[Resource]:
        return (resource for resource in self.resources if resource.type == kind)

    def value(self, key: str) -> str:
        """As the program would get it; "" where neither the stack nor the project says anything."""
        name, file = self._config
        return file.plain(key if ":" in key else f"{name}:{key}") or ""

    def set(self, key: str, value: str) -> str:
        """The command that does."""
        return f"pulumi config set {key} {value} --stack {self.name}"

    @cached_property
    def _config(self) -> tuple[str, StackFile]:
        project = read_project(self.folder.resolve())
        return project.name, StackFile(project, self.name)


def evaluate(stack: str, folder: Path) -> tuple[Resource, ...]:
    """Without credentials or state. Raises Unbuildable."""
    command = [sys.executable, "-m", "local.engine", "preview", "--stack", stack, "--offline", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found: dict[str, Any] = json.loads(done.stdout) if done.stdout else {"diagnostics": [{"severity": "error", "message": done.stderr}]}
    if done.returncode:
        raise Unbuildable("\n".join(_reason(each["message"]) for each in found["diagnostics"] if each["severity"] == "error"))
    return tuple(Resource(each["type"], each["urn"].rpartition("::")[2], each.get("inputs", {})) for each in found["resources"])


def _reason(message: str) -> str:
    """What a traceback ends in, or the whole message where it is none."""
    lines = message.strip().splitlines()
    frames = [number for number, text in enumerate(lines) if text.startswith("  File ")]
    after = lines[frames[-1] + 1 :] if frames else lines
    return "\n".join(itertools.dropwhile(lambda text: text.startswith("    "), after))
