"""The pipeline of two revisions, compared as graphs of steps."""

from collections.abc import Mapping
from typing import Any

import yaml

from pipelines.compile import template
from scripts.preview.graph import Node
from scripts.preview.look import StackPreview
from scripts.preview.section import Weight
from scripts.preview.sections import compiled, pipeline
from tests.scripts.preview.sections.graphs import node, preview, texts

_IMAGE = "us-docker.pkg.dev/p/r/pipeline"
_REAL = template(_IMAGE, {"PROJECT": "team-dev"})


def test_the_steps_of_the_real_pipeline_stand_in_their_order() -> None:
    name, steps = compiled.steps(_REAL)

    assert name == "dreambooth"
    assert next(iter(steps)) == "train"
    assert steps["report"].exit
    assert steps["evaluate"].after == ("train",)
    assert steps["train"].about["command"][:3] == ["python", "-m", "images.pipeline.train"]
    assert steps["train"].about["env"] == {"PROJECT": "team-dev"}


def test_the_same_pipeline_says_nothing() -> None:
    assert pipeline.section(_between(_REAL, _REAL)).lines == ()


def test_a_new_step_is_drawn_and_says_what_it_runs() -> None:
    before, after = _chain("train"), _chain("train", "announce")

    found = pipeline.section(_between(before, after))

    assert texts(found) == [
        "Pipeline `demo`: steps added: `announce`.",
        "New step `announce` runs `python -m announce` after `train`.",
    ]
    drawn = found.lines[0].more
    assert drawn.startswith("```mermaid\nflowchart LR\n")
    assert 's1["+ Announce"]' in drawn
    assert "s0 --> s1" in drawn
    assert "class s1 added" in drawn


def test_a_step_that_goes_is_drawn_as_removed() -> None:
    found = pipeline.section(_between(_chain("train", "announce"), _chain("train")))

    assert texts(found) == ["Pipeline `demo`: steps removed: `announce`."]
    assert '["- Announce"]' in found.lines[0].more


def test_a_changed_step_says_what_of_it_changed() -> None:
    before, after = (yaml.safe_load(_chain("train", "evaluate")) for _ in range(2))
    after["deploymentSpec"]["executors"]["exec-train"]["container"]["env"] = [{"name": "SEED", "value": "1"}]
    after["root"]["dag"]["tasks"]["train"]["retryPolicy"] = {"maxRetryCount": 5}
    del after["root"]["dag"]["tasks"]["evaluate"]["dependentTasks"]

    found = pipeline.section(_between(yaml.safe_dump(before), yaml.safe_dump(after)))

    assert texts(found) == [
        "Pipeline `demo`: steps changed: `evaluate` and `train`.",
        "Step `evaluate`: waits no longer for `train`.",
        "Step `train`: `env.SEED` is new: `1` and `retry.maxRetryCount` is new: `5`.",
    ]


def test_a_pipeline_of_a_new_stack_is_drawn_for_who_asks() -> None:
    found = pipeline.section(preview(None, [_object(_chain("train", "evaluate"))]))

    assert [(line.weight, line.text) for line in found.lines] == [(Weight.FOLDED, "Pipeline `demo` has the steps `train` and `evaluate`.")]


def _between(before: str, after: str) -> StackPreview:
    return preview([_object(before)], [_object(after)])


def _object(text: str) -> Node:
    return node("gcp:storage/bucketObject:BucketObject", "compiled", content=text)


def _chain(*names: str) -> str:
    """Steps that wait for one another."""
    tasks = {name: _task(name, names[number - 1] if number else "") for number, name in enumerate(names)}
    spec = {
        "pipelineInfo": {"name": "demo"},
        "root": {"dag": {"tasks": tasks}},
        "components": {f"comp-{name}": {"executorLabel": f"exec-{name}"} for name in names},
        "deploymentSpec": {
            "executors": {f"exec-{name}": {"container": {"image": _IMAGE, "command": ["python", "-m", name]}} for name in names}
        },
    }
    return yaml.safe_dump(spec)


def _task(name: str, before: str) -> Mapping[str, Any]:
    waits = {"dependentTasks": [before]} if before else {}
    return {"componentRef": {"name": f"comp-{name}"}, "taskInfo": {"name": name.capitalize()}, **waits}
