"""Copies a container image from one registry to another, byte for byte, over the registries' own HTTP interface.

No Docker is needed, and the digest stays what it was: what one stack has tested is what the other runs.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

import requests

_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
_MANIFESTS = ("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json")
_CHUNK = 1 << 20
_TIMEOUT_S = 300.0


class RegistryError(Exception):
    """A registry refused, or answered other bytes than were asked for; the text names the URL."""


@dataclass(frozen=True)
class Reference:
    """`HOST/REPOSITORY@sha256:...`"""

    host: str
    repository: str
    digest: str

    @classmethod
    def parse(cls, text: str) -> Self:
        name, _, digest = text.partition("@")
        host, _, repository = name.partition("/")
        if not digest.startswith("sha256:") or not repository:
            raise RegistryError(f"{text!r} is no image by digest: HOST/REPOSITORY@sha256:... is wanted")
        return cls(host, repository, digest)

    def within(self, registry: str) -> Self:
        """The same image, by its last name, in another registry (HOST/PATH)."""
        return type(self).parse(f"{registry}/{self.repository.rpartition('/')[2]}@{self.digest}")

    def __str__(self) -> str:
        return f"{self.host}/{self.repository}@{self.digest}"

    def url(self, path: str) -> str:
        """As Docker does: registries on the loopback speak plain HTTP, all others TLS."""
        scheme = "http" if urlsplit(f"//{self.host}").hostname in {"127.0.0.1", "localhost"} else "https"
        return f"{scheme}://{self.host}/v2/{self.repository}/{path}"


class Copier:
    """`session` carries the credentials; `tell` hears of every part that travels."""

    def __init__(self, session: requests.Session, tell: Callable[[str], None]) -> None:
        self._session, self._tell = session, tell

    def copy(self, source: Reference, target: Reference, tag: str) -> None:
        """`tag` keeps the copy from clean-up rules, which take what has none. Raises RegistryError."""
        self._manifest(source, target, source.digest, tag)

    def _manifest(self, source: Reference, target: Reference, digest: str, name: str) -> None:
        """What a manifest names goes first, since a registry takes none that names what it lacks."""
        answer = self._call("GET", source.url(f"manifests/{digest}"), headers={"Accept": ", ".join(_INDEXES + _MANIFESTS)})
        content, kind = answer.content, answer.headers.get("Content-Type", "")
        _check(f"sha256:{hashlib.sha256(content).hexdigest()}", digest, answer.url)
        document: dict[str, Any] = json.loads(content)
        if kind in _INDEXES:
            for entry in document["manifests"]:
                self._manifest(source, target, entry["digest"], entry["digest"])
        else:
            for blob in _blobs(document):
                self._blob(source, target, blob["digest"], int(blob["size"]))
        self._call("PUT", target.url(f"manifests/{name}"), data=content, headers={"Content-Type": kind})

    def _blob(self, source: Reference, target: Reference, digest: str, size: int) -> None:
        if self._session.head(target.url(f"blobs/{digest}"), timeout=_TIMEOUT_S, allow_redirects=True).ok:
            return
        self._tell(f"{target.repository}: {digest[:19]} {size / 1e6:.1f} MB")
        with tempfile.TemporaryFile() as file:
            answer = self._call("GET", source.url(f"blobs/{digest}"), stream=True)
            total = hashlib.sha256()
            for chunk in answer.iter_content(_CHUNK):
                total.update(chunk)
                file.write(chunk)
            _check(f"sha256:{total.hexdigest()}", digest, answer.url)
            file.seek(0)
            begun = self._call("POST", target.url("blobs/uploads/"))
            place = urljoin(begun.url, begun.headers["Location"])
            # in one piece: Artifact Registry takes no upload in parts
            whole = f"{place}{'&' if urlsplit(place).query else '?'}{urlencode({'digest': digest})}"
            self._call("PUT", whole, data=file, headers={"Content-Type": "application/octet-stream"})

    def _call(self, method: str, url: str, **more: Any) -> requests.Response:
        try:
            answer = self._session.request(method, url, timeout=_TIMEOUT_S, **more)
        except requests.RequestException as error:
            raise RegistryError(f"{method} {url}: {error}") from error
        if not answer.ok:
            raise RegistryError(f"{method} {url}: {answer.status_code} {answer.reason}: {answer.text[:300]}")
        return answer


def _blobs(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield manifest["config"]
    yield from manifest["layers"]


def _check(found: str, wanted: str, url: str) -> None:
    if found != wanted:
        raise RegistryError(f"{url} answered {found}, not {wanted}: nothing of it was kept")
