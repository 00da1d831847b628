"""The compiled pipeline of each revision: as it stands in an object of the graph, or compiled from the revision's files, since the
provider takes an object's content for a secret."""

import functools
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml

from pipelines.drawing import tasks
from scripts.preview.graph import Graph, Json
from scripts.preview.sections.sides import Sides
from scripts.preview.sections.sources import Sourced, Tree, differing

_OBJECT = "gcp:storage/bucketObject:BucketObject"
# what the YAML is made from; every value in it that is not the graph's own is written as the name of what gives it
_MADE_FROM = ("pipelines/", "jobs/settings.py")
_COMPILE = """
import dataclasses, sys
sys.path.insert(0, ".")
from jobs.settings import StepSettings
from pipelines.compile import template
names = [field.name for field in dataclasses.fields(StepSettings)]
print(template("the pipeline's image", StepSettings.env(**{name: f"<{name}>" for name in names})))
"""


_PLACEHOLDER = re.compile(r"\{\{\$\.\w+\.\w+\['([^']+)'\](?:\.\w+)?\}\}")


class NotCompiled(Exception):
    """The text is the last thing that was said."""


@dataclass(frozen=True)
class Step:
    """`about` is all that a change of would be a change of the step; `after` are the names of those that it waits for."""

    title: str
    after: tuple[str, ...]
    exit: bool
    about: Json


Pipelines = Mapping[str, Mapping[str, Step]]


def pipelines(both: Sides) -> Mapping[str, tuple[Mapping[str, Step], Mapping[str, Step]]]:
    """By name, the steps in BASE and in HEAD. Empty where nothing differs that they are made of. Raises NotCompiled."""
    before, after = _in_graph(both.before), _in_graph(both.after)
    if not before and not after and isinstance(both.preview, Sourced):
        before, after = _of_trees(both.preview.base, both.preview.head)
    return {name: (before.get(name, {}), after.get(name, {})) for name in {*before, *after}}


def _in_graph(graph: Graph) -> Pipelines:
    texts = (node.inputs.get("content") for node in graph.values() if node.type == _OBJECT)
    return dict(steps(text) for text in texts if isinstance(text, str) and "pipelineInfo" in text)


def _of_trees(base: Tree | None, head: Tree) -> tuple[Pipelines, Pipelines]:
    """Compiling takes a second, so it is left where the files are the same."""
    if not head.has("pipelines/compile.py"):
        return {}, {}
    if base is None:
        return {}, dict([steps(_compiled(head))])
    if not any(_made_from(name) for group in differing(base.files, head.files) for name in group) or not base.has("pipelines/compile.py"):
        return {}, {}
    with ThreadPoolExecutor() as workers:
        before, after = workers.map(_compiled, (base, head))
    return dict([steps(before)]), dict([steps(after)])


def _made_from(name: str) -> bool:
    return name.startswith(_MADE_FROM) and name.endswith(".py")


@functools.lru_cache(maxsize=2)
def _compiled(tree: Tree) -> str:
    """Once for all stacks of a preview."""
    if not tree.commit:
        return _run(tree.folder)
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["git", "archive", tree.commit, "pipelines", "jobs"], cwd=tree.folder, capture_output=True, check=True
        ).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        return _run(Path(folder))


def _run(folder: Path) -> str:
    done = subprocess.run([sys.executable, "-P", "-B", "-c", _COMPILE], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotCompiled(done.stderr.strip().rpartition("\n")[2])
    return done.stdout


def steps(text: str) -> tuple[str, Mapping[str, Step]]:
    """Its name, and its steps by theirs, each after those that it waits for."""
    spec = next(iter(yaml.safe_load_all(text)))
    known = dict(_specs(spec, spec["root"]["dag"]))
    found = {task.name: Step(task.title, task.after, task.exit, _about(spec, known[task.name])) for task in tasks(text)}
    return str(spec["pipelineInfo"]["name"]), {name: found[name] for name in _in_order(found)}


def _in_order(found: Mapping[str, Step]) -> Iterator[str]:
    return iter(TopologicalSorter({name: step.after for name, step in found.items()}).static_order())


def _specs(spec: Json, dag: Json) -> Iterator[tuple[str, Json]]:
    for name, task in dag["tasks"].items():
        component = spec["components"][task["componentRef"]["name"]]
        yield from _specs(spec, component["dag"]) if "dag" in component else [(name, task)]


def _about(spec: Json, task: Json) -> Json:
    component = spec["components"][task["componentRef"]["name"]]
    container = spec["deploymentSpec"]["executors"][component["executorLabel"]].get("container", {})
    return {
        "image": container.get("image"),
        "command": [_PLACEHOLDER.sub(r"<\1>", word) for word in (*container.get("command", ()), *container.get("args", ()))],
        "env": {item["name"]: item.get("value") for item in container.get("env", ())},
        "resources": container.get("resources"),
        "inputs": {name: _source(value) for name, value in task.get("inputs", {}).get("parameters", {}).items()},
        "retry": task.get("retryPolicy"),
        "caching": task.get("cachingOptions", {}).get("enableCache", False),
        "when": task.get("triggerPolicy"),
    }


def _source(value: Any) -> str:
    """`train.output`, or the parameter of the run."""
    if "taskOutputParameter" in value:
        return f"{value['taskOutputParameter']['producerTask']}.{value['taskOutputParameter']['outputParameterKey']}"
    given = value.get("componentInputParameter") or value.get("runtimeValue", {}).get("constant") or value
    return str(given).removeprefix("pipelinechannel--")
