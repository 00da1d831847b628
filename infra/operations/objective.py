"""What designers may expect of the upload service: that it is there, and that it answers."""

import pulumi
import pulumi_gcp as gcp

from infra.access import Workload
from infra.app import App
from infra.component import Component, labels
from infra.config import Config
from infra.foundation import Foundation
from infra.operations import figures
from infra.operations.alerts import Alert
from infra.operations.conditions import above, burning

GOAL, PERIOD_DAYS = 0.995, 28
# 14.4 times too fast uses up 2 % of a month's errors in an hour; the short window closes the alert soon after it is over
# (The Site Reliability Workbook, chapter 5)
_FAST = 14.4
# /healthz never arrives: Google's front end keeps that path to itself
_PATH = "/readyz"


class Objective(Component):
    """`alerts` are what to tell when it is missed."""

    def __init__(self, name: str, config: Config, foundation: Foundation, app: App, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, after=foundation.apis, opts=opts)
        self._config = config
        self.alerts = (self._uptime(app), self._burn(app))
        self.register_outputs({})

    def _uptime(self, app: App) -> Alert:
        check = gcp.monitoring.UptimeCheckConfig(
            "upload-up",
            display_name=f"sd {self._config.stack}: upload",
            period="300s",
            timeout="10s",
            http_check={
                "path": _PATH,
                "port": 443,
                "use_ssl": True,
                "validate_ssl": True,
                # the service lets nobody in without a token; Monitoring's agent may call it (infra/access.py)
                "service_agent_authentication": {"type": "OIDC_TOKEN"},
            },
            monitored_resource={
                "type": "uptime_url",
                "labels": {"project_id": self._config.project, "host": app.upload.uri.apply(_host)},
            },
            user_labels=labels(self._config),
            opts=self.child(),
        )
        passed = pulumi.Output.format(
            'metric.type="{0}" AND resource.type="uptime_url" AND metric.labels.check_id="{1}"', figures.CHECK_PASSED, check.uptime_check_id
        )
        down = above(
            "two places cannot reach it", passed, 1, "ALIGN_NEXT_OLDER", "REDUCE_COUNT_FALSE", 1200, 60, per=["resource.label.host"]
        )
        return Alert("upload-down", "the upload service is down", "CRITICAL", "upload-down", [down])

    def _burn(self, app: App) -> Alert:
        service = gcp.monitoring.CustomService(
            "upload-service",
            service_id=f"sd-{self._config.stack}-upload",
            display_name=f"sd {self._config.stack}: upload",
            telemetry={"resource_name": pulumi.Output.concat("//run.googleapis.com/", app.upload.id)},
            user_labels=labels(self._config),
            opts=self.child(),
        )
        slo = gcp.monitoring.Slo(
            "upload-answers",
            service=service.service_id,
            slo_id="answers",
            display_name=f"{GOAL:.1%} of requests are answered without an error of ours in {PERIOD_DAYS} days",
            goal=GOAL,
            rolling_period_days=PERIOD_DAYS,
            request_based_sli={
                "good_total_ratio": {
                    "bad_service_filter": figures.service(figures.REQUESTS, self._config.stack, Workload.UPLOAD, answers="5xx"),
                    "total_service_filter": figures.service(figures.REQUESTS, self._config.stack, Workload.UPLOAD),
                }
            },
            user_labels=labels(self._config),
            opts=self.child(),
        )
        windows = [burning(f"{window_s // 60} minutes", slo.name, window_s, _FAST) for window_s in (3600, 300)]
        return Alert("objective-burns", "errors use up the month's objective", "CRITICAL", "objective-burns", windows, combiner="AND")


def _host(uri: str) -> str:
    return uri.partition("://")[2].partition("/")[0]
