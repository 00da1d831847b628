"""What holds data: whose it is, where it lies, and that it does not go by accident."""

import fnmatch
import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra.policy.resource import UNKNOWN, Resource, shown
from infra.policy.rule import Setting

DATABASES = frozenset({"gcp:firestore/database:Database"})
KEEPERS = DATABASES | {
    "gcp:storage/bucket:Bucket",
    "gcp:kms/cryptoKey:CryptoKey",
    "gcp:secretmanager/secret:Secret",
    "gcp:sql/databaseInstance:DatabaseInstance",
    "gcp:bigquery/dataset:Dataset",
}
EMPTIED = frozenset({"gcp:storage/bucket:Bucket", "gcp:bigquery/dataset:Dataset"})
DISPOSABLE = {"disposableStacks": Setting(["local", "dev"], "Stacks that may be destroyed whole; patterns as in a shell (pr-*)")}
REGIONS = {"regions": Setting(["us-central1", "europe-west4"], "Regions that data and workloads may be in; multi-regions and global too")}
LABELS = {"labels": Setting(["app", "stack"], "Labels that every resource must carry that can carry any")}

_LABELLED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "gcp:artifactregistry/repository:Repository",
            "gcp:bigquery/dataset:Dataset",
            "gcp:bigquery/table:Table",
            "gcp:cloudfunctionsv2/function:Function",
            "gcp:cloudrunv2/job:Job",
            "gcp:cloudrunv2/service:Service",
            "gcp:cloudrunv2/workerPool:WorkerPool",
            "gcp:compute/address:Address",
            "gcp:compute/disk:Disk",
            "gcp:compute/forwardingRule:ForwardingRule",
            "gcp:compute/globalAddress:GlobalAddress",
            "gcp:compute/globalForwardingRule:GlobalForwardingRule",
            "gcp:compute/instance:Instance",
            "gcp:dns/managedZone:ManagedZone",
            "gcp:eventarc/trigger:Trigger",
            "gcp:kms/cryptoKey:CryptoKey",
            "gcp:organizations/project:Project",
            "gcp:pubsub/subscription:Subscription",
            "gcp:pubsub/topic:Topic",
            "gcp:secretmanager/regionalSecret:RegionalSecret",
            "gcp:secretmanager/secret:Secret",
            "gcp:storage/bucket:Bucket",
            "gcp:vertex/aiDataset:AiDataset",
            "gcp:vertex/aiEndpoint:AiEndpoint",
            "gcp:vertex/aiTensorboard:AiTensorboard",
            "gcp:workflows/workflow:Workflow",
        ),
        "labels",
    ),
    **dict.fromkeys(
        (
            "gcp:monitoring/alertPolicy:AlertPolicy",
            "gcp:monitoring/customService:CustomService",
            "gcp:monitoring/genericService:GenericService",
            "gcp:monitoring/notificationChannel:NotificationChannel",
            "gcp:monitoring/slo:Slo",
            "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
        ),
        "userLabels",
    ),
}
LABELLED = frozenset(_LABELLED)

_GUARDS = (
    ("deleteProtectionState", "DELETE_PROTECTION_ENABLED", "delete_protection_state"),
    ("deletionPolicy", "PREVENT", "deletion_policy"),
    ("pointInTimeRecoveryEnablement", "POINT_IN_TIME_RECOVERY_ENABLED", "point_in_time_recovery_enablement"),
)
_EMPTYING = (("forceDestroy", "force_destroy"), ("deleteContentsOnDestroy", "delete_contents_on_destroy"))
_PLACES = (
    "location",
    "locationId",
    "region",
    "customPlacementConfig.dataLocations[]",
    "messageStoragePolicy.allowedPersistenceRegions[]",
    "replication.userManaged.replicas[].location",
)
_ZONE = re.compile(r"-[a-z]$")


def unlabelled(resource: Resource, settings: Mapping[str, Any]) -> Iterator[str]:
    where = _LABELLED[resource.type]
    labels = resource.get(where)
    if labels is UNKNOWN:
        return
    missing = [label for label in settings["labels"] if not (labels or {}).get(label)]
    if missing:
        yield f"{where} {dict(labels or {})} lack {', '.join(missing)}; give it the stack's labels"


def unprotected(resource: Resource, settings: Mapping[str, Any]) -> Iterator[str]:
    if not resource.protect and _lasting(resource.stack, settings):
        yield f"it holds data of stack {resource.stack} and is not protected; pass ResourceOptions(protect=True)"


def emptied(resource: Resource, settings: Mapping[str, Any]) -> Iterator[str]:
    for path, argument in _EMPTYING:
        if resource.get(path) is True and _lasting(resource.stack, settings):
            yield f"{path} is True in stack {resource.stack}, so destroying takes the data along; set {argument}=False"


def unguarded(resource: Resource, settings: Mapping[str, Any]) -> Iterator[str]:
    for path, wanted, argument in _GUARDS:
        found = resource.get(path)
        if found not in (wanted, UNKNOWN) and _lasting(resource.stack, settings):
            yield f'{path} is {shown(found)} in stack {resource.stack}; set {argument}="{wanted}"'


def elsewhere(resource: Resource, settings: Mapping[str, Any]) -> Iterator[str]:
    if resource.type.endswith("Member"):
        return  # a grant is where its resource is
    allowed = {region.lower() for region in settings["regions"]}
    places = [(place, str(value)) for path in _PLACES for place, value in resource.each(path)]
    if resource.get("replication.auto") is not None:
        places.append(("replication.auto", "global"))
    for place, value in places:
        if value.lower() not in allowed and _ZONE.sub("", value.lower()) not in allowed:
            yield f"{place} is {value}; use one of {', '.join(sorted(allowed))}, or have the platform team allow it"


def _lasting(stack: str, settings: Mapping[str, Any]) -> bool:
    return not any(fnmatch.fnmatchcase(stack, pattern) for pattern in settings["disposableStacks"])
