"""Cloud Storage: buckets."""

from local.interfaces import Cloud
from local.provider import addresses, refusals
from local.provider.catalog.bucket_json import SEEN, drifted, settings, times
from local.provider.catalog.members import member, one
from local.provider.limits import storage as limits
from local.provider.names import Autoname, now
from local.provider.records import State
from local.provider.regions import Service, location
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
from local.provider.types import Act, Room, Type

BUCKET = "gcp:storage/bucket:Bucket"

CLASSES = ("STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE", "DURABLE_REDUCED_AVAILABILITY")
_METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "*")


class _Buckets(Room):
    sees = f"the bucket: {', '.join(SEEN)}, labels; gone"

    async def put(self, act: Act) -> State:
        found = act.cloud.storage.put_bucket(str(act.state["name"]), settings(act.state))
        number = act.settings.number
        return times(found) | ({"projectNumber": int(number)} if number else {})

    async def delete(self, act: Act) -> None:
        act.cloud.storage.delete_bucket(str(act.state["name"]), force=bool(act.state.get("forceDestroy")))

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        found = cloud.storage.bucket(identity)
        if found is None:
            return None
        return (recorded or {"name": identity}) | drifted(found, recorded or {})


_BUCKET = Type(
    BUCKET,
    id="{name}",
    properties={
        "autoclass": block({"enabled": flag(REQUIRED), "terminalStorageClass": text(FILLED, "NEARLINE", "ARCHIVE")}),
        "cors": blocks(
            {
                "maxAgeSeconds": integer(between=(0, 2_147_483_647)),
                "methods": texts(FREE, *_METHODS),
                "origins": texts(refuses=addresses.origin),
                "responseHeaders": texts(),
            }
        ),
        "customPlacementConfig": block({"dataLocations": text_set(REQUIRED | FIXED, items=(2, 2), refuses=location(Service.STORAGE))}),
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
                "defaultKmsKeyName": text(refuses=refusals.key_path),
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
                "publicNetworkSource": block({"allowedIpCidrRanges": texts(REQUIRED, refuses=addresses.network_range)}),
                "vpcNetworkSources": blocks(
                    {"allowedIpCidrRanges": texts(REQUIRED, refuses=addresses.network_range), "network": text(REQUIRED)}
                ),
            },
            FREE,
            needs("allowCrossOrgVpcs", "vpcNetworkSources"),
        ),
        "labels": mapping(refuses=refusals.labels),
        "lifecycleRules": blocks(
            {
                "action": block(
                    {
                        "storageClass": text(FREE, *CLASSES),
                        "type": text(REQUIRED, "Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"),
                    },
                    REQUIRED,
                ),
                "condition": block(
                    {
                        "age": integer(),
                        "createdBefore": text(refuses=refusals.date),
                        "customTimeBefore": text(refuses=refusals.date),
                        "daysSinceCustomTime": integer(),
                        "daysSinceNoncurrentTime": integer(),
                        "matchesPrefixes": texts(),
                        "matchesStorageClasses": texts(FREE, *CLASSES),
                        "matchesSuffixes": texts(),
                        "noncurrentTimeBefore": text(refuses=refusals.date),
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
        "location": text(REQUIRED | FIXED, refuses=location(Service.STORAGE), form=str.upper),
        "logging": block({"logBucket": text(REQUIRED, refuses=refusals.bucket_name), "logObjectPrefix": text(FILLED)}),
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
        "storageClass": text(FREE, *CLASSES, default="STANDARD"),
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
    checks=limits.check,
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
