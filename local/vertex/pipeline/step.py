"""One task's container: its input made, its process awaited, its outputs read."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.interfaces import Containers, ContainerSpec, Json
from local.vertex import launch
from local.vertex.pipeline import parameters, placeholders
from local.vertex.pipeline.program import definitions


class StepFailed(Exception):
    """The text says how, with the last lines of the log."""


@dataclass(frozen=True)
class Data:
    """What flows between tasks. An artifact is Google's JSON of one, `{"name", "uri", "type", "metadata"}`."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    artifacts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What all steps of a run share."""

    id: str
    name: str
    root: str
    account: str
    project_number: str
    folder: Path
    facts: Mapping[str, str]

    def of_task(self, name: str, task_id: str) -> dict[str, str]:
        return {**self.facts, "pipeline_task_name": name, "pipeline_task_uuid": task_id}


@dataclass(frozen=True)
class Step:
    """One attempt at one task."""

    run: Run
    task: str
    task_id: str
    attempt: int
    component: Json
    container: Json
    inputs: Data

    async def work(self, containers: Containers) -> Data:
        """Raises StepFailed."""
        await asyncio.to_thread(self._make_folders)
        values = placeholders.Values(self._executor_input(), self.run.of_task(self.task, self.task_id))
        try:
            running = await launch.start(containers, self._spec(values))
        except (launch.NotStarted, placeholders.BadPlaceholder) as error:
            raise StepFailed(str(error)) from error
        try:
            code = await running.wait()
        except asyncio.CancelledError:
            await running.stop()
            raise
        if code:
            raise StepFailed(launch.with_tail(f"The replica workerpool0-0 {launch.exit_text(code)}.", running.log))
        return await asyncio.to_thread(self._outputs)

    @property
    def _folder(self) -> Path:
        return self.run.folder / self.task_id / str(self.attempt)

    @property
    def _report(self) -> Path:
        return self._folder / "executor_output.json"

    def _file(self, output: str) -> Path:
        return self._folder / "outputs" / output

    def _make_folders(self) -> None:
        (self._folder / "outputs").mkdir(parents=True, mode=0o700)

    def _executor_input(self) -> Json:
        outputs = definitions(self.component, "parameters", "outputDefinitions")
        return {
            "inputs": {
                "parameterValues": dict(self.inputs.parameters),
                "artifacts": {name: {"artifacts": [artifact]} for name, artifact in self.inputs.artifacts.items()},
            },
            "outputs": {
                "parameters": {name: {"outputFile": str(self._file(name))} for name in outputs},
                "artifacts": {name: {"artifacts": [artifact]} for name, artifact in self._made().items()},
                "outputFile": str(self._report),
            },
        }

    def _made(self) -> dict[str, Json]:
        """The output artifacts; each has its own place under the pipeline's root."""
        base = f"{self.run.root.rstrip('/')}/{self.run.project_number}/{self.run.id}/{self.task}_{self.task_id}"
        declared = definitions(self.component, "artifacts", "outputDefinitions")
        return {
            name: {"name": name, "uri": f"{base}/{name}", "type": definition["artifactType"], "metadata": {}}
            for name, definition in declared.items()
        }

    def _spec(self, values: placeholders.Values) -> ContainerSpec:
        variables = {name: placeholders.fill(text, values) for name, text in launch.variables(self.container).items()}
        return ContainerSpec(
            name=f"{self.run.id}-{self.task}" + (f"-{self.attempt}" if self.attempt else ""),
            image=self.container["image"],
            account=self.run.account,
            command=placeholders.words(self.container.get("command", []), values),
            args=placeholders.words(self.container.get("args", []), values),
            env={"CLOUD_ML_PROJECT_ID": self.run.project_number, "CLOUD_ML_JOB_ID": self.task_id, **variables},
        )

    def _outputs(self) -> Data:
        """From the files of the step; what it did not write is missing, and fails who asks for it."""
        report = json.loads(self._report.read_text()) if self._report.exists() else {}
        found = dict(report.get("parameterValues", {}))
        try:
            for name, definition in definitions(self.component, "parameters", "outputDefinitions").items():
                kind = definition["parameterType"]
                if name in found:
                    found[name] = parameters.typed(name, kind, found[name])
                elif self._file(name).exists():
                    found[name] = parameters.read(name, kind, self._file(name).read_text())
        except parameters.BadValue as error:
            raise StepFailed(str(error)) from error
        return Data(found, self._made())
