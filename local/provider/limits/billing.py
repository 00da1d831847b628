"""Budgets."""

from collections.abc import Iterator

from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import blocks, every, within, wrong


def period(inputs: Inputs) -> Iterator[Failure]:
    """A budget counts over a calendar period or over one of its own, not both, and by labels one at a time."""
    for path, chosen in blocks(inputs, "budgetFilter"):
        if chosen.get("calendarPeriod") is not None and chosen.get("customPeriod") is not None:
            yield wrong(f"{path}.calendarPeriod", f"and '{path}.customPeriod' cannot both be given")
        if len(chosen.get("labels") or ()) > 1:
            yield wrong(f"{path}.labels", "must be one label")


def forecast(inputs: Inputs) -> Iterator[Failure]:
    """Thresholds are not negative; FORECASTED_SPEND cannot be known for a period of one's own."""
    own = any(True for _ in within(inputs, "budgetFilter.customPeriod"))
    for path, rule in blocks(inputs, "thresholdRules[]"):
        percent = rule.get("thresholdPercent")
        if isinstance(percent, int | float) and percent < 0:
            yield wrong(f"{path}.thresholdPercent", f"must not be negative, not {percent}: 0.5 is half the budget")
        if own and rule.get("spendBasis") == "FORECASTED_SPEND":
            yield wrong(f"{path}.spendBasis", "cannot be FORECASTED_SPEND with 'budgetFilter.customPeriod'")


def projects(inputs: Inputs) -> Iterator[Failure]:
    """Projects are named `projects/...`."""
    for path, name in within(inputs, "budgetFilter.projects[]"):
        if not name.startswith("projects/"):
            yield wrong(path, f"must be like 'projects/NUMBER'; {name!r} is not")


check = every(period, forecast, projects)
