"""Keys of one's own, which every service that takes one wants to be near what they encrypt."""

from collections.abc import Iterator, Mapping

from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import Check, blocks, every, within, wrong

# where the key of a place that is no region must lie
_NEAR: Mapping[str, str] = {"eu": "europe", "eur3": "europe", "nam5": "us", "nam7": "us"}


def beside(key: str, place: str) -> Check:
    """`key` and `place` are paths of properties."""

    def check(inputs: Inputs) -> Iterator[Failure]:
        for _, location in within(inputs, place):
            for path, name in within(inputs, key):
                wanted = _NEAR.get(location.lower(), location.lower())
                if location_of(name) not in ("", wanted):
                    yield wrong(path, f"must be a key in {wanted!r}, since '{place}' is {location!r}; {name!r} is in {location_of(name)!r}")

    check.__doc__ = f"The key `{key}` lies where `{place}` says."
    return check


def location_of(key: str) -> str:
    parts = key.split("/")
    return parts[3] if len(parts) > 3 and parts[2] == "locations" else ""


def turning(inputs: Inputs) -> Iterator[Failure]:
    """Only a key with purpose ENCRYPT_DECRYPT turns by itself."""
    for path, _ in within(inputs, "rotationPeriod"):
        if inputs.get("purpose", "ENCRYPT_DECRYPT") != "ENCRYPT_DECRYPT":
            yield wrong(path, f"means nothing with purpose {inputs['purpose']}: leave it out")


def versions(inputs: Inputs) -> Iterator[Failure]:
    """A key with purpose ENCRYPT_DECRYPT has the algorithm GOOGLE_SYMMETRIC_ENCRYPTION, or EXTERNAL_SYMMETRIC_ENCRYPTION outside."""
    for path, template in blocks(inputs, "versionTemplate"):
        algorithm = template.get("algorithm")
        symmetric = isinstance(algorithm, str) and algorithm.endswith("_SYMMETRIC_ENCRYPTION")
        if isinstance(algorithm, str) and symmetric != (inputs.get("purpose", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT"):
            yield wrong(f"{path}.algorithm", f"does not fit purpose {inputs.get('purpose', 'ENCRYPT_DECRYPT')}; it is {algorithm!r}")


check = every(turning, versions)
