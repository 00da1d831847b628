"""The settings of a bucket: which are refused, what the defaults are, and what a patch does."""

import re
from collections.abc import Mapping
from typing import Any

from local.interfaces import Json
from local.storage.errors import Invalid

OURS = frozenset(
    {"kind", "id", "selfLink", "projectNumber", "name", "timeCreated", "updated", "metageneration", "etag", "locationType", "owner"}
)

_LOCATION = re.compile(r"US|EU|ASIA|ASIA1|NAM4|EUR4|EUR5|EUR7|EUR8|[A-Z]+-[A-Z]+[0-9]{1,2}")
_STORAGE_CLASSES = ("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL", "DURABLE_REDUCED_AVAILABILITY")
_ACTIONS = ("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload")
_CONDITIONS = frozenset(
    {
        "age",
        "createdBefore",
        "customTimeBefore",
        "daysSinceCustomTime",
        "daysSinceNoncurrentTime",
        "isLive",
        "matchesPattern",
        "matchesPrefix",
        "matchesStorageClass",
        "matchesSuffix",
        "noncurrentTimeBefore",
        "numNewerVersions",
        "sizeAboveBytes",
        "sizeBelowBytes",
    }
)
_LABEL_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_LABEL_VALUE = re.compile(r"[a-z0-9_-]{0,63}")
_DAY = 86_400


def defaults(now: str) -> Json:
    return {
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": False},
            "publicAccessPrevention": "inherited",
        },
        "softDeletePolicy": {"retentionDurationSeconds": str(7 * _DAY), "effectiveTime": now},
    }


def merged(settings: Json, changes: Mapping[str, Any]) -> Json:
    """JSON merge patch: objects are merged key by key, null and the empty list remove."""
    result = dict(settings)
    for key, value in changes.items():
        if value is None or value == []:
            result.pop(key, None)
        elif isinstance(value, dict):
            present = result.get(key)
            result[key] = merged(present if isinstance(present, dict) else {}, value)
        else:
            result[key] = value
    return result


def location_type(location: str) -> str:
    if location in {"US", "EU", "ASIA"}:
        return "multi-region"
    return "region" if "-" in location else "dual-region"


def checked(settings: Mapping[str, Any]) -> Json:
    """The settings as Google stores them. Raises Invalid, which names the setting."""
    given = {key: value for key, value in settings.items() if key not in OURS and value is not None}
    kept = {"location": "US", "storageClass": "STANDARD", **given}
    for key in ("location", "storageClass"):
        kept[key] = str(kept[key]).upper()
    if not _LOCATION.fullmatch(kept["location"]):
        raise Invalid(f"The specified location constraint is not valid: {kept['location']!r}.")
    _check_storage_class(kept["storageClass"])
    _check_labels(_object(kept, "labels"))
    _check_access(_object(kept, "iamConfiguration"))
    kept["softDeletePolicy"] = _soft_delete(_object(kept, "softDeletePolicy"))
    _check_flag(_object(kept, "versioning"), "versioning")
    for rule in _objects(_object(kept, "lifecycle"), "rule"):
        _check_rule(rule)
    for entry in _objects(kept, "cors"):
        _check_cors(entry)
    return {key: value for key, value in kept.items() if value != {}}


def _object(settings: Mapping[str, Any], key: str) -> Json:
    value = settings.get(key, {})
    if not isinstance(value, dict):
        raise Invalid(f"Invalid value for {key}: {value!r} is not an object.")
    return value


def _objects(settings: Mapping[str, Any], key: str) -> list[Json]:
    value = settings.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Invalid(f"Invalid value for {key}: {value!r} is not a list of objects.")
    return value


def _check_storage_class(name: Any) -> None:
    if name not in _STORAGE_CLASSES:
        raise Invalid(f"Invalid storage class: {name!r}. One of {', '.join(sorted(_STORAGE_CLASSES))}.")


def _check_labels(labels: Json) -> None:
    if len(labels) > 64:
        raise Invalid(f"A bucket has at most 64 labels; these are {len(labels)}.")
    for key, value in labels.items():
        if not _LABEL_KEY.fullmatch(key) or not isinstance(value, str) or not _LABEL_VALUE.fullmatch(value):
            raise Invalid(
                f"Invalid label {key!r}: {value!r}. Lower-case letters, digits, dashes, underscores; at most 63; keys begin with a letter."
            )


def _check_access(configuration: Json) -> None:
    prevention = configuration.get("publicAccessPrevention", "inherited")
    if prevention not in ("inherited", "enforced", "unspecified"):
        raise Invalid(f"Invalid value for publicAccessPrevention: {prevention!r}. One of inherited, enforced.")
    _check_flag(_object(configuration, "uniformBucketLevelAccess"), "iamConfiguration.uniformBucketLevelAccess")


def _check_flag(setting: Json, name: str) -> None:
    if not isinstance(setting.get("enabled", False), bool):
        raise Invalid(f"Invalid value for {name}.enabled: {setting['enabled']!r} is not a boolean.")


def _soft_delete(policy: Json) -> Json:
    """With the seconds as Google writes 64-bit numbers: as text."""
    seconds = _count(policy, "retentionDurationSeconds")
    if seconds and not 7 * _DAY <= seconds <= 90 * _DAY:
        raise Invalid(f"Invalid soft delete retention of {seconds} s: 0, or 7 to 90 days.")
    return {**policy, "retentionDurationSeconds": str(seconds)}


def _check_rule(rule: Json) -> None:
    action, condition = _object(rule, "action"), _object(rule, "condition")
    if action.get("type") not in _ACTIONS:
        raise Invalid(f"Invalid lifecycle action: {action.get('type')!r}. One of {', '.join(sorted(_ACTIONS))}.")
    if action["type"] == "SetStorageClass":
        _check_storage_class(action.get("storageClass"))
    if unknown := condition.keys() - _CONDITIONS:
        raise Invalid(f"Invalid lifecycle condition: {', '.join(sorted(unknown))}.")
    if not condition:
        raise Invalid(f"The lifecycle rule {action['type']} has no condition; it would act on every object at once.")
    for key in ("age", "daysSinceNoncurrentTime", "numNewerVersions"):
        _count(condition, key)


def _check_cors(entry: Json) -> None:
    for key in ("origin", "method", "responseHeader"):
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.isprintable() for item in value):
            raise Invalid(f"Invalid value for cors.{key}: {value!r} is not a list of printable texts.")
    _count(entry, "maxAgeSeconds")


def _count(setting: Json, key: str) -> int:
    try:
        value = int(setting.get(key, 0))
    except (TypeError, ValueError):
        value = -1
    if value < 0:
        raise Invalid(f"Invalid value for {key}: {setting[key]!r} is not a whole number, 0 or more.")
    return value
