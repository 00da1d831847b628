"""A compiled pipeline, checked: whatever this executor cannot do is refused before the first container starts."""

import graphlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local.interfaces import Json
from local.vertex.pipeline import conditions, parameters, placeholders

_REFUSED_IN_TASKS = {
    "parameterIterator": "a loop over parameters (dsl.ParallelFor)",
    "artifactIterator": "a loop over artifacts (dsl.ParallelFor)",
    "iteratorPolicy": "a loop (dsl.ParallelFor)",
}
_STRATEGIES = {"", "TRIGGER_STRATEGY_UNSPECIFIED", "ALL_UPSTREAM_TASKS_SUCCEEDED", "ALL_UPSTREAM_TASKS_COMPLETED"}
_SOURCES = {"taskOutputParameter", "componentInputParameter", "runtimeValue", "taskFinalStatus"}


class BadPipeline(Exception):
    """The text names the component, the task and what is wrong with it."""


@dataclass(frozen=True)
class Program:
    """The compiled pipeline as JSON, with the questions that the executor has."""

    spec: Json

    @property
    def name(self) -> str:
        return str(self.spec["pipelineInfo"]["name"])

    @property
    def root(self) -> Json:
        root: Json = self.spec["root"]
        return root

    def component(self, task: Json) -> Json:
        component: Json = self.spec["components"][task["componentRef"]["name"]]
        return component

    def container(self, component: Json) -> Json:
        container: Json = self.spec["deploymentSpec"]["executors"][component["executorLabel"]]["container"]
        return container


def load(spec: Json) -> Program:
    """Raises BadPipeline."""
    for key in ("pipelineInfo", "root", "deploymentSpec", "schemaVersion"):
        if key not in spec:
            raise BadPipeline(f"pipeline_spec has no `{key}`. Give the compiled pipeline, the first document of its YAML.")
    program = Program(spec)
    for name, component in _components(program):
        try:
            _check_component(program, component)
        except (BadPipeline, conditions.BadCondition, placeholders.BadPlaceholder) as error:
            raise BadPipeline(f"{name}: {error}") from error
    return program


def arguments(program: Program, given: dict[str, Any]) -> dict[str, Any]:
    """The run's parameters, typed and with the pipeline's defaults. Raises BadPipeline."""
    declared = definitions(program.root, "parameters")
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise BadPipeline(f"Unknown runtime parameters: {', '.join(unknown)}. The pipeline has {', '.join(sorted(declared)) or 'none'}.")
    try:
        return with_defaults(declared, given)
    except parameters.BadValue as error:
        raise BadPipeline(str(error)) from error


def with_defaults(declared: dict[str, Json], given: dict[str, Any]) -> dict[str, Any]:
    """Every declared parameter that has a value, typed. Raises BadValue where a required one has none."""
    values = {}
    for name, definition in declared.items():
        value = given.get(name, definition.get("defaultValue"))
        if value is not None:
            values[name] = parameters.typed(name, definition["parameterType"], value)
        elif not definition.get("isOptional"):
            raise parameters.BadValue(f"The required parameter `{name}` has no value.")
    return values


def definitions(component: Json, kind: str, side: str = "inputDefinitions") -> dict[str, Json]:
    """The declared `parameters` or `artifacts` of a component."""
    found: dict[str, Json] = component.get(side, {}).get(kind, {})
    return found


def upstream(task: Json) -> set[str]:
    """The tasks that it waits for: the named ones, and those whose outputs it takes."""
    sources = [*task.get("inputs", {}).get("parameters", {}).values(), *task.get("inputs", {}).get("artifacts", {}).values()]
    producers = {
        inner["producerTask"] for source in sources for inner in source.values() if isinstance(inner, dict) and "producerTask" in inner
    }
    return producers | set(task.get("dependentTasks", []))


def waits_for_all(task: Json) -> bool:
    """An exit task: it runs when what it waits for has ended, however."""
    return bool(task.get("triggerPolicy", {}).get("strategy") == "ALL_UPSTREAM_TASKS_COMPLETED")


def _components(program: Program) -> Iterator[tuple[str, Json]]:
    yield "root", program.root
    yield from program.spec.get("components", {}).items()


def _check_component(program: Program, component: Json) -> None:
    if "dag" not in component:
        _check_executor(program, component)
        return
    tasks = component["dag"].get("tasks", {})
    for name, task in tasks.items():
        try:
            _check_task(program, tasks, task)
        except (BadPipeline, conditions.BadCondition, placeholders.BadPlaceholder) as error:
            raise BadPipeline(f"task `{name}`: {error}") from error
    try:
        graphlib.TopologicalSorter({name: upstream(task) for name, task in tasks.items()}).prepare()
    except graphlib.CycleError as error:
        raise BadPipeline(f"its tasks wait for one another: {' -> '.join(error.args[1])}.") from error


def _check_task(program: Program, tasks: dict[str, Json], task: Json) -> None:
    for key, what in _REFUSED_IN_TASKS.items():
        if key in task:
            raise BadPipeline(f"{what} is not served by the local Vertex AI.")
    if task.get("componentRef", {}).get("name") not in program.spec.get("components", {}):
        raise BadPipeline(f"its component `{task.get('componentRef', {}).get('name')}` is not there.")
    strangers = upstream(task) - tasks.keys()
    if strangers:
        raise BadPipeline(f"it waits for {', '.join(sorted(strangers))}, which is not in its DAG.")
    policy = task.get("triggerPolicy", {})
    if policy.get("strategy", "") not in _STRATEGIES:
        raise BadPipeline(f"its trigger strategy `{policy['strategy']}` is unknown.")
    if policy.get("condition"):
        conditions.parse(policy["condition"])
    for name, source in task.get("inputs", {}).get("parameters", {}).items():
        _check_source(name, source)


def _check_source(name: str, source: Json) -> None:
    extra = source.keys() - _SOURCES
    if extra:
        raise BadPipeline(f"the input `{name}` comes from {', '.join(sorted(extra))}, which is not served by the local Vertex AI.")
    value = source.get("runtimeValue", {})
    if value and "constant" not in value:
        raise BadPipeline(f"the input `{name}` has a runtimeValue without a constant.")
    if isinstance(value.get("constant"), str):
        placeholders.check(value["constant"])


def _check_executor(program: Program, component: Json) -> None:
    executor = program.spec["deploymentSpec"].get("executors", {}).get(component.get("executorLabel"))
    if executor is None:
        raise BadPipeline(f"its executor `{component.get('executorLabel')}` is not there.")
    if "container" not in executor:
        raise BadPipeline(f"its executor is a {', '.join(executor)}; only containers are served by the local Vertex AI.")
    container = executor["container"]
    for text in [*container.get("command", []), *container.get("args", []), *(env.get("value", "") for env in container.get("env", []))]:
        placeholders.check(text)
