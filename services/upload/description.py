"""The OpenAPI description of the routes. `python -m services.upload.description` writes it beside this file; `--check` only compares."""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from apiflask import APIFlask

from jobs.methods import Method
from services.upload import contract, examples, wire
from services.upload.problem_kinds import KINDS, code
from services.upload.problem_pages import example

FILE = Path(__file__).with_name("openapi.json")
METHODS = frozenset({"get", "put", "post", "delete", "patch"})
_OF = "#/components/schemas/"
_ABOUT = """A designer's pictures become a model that draws. See docs/api.md for a first client, docs/problems for each type of problem.

Every request may be repeated. Whatever goes wrong is answered as `application/problem+json` with one of the types that the operation
lists; an address that is not described answers `NOT_FOUND`, another method `METHOD_NOT_ALLOWED`. Every GET of JSON has an ETag."""
_SECURITY = {
    "portal": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "an identity token for the portal"},
    "sameSite": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Requested-With",
        "description": "always `XMLHttpRequest`; not needed to read",
    },
}
_ID = {"type": "string", "pattern": "^[0-9a-z]{26}$"}
_FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["images"],
                "properties": {
                    "images": {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "format": "binary"}},
                    "name": {"type": "string", "maxLength": 120},
                    "subject": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{1,31}$"},
                    "classWord": {"type": "string", "pattern": "^[A-Za-z][A-Za-z -]{0,63}$"},
                    "method": {"type": "string", "enum": [*Method], "default": Method.DREAMBOOTH},
                },
            }
        }
    },
}
_PICTURE = {"required": True, "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}
_BODIES: Mapping[str, dict[str, Any]] = {"uploadForm": _FORM, "putPicture": _PICTURE}


def describe(app: APIFlask) -> None:
    """`app.spec` is finished by what the decorators of APIFlask cannot say."""
    app.config.update(AUTO_SERVERS=False, AUTO_404_RESPONSE=False, AUTO_VALIDATION_ERROR_RESPONSE=False, AUTO_AUTH_ERROR_RESPONSE=False)

    @app.spec_processor
    def finish(spec: Any) -> Any:
        schemas = spec["components"]["schemas"]
        for extra in (wire.Problem, wire.StatusEvent):
            schemas[extra.__name__] = extra.model_json_schema(ref_template=_OF + "{model}")
            schemas[extra.__name__].pop("$defs", None)
        spec = _untitled(_plain_names(spec))
        spec["info"] |= {"description": _ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}
        spec["servers"] = [{"url": "/"}]
        spec["components"] |= {"securitySchemes": _SECURITY, "examples": _examples(), "responses": {}}
        for method, operation in operations(spec):
            _complete(method, operation)
            operation["responses"] |= _problems(operation["operationId"], spec["components"]["responses"])
        return spec


def operations(spec: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each with its method."""
    for path in spec["paths"].values():
        yield from ((method, operation) for method, operation in path.items() if method in METHODS)


def _complete(method: str, operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        _place(parameter)
    operation["security"] = _security(method, name)
    if name in _BODIES:
        operation["requestBody"] = _BODIES[name]
    if name in contract.CONTENT:
        status, about, content = contract.CONTENT[name]
        operation["responses"] = {status: {"description": about, **({"content": content} if content else {})}}
    answers: dict[str, Any] = {status: {"description": about} for status, about in contract.OTHER_ANSWERS.get(name, {}).items()}
    for status, answer in operation["responses"].items():
        _promise(name, answer)
        if method == "get" and status == "200" and "application/json" in answer.get("content", {}):
            answers["304"] = {"description": "As you know it: If-None-Match holds", "headers": _headers({"ETag": "as you know it"})}
            answer.setdefault("headers", {}).setdefault("ETag", _headers({"ETag": "of this answer, for If-None-Match"})["ETag"])
            parameters.append(contract.IF_NONE_MATCH)
    parameters.extend(contract.PARAMETERS.get(name, ()))
    _show(operation.get("requestBody", {}))
    operation["responses"] |= answers


def _security(method: str, name: str) -> list[dict[str, list[str]]]:
    if name in contract.OPEN:
        return []
    return [{"portal": []} if method == "get" else {"portal": [], "sameSite": []}]


def _place(parameter: dict[str, Any]) -> None:
    """Of the address."""
    name = parameter["name"]
    if parameter["in"] == "path":
        if name in examples.IDS:
            parameter["schema"] = _ID
        parameter["example"] = {**examples.IDS, **examples.PLACES}[name]


def _promise(name: str, answer: dict[str, Any]) -> None:
    """What an operation's own answer has beside its body."""
    _show(answer)
    if headers := contract.HEADERS.get(name):
        answer["headers"] = _headers(headers)
    if links := contract.LINKS.get(name):
        answer["links"] = {user: {"operationId": user, "parameters": places} for user, places in links.items()}


def _headers(headers: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"description": about, "schema": {"type": "string"}, "required": True} for name, about in headers.items()}


def _show(described: dict[str, Any]) -> None:
    """The example of its model, in a body of JSON."""
    if content := described.get("content", {}).get("application/json"):
        model = content["schema"].get("$ref", "").removeprefix(_OF)
        if model:
            content["examples"] = {model: {"$ref": f"#/components/examples/{model}"}}


def _examples() -> dict[str, Any]:
    told: dict[str, Any] = {model: {"value": value} for model, value in examples.by_model().items()}
    problems: dict[str, Any] = {code(slug): {"summary": kind.title, "value": example(slug)} for slug, kind in KINDS.items()}
    return {**told, **problems}


def _problems(name: str, shared: dict[str, Any]) -> dict[str, Any]:
    """By status, each type as an example; operations that answer the same share the response."""
    slugs: dict[int, list[str]] = {}
    for slug in sorted(set(contract.PROBLEMS[name])):
        slugs.setdefault(KINDS[slug].status, []).append(slug)
    answers = {}
    for status in sorted(slugs):
        among = "-".join(map(code, slugs[status]))
        shared[among] = _answer(slugs[status])
        answers[str(status)] = {"$ref": f"#/components/responses/{among}"}
    return answers


def _answer(slugs: list[str]) -> dict[str, Any]:
    shown = {code(slug): {"$ref": f"#/components/examples/{code(slug)}"} for slug in slugs}
    answer: dict[str, Any] = {
        "description": "; ".join(f"`{code(slug)}`: {KINDS[slug].title}" for slug in slugs),
        "content": {"application/problem+json": {"schema": {"$ref": f"{_OF}Problem"}, "examples": shown}},
    }
    if all(KINDS[slug].wait_s is not None for slug in slugs):
        schema = {"type": "integer", "minimum": 0}
        answer["headers"] = {"Retry-After": {"description": "in seconds", "required": True, "schema": schema}}
    return answer


def _plain_names(spec: dict[str, Any]) -> dict[str, Any]:
    """`JobDetail.Upload` is `Upload`, as everywhere else."""
    schemas = spec["components"]["schemas"]
    spec["components"]["schemas"] = {name.rsplit(".", 1)[-1]: schema for name, schema in sorted(schemas.items(), reverse=True)}
    text = re.sub(rf'"{_OF}(?:\w+\.)?(\w+)"', rf'"{_OF}\1"', json.dumps(spec))
    plain: dict[str, Any] = json.loads(text)
    return plain


def _untitled(described: Any) -> Any:
    """Without the titles that Pydantic makes of names."""
    if isinstance(described, list):
        return [_untitled(each) for each in described]
    if not isinstance(described, dict):
        return described
    kept = {name: _untitled(value) for name, value in described.items()}
    if {"title", "version"} == kept.keys() or not isinstance(kept.get("title"), str):
        return kept
    return {name: value for name, value in kept.items() if name != "title"}


def text() -> str:
    from services.upload.app import web

    app = web(form_memory=0)
    with app.app_context():
        return json.dumps(app.spec, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> None:
    if "--check" not in arguments:
        FILE.write_text(text())
    elif FILE.read_text() != text():
        sys.exit(f"{FILE.name} is not what the routes are: run `python -m services.upload.description`")


if __name__ == "__main__":
    main(sys.argv[1:])
