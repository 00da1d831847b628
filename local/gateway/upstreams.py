"""Which of the local cloud's servers answers for which of Google's host names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from local.iam.apis import Api

# ours to answer for: everything below these is kept from the network
_OURS = ("*.googleapis.com", "www.gstatic.com")


@dataclass(frozen=True)
class Upstream:
    """Plaintext addresses, `127.0.0.1:port`; None where the service has no such interface here.

    `api` says what its methods ask for, or that the server asks by itself; without one, only the owner gets in.
    """

    grpc: str | None = None
    http: str | None = None
    api: Api | None = None


class Unserved(Exception):
    """A Google service that the local cloud does not have."""

    def __init__(self, host: str, interface: str) -> None:
        super().__init__(f"The local cloud does not serve {host} over {interface}.")


def ours(host: str) -> bool:
    return any(fnmatchcase(host, pattern) for pattern in _OURS)


def certificate_names(served: Mapping[str, Upstream]) -> list[str]:
    """A star in a certificate stands for one whole label; each pattern of more labels needs a name of its own."""
    return [*_OURS, *(pattern for pattern in served if pattern.startswith("*.") and pattern.count(".") > 2)]


def find(served: Mapping[str, Upstream], host: str) -> Upstream | None:
    pattern = best_pattern(served, host)
    return served[pattern] if pattern else None


def best_pattern(patterns: Iterable[str], host: str) -> str | None:
    """An exact name goes before a pattern, and a longer pattern before a shorter one."""
    return max((pattern for pattern in patterns if fnmatchcase(host, pattern)), key=lambda found: (found == host, len(found)), default=None)
