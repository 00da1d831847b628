import secrets
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore, storage

from jobs import names
from jobs.job import UploadState
from services.upload.app import create_app
from services.upload.identifiers import crc32c
from services.upload.identity import HEADER, Verifier
from services.upload.parts import Parts
from tests import serving
from tests.upload import cloud


@pytest.fixture(scope="session")
def firestore_address() -> Iterator[str]:
    with cloud.firestore() as address:
        yield address


@pytest.fixture(scope="session")
def storage_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving.storage(tmp_path_factory.mktemp("storage")) as url:
        yield url


@pytest.fixture(scope="session")
def provider() -> Iterator[cloud.IdentityProvider]:
    with cloud.identity_provider() as provider:
        yield provider


@dataclass
class Service:
    """The service, what it runs on, and a designer who uses it."""

    http: FlaskClient
    provider: cloud.IdentityProvider
    parts: Parts
    documents: firestore.Client
    objects: storage.Client
    topic: cloud.Topic = field(default_factory=cloud.Topic)
    endpoint: cloud.Endpoint = field(default_factory=cloud.Endpoint)
    email: str = "ada@example.com"

    def call(self, method: str, path: str, *, as_: str | None = None, **options: Any) -> Any:
        own = {HEADER: self.provider.assertion(as_ or self.email), "X-Requested-With": "XMLHttpRequest"}
        return self.http.open(path, method=method, headers={**own, **options.pop("headers", {})}, **options)

    def create(self, key: str | None = None, **fields: Any) -> Any:
        body = {"name": "Cat", "subject": "sks", "classWord": "cat", "method": "dreambooth", "consent": True, **fields}
        return self.call("POST", "/v1/jobs", json=body, headers={"Idempotency-Key": key or secrets.token_hex(8)})

    def register(self, job_id: str, *pictures: tuple[str, bytes]) -> Any:
        uploads = [{"fileName": name, "size": len(data), "crc32c": crc32c(data), "contentType": "image/png"} for name, data in pictures]
        return self.call("POST", f"/v1/jobs/{job_id}/uploads", json={"uploads": uploads})

    def put(self, job_id: str, name: str, data: bytes) -> Any:
        upload = self.register(job_id, (name, data)).json["uploads"][0]
        return self.call("PUT", upload["url"], data=data)

    def job_with_pictures(self, count: int = 5) -> str:
        """As if they had been sent, without the seconds that decoding takes."""
        job_id: str = self.create().json["id"]
        self.register(job_id, *((f"{number}.png", cloud.picture(number)) for number in range(count)))
        for upload, number in zip(self.parts.uploads.of_job(job_id), range(count), strict=True):
            self.parts.pictures.keep(names.clean(job_id, upload.id), cloud.picture(number), "image/png")
            self.parts.uploads.settle(upload, UploadState.VERIFIED, width=96, height=80)
        return job_id

    def objects_of(self, job_id: str, prefix: str = "clean") -> list[str]:
        bucket = self.objects.bucket(self.parts.settings.uploads_bucket)
        return sorted(blob.name for blob in bucket.list_blobs(prefix=f"{prefix}/{job_id}/"))


@pytest.fixture
def service(
    firestore_address: str, storage_url: str, provider: cloud.IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    project = f"test-{secrets.token_hex(4)}"
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_address)
    settings = cloud.settings(project)
    documents = firestore.Client(project=project)
    objects = storage.Client(project=project, credentials=AnonymousCredentials(), client_options=ClientOptions(api_endpoint=storage_url))
    for bucket in (settings.uploads_bucket, settings.models_bucket):
        objects.create_bucket(bucket)
    topic, endpoint = cloud.Topic(), cloud.Endpoint()
    verifier = Verifier(cloud.AUDIENCE, provider.url)
    app = create_app(settings, verifier=verifier, documents=documents, objects=objects, publisher=topic, prediction=endpoint)
    yield Service(app.test_client(), provider, app.extensions["parts"], documents, objects, topic, endpoint)
    documents.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        objects.close()
