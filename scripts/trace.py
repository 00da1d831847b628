"""One job's life across all parts, in order of time: every line that carries its `jobId`, from the logs of the local cloud.

On Google Cloud the same lines are in Cloud Logging: gcloud logging read 'jsonPayload.jobId="..."' --order asc
"""

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

LOGS = Path(".local/logs")
_HIDDEN = {"severity", "message", "time", "jobId", "alert"}
_OBJECT = re.compile(r"\{.*\}")


def lines(job_id: str, folder: Path = LOGS) -> list[tuple[str, dict[str, Any]]]:
    """(part, entry) pairs, oldest first; what two logs both hold counts once."""
    found = {json.dumps(entry, sort_keys=True): (path.stem, entry) for path in sorted(folder.rglob("*.log")) for entry in _of(job_id, path)}
    return sorted(found.values(), key=lambda pair: pair[1].get("time", ""))


def _of(job_id: str, path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(errors="replace").splitlines():
        match = _OBJECT.search(line) if job_id in line else None
        if not match:
            continue
        try:
            entry = json.loads(match.group())
        except json.JSONDecodeError:
            continue
        if entry.get("jobId") == job_id and entry.get("time"):
            yield entry


def show(job_id: str, folder: Path = LOGS) -> str:
    """A line of the trace: seconds since the first, part, message, facts."""
    found = lines(job_id, folder)
    if not found:
        return f"no log in {folder} mentions job {job_id}"
    first = datetime.fromisoformat(found[0][1]["time"])
    return "\n".join(_line(part, entry, first) for part, entry in found)


def _line(part: str, entry: dict[str, Any], first: datetime) -> str:
    since = (datetime.fromisoformat(entry["time"]) - first).total_seconds()
    facts = "  ".join(f"{key}={value}" for key, value in entry.items() if key not in _HIDDEN and value not in ("", None))
    mark = "" if entry.get("severity", "INFO") == "INFO" else f"{entry['severity']} "
    return f"{since:9.2f} s  {part:<24.24} {mark}{entry['message']}  {facts}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("which job? make trace JOB=...")
    sys.stdout.write(show(sys.argv[1]) + "\n")
