"""`POST /upload/...`: an object in one request, or the start of a resumable session."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from email.message import Message
from typing import Any

from aiohttp import web

from local.storage import resumable
from local.storage.bodies import Related, blocks, save
from local.storage.calls import Call, Service, json_object
from local.storage.checksums import expected_in_headers, expected_in_resource
from local.storage.conditions import conditions_in
from local.storage.errors import Invalid, Required
from local.storage.objects import Upload
from local.storage.records import ObjectRecord, attributes_in

ANYTHING = "application/octet-stream"


async def media(service: Service, request: web.Request, call: Call) -> web.StreamResponse:
    """The body is the object."""
    upload = _upload(call, {}, call.headers.get("Content-Type", ""))
    return _made(await store(service, upload, blocks(request.content)), call)


async def multipart(service: Service, request: web.Request, call: Call) -> web.StreamResponse:
    """The resource and the bytes in one `multipart/related` body."""
    related = Related(blocks(request.content), _boundary(call.headers.get("Content-Type", "")))
    head, content_type = await related.open()
    upload = _upload(call, json_object(head), content_type)
    return _made(await store(service, upload, related.media()), call)


async def session(service: Service, request: web.Request, call: Call) -> web.StreamResponse:
    upload = _upload(call, json_object(await request.read()), call.headers.get("X-Upload-Content-Type", ""))
    return await resumable.start(service, call, upload)


async def store(service: Service, upload: Upload, body: AsyncIterator[bytes]) -> ObjectRecord:
    objects = service.store.objects
    await asyncio.to_thread(objects.check, upload)
    with service.store.content.temporary() as path:
        found = await save(body, path)
        return await asyncio.to_thread(objects.commit, upload, path, found)


def _upload(call: Call, resource: Mapping[str, Any], content_type: str) -> Upload:
    name = call.query.get("name") or resource.get("name")
    if not name or not isinstance(name, str):
        raise Required("Required parameter: name.")
    attributes = {"contentType": content_type or ANYTHING, **attributes_in(resource)}
    if call.query.get("contentEncoding"):
        attributes["contentEncoding"] = call.query["contentEncoding"]
    in_headers = expected_in_headers(call.headers.getall("X-Goog-Hash", ()), call.headers.get("Content-MD5", ""))
    expected = in_headers.joined(expected_in_resource(resource))
    return call.caller.writing(Upload(call.path["bucket"], name, attributes, conditions_in(call.query), expected))


def _boundary(content_type: str) -> str:
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_boundary()
    if not boundary:
        raise Invalid(f"The Content-Type {content_type!r} names no boundary.")
    return boundary


def _made(record: ObjectRecord, call: Call) -> web.Response:
    return web.json_response(record.resource(call.base))
