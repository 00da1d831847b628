"""The files that training has left of a version, and links by which a browser fetches them from Cloud Storage itself: weights are
gigabytes, which no request of this service could carry."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Literal

import google.auth
from google.api_core.exceptions import NotFound
from google.auth import iam
from google.auth.credentials import Signing
from google.auth.transport.requests import Request

from jobs import names
from jobs.documents import Job
from jobs.methods import Method
from services.upload.bucket import NoObject

MINUTES = 10
_TIMEOUT_S = 10.0
_ENDPOINT = "https://storage.googleapis.com"
_MODEL, _ADAPTERS = "model/", "adapters/"
# as the trainer calls them
FORMATS: Mapping[str, Literal["diffusers", "kohya"]] = {
    f"{_ADAPTERS}pytorch_lora_weights.safetensors": "diffusers",
    f"{_ADAPTERS}kohya_lora_weights.safetensors": "kohya",
}
_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


@dataclass(frozen=True)
class File:
    """`name` is within the model's folder, or begins with that of the adapters; `crc32c` as Cloud Storage writes it."""

    name: str
    size: int
    crc32c: str


class AccountSigner(Signing):  # type: ignore[misc]  # google.auth's base classes have no types
    """Signs as the account that this service runs as, whose key only Google has. Asked anew each time: links are rare."""

    def __init__(self) -> None:
        request = partial(Request(), timeout=_TIMEOUT_S)
        credentials, _ = google.auth.default(scopes=_SCOPES, request=request)
        credentials.refresh(request)  # only then the metadata server has said which account this is
        self._signer = iam.Signer(request, credentials, credentials.service_account_email)
        self._email = str(credentials.service_account_email)

    def sign_bytes(self, message: bytes) -> bytes:
        signed: bytes = self._signer.sign(message)
        return signed

    @property
    def signer_email(self) -> str:
        return self._email

    @property
    def signer(self) -> Any:
        return self._signer


class Weights:
    def __init__(self, bucket: Any, signer: Callable[[], Signing] = AccountSigner) -> None:
        """`bucket` is a google.cloud.storage.Bucket."""
        self._bucket, self._signer = bucket, signer

    def files(self, job: Job) -> Sequence[File]:
        return self._listed(_run(job) + _MODEL)

    def adapters(self, job: Job) -> Sequence[File]:
        """What LoRA has left beside the model, in each of the formats; nothing of another method."""
        return [file for file in self._listed(_run(job), _ADAPTERS) if file.name in FORMATS] if job.method is Method.LORA else ()

    def _listed(self, folder: str, under: str = "") -> Sequence[File]:
        blobs = self._bucket.list_blobs(prefix=folder + under, timeout=_TIMEOUT_S)
        return [File(blob.name.removeprefix(folder), blob.size, blob.crc32c) for blob in blobs]

    def link(self, job: Job, name: str) -> str:
        """For whoever has it, for some minutes. Raises NoObject."""
        path, known = (_run(job) + name, self.adapters(job)) if name in FORMATS else (_run(job) + _MODEL + name, self.files(job))
        if name not in {file.name for file in known}:
            raise NoObject(f"there is no gs://{self._bucket.name}/{path}")
        url: str = self._bucket.blob(path).generate_signed_url(
            version="v4",
            expiration=timedelta(minutes=MINUTES),
            method="GET",
            credentials=self._signer(),
            api_access_endpoint=_ENDPOINT,
            response_disposition=f'attachment; filename="{file_name(job, name)}"',
        )
        return url

    def figures(self, job: Job) -> dict[str, Any]:
        """What the trainer has measured; empty where it left nothing."""
        blob = self._bucket.blob(f"{_run(job)}metrics.json")
        try:
            found = json.loads(blob.download_as_bytes(timeout=_TIMEOUT_S))
        except NotFound:
            return {}
        return found if isinstance(found, dict) else {}


def file_name(job: Job, name: str) -> str:
    """What a browser calls the file on the designer's disk: nothing but letters, digits, dots and dashes."""
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", f"{job.name}-v{job.attempt}-{name}")
    return plain.strip("-.")


def _run(job: Job) -> str:
    return names.run_prefix(job.id, job.attempt)
