"""One JSON object a line on standard output, as Cloud Logging takes it; every line about a job carries its `jobId`."""

import json
import sys
from datetime import UTC, datetime
from typing import Any


def log(message: str, *, severity: str = "INFO", job_id: str = "", **facts: Any) -> None:
    """`alert=True` among the facts is what the alert policies look for."""
    entry = {"severity": severity, "message": message, "time": datetime.now(UTC).isoformat(), **facts}
    if job_id:
        entry["jobId"] = job_id
    print(json.dumps(entry, default=str), file=sys.stdout, flush=True)
