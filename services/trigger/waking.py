"""Models of retired jobs that a designer wakes: deployed again, and let go once nobody draws with them.

What Vertex AI begins is not waited for: each sweep looks how far it is. All names are derived, so that whatever was begun twice is one.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from google.api_core.exceptions import AlreadyExists, FailedPrecondition, NotFound
from google.cloud import aiplatform_v1 as vertex

from jobs import names
from jobs.documents import Failure, Job, now
from jobs.library import Deployment, DeploymentState
from jobs.log import log
from services.trigger.clients import RETRY, TIMEOUT_S, Clients
from services.trigger.release import drop, settled
from services.trigger.repairs import each

_GONE = Failure("MODEL_GONE", "The model is not in the registry any more. Train it again.")
_NOT_WOKEN = Failure("NOT_WOKEN", "The model could not be put to work in time. Wake it again in a while.", retryable=True)


def wake(clients: Clients) -> Iterable[bool]:
    """Not while intake is paused: the budget is spent, or the stack is being taken down."""
    waking = clients.deployments.waking()
    if not waking or clients.gate.state().paused:
        return
    for deployment in waking:
        yield each(deployment.job_id, partial(_wake, clients, deployment))


def put_to_sleep(clients: Clients) -> Iterable[bool]:
    """First those whose time is over, then all that should sleep."""
    for deployment in clients.deployments.overdue(now()):
        yield each(deployment.job_id, partial(_over, clients, deployment))
    for deployment in clients.deployments.sleeping():
        yield each(deployment.job_id, partial(_undeploy, clients, deployment))


def _wake(clients: Clients, deployment: Deployment) -> bool:
    job = clients.jobs.get(deployment.job_id)
    if job.erased or (deployment.deadline and deployment.deadline <= now()):
        return False
    endpoint = _endpoint(clients, job)
    if endpoint is None:
        return False
    if any(model.id == names.deployed_model(deployment.attempt) for model in endpoint.deployed_models):
        clients.deployments.awake(deployment, timedelta(hours=clients.settings.idle_hours))
        return True
    return _deploy(clients, deployment, endpoint.name)


def _endpoint(clients: Clients, job: Job) -> vertex.Endpoint | None:
    """None while it is still being made."""
    name = f"{clients.parent}/endpoints/{names.endpoint(job.id)}"
    try:
        return clients.endpoints.get_endpoint(name=name, timeout=TIMEOUT_S, retry=RETRY)
    except NotFound:
        request = vertex.CreateEndpointRequest(parent=clients.parent, endpoint=_wanted(clients, job), endpoint_id=names.endpoint(job.id))
    try:
        made = settled(partial(clients.endpoints.create_endpoint, request=request, timeout=TIMEOUT_S))
    except AlreadyExists:
        made = True
    return clients.endpoints.get_endpoint(name=name, timeout=TIMEOUT_S, retry=RETRY) if made else None


def _wanted(clients: Clients, job: Job) -> vertex.Endpoint:
    settings = clients.settings
    key = {"kms_key_name": settings.kms_key} if settings.kms_key else None
    return vertex.Endpoint(display_name=job.name, labels=names.labels(settings.stack, job.id, job.attempt, job.method), encryption_spec=key)


def _deploy(clients: Clients, deployment: Deployment, endpoint: str) -> bool:
    """Begun: a later sweep finds the model deployed."""
    request = vertex.DeployModelRequest(endpoint=endpoint, deployed_model=_deployed(clients, deployment), traffic_split={"0": 100})
    try:
        clients.endpoints.deploy_model(request=request, timeout=TIMEOUT_S)
    except (AlreadyExists, FailedPrecondition):
        return False  # it is being deployed, or the one before is still being undeployed
    except NotFound:
        clients.deployments.failed(deployment, _GONE)
        return False
    log("model is being deployed", job_id=deployment.job_id, attempt=deployment.attempt)
    return True


def _deployed(clients: Clients, deployment: Deployment) -> vertex.DeployedModel:
    settings, model = clients.settings, names.model(deployment.job_id, deployment.attempt)
    machine = vertex.MachineSpec(machine_type=settings.serving_machine)
    if settings.serving_accelerator:
        machine = vertex.MachineSpec(
            machine_type=settings.serving_machine, accelerator_type=settings.serving_accelerator, accelerator_count=1
        )
    return vertex.DeployedModel(
        id=names.deployed_model(deployment.attempt),
        model=f"{clients.parent}/models/{model}",
        display_name=model,
        service_account=settings.serving_account,
        dedicated_resources=vertex.DedicatedResources(machine_spec=machine, min_replica_count=1, max_replica_count=1),
    )


def _over(clients: Clients, deployment: Deployment) -> bool:
    """One that could not be woken in time is let go with all that has no job that wants it."""
    if deployment.state is DeploymentState.WAKING:
        log("model not woken", severity="ERROR", job_id=deployment.job_id, since=deployment.since)
        return bool(clients.deployments.failed(deployment, _NOT_WOKEN))
    there = clients.deployments.get(deployment.job_id)
    if there != deployment:
        return False  # it was used meanwhile
    return bool(clients.deployments.sleep(deployment.job_id))


def _undeploy(clients: Clients, deployment: Deployment) -> bool:
    if not drop(clients, f"{clients.parent}/endpoints/{names.endpoint(deployment.job_id)}"):
        return False
    clients.deployments.asleep(deployment)
    return True
