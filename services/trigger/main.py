"""Part 3, the plumbing: `start` turns each published jobID into a pipeline run, `sweep` repairs once a minute whatever fell between,
`intake` takes no new jobs once the budget is spent."""

import base64
from typing import Any

import functions_framework
from flask import Request

from jobs.job import NotAllowed, Superseded
from jobs.log import log
from jobs.message import Poison, Submitted
from jobs.settings import TriggerSettings
from jobs.store import UnknownJob
from services.trigger import intake as budgeting
from services.trigger import start as starting
from services.trigger import sweep as sweeping
from services.trigger.clients import Clients

_CLIENTS: list[Clients] = []


def _clients() -> Clients:
    """Made by the first call and kept by the instance: clients cost a second to make."""
    if not _CLIENTS:
        _CLIENTS.append(Clients(TriggerSettings.from_env()))
    return _CLIENTS[0]


@functions_framework.cloud_event
def start(event: Any) -> None:
    """An exception makes Pub/Sub deliver again; returning acknowledges. What no retry can mend is acknowledged, with an alert."""
    message = event.data["message"]
    try:
        submitted = Submitted.parse(base64.b64decode(message.get("data", "")), message.get("attributes") or {})
        starting.start(_clients(), submitted)
    except (Poison, UnknownJob) as error:
        _drop(message, error)
    except (NotAllowed, Superseded) as error:
        log("message came too late", severity="WARNING", reason=str(error), messageId=message.get("messageId", ""))


@functions_framework.cloud_event
def intake(event: Any) -> None:
    """As `start`: an exception is delivered again, and in the end to the dead letters; what no retry can mend is acknowledged."""
    message = event.data["message"]
    try:
        notice = budgeting.Notice.parse(base64.b64decode(message.get("data", "")))
    except Poison as error:
        _drop(message, error)
    else:
        budgeting.intake(_clients().gate, notice)


def _drop(message: Any, error: Exception) -> None:
    log("message dropped", severity="ERROR", alert=True, reason=str(error), messageId=message.get("messageId", ""))


@functions_framework.http
def sweep(_: Request) -> dict[str, int]:
    """Answers how many of each were done; safe to run twice at once."""
    return sweeping.sweep(_clients())
