"""Alert policies and notification channels."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import blocks, every, within, wrong

_KINDS = ("conditionThreshold", "conditionAbsent")
_AGGREGATIONS = ("aggregations", "denominatorAggregations")

# what a channel of each kind must name, among `labels` or `sensitiveLabels`
_CHANNELS: Mapping[str, tuple[str, ...]] = {
    "email": ("email_address",),
    "sms": ("number",),
    "pubsub": ("topic",),
    "slack": ("channel_name",),
    "webhook_tokenauth": ("url",),
    "webhook_basicauth": ("url", "username"),
    "google_chat": ("space",),
}


def conditions(inputs: Inputs) -> Iterator[Failure]:
    """A policy has at most 6 conditions, each of one kind, and only one where it matches logs."""
    given = [(path, _kinds(block)) for path, block in blocks(inputs, "conditions[]")]
    if len(given) > 6:
        yield wrong("conditions", f"must have at most 6 members, not {len(given)}")
    for path, kinds in given:
        if len(kinds) != 1:
            yield wrong(path, f"must be of one kind, not of {' and '.join(kinds) or 'none'}")
        if "conditionMatchedLog" in kinds and len(given) > 1:
            yield wrong(path, "matches logs, which must be the only condition of its policy")


def _kinds(block: Mapping[str, Any]) -> list[str]:
    return sorted(name for name, value in block.items() if name.startswith("condition") and value is not None)


def filters(inputs: Inputs) -> Iterator[Failure]:
    """The filter of a threshold or an absence says `resource.type` and which metric."""
    for kind in _KINDS:
        for path, block in blocks(inputs, f"conditions[].{kind}"):
            for name in ("filter", "denominatorFilter"):
                yield from _filter(f"{path}.{name}", block.get(name))
            if block.get("filter") is None:
                yield wrong(f"{path}.filter", "must be given")


def _filter(path: str, given: Any) -> Iterator[Failure]:
    if not isinstance(given, str) or "select_slo" in given:
        return
    if not re.search(r"resource\.type", given):
        yield wrong(path, f"must say resource.type, like 'resource.type = \"pubsub_subscription\"'; {given!r} does not")
    if not re.search(r"metric\.type|metric\.labels?\.", given):
        yield wrong(path, f"must say metric.type, like 'metric.type = \"pubsub.googleapis.com/...\"'; {given!r} does not")


def absences(inputs: Inputs) -> Iterator[Failure]:
    """An absence lasts 2 minutes at least, and 23 h 30 min at most."""
    for path, duration in within(inputs, "conditions[].conditionAbsent.duration"):
        if not 120 <= float(duration[:-1]) <= 84_600:
            yield wrong(path, f"must be from 120s to 84600s, not {duration}")


def aggregations(inputs: Inputs) -> Iterator[Failure]:
    """A series is aligned over a period before it is reduced: at most 2 aggregations, each with `alignmentPeriod` and an aligner."""
    for kind in _KINDS:
        for name in _AGGREGATIONS:
            for path, given in within(inputs, f"conditions[].{kind}.{name}"):
                yield from _aligned(path, given)


def _aligned(path: str, given: Sequence[Any]) -> Iterator[Failure]:
    if len(given) > 2:
        yield wrong(path, f"must have at most 2 members, not {len(given)}")
    for index, one in enumerate(given):
        if not isinstance(one, Mapping):
            continue
        aligner, reducer = one.get("perSeriesAligner"), one.get("crossSeriesReducer")
        if aligner not in (None, "ALIGN_NONE") and one.get("alignmentPeriod") is None:
            yield wrong(f"{path}[{index}].alignmentPeriod", f"must be given with perSeriesAligner {aligner}")
        if reducer not in (None, "REDUCE_NONE") and aligner in (None, "ALIGN_NONE"):
            yield wrong(f"{path}[{index}].perSeriesAligner", f"must be given with crossSeriesReducer {reducer}")


def triggers(inputs: Inputs) -> Iterator[Failure]:
    """A trigger counts, or takes a percentage, not both."""
    for kind in (*_KINDS, "conditionMonitoringQueryLanguage"):
        for path, trigger in blocks(inputs, f"conditions[].{kind}.trigger"):
            if trigger.get("count") is not None and trigger.get("percent") is not None:
                yield wrong(f"{path}.count", f"and '{path}.percent' cannot both be given")


def rate(inputs: Inputs) -> Iterator[Failure]:
    """`alertStrategy.notificationRateLimit` is for conditions that match logs, and those need it."""
    of_logs = any(True for _ in blocks(inputs, "conditions[].conditionMatchedLog"))
    strategy = inputs.get("alertStrategy")
    limited = isinstance(strategy, Mapping) and strategy.get("notificationRateLimit") is not None
    if limited and not of_logs:
        yield wrong("alertStrategy.notificationRateLimit", "is for conditions that match logs alone")
    if of_logs and not limited and (strategy is None or isinstance(strategy, Mapping)):
        yield wrong("alertStrategy.notificationRateLimit", "must be given with a condition that matches logs")


def channel_labels(inputs: Inputs) -> Iterator[Failure]:
    """A channel names where it leads: `labels.email_address` for type email, `number` for sms, `topic` for pubsub, `channel_name` for
    slack, `url` for a webhook, `space` for Google Chat."""
    kind, given = inputs.get("type"), inputs.get("labels", {})
    if not isinstance(kind, str) or not isinstance(given, Mapping):
        return
    for name in _CHANNELS.get(kind, ()):
        if not given.get(name):
            yield wrong(f"labels.{name}", f"must be given with type {kind}")
    address = given.get("email_address")
    if kind == "email" and isinstance(address, str) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
        yield wrong("labels.email_address", f"must be an e-mail address; {address!r} is not")


policy = every(conditions, filters, absences, aggregations, triggers, rate)
channel = every(channel_labels)
