"""`POST /batch/storage/v1`: many JSON operations in one `multipart/mixed` request."""

import asyncio
import email
import json
import secrets
from email.message import Message
from http import HTTPStatus

from aiohttp import web
from multidict import CIMultiDict

from local.storage.calls import Answer, Call, Service
from local.storage.errors import Invalid, StorageError
from local.storage.json_routes import JSON_ROUTES
from local.storage.routing import find, split
from local.storage.store import Store

# what Google's client sends at most
_MOST = 1000


async def batch(service: Service, request: web.Request, call: Call) -> web.StreamResponse:
    parts = _parts(call.headers.get("Content-Type", ""), await request.read())
    answers = await asyncio.to_thread(lambda: [_answered(service.store, part, call) for part in parts])
    boundary = f"batch_{secrets.token_hex(12)}"
    body = "".join(f"--{boundary}\r\n{answer}" for answer in answers) + f"--{boundary}--\r\n"
    return web.Response(body=body.encode(), headers={"Content-Type": f"multipart/mixed; boundary={boundary}"})


def _parts(content_type: str, body: bytes) -> list[Message]:
    message = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    parts = [part for part in message.walk() if part.get_content_type() == "application/http"]
    if not parts:
        raise Invalid("Malformed batch: the body has no parts of application/http.")
    if len(parts) > _MOST:
        raise Invalid(f"The batch has {len(parts)} calls; {_MOST} are allowed.")
    return parts


def _answered(store: Store, part: Message, outer: Call) -> str:
    answer = _answer(store, part, outer)
    body = json.dumps(answer.json) if answer.json is not None else ""
    status = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"
    identifier = f"<response-{part.get('Content-ID', '').strip('<>')}>"
    inner = f"{status}\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
    return f"Content-Type: application/http\r\nContent-ID: {identifier}\r\n\r\n{inner}\r\n"


def _answer(store: Store, part: Message, outer: Call) -> Answer:
    try:
        method, target, headers, body = _request(part)
        path, query = split(target)
        route, variables = find(JSON_ROUTES, method, path, query)
        call = Call(method, path, variables, query, headers, outer.caller, body, outer.base)
        call.ask(route.permissions)
        return route.handler(store, call)
    except StorageError as error:
        told = outer.caller.told(error)
        return Answer(told.status, told.json())


def _request(part: Message) -> tuple[str, str, CIMultiDict[str], bytes]:
    payload = part.get_payload(decode=True)
    line, _, rest = (payload if isinstance(payload, bytes) else b"").lstrip().partition(b"\n")
    words = line.decode("latin-1").split()
    if len(words) < 2:
        raise Invalid("Malformed batch: a part does not begin with a request line.")
    inner = email.message_from_bytes(rest)
    body = inner.get_payload(decode=True)
    return words[0], words[1], CIMultiDict(inner.items()), body if isinstance(body, bytes) else b""
