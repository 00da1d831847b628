"""Start the trainer as a Vertex AI CustomJob, and tell the designer how far it is until it ends."""

import json
import time
from typing import Any

from google.api_core.exceptions import NotFound
from google.cloud import aiplatform_v1 as vertex

from images.pipeline.step import RETRY, TIMEOUT_S, Step, StepFailed, run_step
from jobs import names
from jobs.documents import Job, Progress
from jobs.job import State, UploadState
from jobs.methods import Method
from jobs.settings import StepSettings

_COMMAND = ["python", "-m", "images.trainer.vertex"]
_STOPPED = "Training stopped before it was done. Start it again; if it stops again, tell your platform team."
_LIVE = {vertex.JobState.JOB_STATE_QUEUED, vertex.JobState.JOB_STATE_PENDING, vertex.JobState.JOB_STATE_RUNNING}


def main(step: Step) -> str:
    """Answers the gs:// URI under which the trainer has left the model, its metrics and its sample pictures."""
    step.advance(State.PROVISIONING)
    client = step.vertex(vertex.JobServiceClient)
    found = _adopt(step, client) or _create(step, client)
    step.log("training job started", customJob=found.name)
    while found.state in _LIVE or found.state == vertex.JobState.JOB_STATE_UNSPECIFIED:
        if found.state == vertex.JobState.JOB_STATE_RUNNING:
            hand_on(step)
        time.sleep(step.settings.poll_seconds)
        found = client.get_custom_job(name=found.name, timeout=TIMEOUT_S, retry=RETRY)
    if found.state != vertex.JobState.JOB_STATE_SUCCEEDED:
        step.log("training job ended badly", severity="ERROR", state=found.state.name, reason=found.error.message)
        raise StepFailed("TRAINING", _STOPPED, retryable=True)
    _tell(step)
    return step.run_uri


def _adopt(step: Step, client: Any) -> Any:
    """The job that an earlier run of this step made: creating has no client-chosen id, so a second GPU is avoided by the labels."""
    wanted = " AND ".join(f'labels.{key}="{value}"' for key, value in (("job", step.job_id), ("attempt", step.attempt)))
    request = vertex.ListCustomJobsRequest(parent=step.parent, filter=wanted)
    return next(iter(client.list_custom_jobs(request=request, timeout=TIMEOUT_S, retry=RETRY)), None)


def _create(step: Step, client: Any) -> Any:
    settings, asked = step.settings, step.jobs.get(step.job_id)
    job = vertex.CustomJob(
        display_name=names.pipeline(step.job_id, step.attempt),
        labels=step.labels(asked.method),
        encryption_spec=step.encryption,
        job_spec=vertex.CustomJobSpec(
            service_account=settings.trainer_account,
            base_output_directory=vertex.GcsDestination(output_uri_prefix=step.run_uri.rstrip("/")),
            scheduling=vertex.Scheduling(timeout=f"{int(settings.training_hours * 3600)}s"),
            worker_pool_specs=[
                vertex.WorkerPoolSpec(
                    machine_spec=machine(settings.training_machine, settings.training_accelerator),
                    replica_count=1,
                    container_spec=vertex.ContainerSpec(image_uri=settings.trainer_image, command=_COMMAND, args=_arguments(step, asked)),
                )
            ],
        ),
    )
    return client.create_custom_job(parent=step.parent, custom_job=job, timeout=TIMEOUT_S)


def machine(kind: str, accelerator: str) -> vertex.MachineSpec:
    if not accelerator:
        return vertex.MachineSpec(machine_type=kind)
    return vertex.MachineSpec(machine_type=kind, accelerator_type=accelerator, accelerator_count=1)


def _arguments(step: Step, job: Job) -> list[str]:
    settings = step.settings
    flags = {
        "pictures": f"gs://{settings.uploads_bucket}/{names.clean_prefix(step.job_id)}",
        "base": settings.base_model,
        "output": step.run_uri,
        "classes": f"gs://{settings.models_bucket}/{names.class_prefix(step.job_id)}",
        "instance-prompt": names.prompt(job.subject, job.class_word),
        "class-prompt": names.class_prompt(job.class_word),
        "method": job.method,
        "steps": job.steps or settings.training_steps,
        "batch-size": settings.batch_size,
        "learning-rate": _learning_rate(settings, job.method),
        "class-pictures": settings.class_pictures,
        "sampling-steps": settings.sampling_steps,
        "guidance": settings.guidance,
        "resolution": settings.resolution,
        "seed": step.attempt,
        **_captions(step),
    }
    return [f"--{name}={value}" for name, value in flags.items()]


def _learning_rate(settings: StepSettings, method: Method) -> float:
    return {Method.DREAMBOOTH: settings.learning_rate, Method.LORA: settings.lora_learning_rate}[method]


def hand_on(step: Step) -> None:
    """While it trains: its progress to the designer, and the designer's word that it is enough to the trainer."""
    job = step.advance(State.TRAINING)
    _tell(step)
    if job.finishing:
        step.leave("finish", json.dumps({"asked": job.finishing.isoformat()}))


def _captions(step: Step) -> dict[str, str]:
    """The flag that names what the designer says of single pictures, by the names of their files; none where nothing is said."""
    verified = [upload for upload in step.uploads.of_job(step.job_id) if upload.state is UploadState.VERIFIED]
    said = {names.clean_name(upload.id): upload.caption for upload in verified if upload.caption}
    return {"captions": step.leave("captions.json", json.dumps(said))} if said else {}


def _tell(step: Step) -> None:
    """The trainer has no rights on Firestore: it leaves its progress beside its weights, and this step carries it over."""
    try:
        text = step.models_bucket.blob(f"{step.run}progress.json").download_as_bytes(timeout=TIMEOUT_S)
    except NotFound:
        return
    step.jobs.note(step.job_id, progress=Progress.read(json.loads(text)))


if __name__ == "__main__":
    run_step("train", main)
