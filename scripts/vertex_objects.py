"""What jobs made on Vertex AI: how each kind is found by its labels, and how one of it is let go.

Every act may be repeated, and run beside the sweep's: what is gone is done, and what has ended by itself is done.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from google.api_core import exceptions
from google.api_core.retry import Retry, if_transient_error
from google.cloud import aiplatform_v1 as vertex

from jobs import names

TIMEOUT_S = 20.0
RETRY = Retry(predicate=if_transient_error, timeout=60.0)
_ENDED = {
    *("PIPELINE_STATE_SUCCEEDED", "PIPELINE_STATE_FAILED", "PIPELINE_STATE_CANCELLED"),
    *("JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED", "JOB_STATE_PARTIALLY_SUCCEEDED"),
}
# what another act that is under way answers: it ends, and then ours is possible
_BUSY = (
    exceptions.Conflict,
    exceptions.DeadlineExceeded,
    exceptions.FailedPrecondition,
    exceptions.InternalServerError,
    exceptions.ServiceUnavailable,
    exceptions.TooManyRequests,
)


class NotLetGo(Exception):
    """An object that stays; the text says why and what it waits for."""


@dataclass(frozen=True)
class Vertex:
    """The clients of one region. `patience_s` is how long one object may take before it counts as failed."""

    parent: str
    pipelines: Any
    training: Any
    endpoints: Any
    models: Any
    patience_s: float = 1200.0
    pause_s: float = 3.0

    @classmethod
    def of(cls, parent: str, region: str, patience_s: float) -> Self:
        options = {"api_endpoint": f"{region}-aiplatform.googleapis.com"}
        return cls(
            parent=parent,
            pipelines=vertex.PipelineServiceClient(client_options=options),
            training=vertex.JobServiceClient(client_options=options),
            endpoints=vertex.EndpointServiceClient(client_options=options),
            models=vertex.ModelServiceClient(client_options=options),
            patience_s=patience_s,
        )


@dataclass(frozen=True)
class Found:
    """`state` is empty for what has none."""

    name: str
    title: str
    labels: Mapping[str, str]
    state: str = ""

    @property
    def id(self) -> str:
        return self.name.rpartition("/")[2]

    @property
    def is_live(self) -> bool:
        return bool(self.state) and self.state not in _ENDED


@dataclass(frozen=True)
class Kind:
    """`typical_s` is a guess of what one takes on Google Cloud; `by_hand` is the command that does the same, of an object's name."""

    noun: str
    items: Callable[[Vertex, str], Any]
    let_go: Callable[[Vertex, str], None]
    typical_s: float
    by_hand: str

    def found(self, clients: Vertex, wanted: str = "") -> Sequence[Found]:
        """By a filter of the API's; all of the region without one."""
        return [Found(item.name, item.display_name, dict(item.labels), _state(item)) for item in self.items(clients, wanted)]


def labelled(stack: str) -> str:
    """The filter for what this stack's jobs made, whichever job it was."""
    return " AND ".join(f'labels.{key}="{value}"' for key, value in names.stack_labels(stack).items())


def is_named_like_ours(found: Found) -> bool:
    prefix = names.endpoint("")
    return found.id.startswith(prefix) or found.title.startswith(prefix)


def _state(item: Any) -> str:
    return str(item.state.name) if hasattr(item, "state") else ""


def _runs(clients: Vertex, wanted: str) -> Any:
    # a run carries its whole specification
    short = {"paths": ["name", "display_name", "state", "labels"]}
    request = vertex.ListPipelineJobsRequest(parent=clients.parent, filter=wanted, read_mask=short)
    return clients.pipelines.list_pipeline_jobs(request=request, timeout=TIMEOUT_S, retry=RETRY)


def _trainings(clients: Vertex, wanted: str) -> Any:
    request = vertex.ListCustomJobsRequest(parent=clients.parent, filter=wanted)
    return clients.training.list_custom_jobs(request=request, timeout=TIMEOUT_S, retry=RETRY)


def _endpoints(clients: Vertex, wanted: str) -> Any:
    request = vertex.ListEndpointsRequest(parent=clients.parent, filter=wanted)
    return clients.endpoints.list_endpoints(request=request, timeout=TIMEOUT_S, retry=RETRY)


def _models(clients: Vertex, wanted: str) -> Any:
    request = vertex.ListModelsRequest(parent=clients.parent, filter=wanted)
    return clients.models.list_models(request=request, timeout=TIMEOUT_S, retry=RETRY)


def _end_run(clients: Vertex, name: str) -> None:
    pipelines = clients.pipelines
    look = partial(pipelines.get_pipeline_job, name=name, timeout=TIMEOUT_S, retry=RETRY)
    _cancel(clients, look, partial(pipelines.cancel_pipeline_job, name=name, timeout=TIMEOUT_S))
    _patiently(clients, lambda: _done(clients, pipelines.delete_pipeline_job(name=name, timeout=TIMEOUT_S)))


def _end_training(clients: Vertex, name: str) -> None:
    training = clients.training
    look = partial(training.get_custom_job, name=name, timeout=TIMEOUT_S, retry=RETRY)
    _cancel(clients, look, partial(training.cancel_custom_job, name=name, timeout=TIMEOUT_S))
    _patiently(clients, lambda: _done(clients, training.delete_custom_job(name=name, timeout=TIMEOUT_S)))


def _cancel(clients: Vertex, look: Callable[[], Any], cancel: Callable[[], object]) -> None:
    """Returns once it has ended. Raises NotLetGo if it does not."""
    until = time.monotonic() + clients.patience_s
    with suppress(exceptions.NotFound):
        while (state := look().state.name) not in _ENDED:
            if time.monotonic() > until:
                raise NotLetGo(f"it is still {state} after {clients.patience_s:.0f} s")
            if "CANCELLING" not in state:
                with suppress(exceptions.FailedPrecondition):  # it has ended by itself meanwhile
                    cancel()
            time.sleep(clients.pause_s)


def _empty_endpoint(clients: Vertex, name: str) -> None:
    """What is deployed is read again after every refusal: a run that was cancelled late may have deployed meanwhile."""
    _patiently(clients, partial(_undeploy_and_delete, clients, name))


def _undeploy_and_delete(clients: Vertex, name: str) -> None:
    endpoints = clients.endpoints
    deployed = [model.id for model in endpoints.get_endpoint(name=name, timeout=TIMEOUT_S, retry=RETRY).deployed_models]
    for number, identifier in enumerate(deployed, start=1):
        # a model that has traffic is not undeployed; the last one takes it all, and nobody asks about that one
        split = {deployed[-1]: 100} if number < len(deployed) else {}
        request = vertex.UndeployModelRequest(endpoint=name, deployed_model_id=identifier, traffic_split=split)
        with suppress(exceptions.NotFound, exceptions.InvalidArgument):  # the sweep was faster
            _done(clients, endpoints.undeploy_model(request=request, timeout=TIMEOUT_S))
    _done(clients, endpoints.delete_endpoint(name=name, timeout=TIMEOUT_S))


def _delete_model(clients: Vertex, name: str) -> None:
    """All versions. One that is deployed where we undeploy nothing, is for its deployer to let go."""
    with suppress(exceptions.NotFound):
        versions = clients.models.list_model_versions(name=name, timeout=TIMEOUT_S, retry=RETRY)
        places = sorted({place.endpoint for version in versions for place in version.deployed_models})
        if places:
            raise NotLetGo(f"it is deployed to {', '.join(places)}; undeploy it there first")
    _patiently(clients, lambda: _done(clients, clients.models.delete_model(name=name, timeout=TIMEOUT_S)))


def _patiently(clients: Vertex, act: Callable[[], object]) -> None:
    """Again and again until it is done, gone, refused for good, or too late."""
    until = time.monotonic() + clients.patience_s
    with suppress(exceptions.NotFound):
        while True:
            try:
                act()
                return
            except _BUSY as error:
                if time.monotonic() > until:
                    raise NotLetGo(f"after {clients.patience_s:.0f} s Vertex AI still says: {error.message}") from error
            time.sleep(clients.pause_s)


def _done(clients: Vertex, operation: Any) -> None:
    operation.result(timeout=clients.patience_s)


_HEADER = '"Authorization: Bearer $(gcloud auth print-access-token)"'
# gcloud has no command for a pipeline run
_DELETE_RUN = f"curl -X DELETE -H {_HEADER} https://{{region}}-aiplatform.googleapis.com/v1/{{name}}"
# in the order in which they are let go: a run may still make the others, and a model goes when nothing serves it
KINDS = (
    Kind("pipeline run", _runs, _end_run, 90.0, _DELETE_RUN),
    Kind("training job", _trainings, _end_training, 90.0, "gcloud ai custom-jobs cancel {id} --region {region} --project {project}"),
    Kind("endpoint", _endpoints, _empty_endpoint, 240.0, "gcloud ai endpoints delete {id} --region {region} --project {project}"),
    Kind("model", _models, _delete_model, 20.0, "gcloud ai models delete {id} --region {region} --project {project}"),
)
