"""What a job may still pay for, and how it is let go. Nothing is waited for longer than seconds: the next sweep looks again."""

from collections.abc import Callable
from functools import partial
from typing import Any

from google.api_core.exceptions import Aborted, FailedPrecondition, NotFound
from google.cloud import aiplatform_v1 as vertex

from jobs import names
from jobs.documents import Job
from services.trigger.clients import RETRY, TIMEOUT_S, Clients

_OPERATION_S = 5.0


def release(clients: Clients, job: Job) -> None:
    """Stop whatever the job may still pay for: its run, its trainer, its endpoint. What is not there is done."""
    run = f"{clients.parent}/pipelineJobs/{names.pipeline(job.id, job.attempt)}"
    unless_gone(partial(clients.pipelines.cancel_pipeline_job, name=run, timeout=TIMEOUT_S))
    for training in trainings(clients, job.id):
        if not training.end_time:
            unless_gone(partial(clients.training.cancel_custom_job, name=training.name, timeout=TIMEOUT_S))
    drop(clients, f"{clients.parent}/endpoints/{names.endpoint(job.id)}")


def trainings(clients: Clients, job_id: str) -> list[vertex.CustomJob]:
    request = vertex.ListCustomJobsRequest(parent=clients.parent, filter=f'labels.job="{job_id}"')
    return list(clients.training.list_custom_jobs(request=request, timeout=TIMEOUT_S, retry=RETRY))


def drop(clients: Clients, endpoint: str) -> bool:
    """Whether the endpoint is gone; what is still being undeployed goes in a later sweep."""
    try:
        deployed = clients.endpoints.get_endpoint(name=endpoint, timeout=TIMEOUT_S, retry=RETRY).deployed_models
    except NotFound:
        return True
    left = [model.id for model in deployed]
    while left:
        identifier = left.pop()
        # a model that has traffic is not undeployed: the last one takes it all, and nobody asks about that one
        request = vertex.UndeployModelRequest(endpoint=endpoint, deployed_model_id=identifier, traffic_split={left[0]: 100} if left else {})
        if not settled(partial(clients.endpoints.undeploy_model, request=request, timeout=TIMEOUT_S)):
            return False
    return settled(partial(clients.endpoints.delete_endpoint, name=endpoint, timeout=TIMEOUT_S))


def settled(begin: Callable[[], Any]) -> bool:
    """Begins an operation; whether it is over by now. Not found: there is nothing left to do. What is refused as long as another operation
    goes on is tried again by the next sweep."""
    try:
        begin().result(timeout=_OPERATION_S)
    except NotFound:
        return True
    except (Aborted, FailedPrecondition, TimeoutError):
        return False
    return True


def unless_gone(act: Callable[[], object]) -> None:
    """Not found: there is nothing to let go. Failed precondition: it has ended by itself."""
    try:
        act()
    except (NotFound, FailedPrecondition):
        return
