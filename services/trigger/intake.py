"""A budget only sends word. This stops the spending: past the budget no new jobs are taken, and in the new month they are again."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from jobs.documents import now
from jobs.intake import Gate, Intake, Keeper
from jobs.log import log
from jobs.message import Poison

_REASON = "this month's budget is used up"


@dataclass(frozen=True)
class Notice:
    """What Cloud Billing publishes several times a day, whether a threshold was crossed or not; `period` is the month's first moment.
    https://cloud.google.com/billing/docs/how-to/budgets-programmatic-notifications"""

    cost: float
    budget: float
    currency: str
    period: datetime

    @classmethod
    def parse(cls, data: bytes) -> "Notice":
        """Raises Poison."""
        try:
            body = json.loads(data)
            cost, budget = float(body["costAmount"]), float(body["budgetAmount"])
            period = datetime.fromisoformat(body["costIntervalStart"])
        except (ValueError, KeyError, TypeError) as error:
            raise Poison(f"message {data[:80]!r} is not a budget's notification: {error!r}") from error
        if period.tzinfo is None:
            raise Poison(f"message {data[:80]!r} is not a budget's notification: its costIntervalStart has no time zone")
        return cls(cost, budget, str(body.get("currencyCode", "")), period)


def intake(gate: Gate, notice: Notice) -> None:
    """Idempotent. Raises Contended, for Pub/Sub to deliver again."""
    facts: dict[str, Any] = {"cost": notice.cost, "budget": notice.budget, "currency": notice.currency}
    written = gate.change(partial(decide, notice))
    if written is None:
        log("budget noted", **facts)
    elif written.paused:
        log("intake paused", severity="WARNING", alert=True, by=written.by, reason=written.reason, **facts)
    else:
        log("intake opened", severity="WARNING", by=written.by, **facts)


def decide(notice: Notice, here: Intake) -> Intake | None:
    """What the notice makes of the intake as it stands; None for nothing. An operator's pause stands until an operator ends it; an
    operator who opens intake in spite of the budget is obeyed until the month is over."""
    if notice.period < here.period or (here.by is Keeper.OPERATOR and (here.paused or notice.period <= here.since)):
        return None
    spent = notice.cost >= notice.budget
    after = Intake(spent, _REASON if spent else "", Keeper.BUDGET, now(), notice.cost, notice.budget, notice.currency, notice.period)
    if spent:
        return None if here.paused else after
    return after if here.paused and _is_news(notice, here) else None


def _is_news(notice: Notice, here: Intake) -> bool:
    """Notices overtake one another: a lower cost of the same month and budget is only an older one."""
    return notice.period > here.period or notice.budget > here.budget
