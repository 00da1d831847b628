"""Buckets."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.provider.limits import keys
from local.provider.regions import DUAL, MULTI
from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import amount, blocks, every, within, wrong

_CENTURY_S = 3_155_760_000
# a condition with a number that may be nought says so by a flag of its own
_COUNTS = ("age", "daysSinceCustomTime", "daysSinceNoncurrentTime", "numNewerVersions", "sizeAboveBytes", "sizeBelowBytes")
_OF_UPLOADS = {"age", "matchesPrefixes", "matchesSuffixes", "sendAgeIfZero", "withState"}


def lifecycle(inputs: Inputs) -> Iterator[Failure]:
    """A lifecycle rule has a condition; SetStorageClass names a class, the other actions none; AbortIncompleteMultipartUpload asks
    for `age`, `matchesPrefixes` and `matchesSuffixes` alone."""
    for path, rule in blocks(inputs, "lifecycleRules[]"):
        action, condition = rule.get("action"), rule.get("condition")
        given = {name for name, value in condition.items() if value is not None} if isinstance(condition, Mapping) else None
        if given == set():
            yield wrong(f"{path}.condition", "must hold at least one condition")
        if isinstance(action, Mapping):
            yield from _action(path, action, given or set())


def _action(path: str, action: Mapping[str, Any], conditions: set[str]) -> Iterator[Failure]:
    kind, target = action.get("type"), action.get("storageClass")
    if kind == "SetStorageClass" and not target:
        yield wrong(f"{path}.action.storageClass", "is needed with type SetStorageClass")
    if kind in ("Delete", "AbortIncompleteMultipartUpload") and target:
        yield wrong(f"{path}.action.storageClass", f"means nothing with type {kind}: leave it out")
    if kind == "AbortIncompleteMultipartUpload" and conditions - _OF_UPLOADS:
        yield wrong(f"{path}.condition", f"cannot be about {', '.join(sorted(conditions - _OF_UPLOADS))} with type {kind}")


def counts(inputs: Inputs) -> Iterator[Failure]:
    """Numbers of a lifecycle condition are not negative; a rule names at most 50 prefixes and 50 suffixes."""
    for path, condition in blocks(inputs, "lifecycleRules[].condition"):
        for name in _COUNTS:
            if (amount(condition, name) or 0) < 0:
                yield wrong(f"{path}.{name}", f"must not be negative, not {condition[name]}")
        for name in ("matchesPrefixes", "matchesSuffixes"):
            if len(condition.get(name) or ()) > 50:
                yield wrong(f"{path}.{name}", f"must have at most 50 members, not {len(condition[name])}")


def autoclass(inputs: Inputs) -> Iterator[Failure]:
    """With `autoclass` no lifecycle rule sets or asks for a storage class."""
    if not any(on is True for _, on in within(inputs, "autoclass.enabled")):
        return
    for path, kind in within(inputs, "lifecycleRules[].action.type"):
        if kind == "SetStorageClass":
            yield wrong(path, "cannot be SetStorageClass where 'autoclass' chooses the class")
    for path, _ in within(inputs, "lifecycleRules[].condition.matchesStorageClasses"):
        yield wrong(path, "cannot be given where 'autoclass' chooses the class")


def place(inputs: Inputs) -> Iterator[Failure]:
    """Storage class MULTI_REGIONAL asks for `location` US, EU or ASIA or a pair of regions, REGIONAL for a region; rpo ASYNC_TURBO and
    `customPlacementConfig` for a pair, the latter within US, EU or ASIA."""
    location, kind = inputs.get("location"), inputs.get("storageClass")
    if not isinstance(location, str):
        return
    wide, paired = location.lower() in DUAL | MULTI, inputs.get("customPlacementConfig") is not None
    if kind in ("MULTI_REGIONAL", "REGIONAL") and wide != (kind == "MULTI_REGIONAL"):
        yield wrong("storageClass", f"cannot be {kind} in {location}: take STANDARD")
    if inputs.get("rpo") == "ASYNC_TURBO" and not paired and location.lower() not in DUAL:
        yield wrong("rpo", f"can be ASYNC_TURBO in a pair of regions alone, and 'location' is {location}")
    if paired and location.lower() not in MULTI:
        yield wrong("customPlacementConfig", f"needs 'location' US, EU or ASIA around its regions, not {location}")


def folders(inputs: Inputs) -> Iterator[Failure]:
    """`hierarchicalNamespace` needs `uniformBucketLevelAccess` and goes with neither `versioning` nor `autoclass`."""
    if not any(on is True for _, on in within(inputs, "hierarchicalNamespace.enabled")):
        return
    if inputs.get("uniformBucketLevelAccess") in (None, False):
        yield wrong("uniformBucketLevelAccess", "must be true with 'hierarchicalNamespace'")
    for name in ("versioning", "autoclass"):
        for path, on in within(inputs, f"{name}.enabled"):
            if on is True:
                yield wrong(path, "must be false with 'hierarchicalNamespace'")


def retention(inputs: Inputs) -> Iterator[Failure]:
    """`retentionPeriod` is 1 s to 100 years."""
    for path, period in within(inputs, "retentionPolicy.retentionPeriod"):
        if not (period.isdigit() and 0 < int(period) <= _CENTURY_S):
            yield wrong(path, f"must be a whole number from 1 to {_CENTURY_S} in quotes, not {period!r}")


check = every(lifecycle, counts, autoclass, place, folders, retention, keys.beside("encryption.defaultKmsKeyName", "location"))
