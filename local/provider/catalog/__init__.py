"""Every resource type that the provider knows, one module for each of Google's services.

A type is a table: what Google's provider accepts for it, in the words of `local.provider.schema`. Where the local cloud has a room
for it, the type's `Room` stands in the same module.
"""

from collections.abc import Mapping

from local.provider.catalog import (
    alerting,
    artifactregistry,
    billing,
    binaryauthorization,
    cloudfunctions,
    cloudrun,
    cloudscheduler,
    command,
    compute,
    dns,
    docker,
    firestore,
    iam,
    iap,
    kms,
    logging,
    monitoring,
    objects,
    projects,
    pubsub,
    secretmanager,
    serviceaccount,
    slo,
    storage,
    subscriptions,
    time,
)
from local.provider.types import Type

_MODULES = (
    alerting,
    artifactregistry,
    billing,
    binaryauthorization,
    cloudfunctions,
    cloudrun,
    cloudscheduler,
    command,
    compute,
    dns,
    docker,
    firestore,
    iam,
    iap,
    kms,
    logging,
    monitoring,
    objects,
    projects,
    pubsub,
    secretmanager,
    serviceaccount,
    slo,
    storage,
    subscriptions,
    time,
)

TYPES: Mapping[str, Type] = {kind.token: kind for module in _MODULES for kind in module.TYPES}
