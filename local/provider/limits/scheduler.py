"""Scheduled jobs."""

from collections.abc import Iterator

from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import blocks, every, within, wrong


def schedule(inputs: Inputs) -> Iterator[Failure]:
    """A job has a schedule."""
    if inputs.get("schedule") in (None, ""):
        yield wrong("schedule", "must be given: a job without one never runs")


def body(inputs: Inputs) -> Iterator[Failure]:
    """A call has a body with POST, PUT and PATCH alone, and one kind of token."""
    for path, target in blocks(inputs, "httpTarget"):
        method = target.get("httpMethod", "POST")
        if target.get("body") is not None and isinstance(method, str) and method not in ("POST", "PUT", "PATCH"):
            yield wrong(f"{path}.body", f"means nothing with httpMethod {method}")
        if target.get("oauthToken") is not None and target.get("oidcToken") is not None:
            yield wrong(f"{path}.oauthToken", f"and '{path}.oidcToken' cannot both be given")


def message(inputs: Inputs) -> Iterator[Failure]:
    """A message for a topic has data or attributes."""
    for path, target in blocks(inputs, "pubsubTarget"):
        if not target.get("data") and not target.get("attributes"):
            yield wrong(path, "must have data or attributes")


def retries(inputs: Inputs) -> Iterator[Failure]:
    """`retryConfig`: at most 5 retries, and `minBackoffDuration` is at most `maxBackoffDuration`."""
    for path, count in within(inputs, "retryConfig.retryCount"):
        if not 0 <= count <= 5:
            yield wrong(path, f"must be from 0 to 5, not {count}")
    for path, config in blocks(inputs, "retryConfig"):
        least, most = config.get("minBackoffDuration"), config.get("maxBackoffDuration")
        if isinstance(least, str) and isinstance(most, str) and float(least[:-1]) > float(most[:-1]):
            yield wrong(f"{path}.minBackoffDuration", f"is {least}, more than '{path}.maxBackoffDuration', which is {most}")


check = every(schedule, body, message, retries)
