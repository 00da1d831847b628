"""Cloud Monitoring: alert policies, which are records."""

from local.provider import addresses, expressions, refusals
from local.provider.limits import alerting as limits
from local.provider.names import number
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    at_least_one,
    block,
    blocks,
    deletion_policy,
    flag,
    integer,
    mapping,
    text,
    texts,
)
from local.provider.schema import number as decimal
from local.provider.types import Type

_DURATION = text(REQUIRED, refuses=refusals.duration(0, 90_000, 60))
_FILTER = text(refuses=expressions.filter_of(2048))
_TRIGGER = block({"count": integer(), "percent": decimal()})

_AGGREGATIONS = blocks(
    {
        "alignmentPeriod": text(refuses=refusals.duration(60, 62_899_200, 60)),
        "crossSeriesReducer": text(
            FREE,
            "REDUCE_NONE",
            "REDUCE_MEAN",
            "REDUCE_MIN",
            "REDUCE_MAX",
            "REDUCE_SUM",
            "REDUCE_STDDEV",
            "REDUCE_COUNT",
            "REDUCE_COUNT_TRUE",
            "REDUCE_COUNT_FALSE",
            "REDUCE_FRACTION_TRUE",
            "REDUCE_PERCENTILE_99",
            "REDUCE_PERCENTILE_95",
            "REDUCE_PERCENTILE_50",
            "REDUCE_PERCENTILE_05",
        ),
        "groupByFields": texts(),
        "perSeriesAligner": text(
            FREE,
            "ALIGN_NONE",
            "ALIGN_DELTA",
            "ALIGN_RATE",
            "ALIGN_INTERPOLATE",
            "ALIGN_NEXT_OLDER",
            "ALIGN_MIN",
            "ALIGN_MAX",
            "ALIGN_MEAN",
            "ALIGN_COUNT",
            "ALIGN_SUM",
            "ALIGN_STDDEV",
            "ALIGN_COUNT_TRUE",
            "ALIGN_COUNT_FALSE",
            "ALIGN_FRACTION_TRUE",
            "ALIGN_PERCENTILE_99",
            "ALIGN_PERCENTILE_95",
            "ALIGN_PERCENTILE_50",
            "ALIGN_PERCENTILE_05",
            "ALIGN_PERCENT_CHANGE",
        ),
    }
)

_CONDITIONS = blocks(
    {
        "conditionAbsent": block({"aggregations": _AGGREGATIONS, "duration": _DURATION, "filter": _FILTER, "trigger": _TRIGGER}),
        "conditionMatchedLog": block({"filter": text(REQUIRED, refuses=expressions.filter_of(20_000)), "labelExtractors": mapping()}),
        "conditionMonitoringQueryLanguage": block(
            {
                "duration": text(REQUIRED),
                "evaluationMissingData": text(
                    FREE, "EVALUATION_MISSING_DATA_INACTIVE", "EVALUATION_MISSING_DATA_ACTIVE", "EVALUATION_MISSING_DATA_NO_OP"
                ),
                "query": text(REQUIRED),
                "trigger": _TRIGGER,
            }
        ),
        "conditionPrometheusQueryLanguage": block(
            {
                "alertRule": text(),
                "disableMetricValidation": flag(),
                "duration": text(),
                "evaluationInterval": text(),
                "labels": mapping(),
                "query": text(REQUIRED),
                "ruleGroup": text(),
            }
        ),
        "conditionSql": block(
            {
                "booleanTest": block({"column": text(REQUIRED)}),
                "daily": block(
                    {
                        "executionTime": block({"hours": integer(), "minutes": integer(), "nanos": integer(), "seconds": integer()}),
                        "periodicity": integer(REQUIRED),
                    }
                ),
                "hourly": block({"minuteOffset": integer(), "periodicity": integer(REQUIRED)}),
                "minutes": block({"periodicity": integer(REQUIRED)}),
                "query": text(REQUIRED),
                "rowCountTest": block(
                    {
                        "comparison": text(
                            REQUIRED, "COMPARISON_GT", "COMPARISON_GE", "COMPARISON_LT", "COMPARISON_LE", "COMPARISON_EQ", "COMPARISON_NE"
                        ),
                        "threshold": integer(REQUIRED),
                    }
                ),
            }
        ),
        "conditionThreshold": block(
            {
                "aggregations": _AGGREGATIONS,
                "comparison": text(
                    REQUIRED, "COMPARISON_GT", "COMPARISON_GE", "COMPARISON_LT", "COMPARISON_LE", "COMPARISON_EQ", "COMPARISON_NE"
                ),
                "denominatorAggregations": _AGGREGATIONS,
                "denominatorFilter": _FILTER,
                "duration": _DURATION,
                "evaluationMissingData": text(
                    FREE, "EVALUATION_MISSING_DATA_INACTIVE", "EVALUATION_MISSING_DATA_ACTIVE", "EVALUATION_MISSING_DATA_NO_OP"
                ),
                "filter": _FILTER,
                "forecastOptions": block({"forecastHorizon": text(REQUIRED, refuses=refusals.duration(3600, 216_000))}),
                "thresholdValue": decimal(),
                "trigger": _TRIGGER,
            }
        ),
        "displayName": text(REQUIRED, length=(1, 512)),
    },
    REQUIRED,
)

TYPES = (
    Type(
        "gcp:monitoring/alertPolicy:AlertPolicy",
        id="{name}",
        properties={
            "alertStrategy": block(
                {
                    "autoClose": text(refuses=refusals.duration(1800, 604_800)),
                    "notificationChannelStrategies": blocks(
                        {"notificationChannelNames": texts(), "renotifyInterval": text(refuses=refusals.duration(1800, 86_400))}
                    ),
                    "notificationPrompts": texts(FREE, "NOTIFICATION_PROMPT_UNSPECIFIED", "OPENED", "CLOSED"),
                    "notificationRateLimit": block({"period": text(refuses=refusals.duration(300, 172_800))}),
                }
            ),
            "combiner": text(REQUIRED, "AND", "OR", "AND_WITH_MATCHING_RESOURCE"),
            "conditions": _CONDITIONS,
            "deletionPolicy": deletion_policy(),
            "displayName": text(REQUIRED, length=(1, 512)),
            "documentation": block(
                {
                    "content": text(refuses=refusals.at_most(8192, "bytes")),
                    "links": blocks({"displayName": text(), "url": text(refuses=addresses.url)}, items=(0, 3)),
                    "mimeType": text(default="text/markdown"),
                    "subject": text(length=(0, 255)),
                },
                FREE,
                at_least_one("content", "links", "mimeType", "subject"),
            ),
            "enabled": flag(default=True),
            "notificationChannels": texts(items=(0, 16), refuses=refusals.channel_path),
            "project": text(FIXED | FILLED),
            "severity": text(FREE, "CRITICAL", "ERROR", "WARNING"),
            "userLabels": mapping(refuses=refusals.labels),
        },
        made={"_id": number},
        outputs={"name": "projects/{project}/alertPolicies/{_id}"},
        checks=limits.policy,
    ),
)
