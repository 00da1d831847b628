"""Cloud Storage: buckets."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from local.interfaces import Cloud, Json
from local.provider import refusals
from local.provider.catalog.members import member, one
from local.provider.names import Autoname, now
from local.provider.records import State
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    at_least_one,
    block,
    blocks,
    deletion_policy,
    flag,
    integer,
    mapping,
    needs,
    text,
    text_set,
    texts,
)
from local.provider.types import Act, Inputs, Room, Type
from local.provider.validation import Failure

BUCKET = "gcp:storage/bucket:Bucket"

_CLASSES = ("STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE", "DURABLE_REDUCED_AVAILABILITY")
_METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "*")


class _Buckets(Room):
    async def put(self, act: Act) -> State:
        found = act.cloud.storage.put_bucket(str(act.state["name"]), settings(act.state))
        number = act.settings.number
        return {"projectNumber": int(number)} if number and found else {}

    async def delete(self, act: Act) -> None:
        act.cloud.storage.delete_bucket(str(act.state["name"]), force=bool(act.state.get("forceDestroy")))

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        found = cloud.storage.bucket(identity)
        if found is None:
            return None
        return (recorded or {"name": identity}) | _drifted(found, recorded or {})


def settings(state: Inputs) -> Json:
    """Google's JSON form of what the program declares."""
    wanted = {
        "location": str(state["location"]).upper(),
        "storageClass": state.get("storageClass"),
        "labels": state.get("effectiveLabels"),
        "cors": [_cors(rule) for rule in state.get("cors") or []],
        "lifecycle": {"rule": [_rule(rule) for rule in state.get("lifecycleRules") or []]},
        "versioning": state.get("versioning"),
        "softDeletePolicy": state.get("softDeletePolicy"),
        "retentionPolicy": state.get("retentionPolicy"),
        "encryption": state.get("encryption"),
        "logging": state.get("logging"),
        "website": state.get("website"),
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": bool(state.get("uniformBucketLevelAccess"))},
            "publicAccessPrevention": state.get("publicAccessPrevention"),
        },
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _cors(rule: Mapping[str, Any]) -> Json:
    names = {"origins": "origin", "methods": "method", "responseHeaders": "responseHeader", "maxAgeSeconds": "maxAgeSeconds"}
    return {names[name]: value for name, value in rule.items() if name in names}


def _rule(rule: Mapping[str, Any]) -> Json:
    """Plurals are Pulumi's: the API says `matchesPrefix`."""
    condition = {_singular(name): value for name, value in (rule.get("condition") or {}).items()}
    state = condition.pop("withState", "ANY")
    if state != "ANY":
        condition["isLive"] = state == "LIVE"
    return {"action": copy.deepcopy(rule["action"]), "condition": condition}


def _singular(name: str) -> str:
    return {"matchesPrefixes": "matchesPrefix", "matchesSuffixes": "matchesSuffix", "matchesStorageClasses": "matchesStorageClass"}.get(
        name, name
    )


def _drifted(found: Json, recorded: State) -> State:
    """What somebody may have changed through the API, in Pulumi's words."""
    access = found.get("iamConfiguration") or {}
    now_there = {
        "storageClass": found.get("storageClass"),
        "versioning": found.get("versioning"),
        "publicAccessPrevention": access.get("publicAccessPrevention"),
        "updated": found.get("updated"),
    }
    if recorded and settings(recorded).get("cors") != (found.get("cors") or []):
        now_there["cors"] = [_declared_cors(rule) for rule in found.get("cors") or []]
    return {name: value for name, value in now_there.items() if value is not None}


def _declared_cors(rule: Mapping[str, Any]) -> Json:
    names = {"origin": "origins", "method": "methods", "responseHeader": "responseHeaders", "maxAgeSeconds": "maxAgeSeconds"}
    return {names[name]: value for name, value in rule.items() if name in names}


def _checks(inputs: Inputs) -> Iterable[Failure]:
    for index, rule in enumerate(inputs.get("lifecycleRules") or []):
        action, path = rule.get("action") or {}, f"lifecycleRules[{index}]"
        if action.get("type") == "SetStorageClass" and not action.get("storageClass"):
            yield Failure(f"{path}.action.storageClass", f"'{path}.action.storageClass' is needed with type SetStorageClass")
        if not {name for name, value in (rule.get("condition") or {}).items() if value is not None}:
            yield Failure(f"{path}.condition", f"'{path}.condition' must hold at least one condition")


_BUCKET = Type(
    BUCKET,
    id="{name}",
    properties={
        "autoclass": block({"enabled": flag(REQUIRED), "terminalStorageClass": text(FILLED)}),
        "cors": blocks(
            {
                "maxAgeSeconds": integer(),
                "methods": texts(FREE, *_METHODS),
                "origins": texts(),
                "responseHeaders": texts(),
            }
        ),
        "customPlacementConfig": block({"dataLocations": text_set(REQUIRED | FIXED, items=(1, None))}),
        "defaultEventBasedHold": flag(),
        "deletionPolicy": deletion_policy(),
        "enableObjectRetention": flag(FIXED),
        "encryption": block(
            {
                "customerManagedEncryptionEnforcementConfig": block(
                    {"restrictionMode": text(REQUIRED, "NotRestricted", "FullyRestricted")}
                ),
                "customerSuppliedEncryptionEnforcementConfig": block(
                    {"restrictionMode": text(REQUIRED, "NotRestricted", "FullyRestricted")}
                ),
                "defaultKmsKeyName": text(),
                "googleManagedEncryptionEnforcementConfig": block({"restrictionMode": text(REQUIRED, "NotRestricted", "FullyRestricted")}),
            }
        ),
        "forceDestroy": flag(default=False),
        "hierarchicalNamespace": block({"enabled": flag(REQUIRED | FIXED)}, FIXED),
        "ipFilter": block(
            {
                "allowAllServiceAgentAccess": flag(),
                "allowCrossOrgVpcs": flag(),
                "mode": text(REQUIRED, "Enabled", "Disabled"),
                "publicNetworkSource": block({"allowedIpCidrRanges": texts(REQUIRED)}),
                "vpcNetworkSources": blocks({"allowedIpCidrRanges": texts(REQUIRED), "network": text(REQUIRED)}),
            },
            FREE,
            needs("allowCrossOrgVpcs", "vpcNetworkSources"),
        ),
        "labels": mapping(refuses=refusals.labels),
        "lifecycleRules": blocks(
            {
                "action": block(
                    {
                        "storageClass": text(FREE, *_CLASSES),
                        "type": text(REQUIRED, "Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"),
                    },
                    REQUIRED,
                ),
                "condition": block(
                    {
                        "age": integer(),
                        "createdBefore": text(),
                        "customTimeBefore": text(),
                        "daysSinceCustomTime": integer(),
                        "daysSinceNoncurrentTime": integer(),
                        "matchesPrefixes": texts(),
                        "matchesStorageClasses": texts(),
                        "matchesSuffixes": texts(),
                        "noncurrentTimeBefore": text(),
                        "numNewerVersions": integer(),
                        "sendAgeIfZero": flag(),
                        "sendDaysSinceCustomTimeIfZero": flag(),
                        "sendDaysSinceNoncurrentTimeIfZero": flag(),
                        "sendNumNewerVersionsIfZero": flag(),
                        "sizeAboveBytes": integer(),
                        "sizeBelowBytes": integer(),
                        "withState": text(FILLED, "LIVE", "ARCHIVED", "ANY"),
                    },
                    REQUIRED,
                ),
            },
            items=(0, 100),
        ),
        "location": text(REQUIRED | FIXED, form=str.upper),
        "logging": block({"logBucket": text(REQUIRED), "logObjectPrefix": text(FILLED)}),
        "name": text(FIXED, refuses=refusals.bucket_name),
        "project": text(FIXED | FILLED),
        "publicAccessPrevention": text(FILLED, "inherited", "enforced", fills="inherited"),
        "requesterPays": flag(),
        "retentionPolicy": block({"isLocked": flag(default=False), "retentionPeriod": text(REQUIRED)}),
        "rpo": text(FILLED, "DEFAULT", "ASYNC_TURBO"),
        "softDeletePolicy": block(
            {"retentionDurationSeconds": integer(default=604800, refuses=refusals.soft_delete)},
            FILLED,
            fills={"retentionDurationSeconds": 604800},
        ),
        "storageClass": text(FREE, *_CLASSES, default="STANDARD"),
        "uniformBucketLevelAccess": flag(FILLED, fills=False),
        "versioning": block({"enabled": flag(REQUIRED)}, FILLED),
        "website": block({"mainPageSuffix": text(), "notFoundPage": text()}, FILLED, at_least_one("mainPageSuffix", "notFoundPage")),
    },
    autoname=Autoname(longest=222),
    outputs={"selfLink": "https://www.googleapis.com/storage/v1/b/{name}", "url": "gs://{name}"},
    made={"timeCreated": now},
    touched={"updated": now},
    labelled=True,
    room=_Buckets(),
    checks=_checks,
)

TYPES = (
    _BUCKET,
    member(
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        "bucket",
        "b/{bucket:short}",
        one(BUCKET, "{bucket:short}", "bucket"),
        fields={},
        named=True,
    ),
)
