"""Compiled pipelines and the image that their steps run."""

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from kfp import compiler, dsl

from tests.local.vertex.conftest import PARENT, Cloud

IMAGE = "europe-docker.pkg.dev/p/r/step:latest"

# What a step does, by its first argument.
SCRIPT = """
import json, os, pathlib, sys, time
verb, *rest = sys.argv[1:]
folder = pathlib.Path(os.environ["FOLDER"])
def note(text):
    with (folder / "notes").open("a") as notes:
        notes.write(text + "\\n")
if verb == "write":
    for value, file in zip(rest[::2], rest[1::2]):
        pathlib.Path(file).write_text(value)
elif verb == "note":
    note(" ".join(rest))
elif verb == "fail":
    print("about to fail", flush=True)
    note("failing")
    sys.exit(int(rest[0]))
elif verb == "flaky":
    note(f"try {time.monotonic()}")
    tries = (folder / "notes").read_text().count("try")
    sys.exit(tries < int(rest[0]))
elif verb == "sleep":
    note(f"start {rest[0]}")
    time.sleep(float(rest[0]))
    note(f"end {rest[0]}")
elif verb == "meet":
    # Two of these end only if they run at the same time.
    mine, other = rest
    (folder / mine).touch()
    deadline = time.monotonic() + 10
    while not (folder / other).exists():
        if time.monotonic() > deadline:
            sys.exit("nobody came")
        time.sleep(0.01)
elif verb == "env":
    note(json.dumps({name: os.environ[name] for name in rest}))
"""


@dsl.container_component
def write(value: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(image=IMAGE, args=["write", value, out])


@dsl.container_component
def count(value: int, out: dsl.OutputPath(int)):
    return dsl.ContainerSpec(image=IMAGE, args=["write", value, out])


@dsl.container_component
def note(text: str):
    return dsl.ContainerSpec(image=IMAGE, args=["note", text])


@dsl.container_component
def fail(code: int):
    return dsl.ContainerSpec(image=IMAGE, args=["fail", code])


@dsl.container_component
def flaky(tries: int):
    return dsl.ContainerSpec(image=IMAGE, args=["flaky", tries])


@dsl.container_component
def sleep(seconds: float):
    return dsl.ContainerSpec(image=IMAGE, args=["sleep", seconds])


@dsl.container_component
def meet(mine: str, other: str):
    return dsl.ContainerSpec(image=IMAGE, args=["meet", mine, other])


@dsl.container_component
def report(job: str, status: dsl.PipelineTaskFinalStatus):
    return dsl.ContainerSpec(image=IMAGE, args=["note", "report", job, status])


def compiled(function: Callable[..., Any], folder: Path) -> dict[str, Any]:
    """The first document of the YAML, as the SDK submits it."""
    file = folder / "compiled.yaml"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiler.Compiler().compile(dsl.pipeline(name="test")(function), str(file))
    spec: dict[str, Any] = next(yaml.safe_load_all(file.read_text()))
    return spec


def submit(cloud: Cloud, function: Callable[..., Any], job_id: str, transport: str = "grpc", **parameters: Any) -> Any:
    """The job as the create call answers it."""
    (cloud.containers.folder / "step.py").write_text(SCRIPT)
    job = {
        "display_name": job_id,
        "pipeline_spec": compiled(function, cloud.root),
        "runtime_config": {"gcs_output_directory": "gs://root/runs", "parameter_values": parameters},
        "service_account": "pipeline@sd-test.iam.gserviceaccount.com",
        "labels": {"job": job_id},
    }
    return cloud.client("pipelines", transport).create_pipeline_job(parent=PARENT, pipeline_job=job, pipeline_job_id=job_id)


def ended(cloud: Cloud, name: str, transport: str = "grpc", timeout_s: float = 20.0) -> Any:
    client = cloud.client("pipelines", transport)
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        job = client.get_pipeline_job(name=name)
        if job.end_time:
            return job
        time.sleep(0.05)
    raise AssertionError(f"{name} is still {job.state.name}")


def run(cloud: Cloud, function: Callable[..., Any], job_id: str = "run", **parameters: Any) -> Any:
    return ended(cloud, submit(cloud, function, job_id, **parameters).name)


def notes(cloud: Cloud) -> list[str]:
    file = cloud.containers.folder / "notes"
    return file.read_text().splitlines() if file.exists() else []


def states(job: Any) -> dict[str, str]:
    return {task.task_name: task.state.name for task in job.job_detail.task_details}
