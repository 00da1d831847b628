"""Part 3, the Plumbing: each published jobID starts a pipeline run, a sweep repairs once a minute what fell between, and word from the
budget closes the door on new jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_gcp as gcp

from infra.access import Workload
from infra.app import TIMEOUT_S, App
from infra.component import Component, labels
from infra.config import Config
from infra.data import BUCKETS, Data, backup_days
from infra.foundation import Foundation
from infra.network import Network
from infra.training import Training
from jobs.settings import TriggerSettings

_ENTRY = "from services.trigger.main import intake, start, sweep\n\n__all__ = ['intake', 'start', 'sweep']\n"
_FOLDERS = ("jobs", "services/trigger")


@dataclass(frozen=True)
class Shape:
    """How long one call of a function may take, and how many of it may run at once."""

    timeout_s: int
    instances: int


SHAPES = {
    # designers' clicks come in bursts, and each starts within seconds
    Workload.START: Shape(timeout_s=60, instances=10),
    # two that ran at once would do no harm, but neither any good
    Workload.SWEEP: Shape(timeout_s=120, instances=1),
    Workload.INTAKE: Shape(timeout_s=60, instances=1),
}

# the upload service's own route, which IAP's callers cannot take
DRAW = "/push/generations"


@dataclass(frozen=True)
class Push:
    """Where a subscription delivers, at `url` of a service; `patience_s` is how long it waits for an answer before it delivers again."""

    role: str
    url: pulumi.Output[str]
    path: str = ""
    patience_s: int = 60


class Plumbing(Component):
    def __init__(
        self,
        name: str,
        config: Config,
        foundation: Foundation,
        data: Data,
        training: Training,
        app: App,
        network: Network | None = None,
        after: Sequence[pulumi.Resource] = (),
    ) -> None:
        super().__init__(name, after=after)
        self._config, self._foundation, self._data, self._network = config, foundation, data, network
        self._source = gcp.storage.BucketObject(
            "trigger-source", bucket=data.sources.name, name="trigger.zip", source=source(), opts=self.child()
        )
        environment = _environment(config, foundation, data, training, app)
        self.start, self.sweep, self.intake = (self._function(workload, environment) for workload in SHAPES)
        self.push = self._subscribe("start-jobs", Push(Workload.START, self.start.url), data.jobs)
        self.intake_push = self._subscribe("hear-of-budget", Push(Workload.INTAKE, self.intake.url), data.budget_alerts)
        draw = Push("generations", app.upload.uri, DRAW, patience_s=TIMEOUT_S)
        self.generations_push = self._subscribe("draw-pictures", draw, data.generations)
        self._schedule()
        self.register_outputs({"start": self.start.url, "sweep": self.sweep.url, "intake": self.intake.url})

    def _function(self, workload: Workload, environment: Mapping[str, Any]) -> gcp.cloudfunctionsv2.Function:
        account, shape = self._foundation.accounts[Workload.BUILD], SHAPES[workload]
        return gcp.cloudfunctionsv2.Function(
            workload,
            name=f"sd-{self._config.stack}-{workload}",
            location=self._config.region,
            labels=labels(self._config),
            kms_key_name=self._foundation.key,
            build_config={
                "runtime": "python311",
                "entry_point": str(workload),
                "service_account": account.name,
                # else Google makes a repository of its own, which nobody cleans up and no destroy takes along
                "docker_repository": self._foundation.repository.id,
                "source": {
                    "storage_source": {
                        "bucket": self._source.bucket,
                        "object": self._source.output_name,
                        "generation": self._source.generation,
                    }
                },
            },
            service_config={
                "service_account_email": self._foundation.email(workload),
                "environment_variables": environment,
                "timeout_seconds": shape.timeout_s,
                "available_memory": "512Mi",
                "max_instance_count": shape.instances,
                "ingress_settings": "ALLOW_ALL",
                **(self._network.function() if self._network else {}),
            },
            opts=self.child(),
        )

    def _subscribe(self, name: str, push: Push, topic: gcp.pubsub.Topic) -> gcp.pubsub.Subscription:
        """A push subscription of our own: a function's `event_trigger` has no dead letter and can lose messages."""
        return gcp.pubsub.Subscription(
            name,
            name=f"sd-{self._config.stack}-{push.role}",
            topic=topic.id,
            labels=labels(self._config),
            ack_deadline_seconds=push.patience_s,
            message_retention_duration="604800s",
            expiration_policy={"ttl": ""},
            push_config={
                "push_endpoint": pulumi.Output.concat(push.url, push.path),
                "oidc_token": {"service_account_email": self._foundation.email(Workload.PUSH), "audience": push.url},
            },
            retry_policy={"minimum_backoff": "10s", "maximum_backoff": "600s"},
            dead_letter_policy={"dead_letter_topic": self._data.dead_letters.id, "max_delivery_attempts": 10},
            opts=self.child(),
        )

    def _schedule(self) -> None:
        gcp.cloudscheduler.Job(
            "every-minute",
            name=f"sd-{self._config.stack}-sweep",
            region=self._config.region,
            schedule="* * * * *",
            time_zone="Etc/UTC",
            attempt_deadline="120s",
            http_target={
                "uri": self.sweep.url,
                "http_method": "POST",
                "oidc_token": {"service_account_email": self._foundation.email(Workload.SCHEDULER), "audience": self.sweep.url},
            },
            opts=self.child(),
        )


def source() -> pulumi.AssetArchive:
    """File by file: a directory archive would take `__pycache__` along and change with every run."""
    files = {str(path): path for folder in _FOLDERS for path in sorted(Path(folder).rglob("*.py"))}
    assets: dict[str, pulumi.Asset | pulumi.Archive] = {name: pulumi.FileAsset(str(path)) for name, path in files.items()}
    assets["requirements.txt"] = pulumi.FileAsset("services/trigger/requirements.txt")
    assets["main.py"] = pulumi.StringAsset(_ENTRY)
    return pulumi.AssetArchive(assets)


def _environment(config: Config, foundation: Foundation, data: Data, training: Training, app: App) -> dict[str, Any]:
    return TriggerSettings.env(
        project=config.project,
        region=config.region,
        stack=config.stack,
        database=data.database.name,
        topic=data.jobs.id,
        dead_letter_subscription=data.dead_letter_inbox.id,
        pipeline_template=training.template,
        pipeline_root=data.uri(data.pipeline_root),
        pipeline_account=foundation.email(Workload.PIPELINE),
        uploads_bucket=data.uploads.name,
        models_bucket=data.models.name,
        serving_account=foundation.email(Workload.SERVING),
        serving_machine=config.serving_machine,
        serving_accelerator=config.serving_accelerator,
        portal_url=app.portal.uri,
        idle_hours=str(config.idle_hours),
        private_webhooks=str(config.private_webhooks).lower(),
        recoverable_days=str(max(BUCKETS[bucket].recoverable_days for bucket in ("uploads", "models"))),
        backup_days=str(backup_days(config)),
        kms_key=foundation.key or "",
    )
