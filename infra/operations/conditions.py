"""The conditions of alerts, as Cloud Monitoring takes them."""

from collections.abc import Sequence
from typing import Any

import pulumi

Condition = dict[str, Any]


def logged(title: str, filter: str, job: str = "") -> Condition:
    """A line of the log. `job` is the field whose value the notification shows as the job."""
    matched: dict[str, Any] = {"filter": filter}
    if job:
        matched["label_extractors"] = {"job": f"EXTRACT({job})"}
    return {"display_name": title, "condition_matched_log": matched}


def above(
    title: str,
    filter: pulumi.Input[str],
    value: float,
    aligner: str,
    reducer: str = "",
    period_s: int = 300,
    for_s: int = 0,
    per: Sequence[str] = (),
) -> Condition:
    """One figure over its limit, for `for_s` without a break; `per` are the labels that keep series apart."""
    return {
        "display_name": title,
        "condition_threshold": {
            "filter": filter,
            "comparison": "COMPARISON_GT",
            "threshold_value": value,
            "duration": f"{for_s}s",
            "aggregations": [_aggregation(aligner, reducer, period_s, per)],
            "trigger": {"count": 1},
        },
    }


def share_above(title: str, part: str, whole: str, value: float, period_s: int = 300, for_s: int = 0) -> Condition:
    """The share of counted things among all of their kind."""
    condition = above(title, part, value, "ALIGN_RATE", "REDUCE_SUM", period_s, for_s)
    condition["condition_threshold"] |= {
        "denominator_filter": whole,
        "denominator_aggregations": [_aggregation("ALIGN_RATE", "REDUCE_SUM", period_s, ())],
    }
    return condition


def silent(title: str, filter: str, for_s: int) -> Condition:
    """Nothing at all was counted."""
    return {
        "display_name": title,
        "condition_absent": {
            "filter": filter,
            "duration": f"{for_s}s",
            "aggregations": [_aggregation("ALIGN_RATE", "REDUCE_SUM", 60, ())],
            "trigger": {"count": 1},
        },
    }


def burning(title: str, slo: pulumi.Output[str], window_s: int, times: float) -> Condition:
    """Errors come so many times faster than the objective can bear for its whole period."""
    filter = pulumi.Output.format('select_slo_burn_rate("{0}", "{1}s")', slo, window_s)
    return {
        "display_name": title,
        "condition_threshold": {"filter": filter, "comparison": "COMPARISON_GT", "threshold_value": times, "duration": "0s"},
    }


def _aggregation(aligner: str, reducer: str, period_s: int, per: Sequence[str]) -> dict[str, Any]:
    across = {"cross_series_reducer": reducer, "group_by_fields": list(per)} if reducer else {}
    return {"alignment_period": f"{period_s}s", "per_series_aligner": aligner, **across}
