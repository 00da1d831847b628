"""The service as gunicorn serves it, on the tests' own cloud, with the part of the identity proxy in front that turns a caller's
bearer token into the signed header."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from jobs.settings import UploadSettings
from services.upload.app import create_app
from services.upload.identity import Verifier
from tests.upload.cloud import Endpoint, Topic


def create() -> Callable[..., Iterable[bytes]]:
    settings = UploadSettings.from_env()
    address = ClientOptions(api_endpoint=os.environ["TEST_STORAGE_URL"])
    objects = storage.Client(project=settings.project, credentials=AnonymousCredentials(), client_options=address)
    verifier = Verifier(settings.iap_audience, os.environ["TEST_KEYS_URL"])
    app = create_app(settings, verifier=verifier, objects=objects, publisher=Topic(), prediction=Endpoint())

    def front(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["HTTP_X_GOOG_IAP_JWT_ASSERTION"] = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        return app(environ, start_response)

    return front
