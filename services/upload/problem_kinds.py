"""The kinds of problems: data, which the client reads without what the service is made of."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`retryable`: the very same request can succeed without anything else being done first, after `wait_s` seconds at the earliest; the
    answer's Retry-After says so. Why, for each kind: problem_guides.py."""

    status: int
    title: str
    retryable: bool = False
    wait_s: int | None = None


KINDS: Mapping[str, Kind] = {
    "validation": Kind(422, "Some fields need attention"),
    "not-signed-in": Kind(401, "You are not signed in"),
    "cross-site": Kind(403, "This request did not come from the portal"),
    "not-found": Kind(404, "There is no such thing here"),
    "not-allowed": Kind(409, "The job cannot do that now"),
    "not-ready": Kind(409, "The model is not ready"),
    "asleep": Kind(409, "The model's endpoint is asleep"),
    "consent-missing": Kind(409, "Nobody has said that these pictures may be used"),
    "pictures-missing": Kind(409, "Some pictures are not here yet"),
    "too-few-pictures": Kind(409, "There are too few pictures"),
    "too-many-pictures": Kind(422, "There are too many pictures"),
    "picture-refused": Kind(422, "This picture cannot be used"),
    "picture-removed": Kind(409, "This picture was removed"),
    "picture-conflict": Kind(409, "Other bytes are stored for this picture"),
    "checksum": Kind(422, "The bytes changed on their way", retryable=True),
    "size-mismatch": Kind(422, "The size is not the one that was announced"),
    "cut-short": Kind(400, "The body ended early", retryable=True),
    "length-required": Kind(411, "The length of the body is missing"),
    "too-large": Kind(413, "That is too large"),
    "key-reused": Kind(422, "This Idempotency-Key was used for something else"),
    "key-in-flight": Kind(409, "The first request with this Idempotency-Key is still being answered", retryable=True, wait_s=1),
    "version-missing": Kind(428, "Say which version you change"),
    "version-stale": Kind(412, "It was changed meanwhile"),
    "too-many-jobs": Kind(429, "Too many jobs are open", retryable=True, wait_s=60),
    "over-quota": Kind(429, "Today's allowance is used up", retryable=True, wait_s=3600),
    "busy": Kind(503, "Too many pictures arrive at once", retryable=True, wait_s=2),
    "intake-paused": Kind(503, "New jobs are not taken just now", retryable=True, wait_s=600),
    "contended": Kind(503, "Too many changes at once", retryable=True, wait_s=1),
    "unavailable": Kind(503, "A part that this needs does not answer", retryable=True, wait_s=5),
    "internal": Kind(500, "Something broke on our side", retryable=True),
    "webhook-refused": Kind(422, "This address cannot be called"),
    "method-not-allowed": Kind(405, "That cannot be done to this"),
    "bad-request": Kind(400, "The request cannot be understood"),
}


def code(slug: str) -> str:
    return slug.replace("-", "_").upper()
