"""The OpenAPI description of the routes. `python -m services.upload.description` writes it beside this file."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apiflask import APIFlask

from services.upload import wire

FILE = Path(__file__).with_name("openapi.json")
_OF = "#/components/schemas/"
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "the same for each try of one request",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
_PICTURE = {"required": True, "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}
_FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["images"],
                "properties": {
                    "images": {"type": "array", "maxItems": 20, "items": {"type": "string", "format": "binary"}},
                    "name": {"type": "string"},
                    "subject": {"type": "string"},
                    "classWord": {"type": "string"},
                },
            }
        }
    },
}
# what APIFlask's decorators cannot say, by operation
_MORE: Mapping[str, dict[str, Any]] = {
    "createJob": {"parameters": [{**_KEY, "required": True}]},
    "generate": {"parameters": [{**_KEY, "required": False}]},
    "uploadForm": {"parameters": [{**_KEY, "required": False}], "requestBody": _FORM},
    "putPicture": {"requestBody": _PICTURE},
    "readPicture": {"responses": {"200": {"description": "the picture", "content": {"image/png": {}}}}},
}


def describe(app: APIFlask) -> None:
    app.config.update(AUTO_SERVERS=False, AUTO_404_RESPONSE=False, AUTO_VALIDATION_ERROR_RESPONSE=False, AUTO_AUTH_ERROR_RESPONSE=False)

    @app.spec_processor
    def finish(spec: Any) -> Any:
        schemas = spec["components"]["schemas"]
        schemas["Problem"] = wire.Problem.model_json_schema(ref_template=_OF + "{model}")
        for operations in spec["paths"].values():
            for operation in operations.values():
                if isinstance(operation, dict) and "responses" in operation:
                    _complete(operation)
        return _plain_names(spec)


def _complete(operation: dict[str, Any]) -> None:
    more = _MORE.get(operation["operationId"], {})
    operation.setdefault("parameters", []).extend(more.get("parameters", []))
    if "requestBody" in more:
        operation["requestBody"] = more["requestBody"]
    operation["responses"] |= {**more.get("responses", {}), "default": _problem()}


def _problem() -> dict[str, Any]:
    return {"description": "A problem", "content": {"application/problem+json": {"schema": {"$ref": f"{_OF}Problem"}}}}


def _plain_names(spec: dict[str, Any]) -> dict[str, Any]:
    """`JobDetail.Upload` is `Upload`, as everywhere else."""
    schemas = spec["components"]["schemas"]
    spec["components"]["schemas"] = {name.rsplit(".", 1)[-1]: schema for name, schema in sorted(schemas.items(), reverse=True)}
    text = re.sub(rf'"{_OF}(?:\w+\.)?(\w+)"', rf'"{_OF}\1"', json.dumps(spec))
    plain: dict[str, Any] = json.loads(text)
    return plain


def text() -> str:
    from services.upload.app import web

    app = web(form_memory=0)
    with app.app_context():
        return json.dumps(app.spec, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
