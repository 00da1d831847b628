"""The service as gunicorn starts it: `services.upload.app:create_app()`."""

from typing import Any

from apiflask import APIFlask
from flask import Response, g, request

from jobs import log
from jobs.settings import UploadSettings
from services.upload import (
    about_views,
    arriving,
    deployment_views,
    erasure_views,
    event_views,
    generation_views,
    job_views,
    model_views,
    picture_views,
    problem_views,
    problems,
    push_views,
    upload_views,
    webhook_views,
)
from services.upload.clients import connect
from services.upload.description import describe
from services.upload.identity import HEADER, Verifier
from services.upload.parts import is_id, the
from services.upload.problems import Problem, trace_id

_VIEWS = (
    about_views,
    job_views,
    event_views,
    upload_views,
    model_views,
    deployment_views,
    generation_views,
    picture_views,
    erasure_views,
    webhook_views,
    push_views,
    problem_views,
)
JSON_BYTES = 2**20
_OPEN = frozenset({"/healthz", "/readyz", "/openapi.json"})
# read by anybody; delivered by machines, whose identity those routes check themselves
_FOR_ALL = ("/problems/", "/push/")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# as browsers call them; `none` is a person who typed an address
_OUR_PAGES = frozenset({"same-origin", "none"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def create_app(
    settings: UploadSettings | None = None,
    *,
    verifier: Verifier | None = None,
    documents: Any = None,
    objects: Any = None,
    publisher: Any = None,
    prediction: Any = None,
    signer: Any = None,
) -> APIFlask:
    """Settings from the environment and Google's own clients, but for what is given: `documents` is a firestore.Client, `objects` a
    storage.Client, `publisher` a PublisherClient, `prediction` a PredictionServiceClient, `signer` answers credentials
    that sign.

    Raises MissingSettings and MissingAudience.
    """
    parts = connect(settings or UploadSettings.from_env(), verifier, documents, objects, publisher, prediction, signer)
    app = web(parts.settings.max_picture_bytes)
    app.extensions["parts"] = parts
    return app


def web(form_memory: int) -> APIFlask:
    """The routes alone, which is all that the description needs."""
    app = APIFlask("services.upload", title="sd for designers", version="1", docs_path=None, spec_path="/openapi.json")
    app.request_class = arriving.Request
    app.config.update(MAX_CONTENT_LENGTH=JSON_BYTES, MAX_FORM_MEMORY_SIZE=form_memory, MAX_FORM_PARTS=64)
    app.url_map.merge_slashes = False  # else a path with two of them is answered by a redirect
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.before_request(_admit)
    app.after_request(_finish)
    problems.install(app)
    for views in _VIEWS:
        app.register_blueprint(views.api)
    describe(app)
    return app


def _admit() -> None:
    _log_about()
    if request.path in _OPEN or request.path.startswith(_FOR_ALL):
        return
    g.user = the().verifier.user(request.headers.get(HEADER))
    if request.method not in _SAFE:
        _refuse_other_sites()


def _refuse_other_sites() -> None:
    """The header alone is enough as long as no answer of ours allows another site to send it; browsers say where they are, too."""
    if request.headers.get("X-Requested-With") != "XMLHttpRequest":
        raise Problem("cross-site", "Send the header X-Requested-With: XMLHttpRequest.")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in _OUR_PAGES:
        raise Problem("cross-site", "Another site's page asked for this. Use the portal's own.")


def _log_about() -> None:
    """Whatever is logged until the next request of this thread says which request it was for, in the form that Cloud Logging joins on."""
    trace = trace_id()
    job_id = (request.view_args or {}).get("job_id", "")
    job = {"jobId": job_id} if is_id(job_id) else {}
    log.about({"traceId": trace, "logging.googleapis.com/trace": f"projects/{the().settings.project}/traces/{trace}", **job})


def _finish(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if response.status_code == 204:
        response.headers.remove("Content-Type")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if request.method == "GET" and response.status_code == 200 and response.is_json:
        response.add_etag()
        response.make_conditional(request)
    return response
