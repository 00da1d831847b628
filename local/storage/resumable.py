"""Resumable uploads over HTTP: start a session, send its bytes in any number of requests, ask how far it got."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from local.storage.bodies import Interrupted, blocks, drain
from local.storage.calls import Call, Service
from local.storage.checksums import expected_in_headers
from local.storage.conditions import number
from local.storage.errors import Cancelled, Invalid
from local.storage.objects import Upload
from local.storage.records import rebased
from local.storage.sessions import Session
from local.storage.slots import Slot, slot_of

_CONTENT_RANGE = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)")


@dataclass(frozen=True)
class Span:
    """Which bytes of the object a request brings. `first` None asks for the offset; `end` and `total` None are not known yet."""

    first: int | None
    end: int | None
    total: int | None


async def start(service: Service, call: Call, upload: Upload, status: int = 200) -> web.Response:
    total = number(call.headers, "X-Upload-Content-Length")
    identifier = await asyncio.to_thread(service.store.sessions.start, upload, total, call.headers.get("Origin"))
    query = {"uploadType": "resumable"} if _is_json(call) else {}
    location = f"{call.base}{call.raw_path}?{urlencode({**query, 'upload_id': identifier})}"
    return web.Response(status=status, headers={"Location": location, "X-GUploader-UploadID": identifier})


async def put(service: Service, request: web.Request, call: Call) -> web.StreamResponse:
    """Take bytes, or tell the offset: 308 with `Range` while some are missing, 200 with the object at the end."""
    identifier = call.query["upload_id"]
    slot = slot_of(service.slots, identifier)
    owner = slot.take()
    async with slot.turn(owner):
        session = await slot.session(service.store.sessions, identifier)
    if session.result is None:
        await _take(_Feed(service, slot, owner, session), request, call)
    else:
        await drain(request.content)
    return _state(session, call)


async def cancel(service: Service, _: web.Request, call: Call) -> web.StreamResponse:
    identifier = call.query["upload_id"]
    slot = slot_of(service.slots, identifier)
    async with slot.turn(slot.take()):
        await slot.session(service.store.sessions, identifier)
        await asyncio.to_thread(service.store.sessions.cancel, identifier)
        slot.forget()
    raise Cancelled("The upload session was cancelled.")


@dataclass(frozen=True)
class _Feed:
    """One request's hold on a session; each act raises Conflict once a newer request has it."""

    service: Service
    slot: Slot
    owner: object
    session: Session

    async def append(self, block: bytes) -> None:
        async with self.slot.turn(self.owner):
            await asyncio.to_thread(self.service.store.sessions.append, self.session, block)

    async def conclude(self, call: Call, ended: bool = False) -> None:
        """The object if all bytes are there, else an offset that is safely on disk.

        `ended`: a body of unknown length came to its end, which tells the length.
        """
        expected = expected_in_headers(call.headers.getall("X-Goog-Hash", ()), call.headers.get("Content-MD5", ""))
        sessions = self.service.store.sessions
        async with self.slot.turn(self.owner):
            if ended and self.session.total is None:
                self.session.total = self.session.received
            await asyncio.to_thread(sessions.settle, self.session)
            if self.session.complete:
                try:
                    await asyncio.to_thread(sessions.finish, self.session, expected)
                finally:
                    self.slot.forget()


async def _take(feed: _Feed, request: web.Request, call: Call) -> None:
    session = feed.session
    span = _span(call, request.content_length)
    _agree_on_total(session, span)
    if span.first is None:
        await drain(request.content)
        await feed.conclude(call)
    elif span.first > session.received:
        await drain(request.content)
    else:
        try:
            await _append(feed, blocks(request.content), span)
        except Interrupted:
            await feed.conclude(call)
            raise
        await feed.conclude(call, ended=span.end is None)


async def _append(feed: _Feed, body: AsyncIterator[bytes], span: Span) -> None:
    """What the session has already is passed over; a body longer than it said is refused."""
    position = span.first or 0
    end = feed.session.total if span.end is None else span.end
    async for block in body:
        if end is not None and position + len(block) > end:
            raise Invalid(f"The body is longer than announced: it should end at byte {end - 1}.")
        fresh = block[max(0, feed.session.received - position) :]
        position += len(block)
        if fresh:
            await feed.append(fresh)


def _span(call: Call, length: int | None) -> Span:
    text = call.headers.get("Content-Range")
    if text is None:
        return Span(0, length, length)
    found = _CONTENT_RANGE.fullmatch(text.strip())
    if found is None:
        raise Invalid(f"Failed to parse Content-Range header: {text!r}.")
    total = None if found[3] == "*" else int(found[3])
    if found[1] is None:
        return Span(None, None, total)
    first, end = int(found[1]), int(found[2]) + 1
    if first >= end or (total is not None and end > total) or length not in {None, end - first}:
        raise Invalid(f"Content-Range {text!r} does not fit a body of {length} bytes.")
    return Span(first, end, total)


def _agree_on_total(session: Session, span: Span) -> None:
    total = session.total if span.total is None else span.total
    too_small = total is not None and total < max(session.received, span.end or 0)
    if session.total not in {None, total} or too_small:
        raise Invalid(
            f"The session has {session.received} bytes of {session.total or 'an unknown number'}; this request contradicts it: {span}."
        )
    session.total = total


def _state(session: Session, call: Call) -> web.Response:
    if session.result is None:
        headers = {"Range": f"bytes=0-{session.received - 1}"} if session.received else {}
        return web.Response(status=308, reason="Resume Incomplete", headers=headers)
    if not _is_json(call):
        return web.Response(headers={"x-goog-generation": session.result["generation"], "ETag": f'"{session.result["etag"]}"'})
    return web.json_response(rebased(session.result, call.base))


def _is_json(call: Call) -> bool:
    return call.raw_path.startswith("/upload/")
