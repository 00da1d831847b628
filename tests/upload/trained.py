"""Jobs that have a model, without the hours that training takes."""

import base64
import json
import secrets
from dataclasses import replace
from typing import Any

from jobs import names
from jobs.documents import Progress, Result, now
from jobs.job import State
from jobs.library import Generation
from tests.upload.cloud import PUSH_ACCOUNT
from tests.upload.conftest import Service

BASE = "gs://models/stable-diffusion-v1-5"


def with_parts(service: Service, **parts: Any) -> None:
    """The service from now on, with other parts."""
    application = service.http.application
    application.extensions["parts"] = replace(application.extensions["parts"], **parts)


def job(service: Service, state: State = State.READY, pictures: int = 5) -> str:
    """Ready, and retired if that is asked."""
    job_id = service.job_with_pictures(pictures)
    jobs, run = service.parts.jobs, f"gs://{service.parts.models.name}/{names.run_prefix(job_id, 1)}"
    jobs.submit(job_id, pictures, by="test")
    jobs.advance(job_id, 1, State.QUEUED, by="test", pipeline="projects/p/locations/us-central1/pipelineJobs/run")
    samples = tuple(f"{run}samples/{step:04}.png" for step in (50, 100))
    result = Result("projects/p/locations/us-central1/models/m@1", BASE, "endpoint", f"{run}before.png", f"{run}after.png", 0.31, 0.84)
    jobs.advance(job_id, 1, State.READY, by="test", result=result, progress=Progress(samples=samples), finished=now())
    if state is State.RETIRED:
        jobs.advance(job_id, 1, State.RETIRED, by="test")
    return job_id


def weights(service: Service, job_id: str, **files: bytes) -> None:
    """As the trainer leaves them; `__` in a name stands for a folder."""
    bucket = service.objects.bucket(service.parts.settings.models_bucket)
    for name, data in files.items():
        path = f"{names.run_prefix(job_id, 1)}{name.replace('__', '/')}"
        bucket.blob(path).upload_from_string(data)


def ask(service: Service, job_id: str, key: str | None = None, as_: str | None = None, **fields: Any) -> Any:
    headers = {"Idempotency-Key": key or secrets.token_hex(8)}
    return service.call("POST", f"/v1/models/{job_id}/generations", as_=as_, json={"prompt": "a sks cat", **fields}, headers=headers)


def push_headers(email: str = PUSH_ACCOUNT, **more: str) -> dict[str, str]:
    """As Cloud Run passes them on: the token that it checked, without its signature."""
    claims = base64.urlsafe_b64encode(json.dumps({"email": email, "aud": "https://upload"}).encode()).decode().rstrip("=")
    return {"Authorization": f"Bearer e30.{claims}.SIGNATURE_REMOVED_BY_GOOGLE", **more}


def push(service: Service, generation_id: str, **headers: str) -> Any:
    """As Pub/Sub delivers it."""
    data = base64.b64encode(json.dumps({"generationId": generation_id}).encode()).decode()
    body = {"message": {"data": data, "attributes": {"schema": "1"}, "messageId": "1"}, "subscription": "projects/p/subscriptions/s"}
    return service.http.post("/push/generations", json=body, headers=headers or push_headers())


def drawn(service: Service, job_id: str, **fields: Any) -> Generation:
    generation_id = ask(service, job_id, **fields).json["id"]
    assert push(service, generation_id).status_code == 204
    found = service.parts.generations.get(generation_id)
    assert found
    return found


def stored(service: Service, job_id: str) -> list[str]:
    """Names of the drawn pictures in the bucket."""
    bucket = service.objects.bucket(service.parts.settings.models_bucket)
    return sorted(blob.name.rpartition("/")[2] for blob in bucket.list_blobs(prefix=f"{names.GENERATIONS}{job_id}/"))
