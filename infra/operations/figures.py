"""Google's own figures about this stack's parts, as Cloud Monitoring's filters name them."""

from collections.abc import Iterable

from infra.access import Workload

REQUESTS = "run.googleapis.com/request_count"
LATENCIES = "run.googleapis.com/request_latencies"
BACKLOG = "pubsub.googleapis.com/subscription/num_undelivered_messages"
OLDEST_UNACKED = "pubsub.googleapis.com/subscription/oldest_unacked_message_age"
BURIED = "pubsub.googleapis.com/subscription/dead_letter_message_count"
PREDICTIONS = "aiplatform.googleapis.com/prediction/online/prediction_count"
REPLICAS = "aiplatform.googleapis.com/prediction/online/replicas"
CHECK_PASSED = "monitoring.googleapis.com/uptime_check/check_passed"
# the subscriptions that deliver by themselves, by their part of the name
PUSHED = ("start", "generations", "intake")
LOGGED = "logging.googleapis.com/user"


def service(metric: str, stack: str, *workloads: Workload, answers: str = "") -> str:
    """Of Cloud Run services and functions; `answers` is a class such as 5xx."""
    names = _among("resource.labels.service_name", (f"sd-{stack}-{workload}" for workload in workloads))
    only = f' AND metric.labels.response_code_class="{answers}"' if answers else ""
    return f'metric.type="{metric}" AND resource.type="cloud_run_revision" AND {names}{only}'


def requests(stack: str, workload: Workload) -> str:
    """Cloud Run's own log of them."""
    return f'logName:"run.googleapis.com%2Frequests" AND resource.labels.service_name="sd-{stack}-{workload}"'


def subscription(metric: str, stack: str, *roles: str) -> str:
    names = _among("resource.labels.subscription_id", (f"sd-{stack}-{role}" for role in roles))
    return f'metric.type="{metric}" AND resource.type="pubsub_subscription" AND {names}'


def endpoint(metric: str) -> str:
    return f'metric.type="{metric}" AND resource.type="aiplatform.googleapis.com/Endpoint"'


def logged(metric: str) -> str:
    return f'metric.type="{LOGGED}/{metric}"'


def _among(field: str, names: Iterable[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    return f"{field}={quoted[0]}" if len(quoted) == 1 else f"{field}=one_of({', '.join(quoted)})"
