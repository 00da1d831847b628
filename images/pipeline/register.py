"""Put the tuned model into the registry, under the name that its job and attempt give it."""

from google.api_core.exceptions import AlreadyExists
from google.cloud import aiplatform_v1 as vertex

from images.pipeline.step import RETRY, TIMEOUT_S, Step, run_step
from jobs import names
from jobs.documents import Result
from jobs.job import State

_OPERATION_S = 900.0


def main(step: Step, weights: str) -> str:
    """Answers the model's resource name."""
    step.advance(State.REGISTERING)
    client = step.vertex(vertex.ModelServiceClient)
    model_id = names.model(step.job_id, step.attempt)
    try:
        request = vertex.UploadModelRequest(parent=step.parent, model_id=model_id, model=_model(step, weights))
        model = client.upload_model(request=request, timeout=TIMEOUT_S).result(timeout=_OPERATION_S).model
    except AlreadyExists:
        model = client.get_model(name=f"{step.parent}/models/{model_id}", timeout=TIMEOUT_S, retry=RETRY).name
    result = step.jobs.get(step.job_id).result
    step.jobs.note(step.job_id, result=Result(**{**vars(result), "model": model, "base": step.settings.base_model}))
    return str(model)


def _model(step: Step, weights: str) -> vertex.Model:
    job = step.jobs.get(step.job_id)
    return vertex.Model(
        display_name=job.name,
        description=f"{job.method}: {job.subject} {job.class_word}",
        labels=step.labels(job.method),
        encryption_spec=step.encryption,
        artifact_uri=weights,
        container_spec=vertex.ModelContainerSpec(
            image_uri=step.settings.trainer_image,
            env=[vertex.EnvVar(name="BASE_MODEL", value=step.settings.base_model)],
            command=["python", "-m", "images.trainer.serve"],
            ports=[vertex.Port(container_port=8080)],
            predict_route="/predict",
            health_route="/health",
        ),
    )


if __name__ == "__main__":
    run_step("register", main, "--weights")
