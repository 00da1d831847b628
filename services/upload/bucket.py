"""One bucket of Cloud Storage, as this service uses it. Every call has a time limit, and what was stored is compared with what was sent."""

from typing import Any

from google.api_core.exceptions import NotFound, PreconditionFailed
from google.cloud.storage.retry import DEFAULT_RETRY

from services.upload.identifiers import crc32c

TIMEOUT_S = 30.0
_RETRY = DEFAULT_RETRY.with_timeout(20.0)


class Different(Exception):
    """Other bytes are stored under that name already."""


class NoObject(Exception):
    """Nothing is stored under that name."""


class Bucket:
    def __init__(self, bucket: Any, within: str = "") -> None:
        """`bucket` is a google.cloud.storage.Bucket; `within` is a prefix under which this service may read."""
        self._bucket, self._within = bucket, within
        self.name: str = bucket.name

    def keep(self, name: str, data: bytes, content_type: str) -> None:
        """Write once; the same bytes again change nothing. Raises Different."""
        try:
            self._write(name, data, content_type, if_generation_match=0)
        except PreconditionFailed:
            there = self._bucket.get_blob(name, timeout=TIMEOUT_S, retry=_RETRY)
            if there is None or (there.size, there.crc32c) != (len(data), crc32c(data)):
                raise Different(f"other bytes are stored as gs://{self.name}/{name}") from None

    def write(self, name: str, data: bytes, content_type: str) -> None:
        self._write(name, data, content_type)

    def read(self, name: str) -> bytes:
        """Raises NoObject."""
        try:
            data: bytes = self._bucket.blob(name).download_as_bytes(timeout=TIMEOUT_S, retry=_RETRY)
        except NotFound:
            raise NoObject(f"there is no gs://{self.name}/{name}") from None
        return data

    def delete(self, name: str) -> None:
        """What is not there is deleted already."""
        try:
            self._bucket.blob(name).delete(timeout=TIMEOUT_S, retry=_RETRY)
        except NotFound:
            return

    def answers(self) -> None:
        """Raises what Cloud Storage raises when it cannot be used."""
        self._bucket.blob(f"{self._within}readyz").exists(timeout=5.0, retry=None)

    def _write(self, name: str, data: bytes, content_type: str, **preconditions: int) -> None:
        blob = self._bucket.blob(name)
        blob.upload_from_string(data, content_type=content_type, checksum="crc32c", timeout=TIMEOUT_S, retry=_RETRY, **preconditions)
        if blob.crc32c != crc32c(data):
            blob.delete(if_generation_match=blob.generation, timeout=TIMEOUT_S, retry=_RETRY)
            raise OSError(f"gs://{self.name}/{name} was stored with checksum {blob.crc32c}, not {crc32c(data)}")
