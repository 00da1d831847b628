"""One bucket of Cloud Storage, as this service uses it. Every call has a time limit, and what was stored is compared with what was sent."""

import json
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from google.api_core.exceptions import NotFound, PreconditionFailed, ServiceUnavailable, from_http_response
from google.cloud.storage.retry import DEFAULT_RETRY
from requests import RequestException, Session
from requests.adapters import HTTPAdapter

from jobs.documents import now
from services.upload.bodies import Bytes, Text

TIMEOUT_S = 30.0
_RETRY = DEFAULT_RETRY.with_timeout(20.0)
# as many requests as may be under way keep their connection; beyond ten, the library's default, each would begin a new one
_CONNECTIONS = 64
# what a request that died left behind is taken over while it is young; the sweep removes it later, so that it is then written anew
_FRESH = timedelta(minutes=5)
_TRIES = 4


class Different(Exception):
    """Other bytes are stored under that name already."""


class NoObject(Exception):
    """Nothing is stored under that name."""


class Bucket:
    def __init__(self, bucket: Any, within: str = "") -> None:
        """`bucket` is a google.cloud.storage.Bucket; `within` is a prefix under which this service may read."""
        self._bucket, self._within = bucket, within
        self.name: str = bucket.name
        self._url = f"{bucket.client.api_endpoint}/upload/storage/v1/b/{quote(bucket.name)}/o"
        self._session = _tuned(bucket.client._http, self._url)

    def keep(self, name: str, data: bytes | Bytes, content_type: str) -> None:
        """Write once; the same bytes again change nothing. Raises Different."""
        body = Text(data) if isinstance(data, bytes) else data
        generation = 0
        for _ in range(_TRIES):
            try:
                self._write(name, body, content_type, generation)
            except PreconditionFailed:
                there = self._bucket.get_blob(name, timeout=TIMEOUT_S, retry=_RETRY)
            else:
                return
            if there is None:
                generation = 0
            elif (there.size, there.crc32c) != (body.size, body.crc32c):
                raise Different(f"other bytes are stored as gs://{self.name}/{name}") from None
            elif now() - there.time_created < _FRESH:
                return
            else:
                generation = there.generation
        raise ServiceUnavailable(f"gs://{self.name}/{name} is being written by too many at once")

    def write(self, name: str, data: bytes | Bytes, content_type: str) -> None:
        self._write(name, Text(data) if isinstance(data, bytes) else data, content_type)

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

    def _write(self, name: str, body: Bytes, content_type: str, generation: int | None = None) -> None:
        stored = _RETRY(self._send)(_Related(name, body, content_type), generation)
        if (int(stored["size"]), stored["crc32c"]) != (body.size, body.crc32c):
            self._bucket.blob(name).delete(if_generation_match=int(stored["generation"]), timeout=TIMEOUT_S, retry=_RETRY)
            raise OSError(f"gs://{self.name}/{name} was stored with checksum {stored['crc32c']}, not {body.crc32c}")

    def _send(self, related: "_Related", generation: int | None) -> dict[str, Any]:
        """In one request, piece by piece: the library's own way of one request takes the whole body in memory, twice."""
        query = {"uploadType": "multipart", **({} if generation is None else {"ifGenerationMatch": str(generation)})}
        headers = {"Content-Type": related.content_type}
        try:
            answer = self._session.request("POST", self._url, params=query, data=related, headers=headers, timeout=TIMEOUT_S)
        except RequestException as error:
            raise ServiceUnavailable(f"gs://{self.name} does not answer: {type(error).__name__}") from error
        if not answer.ok:
            raise from_http_response(answer)
        stored: dict[str, Any] = answer.json()
        return stored


def _tuned(session: Session, url: str) -> Session:
    """The environment says which proxy and which authorities, and is asked once: to ask for each request costs a tenth of an upload."""
    found = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify, session.trust_env = found["proxies"], found["verify"], False
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS))
    return session


class _Related:
    """A `multipart/related` body: what the object is, with the checksum that the store must find too, then its bytes."""

    def __init__(self, name: str, body: Bytes, content_type: str) -> None:
        boundary, resource = secrets.token_hex(16), json.dumps({"name": name, "contentType": content_type, "crc32c": body.crc32c})
        self.content_type = f'multipart/related; boundary="{boundary}"'
        self._head = (
            f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{resource}\r\n"
            f"--{boundary}\r\nContent-Type: {content_type}\r\n\r\n"
        ).encode()
        self._body, self._tail = body, f"\r\n--{boundary}--".encode()

    def __len__(self) -> int:
        return len(self._head) + self._body.size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        yield from self._body.pieces()
        yield self._tail
