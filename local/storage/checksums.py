"""The two checksums of an object, and what a client claims that they are."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import google_crc32c

from local.storage.errors import Invalid

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Checksums:
    """In base64, as Google writes them; the crc32c is big-endian. A composed object has no md5."""

    size: int
    crc32c: str
    md5: str | None = None


class Sum:
    """Both checksums of bytes that come one block after another."""

    def __init__(self, md5: bool = True) -> None:
        self._size = self._crc = 0
        self._md5 = hashlib.md5(usedforsecurity=False) if md5 else None

    def add(self, block: bytes) -> None:
        self._size += len(block)
        self._crc = google_crc32c.extend(self._crc, block)
        if self._md5:
            self._md5.update(block)

    def found(self) -> Checksums:
        return Checksums(self._size, _text(self._crc.to_bytes(4, "big")), _text(self._md5.digest()) if self._md5 else None)


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def of_file(path: Path, md5: bool = True) -> Checksums:
    sums = Sum(md5)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sums.add(block)
    return sums.found()


@dataclass(frozen=True)
class Expected:
    """What the client says that the bytes are; empty means that it does not say."""

    crc32c: str = ""
    md5: str = ""

    def check(self, found: Checksums) -> None:
        for name, claimed, calculated in (("CRC32C", self.crc32c, found.crc32c), ("MD5", self.md5, found.md5)):
            if claimed and calculated and claimed != calculated:
                raise Invalid(f'Provided {name} hash "{claimed}" doesn\'t match calculated {name} hash "{calculated}".')

    def joined(self, other_claims: "Expected") -> "Expected":
        """Raises Invalid if the two contradict each other."""
        for mine, other in ((self.crc32c, other_claims.crc32c), (self.md5, other_claims.md5)):
            if mine and other and mine != other:
                raise Invalid(f"The request claims two checksums, {mine!r} and {other!r}.")
        return Expected(self.crc32c or other_claims.crc32c, self.md5 or other_claims.md5)


ANY = Expected()


def expected_in_headers(goog_hashes: Iterable[str], content_md5: str = "") -> Expected:
    """Of `X-Goog-Hash: crc32c=...,md5=...`, which may come more than once, and of `Content-MD5`."""
    claims: dict[str, str] = {}
    for item in ",".join(goog_hashes).split(","):
        kind, _, value = item.strip().partition("=")
        if kind.lower() in {"crc32c", "md5"}:
            claims[kind.lower()] = value
    return Expected(**claims).joined(Expected(md5=content_md5))


def expected_in_resource(resource: Mapping[str, Any]) -> Expected:
    return Expected(crc32c=str(resource.get("crc32c") or ""), md5=str(resource.get("md5Hash") or ""))
