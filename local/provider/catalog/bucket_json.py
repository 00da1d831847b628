"""A bucket between Pulumi's words and Google's JSON: how it is made, and what somebody has changed since."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from local.interfaces import Json
from local.provider.records import State
from local.provider.types import Inputs

# Plurals are Pulumi's: the API says `matchesPrefix`.
_CORS = {"origins": "origin", "methods": "method", "responseHeaders": "responseHeader", "maxAgeSeconds": "maxAgeSeconds"}
_CONDITION = {"matchesPrefixes": "matchesPrefix", "matchesSuffixes": "matchesSuffix", "matchesStorageClasses": "matchesStorageClass"}
# Pulumi's flags for numbers that are nought, which its provider would otherwise leave out
_ZERO = {
    "sendAgeIfZero": "age",
    "sendDaysSinceCustomTimeIfZero": "daysSinceCustomTime",
    "sendDaysSinceNoncurrentTimeIfZero": "daysSinceNoncurrentTime",
    "sendNumNewerVersionsIfZero": "numNewerVersions",
}


def settings(state: Inputs) -> Json:
    """Google's JSON form of what the program declares."""
    wanted = {
        "location": str(state["location"]).upper(),
        "labels": state.get("effectiveLabels"),
        "cors": [_renamed(rule, _CORS) for rule in state.get("cors") or []],
        "lifecycle": {"rule": [_rule(rule) for rule in state.get("lifecycleRules") or []]},
        "billing": {"requesterPays": state["requesterPays"]} if state.get("requesterPays") is not None else None,
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": bool(state.get("uniformBucketLevelAccess"))},
            "publicAccessPrevention": state.get("publicAccessPrevention"),
        },
        **{name: state.get(name) for name in _ALIKE},
    }
    return {name: value for name, value in wanted.items() if value is not None}


_ALIKE = (
    "storageClass",
    "versioning",
    "softDeletePolicy",
    "retentionPolicy",
    "encryption",
    "logging",
    "website",
    "autoclass",
    "rpo",
    "defaultEventBasedHold",
)


def drifted(found: Json, recorded: State) -> State:
    """What differs from what was declared; None for what is gone."""
    told = settings(recorded) if recorded else {}
    seen = {name: (read(found), read(told)) for name, read in _READ.items()}
    changed = {name: now for name, (now, before) in seen.items() if now != before}
    return changed | _labels(found, recorded) | times(found)


def times(found: Json) -> State:
    """The room's own, so that a bucket reads as it was made."""
    return {name: found[name] for name in ("timeCreated", "updated") if name in found}


def _labels(found: Json, recorded: State) -> State:
    """A program rules over the labels that it names, and no others."""
    there, own = found.get("labels") or {}, recorded.get("labels") or {}
    if there == (recorded.get("effectiveLabels") or {}):
        return {}
    return {"effectiveLabels": there} | ({"labels": {name: there[name] for name in own if name in there}} if own else {})


def _rule(rule: Mapping[str, Any]) -> Json:
    given = dict(rule.get("condition") or {})
    zeros = {name: 0 for flag, name in _ZERO.items() if given.pop(flag, False) and not given.get(name)}
    state = given.pop("withState", "ANY")
    live = {} if state == "ANY" else {"isLive": state == "LIVE"}
    return {"action": copy.deepcopy(rule["action"]), "condition": _renamed({**given, **zeros}, _CONDITION) | live}


def _declared_rule(rule: Json) -> State:
    given = dict(rule.get("condition") or {})
    live = given.pop("isLive", None)
    state = {} if live is None else {"withState": "LIVE" if live else "ARCHIVED"}
    return {"action": rule.get("action"), "condition": _renamed(given, _back(_CONDITION)) | state}


def _renamed(block: Mapping[str, Any], names: Mapping[str, str]) -> Json:
    return {names.get(name, name): value for name, value in block.items() if value is not None}


def _back(names: Mapping[str, str]) -> Mapping[str, str]:
    return {theirs: ours for ours, theirs in names.items()}


def _of(name: str, *parts: str) -> Callable[[Json], Any]:
    """A block's parts that a program can declare, or None where none is given."""

    def read(bucket: Json) -> Any:
        block = bucket.get(name) or {}
        return {part: block[part] for part in parts if block.get(part) not in (None, False)} or None

    return read


def _soft_delete(bucket: Json) -> Any:
    seconds = (bucket.get("softDeletePolicy") or {}).get("retentionDurationSeconds")
    return None if seconds is None else {"retentionDurationSeconds": int(seconds)}


def _access(bucket: Json) -> Json:
    return bucket.get("iamConfiguration") or {}


_READ: Mapping[str, Callable[[Json], Any]] = {
    "storageClass": lambda bucket: bucket.get("storageClass"),
    "rpo": lambda bucket: bucket.get("rpo"),
    "defaultEventBasedHold": lambda bucket: bucket.get("defaultEventBasedHold") or None,
    "requesterPays": lambda bucket: (bucket.get("billing") or {}).get("requesterPays") or None,
    "cors": lambda bucket: [_renamed(rule, _back(_CORS)) for rule in bucket.get("cors") or []] or None,
    "lifecycleRules": lambda bucket: [_declared_rule(rule) for rule in (bucket.get("lifecycle") or {}).get("rule") or []] or None,
    "versioning": lambda bucket: {"enabled": bool((bucket.get("versioning") or {}).get("enabled"))},
    "softDeletePolicy": _soft_delete,
    "retentionPolicy": _of("retentionPolicy", "retentionPeriod", "isLocked"),
    "encryption": _of("encryption", "defaultKmsKeyName"),
    "logging": _of("logging", "logBucket", "logObjectPrefix"),
    "website": _of("website", "mainPageSuffix", "notFoundPage"),
    "autoclass": _of("autoclass", "enabled", "terminalStorageClass"),
    "uniformBucketLevelAccess": lambda bucket: bool((_access(bucket).get("uniformBucketLevelAccess") or {}).get("enabled")),
    "publicAccessPrevention": lambda bucket: _access(bucket).get("publicAccessPrevention") or "inherited",
}

SEEN = tuple(_READ)
