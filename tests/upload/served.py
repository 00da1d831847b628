"""The service as gunicorn serves it, on the tests' own cloud, with the part of the identity proxy in front that turns a caller's
bearer token into the signed header."""

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from apiflask import APIFlask
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from jobs.settings import UploadSettings
from services.upload.app import create_app
from services.upload.identity import Verifier
from services.upload.watch import Patience, Watches
from tests.upload.cloud import Endpoint, Topic
from tests.upload.signing import signer


def create(**patience: float) -> APIFlask:
    settings = UploadSettings.from_env()
    address = ClientOptions(api_endpoint=os.environ["TEST_STORAGE_URL"])
    objects = storage.Client(project=settings.project, credentials=AnonymousCredentials(), client_options=address)
    verifier = Verifier(settings.iap_audience, os.environ["TEST_KEYS_URL"])
    app = create_app(settings, verifier=verifier, objects=objects, publisher=Topic(), prediction=Endpoint(), signer=signer)
    parts = app.extensions["parts"]
    app.extensions["parts"] = replace(parts, watches=Watches(parts.documents, Patience(**patience)))
    service = app.wsgi_app

    def front(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["HTTP_X_GOOG_IAP_JWT_ASSERTION"] = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        return service(environ, start_response)

    app.wsgi_app = front  # type: ignore[method-assign]
    return app
