"""What a job may still pay for, and how it is let go."""

from collections.abc import Callable
from functools import partial

from google.api_core.exceptions import FailedPrecondition, NotFound
from google.cloud import aiplatform_v1 as vertex

from jobs import names
from jobs.documents import Job
from services.trigger.clients import RETRY, TIMEOUT_S, Clients


def release(clients: Clients, job: Job) -> None:
    """Stop whatever the job may still pay for: its run, its trainer, its endpoint. What is not there is done."""
    run = f"{clients.parent}/pipelineJobs/{names.pipeline(job.id, job.attempt)}"
    _unless_gone(partial(clients.pipelines.cancel_pipeline_job, name=run, timeout=TIMEOUT_S))
    request = vertex.ListCustomJobsRequest(parent=clients.parent, filter=f'labels.job="{job.id}"')
    for training in clients.training.list_custom_jobs(request=request, timeout=TIMEOUT_S, retry=RETRY):
        if not training.end_time:
            _unless_gone(partial(clients.training.cancel_custom_job, name=training.name, timeout=TIMEOUT_S))
    drop(clients, f"{clients.parent}/endpoints/{names.endpoint(job.id)}")


def drop(clients: Clients, endpoint: str) -> None:
    _unless_gone(partial(_undeploy, clients, endpoint))


def _undeploy(clients: Clients, endpoint: str) -> None:
    for deployed in clients.endpoints.get_endpoint(name=endpoint, timeout=TIMEOUT_S, retry=RETRY).deployed_models:
        request = vertex.UndeployModelRequest(endpoint=endpoint, deployed_model_id=deployed.id)
        clients.endpoints.undeploy_model(request=request, timeout=TIMEOUT_S).result(timeout=TIMEOUT_S)
    clients.endpoints.delete_endpoint(name=endpoint, timeout=TIMEOUT_S).result(timeout=TIMEOUT_S)


def _unless_gone(act: Callable[[], object]) -> None:
    """Not found: there is nothing to let go. Failed precondition: it has ended by itself."""
    try:
        act()
    except (NotFound, FailedPrecondition):
        return
