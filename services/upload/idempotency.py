"""A request that creates something may be sent again: with the same Idempotency-Key it has one effect and one answer."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response, request

from jobs import names
from jobs.account import Request
from services.upload.parts import caller, the
from services.upload.problems import Problem

Body = Callable[[], bytes]
View = Callable[..., Any]
_LONGEST = 200
_SOON = {"Retry-After": "1"}


def key() -> str:
    """Empty if there is none. Raises Problem."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > _LONGEST:
        raise Problem("bad-request", f"An Idempotency-Key has at most {_LONGEST} characters.")
    return key


def canonical() -> bytes:
    """JSON whose fields may come in any order and spacing. What is not JSON will be refused, so that it is kept nowhere."""
    body = request.get_json(silent=True)
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def form() -> bytes:
    """The fields and files of a form, whose boundary differs each time."""
    digest = hashlib.sha256()
    for field in sorted(map(repr, request.form.items(multi=True))):  # a field may come without a name
        digest.update(field.encode())
    for name, file in request.files.items(multi=True):
        content = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
        file.stream.seek(0)
        digest.update(repr((name, file.filename, content)).encode())
    return digest.digest()


def idempotent(body: Body = canonical, *, required: bool = True) -> Callable[[View], View]:
    """Of a route, above what reads and writes its JSON: `body` says what must be the same. Only what succeeded is kept, for a day."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Response:
            if not key() and required:
                raise Problem("bad-request", f"Send an Idempotency-Key header of 1 to {_LONGEST} characters, the same for each try.")
            return _once(body(), lambda: make_response(view(*args, **kwargs))) if key() else make_response(view(*args, **kwargs))

        return answer

    return decorate


def _once(body: bytes, make: Callable[[], Response]) -> Response:
    rows, fingerprint = the().requests, hashlib.sha256(body).hexdigest()
    row, held = rows.begin(names.owner("\0".join((caller().id, f"{request.method} {request.path}", key()))), fingerprint)
    if held is None:
        return _known(row, fingerprint)
    try:
        made = make()
    except BaseException:
        rows.forget(row, held)
        raise
    if made.status_code < 400:
        headers = {"location": made.headers.get("Location", ""), "etag": made.headers.get("ETag", "")}
        rows.finish(row, status=made.status_code, body=made.get_data(as_text=True), **headers)
    else:
        rows.forget(row, held)
    return made


def _known(row: Request, fingerprint: str) -> Response:
    if row.fingerprint != fingerprint:
        raise Problem("key-reused", "This Idempotency-Key belongs to a request with another body. Use a new key for a new request.")
    if not row.status:
        raise Problem("key-in-flight", "The first request with this key is still being answered. Try again in a moment.", headers=_SOON)
    headers = {name: value for name, value in (("Location", row.location), ("ETag", row.etag)) if value}
    return Response(row.body, row.status, headers, content_type="application/json")
