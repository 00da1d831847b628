"""Part 2, Vertex AI: the base model, and the compiled pipeline that trains on it."""

import hashlib
from pathlib import Path
from typing import Any

import pulumi
import pulumi_gcp as gcp

from infra.access import Workload
from infra.component import Component
from infra.config import Config
from infra.containers import Containers
from infra.data import Data
from infra.foundation import Foundation
from jobs.settings import StepSettings
from pipelines.compile import template


class Training(Component):
    """`template` is the gs:// URI of the compiled pipeline, whose name holds its content's hash: a new graph is a new object."""

    def __init__(self, name: str, config: Config, foundation: Foundation, data: Data, containers: Containers) -> None:
        super().__init__(name)
        self.base_model = self._base_model(config.base_model, data)
        environment = pulumi.Output.all(**_environment(config, foundation, data, containers, self.base_model))
        text = pulumi.Output.all(containers.pipeline, environment).apply(lambda known: template(*known))
        compiled = gcp.storage.BucketObject(
            "compiled-pipeline",
            bucket=data.pipeline.name,
            name=text.apply(lambda yaml: f"dreambooth/{_hash(yaml.encode())}.yaml"),
            content=text,
            content_type="application/yaml",
            opts=self.child(),
        )
        self.template = pulumi.Output.concat("gs://", data.pipeline.name, "/", compiled.output_name)
        self.register_outputs({"template": self.template})

    def _base_model(self, source: str, data: Data) -> pulumi.Input[str]:
        """A folder is uploaded under its content's hash, so that a run always finds the very weights it was started with."""
        if source.startswith("gs://"):
            return source
        folder = Path(source)
        files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
        prefix = "base/" + _hash(b"".join(name.encode() + path.read_bytes() for name, path in files.items()))
        for name, path in files.items():
            gcp.storage.BucketObject(
                f"base-{name.replace('/', '-')}",
                bucket=data.models.name,
                name=f"{prefix}/{name}",
                source=pulumi.FileAsset(str(path)),
                opts=self.child(),
            )
        return data.uri(data.models, prefix)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _environment(
    config: Config, foundation: Foundation, data: Data, containers: Containers, base_model: pulumi.Input[str]
) -> dict[str, Any]:
    return StepSettings.env(
        project=config.project,
        region=config.region,
        stack=config.stack,
        database=data.database.name,
        uploads_bucket=data.uploads.name,
        models_bucket=data.models.name,
        trainer_image=containers.trainer,
        trainer_account=foundation.email(Workload.TRAINER),
        serving_account=foundation.email(Workload.SERVING),
        base_model=base_model,
        training_machine=config.training_machine,
        training_accelerator=config.training_accelerator,
        serving_machine=config.serving_machine,
        serving_accelerator=config.serving_accelerator,
        resolution=str(config.resolution),
        training_steps=str(config.training_steps),
        batch_size=str(config.batch_size),
        learning_rate=str(config.learning_rate),
        lora_learning_rate=str(config.lora_learning_rate),
        class_pictures=str(config.class_pictures),
        sampling_steps=str(config.sampling_steps),
        guidance=str(config.guidance),
        poll_seconds=str(config.poll_seconds),
        kms_key=foundation.key or "",
    )
