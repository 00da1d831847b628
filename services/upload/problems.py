"""What goes wrong, as RFC 9457 problems: a stable slug and code for programs, a sentence for people."""

import re
import secrets
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from apiflask import APIFlask
from flask import Response, g, json, request
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.exceptions import GoogleAuthError
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from jobs.job import NotAllowed, Superseded
from jobs.log import log
from jobs.store import Contended, UnknownJob, UnknownUpload
from services.upload.identity import KeysUnavailable, Refused
from services.upload.pictures import NotUsable
from services.upload.problem_kinds import KINDS, code

Errors = Sequence[Mapping[str, str]]
_TRACE = re.compile(r"[0-9a-f]{32}")


class Problem(Exception):
    """`errors` are {pointer, detail} or {uploadId, fileName, code, detail}."""

    def __init__(
        self, slug: str, detail: str, *, errors: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.slug, self.errors, self.headers = slug, errors, headers or {}


def trace_id() -> str:
    """That of the request's X-Cloud-Trace-Context, if it is one, else one of its own."""
    if not hasattr(g, "trace"):
        sent = request.headers.get("X-Cloud-Trace-Context", "").split("/")[0]
        g.trace = sent if _TRACE.fullmatch(sent) else secrets.token_hex(16)
    return str(g.trace)


def body(slug: str, detail: str, instance: str, trace: str, errors: Errors = ()) -> dict[str, Any]:
    kind = KINDS[slug]
    said = {
        "type": f"/problems/{slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": instance,
        "code": code(slug),
        "retryable": kind.retryable,
        "traceId": trace,
    }
    return {**said, "errors": list(errors)} if errors else said


def _answer(slug: str, detail: str, errors: Errors = (), headers: Mapping[str, str] | None = None) -> Response:
    kind = KINDS[slug]
    wait = {} if kind.wait_s is None else {"Retry-After": str(kind.wait_s)}
    text = json.dumps(body(slug, detail, request.path, trace_id(), errors))
    return Response(text, kind.status, headers={**wait, **(headers or {})}, content_type="application/problem+json")


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
_STATUSES = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


def _problem(error: Problem) -> Response:
    return _answer(error.slug, str(error), error.errors, error.headers)


def _expected(error: Exception) -> Response:
    return _answer(_EXPECTED[type(error)], str(error))


def _google(error: Exception) -> Response:
    log("a Google call failed", severity="ERROR", path=request.path, error=f"{type(error).__name__}: {error}", traceId=trace_id())
    return _answer("unavailable", "Nothing is lost. Try again in a moment.")


def _http(error: HTTPException) -> Response:
    allowed = {"Allow": ", ".join(sorted(error.valid_methods or ()))} if isinstance(error, MethodNotAllowed) else {}
    return _answer(_STATUSES.get(error.code or 400, "bad-request"), error.description or error.name, headers=allowed)


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
    app.register_error_handler(405, _http)  # before APIFlask's own, which forgets the methods
    app.register_error_handler(Exception, _unexpected)

    app.register_error_handler(ValidationError, _invalid_form)
    app.error_processor(_of_apiflask)
