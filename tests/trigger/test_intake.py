"""The function `intake` as Pub/Sub calls it, on Google's emulator of the database."""

import base64
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import functions_framework
import pytest
from google.cloud import firestore

from jobs.documents import now
from jobs.intake import Gate, Intake, Keeper
from jobs.settings import TriggerSettings
from services.trigger import intake as budgeting

MAY, JUNE = datetime(2026, 5, 1, 7, tzinfo=UTC), datetime(2026, 6, 1, 7, tzinfo=UTC)
Deliver = Callable[..., int]


def notification(cost: float, budget: float = 500.0, period: datetime = MAY) -> dict[str, Any]:
    """As Cloud Billing publishes it."""
    return {
        "budgetDisplayName": "sd-for-designers test",
        "alertThresholdExceeded": 0.9,
        "costAmount": cost,
        "costIntervalStart": period.isoformat().replace("+00:00", "Z"),
        "budgetAmount": budget,
        "budgetAmountType": "SPECIFIED_AMOUNT",
        "currencyCode": "EUR",
    }


@pytest.fixture
def gate(database: firestore.Client) -> Gate:
    return Gate(database)


@pytest.fixture
def deliver(database: firestore.Client, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deliver]:
    """POST one message to the function, as a push subscription does; answers the status."""
    for item in fields(TriggerSettings):
        if item.default is MISSING:
            monkeypatch.setenv(item.name.upper(), "unused")
    monkeypatch.setenv("PROJECT", database.project)
    monkeypatch.setenv("DATABASE", database._database)
    app = functions_framework.create_app(target="intake", source="services/trigger/main.py", signature_type="cloudevent").test_client()

    def post(body: Any) -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        message = {"data": base64.b64encode(data).decode(), "messageId": "1", "publishTime": "2026-05-20T10:00:00Z", "attributes": {}}
        pushed = {"message": message, "subscription": "projects/demo/subscriptions/sd-test-intake"}
        return int(app.post("/", json=pushed).status_code)

    yield post
    database.collection("intake").document("state").delete()


def _answered(status: int) -> bool:
    return 200 <= status < 300


def test_until_someone_says_otherwise_intake_is_open(gate: Gate) -> None:
    assert not gate.state().paused


def test_a_spent_budget_pauses_intake_with_its_reason_and_numbers(deliver: Deliver, gate: Gate) -> None:
    answer = deliver(notification(cost=512.3))

    state = gate.state()
    assert _answered(answer)
    assert (state.paused, state.by, state.reason) == (True, Keeper.BUDGET, "this month's budget is used up")
    assert (state.cost, state.budget, state.currency, state.period) == (512.3, 500.0, "EUR", MAY)


@pytest.mark.parametrize("cost", [0.0, 450.0, 499.99])
def test_a_threshold_below_the_budget_pauses_nothing(deliver: Deliver, gate: Gate, cost: float) -> None:
    assert _answered(deliver(notification(cost)))

    assert not gate.state().paused


def test_the_new_month_opens_what_the_budget_closed(deliver: Deliver, gate: Gate) -> None:
    deliver(notification(512.0))

    deliver(notification(3.0, period=JUNE))

    assert (gate.state().paused, gate.state().by) == (False, Keeper.BUDGET)


def test_a_raised_budget_opens_what_the_smaller_one_closed(deliver: Deliver, gate: Gate) -> None:
    deliver(notification(512.0))

    deliver(notification(513.0, budget=1000.0))

    assert not gate.state().paused


def test_a_notice_that_was_overtaken_changes_nothing(deliver: Deliver, gate: Gate) -> None:
    deliver(notification(512.0))
    deliver(notification(480.0))
    paused = gate.state().paused

    deliver(notification(3.0, period=JUNE))
    deliver(notification(530.0, period=MAY))

    assert paused
    assert not gate.state().paused


def test_an_operators_pause_is_never_touched(deliver: Deliver, gate: Gate) -> None:
    gate.change(lambda _: Intake(paused=True, reason="we move", by=Keeper.OPERATOR, since=MAY))

    for notice in (notification(512.0), notification(3.0, period=JUNE), notification(3.0, budget=9000.0)):
        deliver(notice)

    assert (gate.state().paused, gate.state().by, gate.state().reason) == (True, Keeper.OPERATOR, "we move")


def test_an_operator_who_opens_in_spite_of_the_budget_is_obeyed_to_the_months_end(deliver: Deliver, gate: Gate) -> None:
    deliver(notification(512.0))
    gate.change(lambda _: Intake(by=Keeper.OPERATOR, since=MAY + timedelta(days=20)))

    deliver(notification(530.0))
    in_may = gate.state().paused
    deliver(notification(501.0, period=JUNE))

    assert not in_may
    assert (gate.state().paused, gate.state().by) == (True, Keeper.BUDGET)


def test_twenty_deliveries_are_one_pause(deliver: Deliver, gate: Gate, database: firestore.Client) -> None:
    notice = budgeting.Notice.parse(json.dumps(notification(512.0)).encode())

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(lambda _: gate.change(lambda here: budgeting.decide(notice, here)), range(20)))

    assert sum(each is not None for each in written) == 1
    assert gate.state().paused


@pytest.mark.parametrize("before", [None, Intake(by=Keeper.BUDGET)])
def test_a_change_is_decided_anew_when_someone_was_faster(deliver: Deliver, gate: Gate, before: Intake | None) -> None:
    gate.change(lambda _: before)
    met: list[Keeper] = []

    def decide(here: Intake) -> Intake | None:
        met.append(here.by)
        if len(met) == 1:
            gate.change(lambda _: Intake(paused=True, reason="we move", by=Keeper.OPERATOR))
        return None if here.by is Keeper.OPERATOR else Intake(paused=True, by=Keeper.BUDGET)

    written = gate.change(decide)

    assert written is None
    assert met[1:] == [Keeper.OPERATOR]
    assert gate.state().reason == "we move"


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        {},
        {**notification(1.0), "costAmount": "much"},
        {**notification(1.0), "costIntervalStart": "in May"},
        {**notification(1.0), "costIntervalStart": "2026-05-01"},
    ],
)
def test_a_message_that_is_no_notice_is_acknowledged_and_told(
    deliver: Deliver, gate: Gate, body: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = deliver(body)

    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert _answered(answer)
    assert (line["message"], line["severity"], line["alert"]) == ("message dropped", "ERROR", True)
    assert "not a budget's notification" in line["reason"]
    assert not gate.state().paused


def test_what_an_operators_script_wrote_is_read(gate: Gate, database: firestore.Client) -> None:
    at = now()

    database.collection("intake").document("state").set({"paused": True, "reason": "we move", "since": at, "by": "operator"})

    assert (gate.state().paused, gate.state().by, gate.state().since) == (True, Keeper.OPERATOR, at)
    assert budgeting.decide(budgeting.Notice.parse(json.dumps(notification(3.0, period=JUNE)).encode()), gate.state()) is None
