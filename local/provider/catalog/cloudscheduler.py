"""Cloud Scheduler jobs that call a URI."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from local.interfaces import ScheduleSpec
from local.provider import refusals
from local.provider.catalog.members import accounts
from local.provider.errors import Refused
from local.provider.names import Autoname, seconds
from local.provider.records import State
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
from local.provider.types import Act, Inputs, Reference, Room, Type
from local.provider.validation import Failure


class _Jobs(Room):
    async def put(self, act: Act) -> State:
        if act.state.get("paused"):
            await act.cloud.scheduler.delete(str(act.state["name"]))
            return {"state": "PAUSED"}
        await act.cloud.scheduler.put(_specification(act.state))
        return {"state": "ENABLED"}

    async def delete(self, act: Act) -> None:
        await act.cloud.scheduler.delete(str(act.state["name"]))


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


def _checks(inputs: Inputs) -> Iterable[Failure]:
    if not inputs.get("schedule"):
        yield Failure("schedule", "'schedule' must be given: a job without one never runs")


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
                    "body": text(),
                    "headers": mapping(),
                    "httpMethod": text(),
                    "relativeUri": text(REQUIRED),
                }
            ),
            "attemptDeadline": text(default="180s", refuses=refusals.duration(15, 1800)),
            "deletionPolicy": deletion_policy(),
            "description": text(),
            "httpTarget": block(
                {
                    "body": text(refuses=refusals.base64_text),
                    "headers": mapping(),
                    "httpMethod": text(FREE, "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"),
                    "oauthToken": block({"scope": text(), "serviceAccountEmail": text(REQUIRED)}),
                    "oidcToken": block({"audience": text(), "serviceAccountEmail": text(REQUIRED)}),
                    "uri": text(REQUIRED, refuses=refusals.endpoint),
                }
            ),
            "name": text(FIXED, refuses=refusals.job_name),
            "paused": flag(FILLED),
            "project": text(FIXED | FILLED),
            "pubsubTarget": block({"attributes": mapping(), "data": text(), "topicName": text(REQUIRED)}),
            "region": text(FIXED | FILLED),
            "retryConfig": block(
                {
                    "maxBackoffDuration": text(FILLED),
                    "maxDoublings": integer(FILLED),
                    "maxRetryDuration": text(FILLED),
                    "minBackoffDuration": text(FILLED),
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
        checks=_checks,
        references=_references,
    ),
)
