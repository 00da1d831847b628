"""When someone is told, and which page says what to do then."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from infra.access import Workload
from infra.component import Component, labels
from infra.config import Config
from infra.foundation import Foundation
from infra.operations import figures
from infra.operations.conditions import Condition, above, logged, share_above, silent
from infra.operations.signals import (
    DEAD_LETTER,
    ENDPOINT_IDLE,
    ERASURE_LATE,
    INTAKE_PAUSED,
    JOB_STUCK,
    MESSAGE_DROPPED,
    PIPELINE_FAILED,
    PRINTS_FAILED,
    REPAIR_FAILED,
    UNEXPECTED_ERROR,
)

# a path of this repository, which whoever is on call has at hand: a URL would hold only where the repository happens to be hosted
RUNBOOKS = "docs/runbooks"
_JOB = "jsonPayload.jobId"
_NO_STREAMS = 'NOT httpRequest.requestUrl=~"/events|/push/"'
_FUNCTIONS = (Workload.START, Workload.SWEEP, Workload.INTAKE)


@dataclass(frozen=True)
class Alert:
    """`page` is the runbook's name. CRITICAL: designers cannot work, or money runs. ERROR: a job is lost. WARNING: look today."""

    name: str
    title: str
    severity: str
    page: str
    conditions: Sequence[Condition]
    combiner: str = "OR"

    @property
    def by_log(self) -> bool:
        return any("condition_matched_log" in condition for condition in self.conditions)


def alerts(stack: str) -> tuple[Alert, ...]:
    """In the order of a job's life."""
    return (*_portal(stack), *_upload(stack), *_plumbing(stack), *_jobs(stack), *_money(stack))


def _portal(stack: str) -> tuple[Alert, ...]:
    # what the upload service answers with 5xx goes through the portal, and counts here too
    return (Alert("portal-errors", "the portal fails", "CRITICAL", "portal-errors", [_answers_5xx(stack, Workload.PORTAL)]),)


def _upload(stack: str) -> tuple[Alert, ...]:
    # Each in the log of Cloud Run, since its figure of latencies knows no paths: watchers' streams last minutes on purpose. A picture of
    # 11 MB takes 3 s to check: what lies far above is not the pictures, but may be a designer's slow line.
    slow = logged("a request took over 20 s", f'{figures.requests(stack, Workload.UPLOAD)} AND httpRequest.latency>"20s" AND {_NO_STREAMS}')
    return (
        Alert("upload-errors", "uploads fail", "CRITICAL", "upload-errors", [_answers_5xx(stack, Workload.UPLOAD)]),
        Alert(
            "upload-unexpected",
            "upload: an error nobody foresaw",
            "ERROR",
            "upload-errors",
            [logged("it was logged", UNEXPECTED_ERROR.of(stack))],
        ),
        Alert("upload-slow", "uploads are slow", "WARNING", "upload-slow", [slow]),
    )


def _answers_5xx(stack: str, service: Workload) -> Condition:
    requests, failed = (figures.service(figures.REQUESTS, stack, service, answers=answers) for answers in ("", "5xx"))
    return share_above("5xx over 5 % for 5 minutes", failed, requests, 0.05, for_s=300)


def _plumbing(stack: str) -> tuple[Alert, ...]:
    waiting = figures.subscription(figures.OLDEST_UNACKED, stack, *figures.PUSHED)
    inbox = figures.subscription(figures.BACKLOG, stack, "dead-letters")
    failing = figures.service(figures.REQUESTS, stack, *_FUNCTIONS, answers="5xx")
    swept = figures.service(figures.REQUESTS, stack, Workload.SWEEP, answers="2xx")
    by_function = ["resource.label.service_name"]
    return (
        Alert(
            "dead-letters", "a message was given up on", "ERROR", "dead-letters", [logged("the sweep took it", DEAD_LETTER.of(stack), _JOB)]
        ),
        Alert(
            "dead-letters-wait",
            "dead letters that nobody takes",
            "CRITICAL",
            "dead-letters",
            [above("any for 5 minutes", inbox, 0, "ALIGN_MIN", for_s=300)],
        ),
        Alert(
            "messages-wait",
            "messages are not delivered",
            "CRITICAL",
            "messages-wait",
            # the longest wait between two attempts is 10 minutes
            [above("the oldest waits over 15 minutes", waiting, 900, "ALIGN_MAX", period_s=60, for_s=120)],
        ),
        Alert(
            "function-errors",
            "a function fails",
            "ERROR",
            "function-errors",
            # one that fails is called again; three in ten minutes do not mend themselves
            [above("over 2 errors in 10 minutes", failing, 2, "ALIGN_DELTA", "REDUCE_SUM", period_s=600, per=by_function)],
        ),
        Alert(
            "messages-dropped", "a message was dropped", "ERROR", "function-errors", [logged("it was logged", MESSAGE_DROPPED.of(stack))]
        ),
        Alert(
            "repairs-failed",
            "the sweep cannot repair",
            "ERROR",
            "function-errors",
            [logged("it was logged", REPAIR_FAILED.of(stack), _JOB)],
        ),
        Alert("sweep-silent", "nobody sweeps", "CRITICAL", "sweep-silent", [silent("no success for 10 minutes", swept, for_s=600)]),
    )


def _jobs(stack: str) -> tuple[Alert, ...]:
    # ours as well as Google's: a run that ends without a word is found by the sweep, which fails the job
    failed = f'({PIPELINE_FAILED.of(stack)}) OR (jsonPayload.message="job moved" AND jsonPayload.state="failed")'
    return (
        Alert("pipeline-failed", "a training run failed", "ERROR", "pipeline-failed", [logged("it was logged", failed, _JOB)]),
        Alert(
            "prints-failed",
            "pictures of a model are not drawn",
            "ERROR",
            "prints-failed",
            [logged("the sweep gave them up", PRINTS_FAILED.of(stack), _JOB)],
        ),
        Alert(
            "erasure-late",
            "what a designer deleted is still there",
            "ERROR",
            "erasure-late",
            [logged("it is not done after two hours", ERASURE_LATE.of(stack), _JOB)],
        ),
        Alert("job-stuck", "a job does not move", "ERROR", "job-stuck", [logged("the sweep ended it", JOB_STUCK.of(stack), _JOB)]),
    )


def _money(stack: str) -> tuple[Alert, ...]:
    return (
        Alert(
            "endpoint-idle",
            "an endpoint costs money for nobody",
            "CRITICAL",
            "endpoint-idle",
            [logged("it is there", ENDPOINT_IDLE.of(stack), _JOB)],
        ),
        Alert(
            "intake-paused",
            "the budget is spent: no new jobs",
            "CRITICAL",
            "budget",
            [logged("intake was paused", INTAKE_PAUSED.of(stack))],
        ),
    )


class Alerts(Component):
    def __init__(
        self,
        name: str,
        config: Config,
        foundation: Foundation,
        channels: Sequence[pulumi.Input[str]],
        others: Sequence[Alert],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """`others` are the alerts whose conditions name what Google makes up: the check, the objective."""
        super().__init__(name, after=foundation.apis, opts=opts)
        self._config, self._channels = config, channels
        for alert in (*alerts(config.stack), *others):
            self._policy(alert)
        self.register_outputs({})

    def _policy(self, alert: Alert) -> None:
        strategy: gcp.monitoring.AlertPolicyAlertStrategyArgsDict = {"auto_close": "3600s" if alert.by_log else "86400s"}
        if alert.by_log:
            # without a limit Google refuses an alert on the log
            strategy["notification_rate_limit"] = {"period": "900s"}
        gcp.monitoring.AlertPolicy(
            alert.name,
            display_name=f"sd {self._config.stack}: {alert.title}",
            severity=alert.severity,
            combiner=alert.combiner,
            conditions=list(alert.conditions),
            alert_strategy=strategy,
            documentation={"content": _documentation(alert), "mime_type": "text/markdown"},
            notification_channels=list(self._channels),
            user_labels=labels(self._config),
            opts=self.child(),
        )


def _documentation(alert: Alert) -> str:
    job = (
        "\n\nJob: ${log.extracted_label.job}"
        if any("label_extractors" in each.get("condition_matched_log", {}) for each in alert.conditions)
        else ""
    )
    return f"What it means and what to do: {RUNBOOKS}/{alert.page}.md{job}"
