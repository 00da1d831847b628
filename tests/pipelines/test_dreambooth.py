import importlib
import inspect
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobs.settings import MissingSettings, StepSettings
from tests.pipelines.conftest import IMAGE, SETTINGS, compiled

GOLDEN = Path(__file__).with_name("dreambooth.yaml")
STEPS = ("train", "evaluate", "register", "deploy", "report")
Container = Callable[[str], dict[str, Any]]


def test_the_compiled_pipeline_is_the_one_that_was_reviewed(text: str) -> None:
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(text)

    assert GOLDEN.read_text().splitlines() == text.splitlines(), "reviewed and meant? GOLDEN=write makes it the new one"


def test_the_same_graph_compiles_to_the_same_bytes(text: str) -> None:
    again = compiled()

    assert again == text


def test_no_hash_seed_changes_a_byte(text: str) -> None:
    """Else every `pulumi up` would put a new pipeline into the bucket."""
    program = "import sys; from tests.pipelines.conftest import compiled; sys.stdout.write(compiled())"
    runs = [
        subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, text=True)
        for seed in ("1", "4711")
    ]
    texts = [run.communicate(timeout=60)[0] for run in runs]

    assert texts == [text, text]


def test_the_steps_run_one_after_another_and_the_report_whatever_happened(spec: dict[str, Any]) -> None:
    root = spec["root"]["dag"]["tasks"]
    inner = spec["components"]["comp-exit-handler-1"]["dag"]["tasks"]

    assert {name: task.get("dependentTasks", []) for name, task in inner.items()} == {
        "train": [],
        "evaluate": ["train"],
        "register": ["evaluate"],
        "deploy": ["register"],
    }
    assert root.keys() == {"exit-handler-1", "report"}
    assert root["report"]["triggerPolicy"]["strategy"] == "ALL_UPSTREAM_TASKS_COMPLETED"
    assert root["report"]["inputs"]["parameters"]["status"] == {"taskFinalStatus": {"producerTask": "exit-handler-1"}}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_never_cached_and_tried_again(step: str, spec: dict[str, Any]) -> None:
    dag = spec["root"]["dag"] if step == "report" else spec["components"]["comp-exit-handler-1"]["dag"]
    task = dag["tasks"][step]

    assert not task["cachingOptions"].get("enableCache", False)
    assert task["retryPolicy"]["maxRetryCount"] == 2


@pytest.mark.parametrize("step", STEPS)
def test_a_step_runs_a_module_of_its_image_whose_main_takes_what_the_graph_gives(step: str, container: Container) -> None:
    told = container(step)
    module = importlib.import_module(told["command"][-1])
    given = {flag.removeprefix("--").replace("-", "_") for flag in told["args"] if flag.startswith("--")}

    assert told["command"] == ["python", "-m", f"images.pipeline.{step}"]
    assert told["image"] == IMAGE
    assert given - {"job_id", "attempt", "output"} == set(inspect.signature(module.main).parameters) - {"step"}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_understands_its_command_line(step: str, container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes as far as its settings, which are not there."""
    told = container(step)
    values = ["1" if argument.startswith("{{") else argument for argument in told["args"]]
    monkeypatch.setattr(sys, "argv", [step, *values])
    monkeypatch.delenv("PROJECT", raising=False)

    with pytest.raises(MissingSettings, match="PROJECT is not set"):
        runpy.run_path(told["command"][-1].replace(".", "/") + ".py", run_name="__main__")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_reads_the_settings_that_the_stack_has_written(step: str, container: Container) -> None:
    environment = {item["name"]: item.get("value", "") for item in container(step)["env"]}

    assert StepSettings.from_env(environment) == SETTINGS


def test_every_setting_that_is_missing_or_malformed_is_named_at_once() -> None:
    environment = {name: str(value) for name, value in StepSettings.env(**vars(SETTINGS)).items()}
    del environment["DATABASE"], environment["STACK"]

    with pytest.raises(MissingSettings) as refused:
        StepSettings.from_env({**environment, "TRAINING_STEPS": "many"})

    assert str(refused.value) == "StepSettings: STACK is not set; DATABASE is not set; TRAINING_STEPS is 'many', not int"
