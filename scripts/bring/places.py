"""Where a base goes: a prefix of a bucket, or a folder. Nothing that is there is ever replaced."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from google.api_core.exceptions import GoogleAPIError, NotFound, PreconditionFailed
from google.auth.exceptions import GoogleAuthError
from google.cloud import storage
from google.cloud.storage.retry import DEFAULT_RETRY

from scripts.bring.contents import checksums
from scripts.bring.errors import Occupied, PlaceFailed

SCHEME = "gs://"
_TIMEOUT = (10, 120)
"""seconds to connect, and to wait for an answer"""
_CHUNK = 32 << 20
"""bytes of one request of a large upload"""
Told = Callable[[int], None]


@dataclass(frozen=True)
class Held:
    size: int
    crc32c: str


class Place(Protocol):
    """All methods raise PlaceFailed."""

    def held(self) -> dict[str, Held]:
        """All that is there, by name."""

    def read(self, name: str) -> str: ...

    def put(self, path: Path, name: str, told: Told) -> None:
        """Raises Occupied if there is something of that name by now."""


def place_of(uri: str) -> Place:
    """Raises PlaceFailed for a gs:// address without bucket or prefix."""
    if not uri.startswith(SCHEME):
        return Folder(Path(uri))
    bucket, _, prefix = uri.removeprefix(SCHEME).strip("/").partition("/")
    if not bucket or not prefix:
        raise PlaceFailed(f"{uri!r} is no gs://BUCKET/PREFIX")
    return Bucket(bucket, prefix)


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def held(self) -> dict[str, Held]:
        with _in_words(str(self.root)):
            return {path.relative_to(self.root).as_posix(): _held(path) for path in sorted(self.root.rglob("*")) if path.is_file()}

    def read(self, name: str) -> str:
        with _in_words(str(self.root)):
            return (self.root / name).read_text("utf-8")

    def put(self, path: Path, name: str, told: Told) -> None:
        """Under another place's name until it is whole."""
        target = self.root / name
        if target.exists():
            raise Occupied(f"{target} is there by now")
        partial = self.root.parent / f".{self.root.name}.partial"
        with _in_words(str(self.root)):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, partial)
            partial.rename(target)
        told(path.stat().st_size)


class Bucket:
    def __init__(self, name: str, prefix: str) -> None:
        self.uri, self.prefix = f"{SCHEME}{name}/{prefix}", f"{prefix}/"
        with _in_words(self.uri):
            self.bucket = storage.Client().bucket(name)

    def held(self) -> dict[str, Held]:
        with _in_words(self.uri):
            found = list(self.bucket.list_blobs(prefix=self.prefix, timeout=_TIMEOUT, retry=DEFAULT_RETRY))
        return {blob.name.removeprefix(self.prefix): Held(blob.size, blob.crc32c) for blob in found if not blob.name.endswith("/")}

    def read(self, name: str) -> str:
        with _in_words(self.uri):
            return str(self.bucket.blob(self.prefix + name).download_as_text(timeout=_TIMEOUT, retry=DEFAULT_RETRY))

    def put(self, path: Path, name: str, told: Told) -> None:
        """An object is there whole or not at all; an upload that breaks off begins anew."""
        with _in_words(self.uri):
            try:
                self._put(path, name, told)
            except PreconditionFailed:  # also where the library repeats an upload whose answer was lost
                blob = self.bucket.get_blob(self.prefix + name, timeout=_TIMEOUT)
                if blob is None or Held(blob.size, blob.crc32c) != _held(path):
                    raise Occupied(f"something else came to {self.uri}/{name} meanwhile: name another place with TO") from None

    def _put(self, path: Path, name: str, told: Told) -> None:
        size, blob = path.stat().st_size, self.bucket.blob(self.prefix + name, chunk_size=_CHUNK)
        with _Watched(path, told) as file:
            blob.upload_from_file(file, size=size, if_generation_match=0, checksum="crc32c", timeout=_TIMEOUT, retry=DEFAULT_RETRY)


class _Watched(io.FileIO):
    def __init__(self, path: Path, told: Told) -> None:
        super().__init__(path)
        self.told = told

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(-1 if size is None else size) or b""
        self.told(len(found))
        return found


def _held(path: Path) -> Held:
    found = checksums(path)
    return Held(found.size, found.crc32c)


@contextmanager
def _in_words(uri: str) -> Iterator[None]:
    try:
        yield
    except NotFound as error:
        raise PlaceFailed(f"{uri}: its bucket is not there: gcloud storage buckets create gs://BUCKET --location=REGION") from error
    except (GoogleAPIError, GoogleAuthError, OSError) as error:
        hint = "; signed in? gcloud auth application-default login" if isinstance(error, GoogleAuthError) else ""
        raise PlaceFailed(f"{uri} could not be read or written: {error}{hint}. The same command goes on where it broke off") from error
