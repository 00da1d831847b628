"""Metrics over log entries."""

from collections.abc import Iterator, Mapping

from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import blocks, every, wrong


def kind(inputs: Inputs) -> Iterator[Failure]:
    """A metric of one's own is DELTA, and counts (INT64) or is a DISTRIBUTION; a distribution has a `valueExtractor` and no other
    metric has one, nor `bucketOptions`."""
    for path, descriptor in blocks(inputs, "metricDescriptor"):
        if descriptor.get("metricKind") in ("GAUGE", "CUMULATIVE"):
            yield wrong(f"{path}.metricKind", f"must be DELTA for a metric over logs, not {descriptor['metricKind']}")
        value_type = descriptor.get("valueType")
        if isinstance(value_type, str) and value_type not in ("INT64", "DISTRIBUTION"):
            yield wrong(f"{path}.valueType", f"must be INT64 or DISTRIBUTION for a metric over logs, not {value_type}")
        if isinstance(value_type, str) and (value_type == "DISTRIBUTION") != (inputs.get("valueExtractor") is not None):
            must = "given with" if value_type == "DISTRIBUTION" else "left out without"
            yield wrong("valueExtractor", f"must be {must} '{path}.valueType' DISTRIBUTION")
        if value_type == "INT64" and inputs.get("bucketOptions") is not None:
            yield wrong("bucketOptions", f"must be left out without '{path}.valueType' DISTRIBUTION")


def labels(inputs: Inputs) -> Iterator[Failure]:
    """At most 10 labels, each declared in `metricDescriptor.labels` and filled by `labelExtractors`."""
    extractors = inputs.get("labelExtractors", {})
    declared = {label.get("key") for _, label in blocks(inputs, "metricDescriptor.labels[]")}
    if not isinstance(extractors, Mapping):
        return
    for name in sorted(set(extractors) - declared):
        yield wrong(f"labelExtractors.{name}", "is not among 'metricDescriptor.labels'")
    for name in sorted(key for key in declared - set(extractors) if isinstance(key, str)):
        yield wrong(f"labelExtractors.{name}", "must be given: 'metricDescriptor.labels' has it")
    if len(declared) > 10:
        yield wrong("metricDescriptor.labels", f"must have at most 10 members, not {len(declared)}")


def buckets(inputs: Inputs) -> Iterator[Failure]:
    """Buckets grow: `growthFactor` is more than 1, `scale`, `width` and the number of buckets more than 0, `bounds` in order."""
    for path, steps in blocks(inputs, "bucketOptions.exponentialBuckets"):
        for name, least in (("growthFactor", 1), ("scale", 0), ("numFiniteBuckets", 0)):
            if isinstance(steps.get(name), int | float) and steps[name] <= least:
                yield wrong(f"{path}.{name}", f"must be more than {least}, not {steps[name]}")
    for path, steps in blocks(inputs, "bucketOptions.linearBuckets"):
        for name in ("width", "numFiniteBuckets"):
            if isinstance(steps.get(name), int | float) and steps[name] <= 0:
                yield wrong(f"{path}.{name}", f"must be more than 0, not {steps[name]}")
    for path, steps in blocks(inputs, "bucketOptions.explicitBuckets"):
        bounds = steps.get("bounds")
        if isinstance(bounds, list) and all(isinstance(bound, int | float) for bound in bounds) and bounds != sorted(set(bounds)):
            yield wrong(f"{path}.bounds", "must grow from one to the next")


check = every(kind, labels, buckets)
