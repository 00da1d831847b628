"""What Google would answer, as far as it can be worked out: each value follows from the names and contents that it is made of."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import google_crc32c

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_YEAR_S = 365 * 86_400


def project_number(project: str) -> str:
    """Twelve digits, as Google's."""
    return str(10**11 + whole(project) % (9 * 10**11))


def service_url(name: str, number: str, region: str) -> str:
    return f"https://{name}-{number}.{region}.run.app"


def function_url(name: str, project: str, region: str) -> str:
    return f"https://{region}-{project}.cloudfunctions.net/{name}"


def generation(content: bytes) -> str:
    """Microseconds as Cloud Storage counts them, and small enough to be exact in JSON."""
    return str(10**15 + int.from_bytes(hashlib.sha256(content).digest()[:8]) % (8 * 10**15))


def md5(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def crc32c(content: bytes) -> str:
    return base64.b64encode(google_crc32c.value(content).to_bytes(4, "big")).decode()


def hexadecimal(seed: str, length: int) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:length]


def whole(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:12])


def moment(seed: str) -> str:
    """Another one for each seed: some ids are the time at which a thing was made."""
    at = _EPOCH + timedelta(seconds=whole(seed) % _YEAR_S, microseconds=whole(seed) % 10**6)
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
