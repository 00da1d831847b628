"""One JSON object a line on standard output, as Cloud Logging takes it; every line about a job carries its `jobId`, every line of a
request its `traceId`."""

import json
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_ABOUT: ContextVar[Mapping[str, Any] | None] = ContextVar("about", default=None)


def about(facts: Mapping[str, Any]) -> None:
    """What every line says from here on, in this thread or task."""
    _ABOUT.set(facts)


def log(message: str, *, severity: str = "INFO", job_id: str = "", **facts: Any) -> None:
    """`alert=True` among the facts is what the alert policies look for."""
    entry = {"severity": severity, "message": message, "time": datetime.now(UTC).isoformat(), **(_ABOUT.get() or {}), **facts}
    if job_id:
        entry["jobId"] = job_id
    print(json.dumps(entry, default=str), file=sys.stdout, flush=True)
