"""The files that training has left of a version, and links by which a browser fetches them from Cloud Storage itself: weights are
gigabytes, which no request of this service could carry."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import google.auth
from google.api_core.exceptions import NotFound
from google.auth import iam
from google.auth.credentials import Signing
from google.auth.transport.requests import Request

from jobs import names
from jobs.documents import Job
from services.upload.bucket import NoObject

MINUTES = 10
_TIMEOUT_S = 10.0
_ENDPOINT = "https://storage.googleapis.com"
_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


@dataclass(frozen=True)
class File:
    """`name` is within the version's folder; `crc32c` as Cloud Storage writes it."""

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
        folder = _folder(job)
        blobs = self._bucket.list_blobs(prefix=folder, timeout=_TIMEOUT_S)
        return [File(blob.name.removeprefix(folder), blob.size, blob.crc32c) for blob in blobs]

    def link(self, job: Job, name: str) -> str:
        """For whoever has it, for some minutes. Raises NoObject."""
        if name not in {file.name for file in self.files(job)}:
            raise NoObject(f"there is no gs://{self._bucket.name}/{_folder(job)}{name}")
        url: str = self._bucket.blob(_folder(job) + name).generate_signed_url(
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
        blob = self._bucket.blob(f"{names.run_prefix(job.id, job.attempt)}metrics.json")
        try:
            found = json.loads(blob.download_as_bytes(timeout=_TIMEOUT_S))
        except NotFound:
            return {}
        return found if isinstance(found, dict) else {}


def file_name(job: Job, name: str) -> str:
    """What a browser calls the file on the designer's disk: nothing but letters, digits, dots and dashes."""
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", f"{job.name}-v{job.attempt}-{name}")
    return plain.strip("-.")


def _folder(job: Job) -> str:
    return f"{names.run_prefix(job.id, job.attempt)}model/"
