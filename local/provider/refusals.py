"""What only Google's API refuses: said at once, in the preview, instead of half-way through an update.

Each takes a value and answers the predicate of a sentence about it, or "".
"""

import base64
import binascii
import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from zoneinfo import available_timezones

from croniter import croniter

Refusal = Callable[[Any], str]

_MEMBERS = [
    "user",
    "serviceAccount",
    "group",
    "domain",
    "principal",
    "principalSet",
    "deleted",
    "projectOwner",
    "projectEditor",
    "projectViewer",
]


def named(pattern: str, words: str) -> Refusal:
    """Refuses what does not match as a whole; `words` say what would."""

    def refuse(value: str) -> str:
        return "" if re.fullmatch(pattern, value) else f"must be {words}; {value!r} is not"

    return refuse


def duration(least: float, most: float) -> Refusal:
    """Seconds in Google's JSON form."""

    def refuse(value: str) -> str:
        if not re.fullmatch(r"\d+(\.\d{1,9})?s", value):
            return f"must be a duration in seconds like '{least:g}s', not {value!r}"
        return "" if least <= float(value[:-1]) <= most else f"must be from {least:g}s to {most:g}s, not {value}"

    return refuse


def cron(value: str) -> str:
    if len(value.split()) == 5 and croniter.is_valid(value):
        return ""
    if re.match(r"(every|\d+(st|nd|rd|th)|(mon|tue|wed|thu|fri|sat|sun)\w*\b)", value):
        return "is in App Engine's words, which the local cloud does not read: write it as a cron line like '*/5 * * * *'"
    return f"must be a cron line of five fields like '*/5 * * * *'; {value!r} is not"


def member(value: str) -> str:
    kind, _, rest = value.partition(":")
    if value in ("allUsers", "allAuthenticatedUsers") or (kind in _MEMBERS and rest):
        if kind in ("user", "serviceAccount", "group") and "@" not in rest and "." not in rest:
            return f"must name an e-mail address after '{kind}:'; {value!r} does not"
        return ""
    return f"must be allUsers, allAuthenticatedUsers, or one of {', '.join(kind + ':...' for kind in _MEMBERS)}; {value!r} is not"


role = named(
    r"roles/[\w.]+|(projects|organizations)/[^/]+/roles/[\w.]+",
    "a role like 'roles/storage.objectViewer' or 'projects/PROJECT/roles/ID'",
)


def bucket_name(value: str) -> str:
    """https://cloud.google.com/storage/docs/buckets#naming in short."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*[a-z0-9]", value):
        return f"may have lower-case letters, digits, '-', '_' and '.', and starts and ends with a letter or digit; {value!r} does not"
    longest = 222 if "." in value else 63
    if not 3 <= len(value) <= longest or any(len(part) > 63 for part in value.split(".")):
        return f"must have 3 to {longest} characters, and at most 63 between dots; {value!r} has {len(value)}"
    if value.startswith("goog") or "google" in value:
        return f"must not start with 'goog' nor contain 'google'; {value!r} does"
    return f"must not look like an IP address; {value!r} does" if _is_address(value) else ""


def _is_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def object_name(value: str) -> str:
    if not 1 <= len(value.encode()) <= 1024:
        return f"must have 1 to 1024 bytes in UTF-8, not {len(value.encode())}"
    if "\n" in value or "\r" in value or value in (".", "..") or value.startswith(".well-known/acme-challenge/"):
        return f"must have no line breaks, and not be '.' or '..'; {value!r} is"
    return ""


pubsub_name = named(
    r"(?!goog)[A-Za-z][\w.~+%-]{2,254}",
    "3 to 255 letters, digits or -_.~+% that start with a letter and not with 'goog'",
)
service_name = named(r"[a-z]([a-z0-9-]{0,47}[a-z0-9])?", "at most 49 lower-case letters, digits and '-', starting with a letter")
account_id = named(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", "6 to 30 lower-case letters, digits and '-', starting with a letter")
database_name = named(
    r"\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9]",
    "'(default)', or 4 to 63 lower-case letters, digits and '-', starting with a letter",
)
repository_name = named(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "at most 63 lower-case letters, digits and '-', starting with a letter")
job_name = named(r"[\w-]{1,500}", "at most 500 letters, digits, '-' and '_'")
role_id = named(r"[\w.]{3,64}", "3 to 64 letters, digits, '_' and '.'")
secret_id = named(r"[\w-]{1,255}", "at most 255 letters, digits, '-' and '_'")
endpoint = named(r"https?://[^\s]+", "a URL that starts with https://")
runtime = named(r"(python|nodejs|go|java|ruby|php|dotnet)\d+", "a runtime like 'python311'")
memory = named(r"\d+(\.\d+)?(k|K|Ki|M|Mi|G|Gi)?", "an amount of memory like '512Mi'")
permission = named(r"[a-z][\w-]*(\.[\w-]+){2,}", "a permission like 'storage.objects.get'")
account_path = named(r"projects/[^/]+/serviceAccounts/[^/]+", "a full name like 'projects/PROJECT/serviceAccounts/EMAIL'")
api = named(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+", "the host name of an API like 'storage.googleapis.com'")


def labels(value: dict[str, Any]) -> str:
    for key, given in value.items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", key):
            return f"must have keys of at most 63 lower-case letters, digits, '-' and '_', starting with a letter; {key!r} is not"
        if isinstance(given, str) and not re.fullmatch(r"[a-z0-9_-]{0,63}", given):
            return f"must have values of at most 63 lower-case letters, digits, '-' and '_'; {key!r} has {given!r}"
    return ""


def soft_delete(value: int) -> str:
    """Google Cloud Storage keeps deleted objects for a week at least, or not at all."""
    return "" if value == 0 or 604_800 <= value <= 7_776_000 else f"must be 0, or from 604800 to 7776000 seconds, not {value}"


def expiry(value: str) -> str:
    """Empty means never."""
    return duration(86_400, 31_536_000_000)(value) if value else ""


def time_zone(value: str) -> str:
    return "" if value in available_timezones() else f"must be a time zone like 'Europe/Berlin' or 'Etc/UTC'; {value!r} is not"


def base64_text(value: str) -> str:
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error:
        return f"must be base64; {value[:40]!r} is not"
    return ""
