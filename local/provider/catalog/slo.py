"""Cloud Monitoring: service level objectives, which are records."""

from local.provider import refusals
from local.provider.limits import monitoring as limits
from local.provider.names import token
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
    number,
    text,
    text_set,
)
from local.provider.types import Type

_RANGE = block({"max": number(), "min": number()}, REQUIRED, at_least_one("max", "min"))

_DISTRIBUTION_CUT = block({"distributionFilter": text(REQUIRED), "range": _RANGE})


def _goal(value: float) -> str:
    """more than 0, at most 0.9999"""
    return "" if 0 < value <= 0.9999 else f"must be more than 0 and at most 0.9999, not {value}"


TYPES = (
    Type(
        "gcp:monitoring/slo:Slo",
        id="{name}",
        properties={
            "basicSli": block(
                {
                    "availability": block({"enabled": flag(default=True)}),
                    "latency": block({"threshold": text(REQUIRED)}),
                    "locations": text_set(),
                    "methods": text_set(),
                    "versions": text_set(),
                },
                FREE,
                exactly_one("availability", "latency"),
            ),
            "calendarPeriod": text(FREE, "DAY", "WEEK", "FORTNIGHT", "MONTH"),
            "deletionPolicy": deletion_policy(),
            "displayName": text(),
            "goal": number(REQUIRED, refuses=_goal),
            "project": text(FIXED | FILLED),
            "requestBasedSli": block(
                {
                    "distributionCut": _DISTRIBUTION_CUT,
                    "goodTotalRatio": block(
                        {"badServiceFilter": text(), "goodServiceFilter": text(), "totalServiceFilter": text()},
                        FREE,
                        at_least_one("badServiceFilter", "goodServiceFilter", "totalServiceFilter"),
                    ),
                },
                FREE,
                exactly_one("distributionCut", "goodTotalRatio"),
            ),
            "rollingPeriodDays": integer(between=(1, 30)),
            "service": text(REQUIRED | FIXED),
            "sloId": text(FIXED | FILLED, pattern=r"^[a-zA-Z0-9\-_:.]+$"),
            "userLabels": mapping(refuses=refusals.labels),
            "windowsBasedSli": block(
                {
                    "goodBadMetricFilter": text(),
                    "goodTotalRatioThreshold": block(
                        {
                            "basicSliPerformance": block(
                                {
                                    "availability": block({"enabled": flag(default=True)}),
                                    "latency": block({"threshold": text(REQUIRED)}),
                                    "locations": text_set(),
                                    "methods": text_set(),
                                    "versions": text_set(),
                                },
                                FREE,
                                exactly_one("availability", "latency"),
                            ),
                            "performance": block(
                                {
                                    "distributionCut": _DISTRIBUTION_CUT,
                                    "goodTotalRatio": block(
                                        {"badServiceFilter": text(), "goodServiceFilter": text(), "totalServiceFilter": text()},
                                        FREE,
                                        at_least_one("badServiceFilter", "goodServiceFilter", "totalServiceFilter"),
                                    ),
                                },
                                FREE,
                                exactly_one("distributionCut", "goodTotalRatio"),
                            ),
                            "threshold": number(),
                        },
                        FREE,
                        exactly_one("basicSliPerformance", "performance"),
                    ),
                    "metricMeanInRange": block({"range": _RANGE, "timeSeries": text(REQUIRED)}),
                    "metricSumInRange": block({"range": _RANGE, "timeSeries": text(REQUIRED)}),
                    "windowPeriod": text(refuses=refusals.duration(60, 86_400, 60)),
                },
                FREE,
                exactly_one("goodBadMetricFilter", "goodTotalRatioThreshold", "metricMeanInRange", "metricSumInRange"),
            ),
        },
        groups=(
            exactly_one("basicSli", "requestBasedSli", "windowsBasedSli"),
            exactly_one("calendarPeriod", "rollingPeriodDays"),
        ),
        made={"sloId": token},
        outputs={"name": "projects/{project}/services/{service}/serviceLevelObjectives/{sloId}"},
        checks=limits.objective,
    ),
)
