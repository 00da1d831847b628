"""The upload service as gunicorn serves it on a stage: what it publishes is delivered to itself, and a painter stands in for the models."""

import base64
import json
import os
import threading
import time
from concurrent.futures import Future
from typing import Any

import requests
from apiflask import APIFlask
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore, storage

from jobs.settings import UploadSettings
from jobs.store import Jobs
from services.upload.app import create_app
from services.upload.identity import Verifier
from tests.portal import painter
from tests.upload.cloud import PUSH_ACCOUNT, Answer
from tests.upload.signing import signer

_TRIES, _PAUSE_S = 5, 1.0
# where photographs of the job's own pictures end and prints begin
PRINTS = 100


def create() -> APIFlask:
    settings = UploadSettings.from_env()
    address = ClientOptions(api_endpoint=os.environ["STAGE_STORAGE_URL"])
    objects = storage.Client(project=settings.project, credentials=AnonymousCredentials(), client_options=address)
    documents = firestore.Client(project=settings.project, database=settings.database)
    verifier = Verifier(settings.iap_audience, os.environ["STAGE_KEYS_URL"])
    publisher = Delivered(settings.generations_topic, f"{os.environ['STAGE_URL']}/push/generations")
    painted = Painted(Jobs(documents), float(os.environ["STAGE_DRAWING_S"]))
    return create_app(
        settings, verifier=verifier, documents=documents, objects=objects, publisher=publisher, prediction=painted, signer=signer
    )


class Delivered:
    """A topic with one push subscription. What is published of jobs is left to whoever reads the outbox."""

    def __init__(self, topic: str, url: str) -> None:
        self._topic, self._url = topic, url

    def publish(self, topic: str, data: bytes, timeout: float, **attributes: str) -> Future[str]:
        if topic == self._topic:
            threading.Thread(target=self._deliver, args=(data, attributes), daemon=True).start()
        future: Future[str] = Future()
        future.set_result("1")
        return future

    def _deliver(self, data: bytes, attributes: dict[str, str]) -> None:
        body = {"message": {"data": base64.b64encode(data).decode(), "attributes": attributes, "messageId": "1"}, "subscription": "s"}
        claims = base64.urlsafe_b64encode(json.dumps({"email": PUSH_ACCOUNT}).encode()).decode().rstrip("=")
        for _ in range(_TRIES):
            answer = requests.post(self._url, json=body, headers={"Authorization": f"Bearer e30.{claims}.x"}, timeout=60)
            if answer.ok:
                return
            time.sleep(_PAUSE_S)


class Painted:
    """Every endpoint there is, as google.cloud.aiplatform_v1.PredictionServiceClient reaches it."""

    def __init__(self, jobs: Jobs, seconds: float) -> None:
        self._jobs, self._seconds = jobs, seconds

    def predict(self, *, endpoint: str, instances: list[dict[str, Any]], timeout: float) -> Answer:
        time.sleep(self._seconds)
        job = self._jobs.get(endpoint.rpartition("sdfd-")[2])
        [wanted] = instances
        draw = painter.strange if _is_base(wanted) else painter.shot
        png = draw(job.class_word, PRINTS + int(wanted["seed"]) % 40)
        return Answer([{"image_base64": base64.b64encode(png).decode(), "seed": float(wanted["seed"])}])


def _is_base(wanted: dict[str, Any]) -> bool:
    return bool(wanted.get("base"))
