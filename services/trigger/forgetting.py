"""What Vertex AI knows of a job: its runs, training jobs, endpoint and models, of every attempt."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from google.api_core.exceptions import NotFound

from jobs import names
from jobs.job import MAX_ATTEMPTS
from services.trigger.clients import RETRY, TIMEOUT_S, Clients
from services.trigger.release import drop, settled, trainings, unless_gone
from services.trigger.runs import ENDED

Tell = Callable[[Sequence[str]], None]


def forget(clients: Clients, job_id: str, tell: Tell) -> Iterator[bool]:
    """One thing after another, and whether it is gone; what is not, a later sweep tries again. `tell` hears of names before they go."""
    attempts = range(1, MAX_ATTEMPTS + 1)
    yield from (_run(clients, names.pipeline(job_id, attempt), tell) for attempt in attempts)
    yield from (_training(clients, training, tell) for training in trainings(clients, job_id))
    free = _endpoint(clients, job_id, tell)
    yield free
    if free:
        yield from (_model(clients, names.model(job_id, attempt), tell) for attempt in attempts)


def _run(clients: Clients, run_id: str, tell: Tell) -> bool:
    name, pipelines = f"{clients.parent}/pipelineJobs/{run_id}", clients.pipelines
    run = _there(partial(pipelines.get_pipeline_job, name=name, timeout=TIMEOUT_S, retry=RETRY))
    if run is None:
        return True
    tell([run.name])
    if run.state not in ENDED:
        unless_gone(partial(pipelines.cancel_pipeline_job, name=name, timeout=TIMEOUT_S))
        return False
    return settled(partial(pipelines.delete_pipeline_job, name=name, timeout=TIMEOUT_S))


def _training(clients: Clients, training: Any, tell: Tell) -> bool:
    tell([training.name])
    if not training.end_time:
        unless_gone(partial(clients.training.cancel_custom_job, name=training.name, timeout=TIMEOUT_S))
        return False
    return settled(partial(clients.training.delete_custom_job, name=training.name, timeout=TIMEOUT_S))


def _endpoint(clients: Clients, job_id: str, tell: Tell) -> bool:
    name = f"{clients.parent}/endpoints/{names.endpoint(job_id)}"
    endpoint = _there(partial(clients.endpoints.get_endpoint, name=name, timeout=TIMEOUT_S, retry=RETRY))
    if endpoint is None:
        return True
    tell([endpoint.name])
    return drop(clients, name)


def _model(clients: Clients, model_id: str, tell: Tell) -> bool:
    """All of its versions."""
    name = f"{clients.parent}/models/{model_id}"
    model = _there(partial(clients.models.get_model, name=name, timeout=TIMEOUT_S, retry=RETRY))
    if model is None:
        return True
    tell([model.name])
    return settled(partial(clients.models.delete_model, name=name, timeout=TIMEOUT_S))


def _there(get: Callable[[], Any]) -> Any:
    try:
        return get()
    except NotFound:
        return None
