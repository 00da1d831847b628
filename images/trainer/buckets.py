"""Folders to and from Cloud Storage. The one module here that knows Google; a plain folder may stand in for any gs:// prefix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import GoogleAuthError
from google.cloud import storage
from google.cloud.storage.retry import DEFAULT_RETRY

SCHEME = "gs://"
TIMEOUT = (5, 60)
"""seconds to connect, and to wait for the next bytes"""
RETRY = DEFAULT_RETRY.with_timeout(120)
CHUNK = 32 * 2**20
"""bytes of one request of a large upload"""


class StorageFailed(OSError):
    """Cloud Storage did not do what was asked."""


class Buckets:
    def __init__(self, poll: Callable[[], None] = lambda: None) -> None:
        """`poll` is called between objects, and may raise."""
        self.poll = poll
        self._client: storage.Client | None = None

    def fetch(self, uri: str, folder: Path) -> Path:
        """The local folder with what is under the prefix. A uri that is a folder is returned as it is."""
        found = self.fetch_any(uri, folder)
        if not found.is_dir() or not any(found.iterdir()):
            raise StorageFailed(f"nothing is under {uri}")
        return found

    def fetch_any(self, uri: str, folder: Path) -> Path:
        """The same, content with nothing."""
        if not uri.startswith(SCHEME):
            return Path(uri)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            for blob, name in self._under(uri):
                self.poll()
                target = folder / _safe(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                blob.download_to_filename(str(target), timeout=TIMEOUT, retry=RETRY)
        except (GoogleAPIError, GoogleAuthError, OSError) as error:
            raise StorageFailed(f"{uri} could not be downloaded: {error}") from error
        return folder

    def fetch_file(self, uri: str, path: Path) -> Path:
        """The local file with an object's content. A uri that is a file is returned as it is."""
        if not uri.startswith(SCHEME):
            return Path(uri)
        bucket, name = _split(uri)
        try:
            self.client.bucket(bucket).blob(name).download_to_filename(str(path), timeout=TIMEOUT, retry=RETRY)
        except (GoogleAPIError, GoogleAuthError, OSError) as error:
            raise StorageFailed(f"{uri} could not be downloaded: {error}") from error
        return path

    def text(self, uri: str) -> str:
        bucket, name = _split(uri)
        try:
            return str(self.client.bucket(bucket).blob(name).download_as_text(timeout=TIMEOUT, retry=RETRY))
        except (GoogleAPIError, GoogleAuthError, OSError) as error:
            raise StorageFailed(f"{uri} could not be read: {error}") from error

    def has(self, uri: str) -> bool:
        """Whether there is an object of that name."""
        bucket, name = _split(uri)
        try:
            return bool(self.client.bucket(bucket).blob(name).exists(timeout=TIMEOUT, retry=RETRY))
        except (GoogleAPIError, GoogleAuthError, OSError) as error:
            raise StorageFailed(f"{uri} could not be looked for: {error}") from error

    def put(self, path: Path, uri: str) -> None:
        """Upload a file to the object of that name."""
        self._put(uri, lambda blob: blob.upload_from_filename(str(path), timeout=TIMEOUT, retry=RETRY))

    def put_text(self, text: str, uri: str) -> None:
        """A short text; never cached, so that readers see the latest."""

        def upload(blob: storage.Blob) -> None:
            blob.cache_control = "no-store"
            blob.upload_from_string(text, content_type="application/json", timeout=TIMEOUT, retry=RETRY)

        self._put(uri, upload)

    def put_all(self, folder: Path, names: Iterable[str], uri: str) -> None:
        """The named files and folders of a folder."""
        for name in names:
            for path in sorted((folder / name).rglob("*")) if (folder / name).is_dir() else [folder / name]:
                if path.is_file():
                    self.poll()
                    self.put(path, f"{uri.rstrip('/')}/{path.relative_to(folder).as_posix()}")

    def keep_only(self, names: Iterable[str], uri: str) -> None:
        """Delete what else is under the prefix."""
        kept = set(names)
        try:
            for blob, name in self._under(uri):
                if name not in kept:
                    blob.delete(timeout=TIMEOUT, retry=RETRY)
        except (GoogleAPIError, GoogleAuthError, OSError) as error:
            raise StorageFailed(f"{uri} could not be tidied: {error}") from error

    def _put(self, uri: str, upload: Callable[[storage.Blob], None]) -> None:
        bucket, name = _split(uri)
        try:
            upload(self.client.bucket(bucket).blob(name, chunk_size=CHUNK))
        except (GoogleAPIError, GoogleAuthError, OSError) as error:
            raise StorageFailed(f"{uri} could not be written: {error}") from error

    def _under(self, uri: str) -> Iterable[tuple[storage.Blob, str]]:
        bucket, prefix = _split(uri.rstrip("/") + "/")
        for blob in self.client.list_blobs(bucket, prefix=prefix, timeout=TIMEOUT, retry=RETRY):
            if not blob.name.endswith("/"):
                yield blob, blob.name.removeprefix(prefix)

    @property
    def client(self) -> storage.Client:
        if self._client is None:
            self._client = storage.Client()
        return self._client


def _split(uri: str) -> tuple[str, str]:
    bucket, _, name = uri.removeprefix(SCHEME).partition("/")
    if not uri.startswith(SCHEME) or not bucket:
        raise StorageFailed(f"{uri!r} is no gs://bucket/prefix")
    return bucket, name


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise StorageFailed(f"object name {name!r} leads out of its folder")
    return path
