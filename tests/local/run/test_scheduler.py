import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from local.interfaces import ScheduleSpec
from local.run import scheduler
from local.run.errors import BadSchedule, NotFound
from local.run.scheduler import CloudScheduler, next_run

ACCOUNT = "sweep@sd-local.iam.gserviceaccount.com"


def schedule(uri: str = "http://127.0.0.1:9/", **settings: Any) -> ScheduleSpec:
    return ScheduleSpec(
        **{
            "name": "sweep",
            "cron": "* * * * *",
            "time_zone": "Etc/UTC",
            "uri": uri,
            "method": "POST",
            "account": ACCOUNT,
            "audience": "aud",
            **settings,
        }
    )


class Called:
    """A small target that remembers its requests."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.delay_s = 200, 0.0

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append((request.method, dict(request.headers), await request.read()))
        await asyncio.sleep(self.delay_s)
        return web.Response(status=self.status)


@pytest.fixture
async def target() -> AsyncIterator[tuple[Called, str]]:
    called, server = Called(), web.Application()
    server.router.add_route("*", "/", called.handle)
    runner = web.AppRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield called, f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.fixture
async def jobs(machine: Any) -> AsyncIterator[CloudScheduler]:
    cloud = CloudScheduler(machine.layout, machine.identity)
    await cloud.start()
    yield cloud
    await cloud.stop()


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        ("* * * * *", "Etc/UTC", "2026-11-22T10:00:30", "2026-11-22T10:01:00"),
        ("0 9 * * 1-5", "Europe/Berlin", "2026-11-20T20:00:00", "2026-11-23T08:00:00"),
        ("0 9 * * *", "America/New_York", "2026-07-01T00:00:00", "2026-07-01T13:00:00"),
        ("*/15 * * * *", "Asia/Kolkata", "2026-07-01T00:01:00", "2026-07-01T00:15:00"),
    ],
)
def test_the_next_run_is_told_in_the_jobs_time_zone(cron: str, zone: str, after: str, expected: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)

    assert next_run(schedule(cron=cron, time_zone=zone), moment).replace(tzinfo=None).isoformat() == expected


@pytest.mark.parametrize("wrong", [{"cron": "hourly"}, {"cron": "61 * * * *"}, {"cron": "* * * * * *"}, {"time_zone": "Mars/Olympus"}])
async def test_what_is_no_schedule_is_refused(jobs: CloudScheduler, wrong: dict[str, str]) -> None:
    with pytest.raises(BadSchedule, match="job sweep"):
        await jobs.put(schedule(**wrong))

    assert jobs.rows() == []


async def test_a_call_carries_googles_headers_and_a_token_for_the_audience(
    jobs: CloudScheduler, machine: Any, target: tuple[Called, str]
) -> None:
    called, uri = target
    await jobs.put(schedule(uri, body=b"{}"))

    result = await jobs.run_now("sweep")

    [(method, headers, body)] = called.requests
    assert (result["ok"], method, body) == (True, "POST", b"{}")
    assert (headers["User-Agent"], headers["X-CloudScheduler-JobName"]) == ("Google-Cloud-Scheduler", "sweep")
    assert machine.identity.verify_identity_token(headers["Authorization"].removeprefix("Bearer "), "aud") == ACCOUNT


async def test_a_job_runs_when_its_minute_comes(jobs: CloudScheduler, target: tuple[Called, str], monkeypatch: pytest.MonkeyPatch) -> None:
    called, uri = target
    monkeypatch.setattr(scheduler, "next_run", lambda spec, after: after + timedelta(seconds=0.2))

    await jobs.put(schedule(uri))
    await asyncio.sleep(0.75)

    assert 2 <= len(called.requests) <= 3


async def test_failures_are_kept_as_the_last_result(jobs: CloudScheduler, target: tuple[Called, str]) -> None:
    called, uri = target
    called.status = 500
    await jobs.put(schedule(uri))
    refused = await jobs.run_now("sweep")
    called.delay_s = 1
    await jobs.put(schedule(uri, attempt_deadline_s=0.1))
    late = await jobs.run_now("sweep")
    await jobs.put(schedule("http://127.0.0.1:9/"))
    gone = await jobs.run_now("sweep")

    assert (refused["status"], refused["ok"]) == (500, False)
    assert "DEADLINE_EXCEEDED" in late["text"]
    assert "UNAVAILABLE" in gone["text"]
    assert jobs.rows()[0]["last"] == gone


async def test_jobs_outlive_the_daemon(jobs: CloudScheduler, machine: Any, target: tuple[Called, str]) -> None:
    await jobs.put(schedule(target[1], body=b"\xff"))
    await jobs.run_now("sweep")

    again = CloudScheduler(machine.layout, machine.identity)
    await again.start()
    [row] = again.rows()
    await again.run_now("sweep")
    await again.stop()

    assert row["last"]["status"] == 200
    assert target[0].requests[1][2] == b"\xff"


async def test_a_deleted_job_is_gone_and_a_second_delete_is_silent(jobs: CloudScheduler) -> None:
    await jobs.put(schedule())
    await jobs.delete("sweep")
    await jobs.delete("sweep")

    assert jobs.rows() == []
    with pytest.raises(NotFound, match="scheduled job"):
        await jobs.run_now("sweep")
