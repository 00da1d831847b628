"""Google's rules for the names of buckets and objects. No name ever reaches the file system."""

import ipaddress
import re

from local.storage.errors import Invalid

_LABEL = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?")
_GOOGLE = re.compile(r"^goog|g[o0]{2}g[l1]e")


def check_bucket_name(name: str) -> str:
    labels = name.split(".")
    longest = 63 if len(labels) == 1 else 222
    shaped = 3 <= len(name) <= longest and all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels)
    if not shaped or _is_address(name) or _GOOGLE.search(name):
        raise Invalid(
            f"Invalid bucket name: '{name}'. Use 3 to 63 lower-case letters, digits, dashes and underscores, "
            "with a letter or digit at both ends; not an IP address, no 'google', no prefix 'goog'."
        )
    return name


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


def check_object_name(name: str) -> str:
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        raise Invalid(f"Invalid object name: {name!r} is not valid Unicode.") from None
    if not 1 <= size <= 1024:
        raise Invalid(f"Invalid object name: it has {size} bytes in UTF-8; 1 to 1024 are allowed.")
    if name in {".", ".."} or "\r" in name or "\n" in name or name.startswith(".well-known/acme-challenge/"):
        raise Invalid(
            f"Invalid object name: {name!r}. Names cannot be '.' or '..', hold line breaks, or begin with .well-known/acme-challenge/."
        )
    return name
