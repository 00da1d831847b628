"""Buckets: settings and access policies. What is in them is the matter of `objects`."""

import base64
import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from local.interfaces import Json
from local.layout import Project
from local.storage import bucket_settings
from local.storage.conditions import NO_CONDITIONS, Conditions
from local.storage.database import Database, now
from local.storage.errors import ConditionNotMet, Conflict, Invalid, NotEmpty, NotFound
from local.storage.names import check_bucket_name
from local.storage.records import GOOGLE


class BucketRecord:
    """A row of `buckets`. Its generation is 0: only the metageneration can be a condition."""

    generation = 0

    def __init__(self, row: sqlite3.Row) -> None:
        self.name: str = row["name"]
        self.metageneration: int = row["metageneration"]
        self.created: str = row["created"]
        self.updated: str = row["updated"]
        self.settings: Json = json.loads(row["settings"])

    @property
    def versioned(self) -> bool:
        return bool(self.settings.get("versioning", {}).get("enabled"))

    def resource(self, project: Project, base: str = GOOGLE) -> Json:
        return {
            "kind": "storage#bucket",
            "id": self.name,
            "selfLink": f"{base}/storage/v1/b/{self.name}",
            "projectNumber": project.number,
            "name": self.name,
            "timeCreated": self.created,
            "updated": self.updated,
            "metageneration": str(self.metageneration),
            "etag": base64.b64encode(str(self.metageneration).encode()).decode(),
            "locationType": bucket_settings.location_type(self.settings["location"]),
            **self.settings,
        }


class Buckets:
    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, name: str) -> BucketRecord | None:
        row = self._db.row("SELECT * FROM buckets WHERE name = ?", name)
        return BucketRecord(row) if row else None

    def get(self, name: str, conditions: Conditions = NO_CONDITIONS) -> BucketRecord:
        """Raises NotFound, ConditionNotMet, NotModified."""
        bucket = self.find(name)
        if bucket is None:
            raise NotFound(f"The specified bucket does not exist: '{name}'.")
        conditions.check_read(bucket)
        return bucket

    def list(self, prefix: str, after: str, limit: int) -> Sequence[BucketRecord]:
        rows = self._db.rows(
            "SELECT * FROM buckets WHERE name > ? AND substr(name, 1, ?) = ? ORDER BY name LIMIT ?", after, len(prefix), prefix, limit
        )
        return [BucketRecord(row) for row in rows]

    def create(self, name: str, settings: Mapping[str, Any]) -> BucketRecord:
        """Raises Conflict if it is there, Invalid for a name or setting that Google refuses."""
        check_bucket_name(name)
        kept = _complete(settings)
        created = now()
        with self._db.transaction():
            if self.find(name):
                raise Conflict(f"Your previous request to create the named bucket succeeded and you already own it: '{name}'.")
            self._db.execute("INSERT INTO buckets VALUES (?, 1, ?, ?, ?, NULL)", name, created, created, json.dumps(kept))
            return self.get(name)

    def patch(self, name: str, changes: Mapping[str, Any], conditions: Conditions = NO_CONDITIONS) -> BucketRecord:
        with self._db.transaction():
            current = self._writable(name, conditions)
            return self._save(current, bucket_settings.merged(current.settings, changes))

    def replace(self, name: str, settings: Mapping[str, Any], conditions: Conditions = NO_CONDITIONS) -> BucketRecord:
        """All settings anew; what is not given goes back to its default. The same ones change nothing."""
        with self._db.transaction():
            current = self._writable(name, conditions)
            kept = {"location": current.settings["location"], **settings}
            return self._save(current, _complete(kept, current.settings["softDeletePolicy"].get("effectiveTime")))

    def delete(self, name: str, conditions: Conditions = NO_CONDITIONS) -> None:
        """Raises NotFound, NotEmpty, ConditionNotMet."""
        with self._db.transaction():
            self._writable(name, conditions)
            if self._db.row("SELECT 1 FROM objects WHERE bucket = ? LIMIT 1", name):
                raise NotEmpty(f"The bucket you tried to delete is not empty: '{name}'.")
            self._db.execute("DELETE FROM buckets WHERE name = ?", name)

    def policy(self, name: str) -> Json:
        with self._db.snapshot():
            self.get(name)
            row = self._db.row("SELECT policy FROM buckets WHERE name = ?", name)
        stored = json.loads(row["policy"]) if row and row["policy"] else {"version": 1, "bindings": [], "etag": "CAE="}
        return {"kind": "storage#policy", "resourceId": f"projects/_/buckets/{name}", **stored}

    def set_policy(self, name: str, policy: Mapping[str, Any]) -> Json:
        """Raises ConditionNotMet if the policy's etag is no longer the stored one's."""
        bindings = policy.get("bindings", [])
        if not isinstance(bindings, list) or not all(isinstance(each, dict) and each.get("role") for each in bindings):
            raise Invalid("Invalid policy: bindings is a list of objects with role and members.")
        with self._db.transaction():
            current = self.policy(name)
            if policy.get("etag") not in (None, "", current["etag"]):
                raise ConditionNotMet("The policy was changed since you read it: read it again and repeat your change.")
            etag = base64.b64encode(str(self._db.next_generation()).encode()).decode()
            stored = {"version": policy.get("version", 1), "bindings": bindings, "etag": etag}
            self._db.execute("UPDATE buckets SET policy = ? WHERE name = ?", json.dumps(stored), name)
        return self.policy(name)

    def _writable(self, name: str, conditions: Conditions) -> BucketRecord:
        bucket = self.get(name)
        conditions.check_write(bucket)
        return bucket

    def _save(self, current: BucketRecord, settings: Json) -> BucketRecord:
        kept = bucket_settings.checked(settings)
        if kept["location"] != current.settings["location"]:
            raise Invalid(
                f"The location of bucket '{current.name}' cannot change from {current.settings['location']} to {kept['location']}."
            )
        if kept != current.settings:
            self._db.execute(
                "UPDATE buckets SET settings = ?, updated = ?, metageneration = metageneration + 1 WHERE name = ?",
                json.dumps(kept),
                now(),
                current.name,
            )
        return self.get(current.name)


def _complete(settings: Mapping[str, Any], soft_delete_since: str | None = None) -> Json:
    return bucket_settings.checked(bucket_settings.merged(bucket_settings.defaults(soft_delete_since or now()), settings))
