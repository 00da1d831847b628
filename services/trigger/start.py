"""From a message to a pipeline run. The run's id is derived from the job and its attempt: a redelivery meets the run it made."""

import yaml
from google.api_core.exceptions import AlreadyExists
from google.cloud import aiplatform_v1 as vertex
from google.protobuf import json_format, struct_pb2

from jobs import names
from jobs.documents import Job
from jobs.job import LIFE, NotAllowed, State, Superseded
from jobs.log import log
from jobs.message import Submitted
from services.trigger.clients import TIMEOUT_S, Clients


def start(clients: Clients, submitted: Submitted) -> None:
    """Idempotent. Raises UnknownJob, Superseded; any other error is for Pub/Sub to deliver again."""
    job = clients.jobs.get(submitted.job_id)
    if job.attempt != submitted.attempt:
        raise Superseded(job.id, submitted.attempt, job.attempt)
    if LIFE[job.state].rank >= LIFE[State.QUEUED].rank:
        log("job was started already", job_id=job.id, state=job.state)
        return
    run = _create(clients, job)
    try:
        clients.jobs.advance(job.id, job.attempt, State.QUEUED, by="start", pipeline=run)
    except NotAllowed:
        # cancelled between reading and creating: the run must not outlive it
        clients.pipelines.cancel_pipeline_job(name=run, timeout=TIMEOUT_S)
        raise


def _create(clients: Clients, job: Job) -> str:
    run_id = names.pipeline(job.id, job.attempt)
    try:
        run = clients.pipelines.create_pipeline_job(
            parent=clients.parent, pipeline_job=_run(clients, job), pipeline_job_id=run_id, timeout=TIMEOUT_S
        )
        log("pipeline run created", job_id=job.id, attempt=job.attempt, run=run.name)
    except AlreadyExists:
        log("pipeline run was there already", job_id=job.id, attempt=job.attempt, run=run_id)
    return f"{clients.parent}/pipelineJobs/{run_id}"


def _run(clients: Clients, job: Job) -> vertex.PipelineJob:
    settings = clients.settings
    spec, *_ = yaml.safe_load_all(clients.template())
    parameters = {"job_id": job.id, "attempt": job.attempt}
    return vertex.PipelineJob(
        display_name=names.pipeline(job.id, job.attempt),
        pipeline_spec=json_format.ParseDict(spec, struct_pb2.Struct()),
        labels=names.labels(settings.stack, job.id, job.attempt, job.method),
        service_account=settings.pipeline_account,
        encryption_spec={"kms_key_name": settings.kms_key} if settings.kms_key else None,
        runtime_config=vertex.PipelineJob.RuntimeConfig(
            gcs_output_directory=settings.pipeline_root,
            parameter_values={name: json_format.ParseDict(value, struct_pb2.Value()) for name, value in parameters.items()},
            failure_policy=vertex.PipelineFailurePolicy.PIPELINE_FAILURE_POLICY_FAIL_FAST,
        ),
    )
