"""What this service owes itself, delivered by Pub/Sub. Not for people, nor for programs that come by the portal."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import request

from jobs.log import log
from jobs.message import Poison, Wish
from services.upload.drawing import draw
from services.upload.identity import HEADER, Refused
from services.upload.parts import the

api = APIBlueprint("push", __name__, enable_openapi=False)
# Cloud Run checks this header instead of Authorization where there is one, and passes the other on unchecked
_CHECKED_INSTEAD = "X-Serverless-Authorization"


@api.post("/push/generations")
def draw_generation() -> Any:
    """2xx ends the message; anything else brings it again."""
    admit(the().settings.push_account)
    try:
        wish = _wish()
    except Poison as error:
        log("message dropped", severity="ERROR", alert=True, reason=str(error))
        return "", 204
    draw(the(), wish.generation_id)
    return "", 204


def admit(account: str) -> None:
    """Cloud Run lets in whoever may invoke this service, and has taken the signature off the token that it checked: what is left to ask is
    who it was. Raises Refused."""
    if HEADER in request.headers or _CHECKED_INSTEAD in request.headers:
        raise Refused("a push carries the token of its subscription's account, and nobody's assertion")
    if _claims(request.headers.get("Authorization", "")).get("email") != account:
        raise Refused(f"its token is not that of {account}")


def _claims(header: str) -> Mapping[str, Any]:
    scheme, _, token = header.partition(" ")
    parts = token.strip().split(".")
    if scheme.lower() != "bearer" or len(parts) != 3:
        raise Refused("there is no bearer token")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError as error:
        raise Refused("its bearer token cannot be read") from error
    return claims if isinstance(claims, Mapping) else {}


def _wish() -> Wish:
    """Raises Poison."""
    try:
        message = json.loads(request.get_data())["message"]
        data, attributes = base64.b64decode(message["data"], validate=True), dict(message.get("attributes") or {})
    except (ValueError, KeyError, TypeError) as error:
        raise Poison(f"the body is not a push of Pub/Sub: {error!r}") from error
    return Wish.parse(data, attributes)
