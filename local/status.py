"""The local cloud in one table."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_HEADER = ("PART", "STATE", "ADDRESS", "PID", "MEMORY", "SINCE", "RESTARTS")
Json = dict[str, Any]


def with_memory(status: Json) -> Json:
    """Adds `memory_mb` to every part that has processes of its own, and to the daemon."""
    groups = dict(_groups())
    for part in status["parts"]:
        part["memory_mb"] = _megabytes(groups.get(part["pid"], []))
    status["about"]["memory_mb"] = _megabytes(groups.get(status["about"]["pid"], [status["about"]["pid"]]))
    return status


def table(status: Json) -> str:
    about = status["about"]
    started = datetime.fromisoformat(about["started"]).timestamp()
    daemon = {"part": "daemon", "state": "running", "pid": about["pid"], "memory_mb": about["memory_mb"], "since": started, "restarts": 0}
    lines = [*_columns([_HEADER, *(_row(part) for part in (daemon, *status["parts"]))]), *_reasons(status["parts"]), ""]
    return "\n".join([*lines, *_contents(status)])


def _row(part: Json) -> tuple[str, ...]:
    memory = part["memory_mb"]
    return (
        part["part"],
        part["state"],
        part.get("address") or "-",
        str(part["pid"] or "-"),
        f"{memory} MB" if memory else "-",
        _ago(time.time() - part["since"]),
        str(part["restarts"]),
    )


def _reasons(parts: Sequence[Json]) -> Iterator[str]:
    for part in parts:
        if part["reason"] and part["state"] != "ready":
            yield f"\n{part['part']} is {part['state']}: {part['reason']}"


def _contents(status: Json) -> Iterator[str]:
    yield f"project        {status['about']['project']} ({status['about']['number']}) in {status['about']['region']}"
    for name in ("buckets", "topics", "subscriptions"):
        yield f"{name:<14} {len(status[name]):<3} {', '.join(status[name])}".rstrip()
    yield from (f"function       {row['name']:<12} {row['uri']} ({row['entry_point']})" for row in status["functions"])
    for row in status["schedules"]:
        last = f"last {_clock(row['last']['started'])}: {row['last']['text']}" if row["last"] else "not run yet"
        yield f"schedule       {row['name']:<12} {row['cron']}  next {_clock(row['next'])}, {last}"
    yield f"refusals       {status['refusals'] or 'none'}" + ("  `python -m local refusals` lists them" if status["refusals"] else "")
    vertex = status["vertex"]
    yield f"pipeline jobs  {_counted(vertex['pipelineJobs'])}"
    yield f"custom jobs    {_counted(vertex['customJobs'])}"
    for endpoint in vertex["endpoints"]:
        deployed = len(endpoint.get("deployedModels", []))
        state = "ready" if endpoint["ready"] else "not ready"
        yield f"endpoint       {endpoint.get('displayName') or endpoint['name']}  {deployed} deployed, {state}"


def _counted(jobs: Sequence[Json]) -> str:
    states = Counter(str(job.get("state", "unknown")).rpartition("STATE_")[2].lower() for job in jobs)
    return ", ".join(f"{count} {state}" for state, count in states.items()) or "none"


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _ago(seconds: float) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"


def _clock(moment: str) -> str:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone().strftime("%H:%M:%S")


def _groups() -> Iterator[tuple[int, list[int]]]:
    """Session leader -> the processes of its session; nothing where there is no /proc."""
    members: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            session = int(stat.read_text().rpartition(")")[2].split()[3])
        except (OSError, IndexError):
            continue
        members.setdefault(session, []).append(int(stat.parent.name))
    yield from members.items()


def _megabytes(processes: Sequence[int]) -> int | None:
    """Their share of memory (PSS): what would be free without them."""
    return sum(_kilobytes(process) for process in processes) // 1024 or None


def _kilobytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
