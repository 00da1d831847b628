"""Cloud Scheduler jobs that call a URI."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from local.interfaces import Cloud, ScheduleSpec
from local.provider import addresses, refusals
from local.provider.catalog.members import accounts
from local.provider.errors import Refused
from local.provider.limits import scheduler as limits
from local.provider.names import Autoname, seconds, short
from local.provider.records import State
from local.provider.regions import Service, location
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    at_least_one,
    block,
    deletion_policy,
    exactly_one,
    flag,
    integer,
    mapping,
    text,
)
from local.provider.types import Act, Reference, Room, Type


class _Jobs(Room):
    sees = "schedule, timeZone, attemptDeadline, httpTarget, paused; gone; the rest is its record"

    async def put(self, act: Act) -> State:
        if act.state.get("paused"):
            await act.cloud.scheduler.delete(str(act.state["name"]))
            return {"state": "PAUSED"}
        await act.cloud.scheduler.put(_specification(act.state))
        return {"state": "ENABLED"}

    async def delete(self, act: Act) -> None:
        await act.cloud.scheduler.delete(str(act.state["name"]))

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        now = cloud.scheduler.job(short(identity))
        if now is None:
            # a paused job has only its record
            return recorded if recorded and recorded.get("state") == "PAUSED" else None
        return recorded | _drifted(recorded, now) if recorded else {"name": now.name}


def _drifted(recorded: State, now: ScheduleSpec) -> State:
    """What was changed since, in Pulumi's words."""
    if recorded.get("state") == "PAUSED":
        return {"paused": False, "state": "ENABLED"}
    told = _specification(recorded)
    changed: State = {}
    if now.cron != told.cron:
        changed["schedule"] = now.cron
    if now.time_zone != told.time_zone:
        changed["timeZone"] = now.time_zone
    if now.attempt_deadline_s != told.attempt_deadline_s:
        changed["attemptDeadline"] = f"{now.attempt_deadline_s:g}s"
    if (now.uri, now.method, now.body, now.account, now.audience) != (told.uri, told.method, told.body, told.account, told.audience):
        changed["httpTarget"] = _http_target(recorded["httpTarget"], now)
    return changed


def _http_target(recorded: State, now: ScheduleSpec) -> State:
    body = {"body": base64.b64encode(now.body).decode()} if now.body else {}
    token = {**recorded["oidcToken"], "serviceAccountEmail": now.account, "audience": now.audience}
    return {**recorded, "uri": now.uri, "httpMethod": now.method, "oidcToken": token, **body}


def _specification(state: State) -> ScheduleSpec:
    target = _target(state)
    token = target.get("oidcToken") or {}
    return ScheduleSpec(
        name=state["name"],
        cron=state["schedule"],
        time_zone=state["timeZone"],
        uri=target["uri"],
        method=target.get("httpMethod") or "POST",
        account=token.get("serviceAccountEmail") or "",
        audience=token.get("audience") or target["uri"],
        body=base64.b64decode(target.get("body") or ""),
        attempt_deadline_s=seconds(state["attemptDeadline"]),
    )


def _target(state: State) -> Mapping[str, Any]:
    target = state.get("httpTarget")
    if not isinstance(target, Mapping):
        raise Refused("the local cloud schedules calls of URIs alone: give 'httpTarget'")
    if not target.get("oidcToken"):
        raise Refused("the local cloud schedules calls with an identity alone: give 'httpTarget.oidcToken'")
    return target


def _references(state: State) -> Iterable[Reference]:
    target = state.get("httpTarget") or {}
    return accounts(state, (target.get("oidcToken") or {}).get("serviceAccountEmail"))


TYPES = (
    Type(
        "gcp:cloudscheduler/job:Job",
        id="projects/{project}/locations/{region}/jobs/{name}",
        properties={
            "appEngineHttpTarget": block(
                {
                    "appEngineRouting": block(
                        {"instance": text(), "service": text(), "version": text()}, FREE, at_least_one("instance", "service", "version")
                    ),
                    "body": text(refuses=refusals.base64_text),
                    "headers": mapping(),
                    "httpMethod": text(),
                    "relativeUri": text(REQUIRED),
                }
            ),
            "attemptDeadline": text(default="180s", refuses=refusals.duration(15, 1800)),
            "deletionPolicy": deletion_policy(),
            "description": text(length=(0, 499)),
            "httpTarget": block(
                {
                    "body": text(refuses=refusals.base64_text),
                    "headers": mapping(),
                    "httpMethod": text(FREE, "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"),
                    "oauthToken": block({"scope": text(), "serviceAccountEmail": text(REQUIRED, refuses=refusals.email)}),
                    "oidcToken": block({"audience": text(), "serviceAccountEmail": text(REQUIRED, refuses=refusals.email)}),
                    "uri": text(REQUIRED, refuses=addresses.url),
                }
            ),
            "name": text(FIXED, refuses=refusals.job_name),
            "paused": flag(FILLED),
            "project": text(FIXED | FILLED),
            "pubsubTarget": block(
                {
                    "attributes": mapping(),
                    "data": text(refuses=refusals.base64_text),
                    "topicName": text(REQUIRED, refuses=refusals.topic_path),
                }
            ),
            "region": text(FIXED | FILLED, refuses=location(Service.SCHEDULER)),
            "retryConfig": block(
                {
                    "maxBackoffDuration": text(FILLED, refuses=refusals.duration(0, 3600)),
                    "maxDoublings": integer(FILLED, between=(0, 16)),
                    "maxRetryDuration": text(FILLED, refuses=refusals.duration(0, 86_400)),
                    "minBackoffDuration": text(FILLED, refuses=refusals.duration(0, 3600)),
                    "retryCount": integer(FILLED),
                },
                FREE,
                at_least_one("maxBackoffDuration", "maxDoublings", "maxRetryDuration", "minBackoffDuration", "retryCount"),
            ),
            "schedule": text(refuses=refusals.cron),
            "timeZone": text(default="Etc/UTC", refuses=refusals.time_zone),
        },
        groups=(exactly_one("appEngineHttpTarget", "httpTarget", "pubsubTarget"),),
        autoname=Autoname(),
        volatile=frozenset({"state"}),
        room=_Jobs(),
        checks=limits.check,
        references=_references,
    ),
)
