"""What only Google's API refuses: said at once, in the preview, instead of half-way through an update.

Each takes a value and answers the predicate of a sentence about it, or "". Its docstring says in few words what is taken.
"""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from croniter import croniter

from local.provider.addresses import is_one

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
_NO_LONGER = re.compile(r"python37|nodejs(6|8|10|12|14|16)|go1(11|13|16|18)|ruby2[67]|php7\d|dotnet3")


def named(pattern: str, words: str) -> Refusal:
    """Refuses what does not match as a whole; `words` say what would."""

    def refuse(value: str) -> str:
        return "" if re.fullmatch(pattern, value) else f"must be {words}; {value!r} is not"

    refuse.__doc__ = words
    return refuse


def duration(least: float, most: float, step: float = 0) -> Refusal:
    """Seconds in Google's JSON form; `step`: only its multiples."""

    def refuse(value: str) -> str:
        if not re.fullmatch(r"\d+(\.\d{1,9})?s", value):
            return f"must be a duration in seconds like '{least:.10g}s', not {value!r}"
        if not least <= float(value[:-1]) <= most:
            return f"must be from {least:.10g}s to {most:.10g}s, not {value}"
        return f"must be a multiple of {step:g}s, not {value}" if step and float(value[:-1]) % step else ""

    refuse.__doc__ = f"{least:.10g}s to {most:.10g}s" + (f" in steps of {step:g}s" if step else "")
    return refuse


def at_most(longest: int, unit: str = "characters") -> Refusal:
    """`unit` may be "bytes", of UTF-8."""

    def refuse(value: str) -> str:
        given = len(value.encode()) if unit == "bytes" else len(value)
        return "" if given <= longest else f"must have at most {longest} {unit}, not {given}"

    refuse.__doc__ = f"at most {longest} {unit}"
    return refuse


def cron(value: str) -> str:
    """five fields"""
    if len(value.split()) == 5 and croniter.is_valid(value):
        return ""
    if re.match(r"(every|\d+(st|nd|rd|th)|(mon|tue|wed|thu|fri|sat|sun)\w*\b)", value):
        return "is in App Engine's words, which the local cloud does not read: write it as a cron line like '*/5 * * * *'"
    return f"must be a cron line of five fields like '*/5 * * * *'; {value!r} is not"


def member(value: str) -> str:
    """allUsers, allAuthenticatedUsers, or a kind and a name like 'user:ada@example.com'"""
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
    """3 to 63 lower-case letters, digits, '-', '_' and '.' (222 with dots), without 'goog' in front and 'google' inside"""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*[a-z0-9]", value) or re.search(r"\.\.|\.-|-\.", value):
        return f"may have lower-case letters, digits, '-', '_' and '.', and starts and ends with a letter or digit; {value!r} does not"
    longest = 222 if "." in value else 63
    if not 3 <= len(value) <= longest or any(len(part) > 63 for part in value.split(".")):
        return f"must have 3 to {longest} characters, and at most 63 between dots; {value!r} has {len(value)}"
    if value.startswith("goog") or "google" in value:
        return f"must not start with 'goog' nor contain 'google'; {value!r} does"
    return f"must not look like an IP address; {value!r} does" if is_one(value) else ""


def object_name(value: str) -> str:
    """1 to 1024 bytes without line breaks"""
    if not 1 <= len(value.encode()) <= 1024:
        return f"must have 1 to 1024 bytes in UTF-8, not {len(value.encode())}"
    if "\n" in value or "\r" in value or value in (".", "..") or value.startswith(".well-known/acme-challenge/"):
        return f"must have no line breaks, and not be '.' or '..'; {value!r} is"
    return ""


def database_name(value: str) -> str:
    """'(default)', or 4 to 63 lower-case letters, digits and '-', starting with a letter"""
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return f"must not look like a UUID; {value!r} does"
    return _database_name(value)


_database_name = named(r"\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9]", (database_name.__doc__ or "").strip())
pubsub_name = named(
    r"(?!goog)[A-Za-z][\w.~+%-]{2,254}",
    "3 to 255 letters, digits or -_.~+% that start with a letter and not with 'goog'",
)
service_name = named(r"[a-z]([a-z0-9-]{0,47}[a-z0-9])?", "at most 49 lower-case letters, digits and '-', starting with a letter")
function_name = named(r"[a-z]([a-z0-9-]{0,60}[a-z0-9])?", "at most 62 lower-case letters, digits and '-', starting with a letter")
compute_name = named(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "1 to 63 lower-case letters, digits and '-', starting with a letter")
account_id = named(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", "6 to 30 lower-case letters, digits and '-', starting with a letter")
repository_name = named(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "at most 63 lower-case letters, digits and '-', starting with a letter")
job_name = named(r"[\w-]{1,500}", "at most 500 letters, digits, '-' and '_'")
role_id = named(r"[\w.]{3,64}", "3 to 64 letters, digits, '_' and '.'")
secret_id = named(r"[\w-]{1,255}", "at most 255 letters, digits, '-' and '_'")
key_name = named(r"[\w-]{1,63}", "at most 63 letters, digits, '-' and '_'")
metric_name = named(r"(?!/)[\w.,+!*'()%/-]{1,100}", "at most 100 letters, digits and _-.,+!*',()%/ that do not start with '/'")
memory = named(r"\d+(\.\d+)?(k|K|Ki|M|Mi|G|Gi)?", "an amount of memory like '512Mi'")
permission = named(r"[a-z][\w-]*(\.[\w-]+){2,}", "a permission like 'storage.objects.get'")
api = named(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+", "the host name of an API like 'storage.googleapis.com'")
audited = named(r"allServices|[a-z][a-z0-9-]*(\.[a-z0-9-]+)+", "'allServices' or the host name of an API like 'storage.googleapis.com'")
email = named(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+", "an e-mail address")
wait = named(r"\d+(\.\d+)?(ms|s|m|h)", "a number and a unit like '30s' or '5m'")
age = named(r"\d+(\.\d+)?[smhd]", "an age like '30d' or '2592000s'")
version = named(r"latest|[1-9]\d*", "'latest' or a number")
date = named(r"\d{4}-\d\d-\d\d", "a date like '2026-01-31'")
billing_account = named(r"[0-9A-F]{6}(-[0-9A-F]{6}){2}", "a billing account like '012345-6789AB-CDEF01'")
currency = named(r"[A-Z]{3}", "a currency like 'EUR'")
number = named(r"\d+", "a whole number in quotes")

account_path = named(r"projects/[^/]+/serviceAccounts/[^/]+", "a full name like 'projects/PROJECT/serviceAccounts/EMAIL'")
topic_path = named(r"projects/[^/]+/topics/[^/]+", "a full name like 'projects/PROJECT/topics/NAME'")
channel_path = named(r"projects/[^/]+/notificationChannels/[^/]+", "a full name like 'projects/PROJECT/notificationChannels/ID'")
ring_path = named(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+", "a full name like 'projects/PROJECT/locations/REGION/keyRings/NAME'")
key_path = named(
    r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+(/cryptoKeyVersions/\d+)?",
    "a full name like 'projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY'",
)
repository_path = named(
    r"projects/[^/]+/locations/[^/]+/repositories/[^/]+", "a full name like 'projects/PROJECT/locations/REGION/repositories/NAME'"
)


def runtime(value: str) -> str:
    """a runtime that Google still builds, like 'python311'"""
    if _NO_LONGER.fullmatch(value):
        return f"is {value!r}, which Google no longer builds: take a newer one"
    return (
        ""
        if re.fullmatch(r"(python3|nodejs|go1|java|ruby|php|dotnet)\d+", value)
        else f"must be a runtime like 'python311'; {value!r} is not"
    )


def labels(value: dict[str, Any]) -> str:
    """at most 64; keys and values of at most 63 lower-case letters, digits, '-' and '_'; a key starts with a letter"""
    if len(value) > 64:
        return f"must be at most 64 labels, not {len(value)}"
    for key, given in value.items():
        if not (_label(key) and key[:1].isalpha()):
            return f"must have keys of at most 63 lower-case letters, digits, '-' and '_', starting with a letter; {key!r} is not"
        if isinstance(given, str) and not _label(given):
            return f"must have values of at most 63 lower-case letters, digits, '-' and '_'; {key!r} has {given!r}"
    return ""


def _label(text: str) -> bool:
    """Letters of any script that has no upper case count too."""
    return len(text) <= 63 and text == text.lower() and all(letter.isalnum() or letter in "_-" for letter in text)


def soft_delete(value: int) -> str:
    """0, or 7 to 90 days"""
    return "" if value == 0 or 604_800 <= value <= 7_776_000 else f"must be 0, or from 604800 to 7776000 seconds, not {value}"


def expiry(value: str) -> str:
    """'' for never, or at least a day"""
    return duration(86_400, 31_536_000_000)(value) if value else ""


def moment(value: str) -> str:
    """a time like '2026-01-31T00:00:00Z'"""
    try:
        return "" if datetime.fromisoformat(value).tzinfo else f"must be a time with its zone like '2026-01-31T00:00:00Z', not {value!r}"
    except ValueError:
        return f"must be a time like '2026-01-31T00:00:00Z', not {value!r}"


def time_zone(value: str) -> str:
    """a time zone like 'Europe/Berlin'"""
    return "" if value in available_timezones() else f"must be a time zone like 'Europe/Berlin' or 'Etc/UTC'; {value!r} is not"


def base64_text(value: str) -> str:
    """base64"""
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error:
        return f"must be base64; {value[:40]!r} is not"
    return ""
