"""The Pub/Sub messages: a job that wants to be started, pictures that want to be drawn. The schema's version is an attribute."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

SCHEMA = "1"
_ID = re.compile(r"[0-9a-z]{26}")


class Poison(Exception):
    """A message that no retry can mend: acknowledge it and tell a person."""


@dataclass(frozen=True)
class Submitted:
    """Job `job_id` has all its pictures and wants attempt `attempt` started: `{"jobId": "..."}`, and the attempt as an attribute."""

    job_id: str
    attempt: int

    def data(self) -> bytes:
        return json.dumps({"jobId": self.job_id}).encode()

    def attributes(self) -> dict[str, str]:
        return {"attempt": str(self.attempt), "schema": SCHEMA}

    @classmethod
    def parse(cls, data: bytes, attributes: Mapping[str, str]) -> "Submitted":
        """Raises Poison."""
        try:
            job_id = json.loads(data)["jobId"]
            attempt = int(attributes.get("attempt", "1"))
        except (ValueError, KeyError, TypeError) as error:
            raise Poison(f"message {data[:80]!r} {dict(attributes)} is not a submitted job: {error!r}") from error
        if not isinstance(job_id, str) or not _ID.fullmatch(job_id) or attributes.get("schema", SCHEMA) != SCHEMA:
            raise Poison(f"message {data[:80]!r} {dict(attributes)} is not a submitted job of schema {SCHEMA}")
        return cls(job_id, attempt)


@dataclass(frozen=True)
class Wish:
    """Pictures that were asked for: `{"generationId": "..."}`."""

    generation_id: str

    def data(self) -> bytes:
        return json.dumps({"generationId": self.generation_id}).encode()

    def attributes(self) -> dict[str, str]:
        return {"schema": SCHEMA}

    @classmethod
    def parse(cls, data: bytes, attributes: Mapping[str, str]) -> "Wish":
        """Raises Poison."""
        try:
            generation_id = json.loads(data)["generationId"]
        except (ValueError, KeyError, TypeError) as error:
            raise Poison(f"message {data[:80]!r} {dict(attributes)} is not a wish for pictures: {error!r}") from error
        if not isinstance(generation_id, str) or not _ID.fullmatch(generation_id) or attributes.get("schema", SCHEMA) != SCHEMA:
            raise Poison(f"message {data[:80]!r} {dict(attributes)} is not a wish for pictures of schema {SCHEMA}")
        return cls(generation_id)
