"""Endpoints that draw for nobody: each bills as much as one that is used."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from google.cloud import aiplatform_v1 as vertex

from jobs.documents import Job, now
from jobs.job import TERMINAL
from jobs.library import DeploymentState
from jobs.log import log
from jobs.store import UnknownJob
from services.trigger.clients import RETRY, TIMEOUT_S, Clients
from services.trigger.release import drop
from services.trigger.repairs import each

# whoever ends a job lets its endpoint go within a sweep or two; only what is there longer is worth waking someone
_GRACE = timedelta(minutes=10)
_WANTED = frozenset({DeploymentState.WAKING, DeploymentState.AWAKE})


def let_go(clients: Clients) -> Iterable[bool]:
    """Of this stack's jobs."""
    wanted = f'labels.app="sd-for-designers" AND labels.stack="{clients.settings.stack}"'
    request = vertex.ListEndpointsRequest(parent=clients.parent, filter=wanted)
    for endpoint in clients.endpoints.list_endpoints(request=request, timeout=TIMEOUT_S, retry=RETRY):
        yield each(endpoint.labels.get("job", ""), partial(_let_go, clients, endpoint))


def _let_go(clients: Clients, endpoint: vertex.Endpoint) -> bool:
    """Undeployed and deleted, if its job is over, is past its time, or is not known."""
    job = _job_of(clients, endpoint)
    over = endpoint.create_time if job is None else _end(clients, job)
    if over is None or over > now():
        return False
    idle_s = round((now() - over).total_seconds())
    facts = {"job_id": endpoint.labels.get("job", ""), "endpoint": endpoint.name, "state": job.state if job else "unknown"}
    if idle_s > _GRACE.total_seconds():
        log("endpoint idle", severity="ERROR", alert=True, idleSeconds=idle_s, **facts)
    if not drop(clients, endpoint.name):
        return False
    log("endpoint let go", **facts)
    return True


def _job_of(clients: Clients, endpoint: vertex.Endpoint) -> Job | None:
    try:
        return clients.jobs.get(endpoint.labels["job"])
    except (KeyError, UnknownJob):
        return None


def _end(clients: Clients, job: Job) -> datetime | None:
    """Since when, or from when on, the job needs no endpoint. That of a job that is over may have been woken again."""
    if job.state not in TERMINAL:
        return job.deadline
    deployment = clients.deployments.get(job.id)
    if deployment is None or job.erased:
        return job.updated
    return deployment.deadline if deployment.state in _WANTED else max(job.updated, deployment.since)
