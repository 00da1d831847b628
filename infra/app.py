"""Part 1, the App: the portal that designers open, and the upload service behind it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from infra.access import Workload
from infra.component import Component, labels
from infra.config import Config
from infra.containers import Containers
from infra.data import Data
from infra.foundation import Foundation
from infra.network import Network
from infra.prices import CURRENCY, hour
from jobs.settings import PortalSettings, UploadSettings

# 500 watchers of one instance, and room for those who upload; the service has a thread for each
CONCURRENCY = 600
TIMEOUT_S = 300
# half a GiB for the service and its threads, a quarter for pictures on their way, and one for each of the two that are decoded at once
UPLOAD_MEMORY = "3Gi"


class App(Component):
    def __init__(
        self,
        name: str,
        config: Config,
        foundation: Foundation,
        data: Data,
        containers: Containers,
        network: Network | None,
        after: Sequence[pulumi.Resource],
    ) -> None:
        super().__init__(name, after=after)
        self._config, self._foundation, self._network = config, foundation, network
        portal = f"sd-{config.stack}-portal"
        self.audience = f"/projects/{config.project_number}/locations/{config.region}/services/{portal}"
        self.upload = self._service(
            Workload.UPLOAD, f"sd-{config.stack}-upload", containers.upload, self._upload_environment(data), memory=UPLOAD_MEMORY
        )
        environment = PortalSettings.env(upload_url=self.upload.uri)
        self.portal = self._service(Workload.PORTAL, portal, containers.portal, environment, memory="512Mi", iap=True)
        self.register_outputs({"url": self.portal.uri})

    def _service(
        self,
        workload: Workload,
        name: str,
        image: pulumi.Input[str],
        environment: Mapping[str, Any],
        memory: str,
        iap: bool = False,
    ) -> gcp.cloudrunv2.Service:
        return gcp.cloudrunv2.Service(
            workload,
            name=name,
            location=self._config.region,
            ingress="INGRESS_TRAFFIC_ALL",
            iap_enabled=iap,
            labels=labels(self._config),
            binary_authorization={"use_default": True} if self._config.binary_authorization else None,
            deletion_protection=self._config.protect_data,
            template={
                "service_account": self._foundation.email(workload),
                "timeout": f"{TIMEOUT_S}s",
                "encryption_key": self._foundation.key,
                "vpc_access": self._network.service() if self._network else None,
                # most of them are watchers, each a request that lasts minutes and does next to nothing
                "max_instance_request_concurrency": CONCURRENCY,
                "scaling": {"min_instance_count": 0, "max_instance_count": 5},
                "containers": [
                    {
                        "image": image,
                        "envs": [{"name": key, "value": value} for key, value in sorted(environment.items())],
                        "resources": {"limits": {"cpu": "1", "memory": memory}, "startup_cpu_boost": True},
                        "startup_probe": {"http_get": {"path": "/healthz"}, "period_seconds": 1, "failure_threshold": 60},
                        "liveness_probe": {"http_get": {"path": "/healthz"}, "period_seconds": 30},
                    }
                ],
            },
            opts=self.child(),
        )

    def _upload_environment(self, data: Data) -> Mapping[str, Any]:
        config = self._config
        return UploadSettings.env(
            project=config.project,
            region=config.region,
            stack=config.stack,
            database=data.database.name,
            uploads_bucket=data.uploads.name,
            models_bucket=data.models.name,
            topic=data.jobs.id,
            generations_topic=data.generations.id,
            push_account=self._foundation.email(Workload.PUSH),
            iap_audience=self.audience,
            min_pictures=str(config.min_pictures),
            max_open_jobs=str(config.open_jobs),
            training_steps=str(config.training_steps),
            sampling_steps=str(config.sampling_steps),
            guidance=str(config.guidance),
            picture_size=str(config.resolution),
            idle_hours=str(config.idle_hours),
            daily_pictures=str(config.daily_pictures),
            daily_bytes=str(config.daily_mebibytes * 2**20),
            daily_gpu_minutes=str(config.daily_gpu_minutes),
            safety_check=str(config.safety_check).lower(),
            private_webhooks=str(config.private_webhooks).lower(),
            **_prices(config),
        )


def _prices(config: Config) -> Mapping[str, str]:
    """None where machines are not billed, or where our table does not know both of them: half a price misleads."""
    training = hour(config.training_machine, config.training_accelerator, config.region)
    serving = hour(config.serving_machine, config.serving_accelerator, config.region)
    if not config.billed or training is None or serving is None:
        return {}
    return {
        "training_price": f"{training.usd:.4f}",
        "serving_price": f"{serving.usd:.4f}",
        "currency": CURRENCY,
        "priced": min(training.seen, serving.seen),
    }
