"""Names that nobody chose, and names that are made of others."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.provider.wire import UNKNOWN, Unknown

_HEX_LENGTH = 7


@dataclass(frozen=True)
class Autoname:
    """Pulumi's rule: the logical name and seven hex digits."""

    property: str = "name"
    longest: int = 255
    separator: str = "-"
    lower: bool = False

    def proposed(self, logical: str, seed: bytes) -> str:
        digits = hashlib.sha256(seed).hexdigest() if seed else secrets.token_hex(_HEX_LENGTH)
        stem = logical[: self.longest - len(self.separator) - _HEX_LENGTH]
        name = f"{stem}{self.separator}{digits[:_HEX_LENGTH]}"
        return name.lower() if self.lower else name


def filled(template: str, values: Mapping[str, Any]) -> Any:
    """`{name}` stands for a value, `{name:short}` for what follows its last slash, `{name:lower}` for lower case.

    Unknown as soon as one of them is.
    """
    wanted = {name: values.get(name) for name, _ in _PLACE.findall(template)}
    if any(value is None or isinstance(value, Unknown) for value in wanted.values()):
        return UNKNOWN

    def value(match: re.Match[str]) -> str:
        found = str(wanted[match[1]])
        return _FORMS[match[2]](found)

    return _PLACE.sub(value, template)


_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")


def short(path: str) -> str:
    """The id at the end of a resource's full name."""
    return path.rpartition("/")[2]


_FORMS: Mapping[str | None, Callable[[str], str]] = {None: str, "short": short, "lower": str.lower}


def number() -> str:
    """A number as Google gives to accounts and alert policies."""
    return str(10**20 + secrets.randbelow(9 * 10**20))


def token() -> str:
    return secrets.token_hex(6)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def seconds(duration: str) -> float:
    """Google's JSON form of a duration: `3.5s`."""
    return float(duration.removesuffix("s"))
