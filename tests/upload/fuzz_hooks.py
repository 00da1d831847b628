"""What Schemathesis cannot know by itself of this API. It loads this file by SCHEMATHESIS_HOOKS, in a process of its own."""

import json
import random
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import schemathesis

from services.upload.contract import PROBLEMS
from services.upload.description import FILE
from services.upload.identifiers import crc32c
from services.upload.problem_kinds import KINDS, code
from tests.upload import cloud

# one line for each answer (operation, method, status, code), in the folder in which Schemathesis runs
ANSWERS = Path("answers")
PICTURES = {len(data): data for data in (cloud.picture(number, (64 + 7 * number, 64)) for number in range(24))}
# what may be told of a request that is no operation: an id with a slash in it, a method that the address does not have
_STRAY = {"METHOD_NOT_ALLOWED", "NOT_FOUND"}
_PATHS = [re.sub(r"{(file|picture)}", r"(?P<\1>.+)", path) for path in json.loads(FILE.read_text())["paths"]]
_TEMPLATES = [re.compile(path.replace("{", "(?P<").replace("}", ">[^/]+)")) for path in _PATHS]
# what leaves less behind for the others hits seldom; what needs a job that takes pictures gets one
_RUINOUS = {"deleteJob", "deleteModel", "undeployModel", "deleteGeneration", "submitJob", "cancelJob"}
_EARLY = {"registerUploads", "putPicture", "describeUpload", "removeUpload", "changeJob"}
_LONG = 500
_open: set[str] = set()
# the job and the bytes of an upload
_bytes: dict[str, tuple[str, bytes]] = {}
_places: dict[frozenset[str], deque[dict[str, Any]]] = defaultdict(lambda: deque(maxlen=40))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Many requests are made what they should be: to addresses that answers have named, with bodies that fit what is there. What is
    answered by a link is not followed, since it leads away from this service."""
    kwargs["allow_redirects"] = False
    name = _name(case)
    known = [place for place in _places[frozenset(case.path_parameters or {})] if name not in _EARLY or _early(place)]
    if known and random.random() < 0.7:
        case.path_parameters = dict(random.choice(known))
    if name in _RUINOUS and random.random() < 0.75:
        case.path_parameters |= {each: "0" * 26 for each in case.path_parameters if each != "number"}
    if name in _FITTING and random.random() < 0.7:
        _FITTING[name](case)
    # lines of more than 4 KiB the server refuses before the service hears of them
    case.path_parameters = {each: _short(value) for each, value in (case.path_parameters or {}).items()}
    case.query = {_short(each): _short(value) for each, value in (case.query or {}).items()}


def _short(value: Any) -> Any:
    """Whatever it is: also objects and lists are sent as a parameter. In an address, a letter may take twelve."""
    return value if len(quote(str(value))) <= _LONG else str(value)[: _LONG // 12]


def _early(place: dict[str, Any]) -> bool:
    return place["job_id"] in _open and ("upload_id" not in place or place["upload_id"] in _bytes)


def _fit_uploads(case: Any) -> None:
    sizes = random.sample(sorted(PICTURES), random.randint(1, 7))
    chosen = [(size, crc32c(PICTURES[size])) for size in sizes]
    case.body = {"uploads": [{"fileName": "a.png", "size": size, "crc32c": crc, "contentType": "image/png"} for size, crc in chosen]}


def _fit_bytes(case: Any) -> None:
    announced = [(job_id, upload_id, data) for upload_id, (job_id, data) in _bytes.items() if job_id in _open]
    if announced:
        job_id, upload_id, case.body = random.choice(announced[-20:])
        case.path_parameters = {"job_id": job_id, "upload_id": upload_id}


def _fit_form(case: Any) -> None:
    case.body = {"images": [PICTURES[size] for size in random.sample(sorted(PICTURES), random.randint(4, 7))]}


def _fit_change(case: Any) -> None:
    case.headers["If-Match"] = "*"
    case.body = {"name": f"Cat {random.random()}"}


def _fit_webhook(case: Any) -> None:
    case.body = {"url": "https://1.1.1.1/hook"}  # a name would have to be looked up


_FITTING = {
    "registerUploads": _fit_uploads,
    "putPicture": _fit_bytes,
    "uploadForm": _fit_form,
    "changeJob": _fit_change,
    "putWebhook": _fit_webhook,
}


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    with ANSWERS.open("a") as answers:
        answers.write(f"{_name(case)} {case.method.upper()} {response.status_code} {_code(response)}\n")
    if response.headers.get("content-type") == ["application/json"] and response.status_code < 300:
        _learn(case, response.json(), response)


def _learn(case: Any, told: Any, response: Any) -> None:
    for place in _named(told, response):
        _places[frozenset(place)].append(place)
    if _name(case) == "registerUploads":
        job_id = case.path_parameters["job_id"]
        _bytes.update({each["id"]: (job_id, PICTURES[each["size"]]) for each in told["uploads"] if each["size"] in PICTURES})
    jobs = told.get("jobs")
    for job in jobs if isinstance(jobs, list) else [told]:
        if job.get("state") in {"draft", "uploading"}:
            _open.add(job["id"])
        elif "id" in job:
            _open.discard(job["id"])


def _named(told: Any, response: Any) -> Iterator[dict[str, Any]]:
    """Parameters of the addresses that an answer names."""
    for url in re.findall(r'"(/v1/[^"?]+)', response.text):
        yield from (found.groupdict() for template in _TEMPLATES if (found := template.fullmatch(url)))
    for kind, name, number in (("jobs", "job_id", None), ("models", "model_id", 1), ("generations", "generation_id", 0)):
        listed = [told] if f"/v1/{kind}/" in str(response.headers.get("location")) else told.get(kind, ())
        for each in listed if isinstance(listed, list) else ():
            yield {name: each["id"]}
            if number is not None:
                yield {name: each["id"], "number": number}


@schemathesis.check
def answers_only_the_problems_that_it_lists(ctx: Any, response: Any, case: Any) -> None:
    if _code(response) == "-":
        assert response.status_code < 400, "an error that is no problem"
        return
    problem = response.json()
    listed = {code(slug) for slug in PROBLEMS[str(_name(case))]} | _STRAY

    assert problem["code"] in listed, f"{_name(case)} does not list {problem['code']}"
    assert problem["status"] == response.status_code == KINDS[problem["type"].rpartition("/")[2]].status
    assert re.fullmatch(r"/problems/[a-z-]+", problem["type"])


@schemathesis.check
def says_what_browsers_may_not_do(ctx: Any, response: Any, case: Any) -> None:
    assert response.headers.get("x-content-type-options") == ["nosniff"]
    assert "default-src 'none'" in response.headers.get("content-security-policy", [""])[0]


def _name(case: Any) -> str | None:
    name: str | None = case.operation.definition.raw.get("operationId")
    return name


def _code(response: Any) -> str:
    told = response.headers.get("content-type", [""])[0]
    return str(response.json()["code"]) if told == "application/problem+json" else "-"
