"""Deploy the model to the job's endpoint, and call the job ready once it has drawn a picture."""

from typing import Any

from google.api_core.exceptions import AlreadyExists, GoogleAPICallError
from google.cloud import aiplatform_v1 as vertex
from google.protobuf import json_format, struct_pb2

from images.pipeline.step import RETRY, TIMEOUT_S, Step, StepFailed, run_step
from images.pipeline.train import machine
from jobs import names
from jobs.documents import Result
from jobs.job import State

_OPERATION_S = 3600.0
_SMOKE_S = 120.0


def main(step: Step, model: str) -> str:
    """Answers the endpoint's resource name."""
    step.advance(State.DEPLOYING)
    client = step.vertex(vertex.EndpointServiceClient)
    endpoint = _endpoint(step, client)
    _deploy(step, client, endpoint, model)
    _smoke(step, endpoint)
    result = step.jobs.get(step.job_id).result
    step.advance(State.READY, result=Result(**{**vars(result), "endpoint": endpoint}))
    return endpoint


def _endpoint(step: Step, client: Any) -> str:
    name = f"{step.parent}/endpoints/{names.endpoint(step.job_id)}"
    job = step.jobs.get(step.job_id)
    wanted = vertex.Endpoint(display_name=job.name, labels=step.labels(job.method), encryption_spec=step.encryption)
    try:
        request = vertex.CreateEndpointRequest(parent=step.parent, endpoint=wanted, endpoint_id=names.endpoint(step.job_id))
        client.create_endpoint(request=request, timeout=TIMEOUT_S).result(timeout=_OPERATION_S)
    except AlreadyExists:
        step.log("endpoint was there already", endpoint=name)
    return name


def _deploy(step: Step, client: Any, endpoint: str, model: str) -> None:
    found = client.get_endpoint(name=endpoint, timeout=TIMEOUT_S, retry=RETRY)
    if any(deployed.id == names.deployed_model(step.attempt) for deployed in found.deployed_models):
        return
    deployed = vertex.DeployedModel(
        id=names.deployed_model(step.attempt),
        model=model,
        display_name=names.model(step.job_id, step.attempt),
        service_account=step.settings.serving_account,
        dedicated_resources=vertex.DedicatedResources(
            machine_spec=machine(step.settings.serving_machine, step.settings.serving_accelerator),
            min_replica_count=1,
            max_replica_count=1,
        ),
    )
    try:
        request = vertex.DeployModelRequest(endpoint=endpoint, deployed_model=deployed, traffic_split={"0": 100})
        client.deploy_model(request=request, timeout=TIMEOUT_S).result(timeout=_OPERATION_S)
    except AlreadyExists:
        step.log("model was deployed already", endpoint=endpoint)
    except GoogleAPICallError as error:
        raise StepFailed("DEPLOY", f"The trained model could not be put to work: {error.message}", retryable=True) from error


def _smoke(step: Step, endpoint: str) -> None:
    """One picture with a fixed seed: an endpoint that is up but draws nothing is not ready."""
    job = step.jobs.get(step.job_id)
    instance = {"prompt": names.prompt(job.subject, job.class_word), "seed": 0, "steps": min(10, step.settings.sampling_steps)}
    client = step.vertex(vertex.PredictionServiceClient)
    instances = [json_format.ParseDict(instance, struct_pb2.Value())]
    try:
        answer = client.predict(endpoint=endpoint, instances=instances, timeout=_SMOKE_S, retry=RETRY)
    except GoogleAPICallError as error:
        raise StepFailed("DEPLOY", f"The trained model is up but draws nothing: {error.message}", retryable=True) from error
    if not answer.predictions:
        raise StepFailed("DEPLOY", "The trained model is up but answers without a picture.", retryable=True)


if __name__ == "__main__":
    run_step("deploy", main, "--model")
