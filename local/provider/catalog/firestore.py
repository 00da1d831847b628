"""Firestore: databases, and the indexes, fields and backup schedules in them, which are records."""

from collections.abc import Mapping
from typing import Any

from local.provider import refusals
from local.provider.catalog.members import one
from local.provider.errors import AlreadyExists, Refused
from local.provider.limits import firestore as limits
from local.provider.names import Autoname, now, token
from local.provider.records import State
from local.provider.regions import Service, location
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    block,
    block_set,
    blocks,
    deletion_policy,
    exactly_one,
    flag,
    integer,
    mapping,
    text,
)
from local.provider.types import Act, Room, Type

DATABASE = "gcp:firestore/database:Database"
_INDEX = "gcp:firestore/index:Index"
_FIELD = "gcp:firestore/field:Field"
_SCHEDULE = "gcp:firestore/backupSchedule:BackupSchedule"
_IN_DATABASE = one(DATABASE, "projects/{project}/databases/{database}", "database")


class _Databases(Room):
    async def put(self, act: Act) -> State:
        await act.cloud.firestore.put_database(str(act.state["name"]))
        return {}

    async def delete(self, act: Act) -> None:
        await act.cloud.firestore.delete_database(str(act.state["name"]))


class _Indexes(Room):
    async def put(self, act: Act) -> State:
        """The emulator needs no indexes, but Google has each only once."""
        for path, other in act.records.all(_INDEX).items():
            if path != act.id and _definition(other) == _definition(act.state):
                raise AlreadyExists("googleapi: Error 409: index already exists, alreadyExists")
        return {}


class _Fields(Room):
    async def put(self, act: Act) -> State:
        """Google lets one field of a collection group say when a document ends."""
        for path, other in act.records.all(_FIELD).items():
            same = all(other.get(name) == act.state.get(name) for name in ("project", "database", "collection"))
            if path != act.id and same and other.get("ttlConfig") is not None and act.state.get("ttlConfig") is not None:
                raise Refused(
                    f"googleapi: Error 400: collection group {act.state['collection']} has its time to live at {other['field']!r}"
                )
        return {}


class _Schedules(Room):
    async def put(self, act: Act) -> State:
        for path, other in act.records.all(_SCHEDULE).items():
            same = all(other.get(name) == act.state.get(name) for name in ("project", "database"))
            if path != act.id and same and (other.get("dailyRecurrence") is None) == (act.state.get("dailyRecurrence") is None):
                raise AlreadyExists("googleapi: Error 409: a database has one daily and one weekly backup schedule at most, alreadyExists")
        return {}


def _definition(index: Mapping[str, Any]) -> tuple[Any, ...]:
    names = ("project", "database", "collection", "queryScope", "apiScope")
    return (*(index.get(name) for name in names), [dict(field) for field in index["fields"]])


def _retention(state: State) -> str:
    return "604800s" if state.get("pointInTimeRecoveryEnablement") == "POINT_IN_TIME_RECOVERY_ENABLED" else "3600s"


TYPES = (
    Type(
        DATABASE,
        id="projects/{project}/databases/{name}",
        properties={
            "appEngineIntegrationMode": text(FILLED, "ENABLED", "DISABLED"),
            "cmekConfig": block({"kmsKeyName": text(REQUIRED | FIXED, refuses=refusals.key_path)}, FIXED),
            "concurrencyMode": text(FILLED, "OPTIMISTIC", "PESSIMISTIC", "OPTIMISTIC_WITH_ENTITY_GROUPS"),
            "databaseEdition": text(FIXED | FILLED, "STANDARD", "ENTERPRISE"),
            "deleteProtectionState": text(
                FILLED, "DELETE_PROTECTION_STATE_UNSPECIFIED", "DELETE_PROTECTION_ENABLED", "DELETE_PROTECTION_DISABLED"
            ),
            "deletionPolicy": deletion_policy("ABANDON"),
            "firestoreDataAccessMode": text(FIXED | FILLED, "DATA_ACCESS_MODE_ENABLED", "DATA_ACCESS_MODE_DISABLED"),
            "locationId": text(REQUIRED | FIXED, refuses=location(Service.FIRESTORE)),
            "mongodbCompatibleDataAccessMode": text(FIXED | FILLED, "DATA_ACCESS_MODE_ENABLED", "DATA_ACCESS_MODE_DISABLED"),
            "name": text(FIXED, refuses=refusals.database_name),
            "pointInTimeRecoveryEnablement": text(
                FREE, "POINT_IN_TIME_RECOVERY_ENABLED", "POINT_IN_TIME_RECOVERY_DISABLED", default="POINT_IN_TIME_RECOVERY_DISABLED"
            ),
            "project": text(FIXED | FILLED),
            "realtimeUpdatesMode": text(FIXED | FILLED, "REALTIME_UPDATES_MODE_ENABLED", "REALTIME_UPDATES_MODE_DISABLED"),
            "tags": mapping(FIXED),
            "type": text(REQUIRED, "FIRESTORE_NATIVE", "DATASTORE_MODE"),
        },
        autoname=Autoname(longest=63, lower=True),
        made={"uid": token, "createTime": now, "earliestVersionTime": now, "keyPrefix": str},
        touched={"updateTime": now, "etag": token},
        outputs={"versionRetentionPeriod": _retention},
        room=_Databases(),
        checks=limits.database,
    ),
    Type(
        _INDEX,
        id="{name}",
        properties={
            "apiScope": text(FIXED, "ANY_API", "DATASTORE_MODE_API", "MONGODB_COMPATIBLE_API", default="ANY_API"),
            "collection": text(REQUIRED | FIXED),
            "database": text(FIXED, default="(default)"),
            "deletionPolicy": deletion_policy(),
            "density": text(FIXED | FILLED, "SPARSE_ALL", "SPARSE_ANY", "DENSE"),
            "fields": blocks(
                {
                    "arrayConfig": text(FIXED, "CONTAINS"),
                    "fieldPath": text(FIXED),
                    "order": text(FIXED, "ASCENDING", "DESCENDING"),
                    "searchConfig": block(
                        {
                            "geoSpec": block({"geoJsonIndexingDisabled": flag(REQUIRED | FIXED)}, FIXED),
                            "textSpec": block(
                                {"indexSpecs": blocks({"indexType": text(FIXED), "matchType": text(FIXED)}, REQUIRED | FIXED)}, FIXED
                            ),
                        },
                        FIXED,
                    ),
                    "vectorConfig": block({"dimension": integer(FIXED), "flat": block({}, FIXED)}, FIXED),
                },
                REQUIRED | FIXED,
                items=(1, None),
            ),
            "multikey": flag(FIXED, default=False),
            "project": text(FIXED | FILLED),
            "queryScope": text(FIXED, "COLLECTION", "COLLECTION_GROUP", "COLLECTION_RECURSIVE", default="COLLECTION"),
            "skipWait": flag(default=False),
            "unique": flag(FIXED | FILLED),
        },
        made={"_id": token},
        outputs={"name": "projects/{project}/databases/{database}/collectionGroups/{collection}/indexes/{_id}"},
        room=_Indexes(),
        checks=limits.index,
        references=_IN_DATABASE,
    ),
    Type(
        _FIELD,
        id="{name}",
        properties={
            "collection": text(REQUIRED | FIXED),
            "database": text(FIXED, default="(default)"),
            "deletionPolicy": deletion_policy(),
            "field": text(REQUIRED | FIXED),
            "indexConfig": block(
                {
                    "indexes": block_set(
                        {
                            "arrayConfig": text(FREE, "CONTAINS"),
                            "order": text(FREE, "ASCENDING", "DESCENDING"),
                            "queryScope": text(FREE, "COLLECTION", "COLLECTION_GROUP", default="COLLECTION"),
                        }
                    )
                }
            ),
            "project": text(FIXED | FILLED),
            "skipWait": flag(default=False),
            "ttlConfig": block({"expirationOffset": text(FIXED | FILLED)}),
        },
        outputs={"name": "projects/{project}/databases/{database}/collectionGroups/{collection}/fields/{field}"},
        adopts=True,
        room=_Fields(),
        checks=limits.field,
        references=_IN_DATABASE,
    ),
    Type(
        _SCHEDULE,
        id="{name}",
        properties={
            "dailyRecurrence": block({}, FIXED),
            "database": text(FIXED, default="(default)"),
            "deletionPolicy": deletion_policy(),
            "project": text(FIXED | FILLED),
            "retention": text(REQUIRED, refuses=refusals.duration(86_400, 8_467_200)),
            "weeklyRecurrence": block(
                {
                    "day": text(
                        FREE, "DAY_OF_WEEK_UNSPECIFIED", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"
                    )
                },
                FIXED,
            ),
        },
        groups=(exactly_one("dailyRecurrence", "weeklyRecurrence"),),
        made={"_id": token},
        outputs={"name": "projects/{project}/databases/{database}/backupSchedules/{_id}"},
        room=_Schedules(),
        checks=limits.schedule,
        references=_IN_DATABASE,
    ),
)
