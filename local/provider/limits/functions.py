"""Functions of the second generation."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.provider.limits.run import bytes_of, cpus, least_and_most, pair_failures
from local.provider.types import Inputs
from local.provider.validation import Failure, joined
from local.provider.within import amount, blocks, every, within, wrong

_RESERVED = ("PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "FUNCTION_TARGET", "FUNCTION_SIGNATURE_TYPE", "LOG_EXECUTION_ID")
_TWO_GI = 2**31


def cpu_and_memory(inputs: Inputs) -> Iterator[Failure]:
    """`availableCpu` and `availableMemory` go together as on Cloud Run."""
    for path, config in blocks(inputs, "serviceConfig"):
        yield from pair_failures(path, config, "availableCpu", "availableMemory")


def concurrency(inputs: Inputs) -> Iterator[Failure]:
    """More than one request at a time needs a whole CPU, which a function has by itself from 2 GiB of memory on."""
    for path, config in blocks(inputs, "serviceConfig"):
        many = amount(config, "maxInstanceRequestConcurrency")
        if many is not None and many > 1 and _small(config):
            yield wrong(f"{path}.maxInstanceRequestConcurrency", f"is {many}, which needs '{path}.availableCpu' of at least 1")


def _small(config: Mapping[str, Any]) -> bool:
    cpu, memory = config.get("availableCpu"), config.get("availableMemory", "256M")
    if cpu is not None:
        return isinstance(cpu, str) and (cpus(cpu) or 1) < 1
    return isinstance(memory, str) and (bytes_of(memory) or 0) < _TWO_GI


def instances(inputs: Inputs) -> Iterator[Failure]:
    """`minInstanceCount` is at most `maxInstanceCount`."""
    for path, config in blocks(inputs, "serviceConfig"):
        yield from least_and_most(path, config, "minInstanceCount", "maxInstanceCount")


def events(inputs: Inputs) -> Iterator[Failure]:
    """A function with an `eventTrigger` runs for at most 540 s, and its event's type is one of Google's or a provider's."""
    for path, seconds in within(inputs, "serviceConfig.timeoutSeconds"):
        if inputs.get("eventTrigger") is not None and seconds > 540:
            yield wrong(path, f"must be at most 540 with an 'eventTrigger', not {seconds}")
    for path, kind in within(inputs, "eventTrigger.eventType"):
        if not re.fullmatch(r"[a-z][\w-]*(\.[\w-]+){2,}", kind):
            yield wrong(path, f"must be a type like 'google.cloud.pubsub.topic.v1.messagePublished'; {kind!r} is not")


def variables(inputs: Inputs) -> Iterator[Failure]:
    """No variable is one that Google sets itself: PORT, K_..., FUNCTION_TARGET, FUNCTION_SIGNATURE_TYPE, X_GOOGLE_... ."""
    for place in ("serviceConfig.environmentVariables", "buildConfig.environmentVariables"):
        for path, given in blocks(inputs, place):
            for name in given:
                reserved = name.startswith("X_GOOGLE_") or (name in _RESERVED and place.startswith("serviceConfig"))
                if reserved:
                    yield wrong(joined(path, name), "is a variable that Google sets itself: leave it out")


def source(inputs: Inputs) -> Iterator[Failure]:
    """There are a runtime and one source: a bucket and an object, or a repository."""
    for path, build in blocks(inputs, "buildConfig.source"):
        if (build.get("storageSource") is None) == (build.get("repoSource") is None):
            yield wrong(path, "must have one of storageSource and repoSource")
    for path, stored in blocks(inputs, "buildConfig.source.storageSource"):
        for name in ("bucket", "object"):
            if stored.get(name) is None:
                yield wrong(f"{path}.{name}", "must be given")
    for path, build in blocks(inputs, "buildConfig"):
        if build.get("runtime") is None:
            yield wrong(f"{path}.runtime", "must be given")


check = every(cpu_and_memory, concurrency, instances, events, variables, source)
