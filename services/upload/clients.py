"""Google's clients as this service uses them: made once per process, each call with a time limit."""

import base64
from collections.abc import Callable
from functools import cache
from typing import Any

from google.api_core.exceptions import FailedPrecondition, NotFound
from google.auth.credentials import Signing
from google.cloud import firestore, pubsub_v1, storage

from jobs import names
from jobs.intake import Gate
from jobs.message import Submitted
from jobs.settings import UploadSettings
from jobs.store import Deployments, Erasures, Generations, Jobs, Models, Requests, Uploads, Usages, Webhooks
from services.upload import safety
from services.upload.bucket import Bucket
from services.upload.identity import Verifier
from services.upload.intake import Door
from services.upload.parts import Parts, Print
from services.upload.problems import Problem
from services.upload.watch import Watches
from services.upload.weights import AccountSigner, Weights

PUBLISH_S, PREDICT_S = 10.0, 60.0
_PNG = b"\x89PNG\r\n\x1a\n"


def connect(
    settings: UploadSettings,
    verifier: Verifier | None = None,
    documents: Any = None,
    objects: Any = None,
    publisher: Any = None,
    prediction: Any = None,
    signer: Callable[[], Signing] | None = None,
) -> Parts:
    """Google's own clients, but for those that are given."""
    verifier = verifier or Verifier(settings.iap_audience)
    documents = documents or firestore.Client(project=settings.project, database=settings.database)
    objects = objects or storage.Client(project=settings.project)
    publisher = publisher or pubsub_v1.PublisherClient()
    return Parts(
        settings=settings,
        documents=documents,
        publisher=publisher,
        verifier=verifier,
        jobs=Jobs(documents),
        uploads=Uploads(documents),
        generations=Generations(documents),
        deployments=Deployments(documents),
        library=Models(documents),
        requests=Requests(documents),
        usages=Usages(documents),
        erasures=Erasures(documents),
        webhooks=Webhooks(documents),
        door=Door(Gate(documents)),
        safety=safety.check(settings.safety_check),
        watches=Watches(documents),
        pictures=Bucket(objects.bucket(settings.uploads_bucket)),
        models=Bucket(objects.bucket(settings.models_bucket), within=names.GENERATIONS),
        weights=Weights(objects.bucket(settings.models_bucket), signer or AccountSigner),
        publish=_publish(settings, publisher),
        predict=_predict(settings, prediction),
    )


def _publish(settings: UploadSettings, publisher: Any) -> Callable[[Submitted], None]:
    def publish(message: Submitted) -> None:
        publisher.publish(settings.topic, message.data(), timeout=PUBLISH_S, **message.attributes()).result(timeout=PUBLISH_S)

    return publish


def _predict(settings: UploadSettings, given: Any) -> Callable[[str, dict[str, Any]], Print]:
    @cache
    def client() -> Any:
        if given is not None:
            return given
        from google.cloud import aiplatform_v1  # takes seconds to import, which only the first generation should wait for

        return aiplatform_v1.PredictionServiceClient(client_options={"api_endpoint": f"{settings.region}-aiplatform.googleapis.com"})

    def predict(job_id: str, instance: dict[str, Any]) -> Print:
        endpoint = f"projects/{settings.project}/locations/{settings.region}/endpoints/{names.endpoint(job_id)}"
        try:
            answer = client().predict(endpoint=endpoint, instances=[instance], timeout=PREDICT_S)
        except (NotFound, FailedPrecondition) as error:
            raise Problem("asleep", f"The model of this job is not deployed now: {error.message}") from error
        return _print(answer.predictions[0])

    return predict


def _print(prediction: Any) -> Print:
    png = base64.b64decode(prediction["image_base64"], validate=True)
    if not png.startswith(_PNG):
        raise Problem("unavailable", "The model answered with something that is not a picture. Try again in a moment.")
    return Print(png, int(prediction["seed"]))
