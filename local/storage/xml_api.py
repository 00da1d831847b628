"""Objects by path, as signed URLs and browsers use them: GET, HEAD, PUT, DELETE, and POST to start a session."""

import asyncio
import re

from aiohttp import web

from local.storage import resumable
from local.storage.bodies import blocks
from local.storage.calls import Call, Service
from local.storage.checksums import expected_in_headers
from local.storage.conditions import conditions_in_headers, number
from local.storage.errors import Invalid
from local.storage.objects import Upload
from local.storage.records import attributes_in
from local.storage.uploads import ANYTHING, store

_META = "x-goog-meta-"
_ATTRIBUTES = {
    "cacheControl": "Cache-Control",
    "contentDisposition": "Content-Disposition",
    "contentEncoding": "Content-Encoding",
    "contentLanguage": "Content-Language",
    "contentType": "Content-Type",
}


async def put(service: Service, request: web.Request, call: Call) -> web.StreamResponse:
    made = await store(service, _upload(call), blocks(request.content))
    versions = {"x-goog-generation": str(made.generation), "x-goog-metageneration": str(made.metageneration)}
    hashes = f"crc32c={made.checksums.crc32c},md5={made.checksums.md5}"
    return web.Response(headers={"ETag": f'"{made.etag}"', "x-goog-hash": hashes, **versions})


async def start(service: Service, _: web.Request, call: Call) -> web.StreamResponse:
    if call.headers.get("x-goog-resumable") != "start":
        raise Invalid("POST on an object starts a resumable upload, and needs the header x-goog-resumable: start.")
    return await resumable.start(service, call, _upload(call), status=201)


async def delete(service: Service, _: web.Request, call: Call) -> web.StreamResponse:
    bucket, name = call.path["bucket"], call.path["object"]
    generation = number(call.query, "generation")
    await asyncio.to_thread(service.store.objects.delete, bucket, name, generation, conditions_in_headers(call.headers))
    return web.Response(status=204)


def _upload(call: Call) -> Upload:
    given = {key: call.headers[header] for key, header in _ATTRIBUTES.items() if header in call.headers}
    metadata = {name[len(_META) :].lower(): value for name, value in call.headers.items() if name.lower().startswith(_META)}
    attributes = attributes_in({"contentType": ANYTHING, **given, **({"metadata": metadata} if metadata else {})})
    wanted = Upload(
        bucket=call.path["bucket"],
        name=call.path["object"],
        attributes=attributes,
        conditions=conditions_in_headers(call.headers),
        expected=expected_in_headers(call.headers.getall("X-Goog-Hash", ()), call.headers.get("Content-MD5", "")),
        sizes=_sizes(call.headers.get("x-goog-content-length-range")),
    )
    return call.caller.writing(wanted)


def _sizes(header: str | None) -> tuple[int, int] | None:
    if header is None:
        return None
    found = re.fullmatch(r"(\d{1,18}),(\d{1,18})", header.replace(" ", ""))
    if found is None:
        raise Invalid(f"Invalid x-goog-content-length-range: {header!r}; give the least and the greatest size, as in 0,1048576.")
    return int(found[1]), int(found[2])
