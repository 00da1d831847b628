"""Cloud Scheduler: calls a URI at the minutes of a cron line, as a service account."""

import asyncio
import logging
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp
from croniter import CroniterError, croniter

from local.interfaces import Identity, ScheduleSpec
from local.layout import Layout
from local.run.errors import BadSchedule, NotFound
from local.run.records import Records

_LOG = logging.getLogger("local.run")
# Sleeps are cut, so that a laptop that slept or whose clock was set is noticed.
_LONGEST_SLEEP_S = 15.0
Json = dict[str, Any]


def next_run(spec: ScheduleSpec, after: datetime) -> datetime:
    """The first minute of the cron line after `after`, in UTC. Raises BadSchedule."""
    if len(spec.cron.split()) != 5:
        raise BadSchedule(f"job {spec.name}: {spec.cron!r} is no cron line of five fields")
    try:
        zone = ZoneInfo(spec.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSchedule(f"job {spec.name}: {spec.time_zone!r} is no time zone; use a name such as Europe/Berlin or Etc/UTC") from error
    try:
        found: datetime = croniter(spec.cron, after.astimezone(zone)).get_next(datetime)
    except CroniterError as error:
        raise BadSchedule(f"job {spec.name}: {spec.cron!r} is no cron line: {error}") from error
    return found.astimezone(UTC)


class CloudScheduler:
    """Satisfies `interfaces.Scheduler`. What was missed while the cloud was down is not made up for, as when a job is paused."""

    def __init__(self, layout: Layout, identity: Identity) -> None:
        self._identity = identity
        self._records = Records(layout.folder("run/schedules"))
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        for name in self._records.names():
            self._follow(self._spec(name))

    async def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values())
        self._tasks.clear()

    async def put(self, spec: ScheduleSpec) -> None:
        next_run(spec, datetime.now(UTC))
        kept = self._records.read(spec.name) or {}
        record = {"spec": {**asdict(spec), "body": spec.body.decode("latin-1")}, "last": kept.get("last")}
        if record != kept:
            self._records.write(spec.name, record)
            self._follow(spec)

    def job(self, name: str) -> ScheduleSpec | None:
        return self._spec(name) if self._records.read(name) else None

    async def delete(self, name: str) -> None:
        self._records.remove(name)
        if task := self._tasks.pop(name, None):
            task.cancel()

    async def run_now(self, name: str) -> Json:
        """One call outside the schedule; answers its result. Raises NotFound."""
        if self._records.read(name) is None:
            raise NotFound("scheduled job", name, list(self._records.names()))
        return await self._call(self._spec(name), datetime.now(UTC))

    def rows(self) -> list[Json]:
        now = datetime.now(UTC)
        specs = [self._spec(name) for name in self._records.names()]
        return [
            {
                "name": spec.name,
                "cron": spec.cron,
                "uri": spec.uri,
                "next": next_run(spec, now).isoformat(),
                "last": (self._records.read(spec.name) or {}).get("last"),
            }
            for spec in specs
        ]

    def _spec(self, name: str) -> ScheduleSpec:
        record = (self._records.read(name) or {})["spec"]
        return ScheduleSpec(**{**record, "body": record["body"].encode("latin-1")})

    def _follow(self, spec: ScheduleSpec) -> None:
        if before := self._tasks.pop(spec.name, None):
            before.cancel()
        self._tasks[spec.name] = asyncio.create_task(self._run(spec), name=f"schedule {spec.name}")

    async def _run(self, spec: ScheduleSpec) -> None:
        """A run that takes longer than the pause swallows the next ones: they never overlap."""
        while True:
            at = next_run(spec, datetime.now(UTC))
            while (left := (at - datetime.now(UTC)).total_seconds()) > 0:  # noqa: ASYNC110 - only the clock tells
                await asyncio.sleep(min(left, _LONGEST_SLEEP_S))
            await self._call(spec, at)

    async def _call(self, spec: ScheduleSpec, at: datetime) -> Json:
        start = datetime.now(UTC)
        result = {"scheduled": at.isoformat(), "started": start.isoformat(), **await self._result(spec, at)}
        result["seconds"] = round((datetime.now(UTC) - start).total_seconds(), 3)
        if record := self._records.read(spec.name):
            self._records.write(spec.name, {**record, "last": result})
        level = logging.INFO if result["ok"] else logging.WARNING
        _LOG.log(level, "schedule %s: %s %s: %s", spec.name, spec.method, spec.uri, result["text"])
        return result

    async def _result(self, spec: ScheduleSpec, at: datetime) -> Json:
        deadline = aiohttp.ClientTimeout(total=spec.attempt_deadline_s)
        headers = self._headers(spec, at)
        try:
            async with (
                aiohttp.ClientSession(timeout=deadline) as session,
                session.request(spec.method, spec.uri, headers=headers, data=spec.body or None, allow_redirects=False) as response,
            ):
                await response.read()
                return {"ok": response.ok, "status": response.status, "text": f"{response.status} {response.reason}"}
        except TimeoutError:
            return {"ok": False, "status": None, "text": f"DEADLINE_EXCEEDED: no answer in {spec.attempt_deadline_s:g} s"}
        except (aiohttp.ClientError, ValueError) as error:
            return {"ok": False, "status": None, "text": f"UNAVAILABLE: {error!r}"}

    def _headers(self, spec: ScheduleSpec, at: datetime) -> dict[str, str]:
        headers = {
            "User-Agent": "Google-Cloud-Scheduler",
            "X-CloudScheduler": "true",
            "X-CloudScheduler-JobName": spec.name,
            "X-CloudScheduler-ScheduleTime": at.isoformat().replace("+00:00", "Z"),
        }
        if spec.body:
            headers["Content-Type"] = "application/octet-stream"
        if spec.account:
            token = self._identity.identity_token(spec.account, spec.audience or spec.uri)
            headers["Authorization"] = f"Bearer {token}"
        return headers
