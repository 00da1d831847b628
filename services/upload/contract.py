"""What each operation promises beside its body, as tables: the problems that it can answer, its headers, and what follows from its answer.

Every operation has its row in PROBLEMS, which a test holds; the other tables name only what is special.
"""

from collections.abc import Mapping
from typing import Any

_READ = ("not-signed-in", "unavailable", "internal")
_WRITE = (*_READ, "cross-site", "contended")
_JSON = ("bad-request", "validation", "too-large")
_PAGE = ("bad-request", "validation")
_KEY = ("bad-request", "key-reused", "key-in-flight")
_OWN = ("not-found",)
_LIFE = ("not-found", "not-allowed")

# beside method-not-allowed, which belongs to what is no operation
PROBLEMS: Mapping[str, tuple[str, ...]] = {
    "readHealth": ("internal",),
    "readReadiness": ("unavailable", "internal"),
    "readProblem": ("not-found", "internal"),
    "readMe": _READ,
    "readConfig": _READ,
    "createJob": (*_WRITE, *_JSON, *_KEY, "too-many-jobs", "intake-paused"),
    "listJobs": (*_READ, *_PAGE),
    "readJob": (*_READ, *_OWN),
    "changeJob": (*_WRITE, *_JSON, *_LIFE, "version-missing", "version-stale"),
    "deleteJob": (*_WRITE, *_LIFE),
    "estimateJob": (*_READ, *_OWN, "cross-site"),
    "submitJob": (
        *(*_WRITE, *_LIFE),
        *("consent-missing", "pictures-missing", "too-few-pictures", "too-many-pictures", "over-quota", "intake-paused"),
    ),
    "finishJob": (*_WRITE, *_LIFE),
    "cancelJob": (*_WRITE, *_LIFE),
    "retryJob": (*_WRITE, *_LIFE, "over-quota", "intake-paused"),
    "watchJob": (*_READ, *_OWN, "busy"),
    "registerUploads": (*_WRITE, *_JSON, *_LIFE, "too-many-pictures", "over-quota"),
    "readUpload": (*_READ, *_OWN),
    "putPicture": (
        *(*_WRITE, *_LIFE),
        *("length-required", "too-large", "size-mismatch", "cut-short", "checksum"),
        *("picture-refused", "picture-removed", "picture-conflict", "busy"),
    ),
    "describeUpload": (*_WRITE, *_JSON, *_LIFE, "picture-removed"),
    "removeUpload": (*_WRITE, *_LIFE),
    "uploadForm": (
        *(*_WRITE, *_JSON, *_KEY, "not-allowed", "length-required", "pictures-missing", "too-few-pictures", "too-many-pictures"),
        *("picture-refused", "picture-removed", "picture-conflict", "busy", "too-many-jobs", "over-quota", "intake-paused"),
        "consent-missing",
    ),
    "readPicture": (*_READ, *_OWN, "validation"),
    "listModels": (*_READ, *_PAGE),
    "readModel": (*_READ, *_OWN),
    "deleteModel": (*_WRITE, *_LIFE),
    "listVersions": (*_READ, *_OWN),
    "readVersion": (*_READ, *_OWN),
    "listWeights": (*_READ, *_OWN),
    "readWeights": (*_READ, *_OWN),
    "readCard": (*_READ, *_OWN),
    "readDeployment": (*_READ, *_OWN),
    "wakeModel": (*_WRITE, *_OWN, "intake-paused"),
    "undeployModel": (*_WRITE, *_LIFE),
    "generate": (*_WRITE, *_JSON, *_KEY, *_OWN, "not-ready", "asleep"),
    "listGenerations": (*_READ, *_PAGE),
    "readGeneration": (*_READ, *_OWN),
    "deleteGeneration": (*_WRITE, *_OWN),
    "likePicture": (*_WRITE, *_OWN),
    "unlikePicture": (*_WRITE, *_OWN),
    "deleteMyData": (*_WRITE, "not-allowed"),
    "readReceipt": (*_READ, *_OWN),
    "putWebhook": (*_WRITE, *_JSON, "webhook-refused"),
    "readWebhook": (*_READ, *_OWN),
    "deleteWebhook": _WRITE,
}

# for everybody: nobody is asked who they are
OPEN = frozenset({"readHealth", "readReadiness", "readProblem"})


def _header(name: str, about: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "description": about, "schema": {"type": "string", **schema}}


_IDEMPOTENCY: dict[str, Any] = {"minLength": 1, "maxLength": 200, "example": "5f0c2a1e-sheet-1"}
KEY = _header("Idempotency-Key", "the same for each try of one request, another for another", **_IDEMPOTENCY)
IF_MATCH = _header("If-Match", "the job's ETag as you read it, or *", required=True, example="*")
IF_NONE_MATCH = _header("If-None-Match", "an ETag that you have: 304 if it is still so", example='"a"')
LAST_EVENT = _header("Last-Event-ID", "the id of the last event that you have seen: the stream goes on after it", example="1-005.0")
PARAMETERS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "createJob": ({**KEY, "required": True},),
    "generate": ({**KEY, "required": True},),
    "uploadForm": (KEY,),
    "changeJob": (IF_MATCH,),
    "watchJob": (LAST_EVENT,),
}

_LOCATION = {"Location": "where the new thing is read"}
_VERSION = {"ETag": "the job's version: send it as If-Match to change the job, as If-None-Match to read it only if it changed"}
HEADERS: Mapping[str, Mapping[str, str]] = {
    "createJob": {**_LOCATION, **_VERSION},
    "readJob": _VERSION,
    "changeJob": _VERSION,
    "submitJob": _VERSION,
    "finishJob": _VERSION,
    "cancelJob": _VERSION,
    "retryJob": _VERSION,
    "generate": _LOCATION,
    "deleteJob": {"Location": "the receipt"},
    "deleteModel": {"Location": "the receipt"},
    "readWeights": {"Location": "a signed link to Cloud Storage, which works for some minutes for whoever has it"},
    "readCard": {"Content-Disposition": "a file name that was made from the job's name"},
    "readPicture": {"Cache-Control": "a picture's address never shows another picture"},
}


def _binary(*kinds: str) -> dict[str, Any]:
    return {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}


_EVENTS = {"status": "StatusEvent", "upload": "Upload", "progress": "Progress", "sample": "Sample", "error": "Failure"}


def _event(name: str, model: str) -> dict[str, Any]:
    data = {"contentMediaType": "application/json", "contentSchema": {"$ref": f"#/components/schemas/{model}"}}
    return {"properties": {"event": {"const": name}, "data": data}}


# of each event; the stream's text is https://html.spec.whatwg.org/multipage/server-sent-events.html
_STREAM: dict[str, Any] = {
    "schema": {
        "type": "object",
        "required": ["event", "data"],
        "properties": {"event": {"enum": list(_EVENTS)}, "id": {"type": "string"}, "data": {"type": "string"}},
        "oneOf": [_event(name, model) for name, model in _EVENTS.items()],
    },
    "example": {
        "event": "status",
        "id": "1-030.1740907812000000",
        "data": '{"state":"queued","attempt":1,"at":"2025-03-02T09:30:12Z","by":"start","detail":"","failure":null}',
    },
}
# answers that are not JSON
CONTENT: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "readPicture": ("200", "The picture", _binary("image/png")),
    "readCard": ("200", "The card", {"text/markdown": {"schema": {"type": "string"}, "example": "# Ginger cat\n\n## What it is\n"}}),
    "readProblem": ("200", "What it means, and what to do", {"text/markdown": {"schema": {"type": "string"}, "example": "# NOT_FOUND\n"}}),
    "readWeights": ("302", "The link", {}),
    "watchJob": (
        "200",
        "Server-sent events: `status` (StatusEvent), `upload` (Upload), `progress` (Progress), `sample` (Sample), `error` (Failure). It "
        "ends by itself after some minutes and with the job; resume it by Last-Event-ID.",
        {"text/event-stream": _STREAM},
    ),
}
OTHER_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "watchJob": {"204": "The job is at rest and all that there is to tell was told: do not connect again"},
}

# What an answer leads to: from the operation's answer, a place in it, to all that take such an id. Stateful tests walk along these.
_JOB_USERS = (
    *("readJob", "changeJob", "deleteJob", "estimateJob", "submitJob", "finishJob", "cancelJob", "retryJob"),
    *("watchJob", "registerUploads"),
)
_MODEL_USERS = ("readModel", "listVersions", "readDeployment", "wakeModel", "undeployModel", "generate", "deleteModel")
_UPLOAD_USERS = ("putPicture", "readUpload", "describeUpload", "removeUpload", "readPicture")
_VERSION_USERS = ("readVersion", "listWeights", "readCard", "readWeights")


def _from(place: str, name: str, users: tuple[str, ...], **more: Any) -> dict[str, dict[str, Any]]:
    return {user: {name: place, **more} for user in users}


_JOB = "$response.body#/id"
_UPLOAD = {"job_id": "$request.path.job_id", "upload_id": "$response.body#/uploads/0/id"}
_GENERATION = "$response.body#/generations/0/id"
LINKS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "createJob": _from(_JOB, "job_id", _JOB_USERS),
    "listJobs": _from("$response.body#/jobs/0/id", "job_id", _JOB_USERS),
    "registerUploads": {
        **dict.fromkeys(_UPLOAD_USERS[:-1], _UPLOAD),
        "readPicture": {"job_id": "$request.path.job_id", "picture": "uploads/{$response.body#/uploads/0/id}"},
    },
    "uploadForm": _from("$response.body#/jobId", "job_id", ("readJob", "cancelJob")),
    "listModels": {
        **_from("$response.body#/models/0/id", "model_id", _MODEL_USERS),
        **_from("$response.body#/models/0/id", "model_id", _VERSION_USERS[:-1], number="1"),
        "readPicture": {"job_id": "$response.body#/models/0/id", "picture": "after"},
    },
    "listWeights": {
        "readWeights": {"model_id": "$request.path.model_id", "number": "1", "file": "$response.body#/files/0/name"},
    },
    "generate": {
        **_from(_JOB, "generation_id", ("readGeneration", "deleteGeneration")),
        **_from(_JOB, "generation_id", ("likePicture", "unlikePicture"), number="0"),
    },
    "listGenerations": {
        **_from(_GENERATION, "generation_id", ("readGeneration", "deleteGeneration")),
        **_from(_GENERATION, "generation_id", ("likePicture", "unlikePicture"), number="0"),
    },
    "deleteJob": {"readReceipt": {"receipt_id": _JOB}},
    "deleteModel": {"readReceipt": {"receipt_id": _JOB}},
    "deleteMyData": {"readReceipt": {"receipt_id": "$response.body#/receipts/0/id"}},
}
