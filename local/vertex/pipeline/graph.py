"""The tasks of a compiled pipeline, each started as soon as what it waits for has ended."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.interfaces import Containers, Json
from local.vertex.errors import Code
from local.vertex.pipeline import conditions, parameters, placeholders, program
from local.vertex.pipeline.journal import Journal
from local.vertex.pipeline.program import Program
from local.vertex.pipeline.step import Data, Run, Step, StepFailed


@dataclass(frozen=True)
class Outcome:
    """How a task ended. `causes` are the containers that failed in it, by task name."""

    state: str
    data: Data = field(default_factory=Data)
    error: str = ""
    causes: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> Json | None:
        return {"code": int(Code.FAILED_PRECONDITION), "message": self.error} if self.error else None


class _Unmet(Exception):
    """An input of a task has no value."""


@dataclass
class Graph:
    """One run of a program. `fail_fast` starts nothing but exit tasks once a task has failed."""

    program: Program
    run: Run
    journal: Journal
    containers: Containers
    fail_fast: bool
    failing: bool = False

    async def execute(self, arguments: Mapping[str, Any]) -> Outcome:
        return await Dag(self, self.program.root, Data(arguments), None, False).execute()


class Dag:
    """One DAG component in execution."""

    def __init__(self, graph: Graph, component: Json, inputs: Data, parent: Json | None, exiting: bool) -> None:
        self._graph = graph
        self._inputs = inputs
        self._parent = parent
        # Within an exit task the failure of the run stops nothing.
        self._exiting = exiting
        self._dag: Json = component["dag"]
        self._tasks: dict[str, Json] = self._dag.get("tasks", {})
        self._outcomes: dict[str, asyncio.Task[Outcome]] = {}

    async def execute(self) -> Outcome:
        details = {name: self._graph.journal.expect(name, self._parent) for name in self._tasks}
        async with asyncio.TaskGroup() as group:
            for name, task in self._tasks.items():
                self._outcomes[name] = group.create_task(self._task(name, task, details[name]))
        failed = {name: self._outcomes[name].result() for name in self._tasks if self._outcomes[name].result().state == "FAILED"}
        return _failure(failed) if failed else Outcome("SUCCEEDED", self._outputs())

    async def _task(self, name: str, task: Json, detail: Json) -> Outcome:
        await self._upstream_ended(task)
        try:
            outcome = await self._triggered(name, task, detail)
        except (_Unmet, parameters.BadValue, placeholders.BadPlaceholder, conditions.BadCondition) as error:
            outcome = Outcome("FAILED", error=str(error), causes={name: str(error)})
        if outcome.state == "FAILED":
            self._graph.failing = True
        self._graph.journal.end(detail, outcome.state, outcome.data.parameters, outcome.status)
        return outcome

    async def _upstream_ended(self, task: Json) -> None:
        names = program.upstream(task)
        if names:
            await asyncio.wait([self._outcomes[name] for name in names])

    async def _triggered(self, name: str, task: Json, detail: Json) -> Outcome:
        exits = program.waits_for_all(task)
        if not exits and any(self._outcomes[other].result().state != "SUCCEEDED" for other in program.upstream(task)):
            return Outcome("NOT_TRIGGERED")
        if self._graph.fail_fast and self._graph.failing and not exits and not self._exiting:
            return Outcome("NOT_TRIGGERED")
        component = self._graph.program.component(task)
        inputs = self._resolved(name, task, component, detail)
        condition = task.get("triggerPolicy", {}).get("condition")
        if condition and not conditions.parse(condition)(inputs.parameters):
            return Outcome("NOT_TRIGGERED")
        self._graph.journal.start(detail, inputs.parameters)
        return await self._tried(task, detail, lambda attempt: self._once(name, component, inputs, detail, exits, attempt))

    async def _tried(self, task: Json, detail: Json, once: Callable[[int], Any]) -> Outcome:
        """With the task's retry policy."""
        policy = task.get("retryPolicy", {})
        retries = int(policy.get("maxRetryCount", 0))
        pause, longest = _seconds(policy, "backoffDuration", 0.0), _seconds(policy, "backoffMaxDuration", 3600.0)
        for attempt in range(retries + 1):
            outcome: Outcome = await once(attempt)
            if outcome.state != "FAILED" or attempt == retries:
                break
            self._graph.journal.retry(detail, outcome.status or {})
            await asyncio.sleep(min(pause, longest))
            pause *= float(policy.get("backoffFactor", 2.0))
        return outcome

    async def _once(self, name: str, component: Json, inputs: Data, detail: Json, exits: bool, attempt: int) -> Outcome:
        graph = self._graph
        if "dag" in component:
            return await Dag(graph, component, inputs, detail, self._exiting or exits).execute()
        step = Step(graph.run, name, detail["taskId"], attempt, component, graph.program.container(component), inputs)
        try:
            return Outcome("SUCCEEDED", await step.work(graph.containers))
        except StepFailed as error:
            return Outcome("FAILED", error=str(error), causes={name: str(error)})

    def _resolved(self, name: str, task: Json, component: Json, detail: Json) -> Data:
        """The task's inputs: from the DAG's, from other tasks, from constants, then from defaults."""
        sources: dict[str, Json] = task.get("inputs", {}).get("parameters", {})
        given = {key: self._parameter(source) for key, source in sources.items() if "runtimeValue" not in source}
        given = {key: value for key, value in given.items() if value is not None}
        facts = self._graph.run.of_task(name, detail["taskId"])
        context = placeholders.Values({"inputs": {"parameterValues": given, "artifacts": {}}, "outputs": {}}, facts)
        constants = {key: source["runtimeValue"]["constant"] for key, source in sources.items() if "runtimeValue" in source}
        given |= {key: placeholders.filled(constant, context) for key, constant in constants.items()}
        artifacts = task.get("inputs", {}).get("artifacts", {})
        declared = program.definitions(component, "parameters")
        # `pipelinechannel--` inputs serve conditions and constants; a container component does not declare them.
        extra = {key: value for key, value in given.items() if key not in declared}
        return Data(extra | program.with_defaults(declared, given), {key: self._artifact(source) for key, source in artifacts.items()})

    def _parameter(self, source: Json) -> Any:
        if "taskFinalStatus" in source:
            return self._final_status(source["taskFinalStatus"]["producerTask"])
        if "componentInputParameter" in source:
            return self._inputs.parameters.get(source["componentInputParameter"])
        wanted = source["taskOutputParameter"]
        return self._output(wanted["producerTask"], wanted["outputParameterKey"])

    def _output(self, producer: str, key: str) -> Any:
        outcome = self._outcomes[producer].result()
        if key not in outcome.data.parameters:
            # An exit task lives with what a failed task did not write; its component may have a default.
            if outcome.state != "SUCCEEDED":
                return None
            raise _Unmet(f"The task `{producer}` succeeded without writing its output parameter `{key}`.")
        return outcome.data.parameters[key]

    def _artifact(self, source: Json) -> Json:
        if "componentInputArtifact" in source:
            found = self._inputs.artifacts.get(source["componentInputArtifact"])
        else:
            wanted = source["taskOutputArtifact"]
            found = self._outcomes[wanted["producerTask"]].result().data.artifacts.get(wanted["outputArtifactKey"])
        if found is None:
            raise _Unmet(f"There is no artifact for {source}.")
        return found

    def _final_status(self, producer: str) -> Json:
        outcome = self._outcomes[producer].result()
        return {
            "state": outcome.state,
            "pipelineJobResourceName": self._graph.run.name,
            "pipelineTaskName": producer,
            "error": outcome.status or {},
        }

    def _outputs(self) -> Data:
        declared = self._dag.get("outputs", {})
        found = {name: self._selected(source) for name, source in declared.get("parameters", {}).items()}
        artifacts = {}
        for name, source in declared.get("artifacts", {}).items():
            for selector in source.get("artifactSelectors", []):
                made = self._outcomes[selector["producerSubtask"]].result().data.artifacts
                if selector["outputArtifactKey"] in made:
                    artifacts[name] = made[selector["outputArtifactKey"]]
        return Data({name: value for name, value in found.items() if value is not None}, artifacts)

    def _selected(self, source: Json) -> Any:
        """An output of the DAG: one task's, or that of whichever branch ran (dsl.OneOf)."""
        one = source.get("valueFromOneof", {}).get("parameterSelectors") or [source["valueFromParameter"]]
        values = (self._outcomes[wanted["producerSubtask"]].result().data.parameters.get(wanted["outputParameterKey"]) for wanted in one)
        return next((value for value in values if value is not None), None)


def _failure(failed: Mapping[str, Outcome]) -> Outcome:
    causes = {name: text for outcome in failed.values() for name, text in outcome.causes.items()}
    summary = f"The DAG failed because some tasks failed. The failed tasks are: [{', '.join(failed)}]."
    told = " ".join([summary, *(f"{name}: {text}" for name, text in causes.items())])
    return Outcome("FAILED", error=told, causes=causes)


def _seconds(policy: Json, key: str, default: float) -> float:
    return float(policy[key].removesuffix("s")) if key in policy else default
