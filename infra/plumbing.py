"""Part 3, the Plumbing: each published jobID starts a pipeline run, and a sweep repairs once a minute what fell between."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pulumi
import pulumi_gcp as gcp

from infra.component import Component
from infra.config import Config
from infra.data import Data
from infra.foundation import Foundation, Workload
from infra.training import Training
from jobs.settings import TriggerSettings

_ENTRY = "from services.trigger.main import start, sweep\n\n__all__ = ['start', 'sweep']\n"
_FOLDERS = ("jobs", "services/trigger")


class Plumbing(Component):
    def __init__(
        self, name: str, config: Config, foundation: Foundation, data: Data, training: Training, after: Sequence[pulumi.Resource]
    ) -> None:
        super().__init__(name, after=after)
        self._config, self._foundation, self._data = config, foundation, data
        self._source = gcp.storage.BucketObject(
            "trigger-source", bucket=data.sources.name, name="trigger.zip", source=source(), opts=self.child()
        )
        environment = _environment(config, foundation, data, training)
        self.start = self._function(Workload.START, environment, timeout_s=60)
        self.sweep = self._function(Workload.SWEEP, environment, timeout_s=120)
        self.push = self._subscribe()
        self._schedule()
        self.register_outputs({"start": self.start.url, "sweep": self.sweep.url})

    def _function(self, workload: Workload, environment: Mapping[str, Any], timeout_s: int) -> gcp.cloudfunctionsv2.Function:
        account = self._foundation.accounts[Workload.BUILD]
        return gcp.cloudfunctionsv2.Function(
            workload,
            name=f"sd-{self._config.stack}-{workload}",
            location=self._config.region,
            build_config={
                "runtime": "python311",
                "entry_point": str(workload),
                "service_account": account.name,
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
                "timeout_seconds": timeout_s,
                "available_memory": "512Mi",
                "max_instance_count": 10 if workload is Workload.START else 1,
                "ingress_settings": "ALLOW_ALL",
            },
            opts=self.child(),
        )

    def _subscribe(self) -> gcp.pubsub.Subscription:
        """A push subscription of our own: a function's `event_trigger` has no dead letter and can lose messages."""
        return gcp.pubsub.Subscription(
            "start-jobs",
            name=f"sd-{self._config.stack}-start",
            topic=self._data.jobs.id,
            ack_deadline_seconds=60,
            message_retention_duration="604800s",
            expiration_policy={"ttl": ""},
            push_config={
                "push_endpoint": self.start.url,
                "oidc_token": {"service_account_email": self._foundation.email(Workload.PUSH), "audience": self.start.url},
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
    files = {str(path): path for folder in _FOLDERS for path in sorted(Path(folder).glob("*.py"))}
    assets: dict[str, pulumi.Asset | pulumi.Archive] = {name: pulumi.FileAsset(str(path)) for name, path in files.items()}
    assets["requirements.txt"] = pulumi.FileAsset("services/trigger/requirements.txt")
    assets["main.py"] = pulumi.StringAsset(_ENTRY)
    return pulumi.AssetArchive(assets)


def _environment(config: Config, foundation: Foundation, data: Data, training: Training) -> dict[str, Any]:
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
    )
