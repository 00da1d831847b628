"""What our code and Google's write to the log when something is worth knowing: each a filter, from which a metric is made, and an alert
where someone must act."""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from infra.access import Workload
from infra.component import Component
from infra.config import Config
from infra.foundation import Foundation


@dataclass(frozen=True)
class Signal:
    """`filter` is in Cloud Logging's language, with {stack} to fill in. `labels` are fields of the line that the metric is split by: of few
    values each, since every combination is a time series of its own. `value` is the field whose distribution is kept instead of the
    count of lines."""

    name: str
    means: str
    filter: str
    labels: tuple[str, ...] = ()
    value: str = ""

    def metric(self, stack: str) -> str:
        return f"sd-{stack}-{self.name}"

    def of(self, stack: str) -> str:
        return self.filter.replace("{stack}", stack)


def _says(workload: Workload, *messages: str) -> str:
    """Lines of a service or function of this stack, by their `message`. A function of the second generation is a Cloud Run service."""
    said = " OR ".join(f'"{message}"' for message in messages)
    service = f'resource.type="cloud_run_revision" AND resource.labels.service_name="sd-{{stack}}-{workload}"'
    return f"{service} AND jsonPayload.message=({said})"


PICTURE_SETTLED = Signal(
    "pictures-settled",
    "pictures that were checked, by verdict",
    _says(Workload.UPLOAD, "upload settled"),
    labels=("state", "reason"),
)
# moves are logged by whoever makes them: the service, the functions, and the steps of a run, whose lines carry no stack
JOB_MOVED = Signal(
    "jobs-moved",
    "jobs that entered a state",
    'jsonPayload.message="job moved" AND jsonPayload.jobId:*',
    labels=("state", "by"),
)
PRINTS_MADE = Signal("prints-made", "requests for pictures of a tuned model", _says(Workload.UPLOAD, "pictures asked for"))
PRINTS_FAILED = Signal(
    "prints-failed", "requests for pictures of a tuned model that nobody fulfilled in time", _says(Workload.SWEEP, "pictures given up")
)
OLDEST_JOB = Signal(
    "oldest-job-seconds", "how long the job that waits longest has not moved", _says(Workload.SWEEP, "swept"), value="oldestSeconds"
)
GOOGLE_CALL_FAILED = Signal(
    "google-calls-failed", "calls of the upload service to Google that failed", _says(Workload.UPLOAD, "a Google call failed")
)
UNEXPECTED_ERROR = Signal(
    "unexpected-errors", "errors of the upload service that nobody foresaw", _says(Workload.UPLOAD, "unexpected error")
)
MESSAGE_DROPPED = Signal(
    "messages-dropped",
    "messages that no retry can mend",
    " OR ".join(f"({_says(workload, 'message dropped')})" for workload in (Workload.START, Workload.UPLOAD, Workload.INTAKE)),
)
REPAIR_FAILED = Signal(
    "repairs-failed", "repairs of the sweep that could not be made", _says(Workload.SWEEP, "repair failed", "repair of job failed")
)
DEAD_LETTER = Signal("dead-letters", "messages that the broker gave up on", _says(Workload.SWEEP, "dead letter", "dead letter dropped"))
PIPELINE_FAILED = Signal(
    "pipelines-failed",
    "errors of pipeline runs, as Vertex AI logs them",
    'resource.type="aiplatform.googleapis.com/PipelineJob" AND resource.labels.pipeline_job_id=~"^sdfd-" AND severity>=ERROR',
)
JOB_STUCK = Signal("jobs-stuck", "jobs that stayed in a state longer than they may", _says(Workload.SWEEP, "job stuck"), labels=("state",))
ENDPOINT_IDLE = Signal(
    "endpoints-idle", "endpoints that bill and draw for nobody", _says(Workload.SWEEP, "endpoint idle"), labels=("state",)
)
WEBHOOK_NOT_TOLD = Signal("webhooks-not-told", "tries to tell an owner that failed", _says(Workload.SWEEP, "webhook not told"))
ORPHANS_REMOVED = Signal(
    "orphans-removed", "pages of the uploads bucket with pictures that no document speaks of", _says(Workload.SWEEP, "orphans removed")
)
ERASURE_LATE = Signal("erasures-late", "looks at an erasure that should have been done long ago", _says(Workload.SWEEP, "erasure late"))
INTAKE_PAUSED = Signal("intake-pauses", "times that the budget stopped new jobs", _says(Workload.INTAKE, "intake paused"))

# in the order of a job's life
SIGNALS = (
    PICTURE_SETTLED,
    JOB_MOVED,
    MESSAGE_DROPPED,
    DEAD_LETTER,
    PIPELINE_FAILED,
    JOB_STUCK,
    OLDEST_JOB,
    PRINTS_MADE,
    PRINTS_FAILED,
    ENDPOINT_IDLE,
    WEBHOOK_NOT_TOLD,
    ORPHANS_REMOVED,
    ERASURE_LATE,
    REPAIR_FAILED,
    GOOGLE_CALL_FAILED,
    UNEXPECTED_ERROR,
    INTAKE_PAUSED,
)


class Metrics(Component):
    """A metric of each signal, for the dashboard. Alerts read the log itself: what they send then names the job, and Google refuses
    an alert on a metric that is younger than some minutes."""

    def __init__(self, name: str, config: Config, foundation: Foundation, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, after=foundation.apis, opts=opts)
        for signal in SIGNALS:
            self._metric(signal, config.stack)
        self.register_outputs({})

    def _metric(self, signal: Signal, stack: str) -> None:
        gcp.logging.Metric(
            signal.name,
            name=signal.metric(stack),
            description=signal.means,
            filter=signal.of(stack),
            label_extractors={label: f"EXTRACT(jsonPayload.{label})" for label in signal.labels},
            value_extractor=f"EXTRACT(jsonPayload.{signal.value})" if signal.value else None,
            metric_descriptor={
                "metric_kind": "DELTA",
                "value_type": "DISTRIBUTION" if signal.value else "INT64",
                "labels": [{"key": label, "value_type": "STRING"} for label in signal.labels],
            },
            opts=self.child(),
        )
