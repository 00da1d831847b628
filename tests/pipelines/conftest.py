from collections.abc import Callable
from typing import Any

import pytest
import yaml

from jobs.settings import StepSettings
from pipelines.compile import template

IMAGE = "us-central1-docker.pkg.dev/sd-test/sd-test/pipeline@sha256:" + "1" * 64
SETTINGS = StepSettings(
    project="sd-test",
    region="us-central1",
    stack="test",
    database="jobs",
    uploads_bucket="uploads",
    models_bucket="models",
    trainer_image="us-central1-docker.pkg.dev/sd-test/sd-test/trainer@sha256:" + "2" * 64,
    trainer_account="trainer@sd-test.iam.gserviceaccount.com",
    serving_account="serving@sd-test.iam.gserviceaccount.com",
    base_model="gs://models/base/0123456789abcdef",
    training_machine="g2-standard-8",
    training_accelerator="NVIDIA_L4",
    learning_rate=5e-4,
    lora_learning_rate=3e-3,
    guidance=3.0,
    poll_seconds=0.5,
)


def compiled() -> str:
    """The pipeline of a made-up stack, as the Pulumi program compiles it."""
    return template(IMAGE, {name: str(value) for name, value in StepSettings.env(**vars(SETTINGS)).items()})


@pytest.fixture(scope="session")
def text() -> str:
    return compiled()


@pytest.fixture(scope="session")
def spec(text: str) -> dict[str, Any]:
    return dict(next(iter(yaml.safe_load_all(text))))


@pytest.fixture(scope="session")
def container(spec: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    return lambda step: dict(spec["deploymentSpec"]["executors"][f"exec-{step}"]["container"])
