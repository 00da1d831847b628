"""The bytes of an object, whole or a range, streamed."""

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO
from wsgiref.handlers import format_date_time

from aiohttp import web

from local.storage.calls import Call, Service
from local.storage.conditions import conditions_in, number
from local.storage.errors import RangeNotSatisfiable
from local.storage.records import ObjectRecord

_BLOCK = 1 << 20
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_TOKEN = re.compile(r"[\w.!#$%&'*+^`|~-]+", re.ASCII)
_SENT_AS_STORED = {
    "cacheControl": "Cache-Control",
    "contentDisposition": "Content-Disposition",
    "contentEncoding": "Content-Encoding",
    "contentLanguage": "Content-Language",
}


async def download(service: Service, request: web.Request, call: Call) -> web.StreamResponse:
    found, file = await asyncio.to_thread(
        service.store.objects.open, call.path["bucket"], call.path["object"], number(call.query, "generation"), conditions_in(call.query)
    )
    with file:
        size = found.checksums.size
        first, end, status = _wanted(call.headers.get("Range", ""), size)
        headers = {**_headers(found, call.query), "Content-Length": str(end - first)}
        if status == 206:
            headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
        response = web.StreamResponse(status=status, headers=headers)
        await response.prepare(request)
        if request.method != "HEAD":
            await _send(file, first, end, response)
    return response


async def _send(file: BinaryIO, first: int, end: int, response: web.StreamResponse) -> None:
    file.seek(first)
    left = end - first
    while block := await asyncio.to_thread(file.read, min(_BLOCK, left)):
        left -= len(block)
        await response.write(block)


def _wanted(header: str, size: int) -> tuple[int, int, int]:
    """First byte, end, status. A header that is no single range is ignored, as HTTP asks."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]) or (found[1] and found[2] and int(found[1]) > int(found[2])):
        return 0, size, 200
    first = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(size, int(found[2]) + 1) if found[1] and found[2] else size
    if first >= end:
        raise RangeNotSatisfiable(f"The requested range {header!r} cannot be satisfied: the object has {size} bytes.", size)
    return first, end, 206


def _headers(found: ObjectRecord, query: Mapping[str, str]) -> dict[str, str]:
    sums = found.checksums
    stored = {header: str(found.attributes[key]) for key, header in _SENT_AS_STORED.items() if found.attributes.get(key)}
    metadata = found.attributes.get("metadata", {})
    sendable = {f"x-goog-meta-{key}": value for key, value in metadata.items() if _TOKEN.fullmatch(key) and value.isprintable()}
    asked = {"Content-Disposition": query.get("response-content-disposition"), "Content-Type": query.get("response-content-type")}
    return {
        "Content-Type": found.content_type,
        "Accept-Ranges": "bytes",
        "ETag": f'"{found.etag}"',
        "Last-Modified": format_date_time(datetime.fromisoformat(found.updated).timestamp()),
        "x-goog-generation": str(found.generation),
        "x-goog-metageneration": str(found.metageneration),
        "x-goog-hash": f"crc32c={sums.crc32c}" + (f",md5={sums.md5}" if sums.md5 else ""),
        "x-goog-storage-class": str(found.attributes["storageClass"]),
        "x-goog-stored-content-encoding": str(found.attributes.get("contentEncoding", "identity")),
        "x-goog-stored-content-length": str(sums.size),
        **sendable,
        **stored,
        **{header: value for header, value in asked.items() if value and value.isprintable()},
    }
