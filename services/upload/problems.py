"""What goes wrong, as RFC 9457 problems: a stable slug and code for programs, a sentence for people."""

import secrets
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import Response, g, json, request
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.exceptions import GoogleAuthError
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from jobs.job import NotAllowed, Superseded
from jobs.log import log
from jobs.store import Contended, UnknownJob, UnknownUpload
from services.upload.identity import KeysUnavailable, Refused
from services.upload.pictures import NotUsable

Errors = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Kind:
    status: int
    title: str
    retryable: bool = False


KINDS: Mapping[str, Kind] = {
    "validation": Kind(422, "Some fields need attention"),
    "not-signed-in": Kind(401, "You are not signed in"),
    "cross-site": Kind(403, "This request did not come from the portal"),
    "not-found": Kind(404, "There is no such thing here"),
    "not-allowed": Kind(409, "The job cannot do that now"),
    "not-ready": Kind(409, "The model is not ready"),
    "asleep": Kind(409, "The model's endpoint is asleep"),
    "pictures-missing": Kind(409, "Some pictures are not here yet"),
    "too-few-pictures": Kind(409, "There are too few pictures"),
    "too-many-pictures": Kind(422, "There are too many pictures"),
    "picture-refused": Kind(422, "This picture cannot be used"),
    "picture-removed": Kind(409, "This picture was removed"),
    "picture-conflict": Kind(409, "Other bytes are stored for this picture"),
    "checksum": Kind(422, "The bytes changed on their way", retryable=True),
    "size-mismatch": Kind(422, "The size is not the one that was announced", retryable=True),
    "length-required": Kind(411, "The length of the body is missing"),
    "too-large": Kind(413, "That is too large"),
    "key-reused": Kind(422, "This Idempotency-Key was used for something else"),
    "too-many-jobs": Kind(429, "Too many jobs are open", retryable=True),
    "intake-paused": Kind(503, "New jobs are not taken just now", retryable=True),
    "contended": Kind(503, "Too many changes at once", retryable=True),
    "unavailable": Kind(503, "A part that this needs does not answer", retryable=True),
    "internal": Kind(500, "Something broke on our side", retryable=True),
    "bad-request": Kind(400, "The request cannot be understood"),
}


def code(slug: str) -> str:
    return slug.replace("-", "_").upper()


class Problem(Exception):
    """`errors` are {pointer, detail} or {uploadId, fileName, code, detail}."""

    def __init__(
        self, slug: str, detail: str, *, errors: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.slug, self.errors, self.headers = slug, errors, headers or {}


def trace_id() -> str:
    """That of the request's X-Cloud-Trace-Context, else one of its own."""
    if not hasattr(g, "trace"):
        g.trace = request.headers.get("X-Cloud-Trace-Context", "").split("/")[0] or secrets.token_hex(16)
    return str(g.trace)


def _answer(slug: str, detail: str, errors: Errors = (), headers: Mapping[str, str] | None = None) -> Response:
    kind = KINDS[slug]
    body: dict[str, Any] = {
        "type": f"/problems/{slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": request.path,
        "code": code(slug),
        "retryable": kind.retryable,
        "traceId": trace_id(),
    }
    if errors:
        body["errors"] = list(errors)
    return Response(json.dumps(body), kind.status, headers=dict(headers or {}), content_type="application/problem+json")


_EXPECTED: Mapping[type[Exception], str] = {
    UnknownJob: "not-found",
    UnknownUpload: "not-found",
    NotAllowed: "not-allowed",
    Superseded: "not-allowed",
    NotUsable: "picture-refused",
    Contended: "contended",
    Refused: "not-signed-in",
    KeysUnavailable: "unavailable",
}
_STATUSES = {404: "not-found", 405: "not-found", 413: "too-large"}


def _problem(error: Problem) -> Response:
    return _answer(error.slug, str(error), error.errors, error.headers)


def _expected(error: Exception) -> Response:
    return _answer(_EXPECTED[type(error)], str(error))


def _google(error: Exception) -> Response:
    log("a Google call failed", severity="ERROR", path=request.path, error=f"{type(error).__name__}: {error}", traceId=trace_id())
    return _answer("unavailable", "Nothing is lost. Try again in a moment.")


def _http(error: HTTPException) -> Response:
    return _answer(_STATUSES.get(error.code or 400, "bad-request"), error.description or error.name)


def _unexpected(error: Exception) -> Response:
    text = "".join(traceback.format_exception(error))
    log("unexpected error", severity="ERROR", path=request.path, stack=text, traceId=trace_id(), alert=True)
    return _answer("internal", "Nothing is lost. Try again; if it stays so, tell us the traceId.")


def _invalid(errors: Errors) -> Response:
    return _answer("validation", "; ".join(f"{each['pointer'][2:]}: {each['detail']}" for each in errors), errors)


def _invalid_form(error: ValidationError) -> Response:
    return _invalid([{"pointer": "#/" + "/".join(map(str, each["loc"])), "detail": each["msg"]} for each in error.errors()])


def _of_apiflask(error: Any) -> Response:
    """Those of validation carry {where: {field: [texts]}}."""
    places = error.detail.values() if isinstance(error.detail, Mapping) else ()
    fields = [(str(name), " ".join(map(str, texts))) for place in places for name, texts in place.items()]
    if fields:
        return _invalid([{"pointer": "#/" + name.replace(".", "/"), "detail": text} for name, text in fields])
    return _answer(_STATUSES.get(error.status_code, "bad-request"), error.message or "")


def install(app: APIFlask) -> None:
    app.register_error_handler(Problem, _problem)
    for kind in _EXPECTED:
        app.register_error_handler(kind, _expected)
    for kind in (GoogleAPICallError, RetryError, GoogleAuthError):
        app.register_error_handler(kind, _google)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)

    app.register_error_handler(ValidationError, _invalid_form)
    app.error_processor(_of_apiflask)
