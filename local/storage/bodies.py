"""Bodies of requests, taken in as streams: never a whole one in memory."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from aiohttp import ClientError, StreamReader, http_exceptions, web

from local.storage.checksums import Checksums, Sum
from local.storage.content import sync
from local.storage.errors import Invalid

_BLOCK = 1 << 20
_LONGEST_HEAD = 1 << 20
_BROKEN = (ConnectionError, ClientError, http_exceptions.BadHttpMessage, web.RequestPayloadError)


class Interrupted(Exception):
    """The client went away before its body was complete."""


async def blocks(body: StreamReader) -> AsyncIterator[bytes]:
    """About a MiB each. Whatever came before an interruption is handed out first."""
    gathered = bytearray()
    interrupted: Exception | None = None
    try:
        async for chunk in body.iter_any():
            gathered += chunk
            if len(gathered) >= _BLOCK:
                yield bytes(gathered)
                gathered.clear()
    except _BROKEN as error:
        interrupted = error
    if gathered:
        yield bytes(gathered)
    if interrupted:
        raise Interrupted("The body ended before its announced length.") from interrupted


async def drain(body: StreamReader) -> None:
    """Read what we do not want, so that the client reads our answer."""
    async for _ in blocks(body):
        pass


async def save(body: AsyncIterator[bytes], path: Path) -> Checksums:
    """To disk, synced."""
    sums = Sum()
    with path.open("xb") as file:
        async for block in body:
            await asyncio.to_thread(_take, block, file, sums)
        await asyncio.to_thread(sync, file)
    return sums.found()


def _take(block: bytes, file: BinaryIO, sums: Sum) -> None:
    file.write(block)
    sums.add(block)


class Related:
    """A `multipart/related` body of two parts: a small one of JSON, and the object's bytes."""

    def __init__(self, body: AsyncIterator[bytes], boundary: str) -> None:
        self._body = body
        self._delimiter = b"\r\n--" + boundary.encode()
        head = rb"[ \t]*((?:\r\n[^\r\n]+)*)\r\n\r\n"
        delimiter = re.escape(self._delimiter)
        self._start = re.compile(delimiter + head + rb"(.*?)" + delimiter + head, re.DOTALL)

    async def open(self) -> tuple[bytes, str]:
        """The first part, and the second one's content type. Raises Invalid."""
        self._rest = b"\r\n"
        async for block in self._body:
            self._rest += block
            if found := self._start.search(self._rest):
                self._rest = self._rest[found.end() :]
                return found[2], _content_type(found[3])
            if len(self._rest) > _LONGEST_HEAD:
                break
        raise Invalid("Malformed multipart body: no JSON part and media part between the boundaries.")

    async def media(self) -> AsyncIterator[bytes]:
        """The second part. Raises Invalid if the closing boundary does not come."""
        tail, keep = self._rest, len(self._delimiter)
        while (end := tail.find(self._delimiter)) < 0:
            yield tail[:-keep]
            block = await anext(self._body, None)
            if block is None:
                raise Invalid("Malformed multipart body: it ends before the closing boundary.")
            tail = tail[-keep:] + block
        yield tail[:end]
        async for _ in self._body:
            pass


def _content_type(head: bytes) -> str:
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-type":
            return value.strip()
    return ""
