"""Secrets and their versions."""

from collections.abc import Iterator

from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import every, within, wrong

_HOUR_S, _CENTURY_S = 3600, 3_153_600_000


def ends_once(inputs: Inputs) -> Iterator[Failure]:
    """`expireTime` and `ttl` are two words for one thing: at most one is given."""
    if inputs.get("expireTime") is not None and inputs.get("ttl") is not None:
        yield wrong("expireTime", "and 'ttl' cannot both be given")


def rotation(inputs: Inputs) -> Iterator[Failure]:
    """`rotationPeriod` is an hour to 100 years and goes with `nextRotationTime`."""
    for path, period in within(inputs, "rotation.rotationPeriod"):
        if not period.endswith("s") or not period[:-1].isdigit() or not _HOUR_S <= int(period[:-1]) <= _CENTURY_S:
            yield wrong(path, f"must be from {_HOUR_S}s to {_CENTURY_S}s, not {period!r}")
        if not any(True for _ in within(inputs, "rotation.nextRotationTime")) and "nextRotationTime" not in inputs["rotation"]:
            yield wrong("rotation.nextRotationTime", "must be given with 'rotation.rotationPeriod'")


def size(inputs: Inputs) -> Iterator[Failure]:
    """A version holds at most 64 KiB."""
    for name in ("secretData", "secretDataWo"):
        for path, value in within(inputs, name):
            if len(value.encode()) > 65_536:
                yield wrong(path, f"must have at most 65536 bytes, not {len(value.encode())}")


secret = every(ends_once, rotation)
version = every(size)
