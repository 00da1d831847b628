"""Cloud Logging: metrics over log entries, which are records."""

from local.provider import expressions, refusals
from local.provider.limits import logging as limits
from local.provider.names import Autoname
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    at_least_one,
    block,
    block_set,
    deletion_policy,
    flag,
    integer,
    mapping,
    number,
    numbers,
    text,
)
from local.provider.types import Type

TYPES = (
    Type(
        "gcp:logging/metric:Metric",
        id="{name}",
        properties={
            "bucketName": text(),
            "bucketOptions": block(
                {
                    "explicitBuckets": block({"bounds": numbers(REQUIRED)}),
                    "exponentialBuckets": block(
                        {"growthFactor": number(REQUIRED), "numFiniteBuckets": integer(REQUIRED), "scale": number(REQUIRED)}
                    ),
                    "linearBuckets": block({"numFiniteBuckets": integer(REQUIRED), "offset": number(REQUIRED), "width": number(REQUIRED)}),
                },
                FREE,
                at_least_one("explicitBuckets", "exponentialBuckets", "linearBuckets"),
            ),
            "deletionPolicy": deletion_policy(),
            "description": text(length=(0, 8000)),
            "disabled": flag(),
            "filter": text(REQUIRED, refuses=expressions.filter_of(20_000)),
            "labelExtractors": mapping(),
            "metricDescriptor": block(
                {
                    "displayName": text(),
                    "labels": block_set(
                        {
                            "description": text(),
                            "key": text(REQUIRED | FIXED),
                            "valueType": text(FIXED, "BOOL", "INT64", "STRING", default="STRING"),
                        }
                    ),
                    "metricKind": text(REQUIRED, "DELTA", "GAUGE", "CUMULATIVE"),
                    "unit": text(default="1"),
                    "valueType": text(REQUIRED, "BOOL", "INT64", "DOUBLE", "STRING", "DISTRIBUTION", "MONEY"),
                },
                FILLED,
            ),
            "name": text(refuses=refusals.metric_name),
            "project": text(FIXED | FILLED),
            "valueExtractor": text(refuses=expressions.extractor),
        },
        autoname=Autoname(longest=100),
        checks=limits.check,
    ),
)
