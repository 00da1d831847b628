"""Where a job's pictures, weights and documents lie and how long each is kept, and the topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_gcp as gcp

from infra.component import Component, labels
from infra.config import Config
from infra.foundation import Foundation
from jobs.documents import PICTURES_KEPT

_DAY_S = 86_400
_WEEK = f"{7 * _DAY_S}s"


@dataclass(frozen=True)
class Kept:
    """How long a bucket keeps what it is given. `recoverable_days` is Cloud Storage's soft delete, 0 or 7 to 90; its bytes are billed.
    `versions` counts the older ones that stay beside the live one."""

    delete_after_days: int | None = None
    versions: int = 0
    recoverable_days: int = 7


BUCKETS = {
    # the documents go first: Firestore takes up to a day to delete, and a picture that is listed must have its bytes
    "uploads": Kept(delete_after_days=PICTURES_KEPT.days + 2),
    # weights are what the money was spent on: they go with their job, by hand, and a mistake can be undone
    "models": Kept(versions=3),
    # its names hold their content's hash; old versions only answer for a mistake
    "pipeline": Kept(versions=3),
    # what steps hand to one another; a run that is over needs none of it, and a retry makes it anew
    "pipeline-root": Kept(delete_after_days=30, recoverable_days=0),
    # made anew from the repository by each `up`
    "sources": Kept(recoverable_days=0),
}
# collection, the fields that are equal, the field that orders, how: what the queries of `jobs/store/` need
_INDEXES = {
    "jobs-of-owner": ("jobs", ("owner",), "created", "DESCENDING"),
    "models-of-owner": ("jobs", ("owner", "state"), "created", "DESCENDING"),
    "uploads-of-job": ("uploads", ("jobId",), "created", "ASCENDING"),
    "generations-of-job": ("generations", ("jobId",), "created", "DESCENDING"),
    "generations-of-owner": ("generations", ("owner",), "created", "DESCENDING"),
    "favourites-of-owner": ("generations", ("owner", "liked"), "created", "DESCENDING"),
    "generations-of-model": ("generations", ("owner", "jobId"), "created", "DESCENDING"),
    "favourites-of-model": ("generations", ("owner", "jobId", "liked"), "created", "DESCENDING"),
}
# Collections whose documents carry `expires`. Jobs and generations do not: they are what a designer has to show for the training.
EXPIRING = ("uploads", "outbox", "usage", "requests", "deliveries")
# Long, and nobody asks for them: without an index a receipt of thousands of names costs one write each time, not one for each name. Of a
# map it holds for what is in it.
UNINDEXED = (("erasures", "removed"), ("requests", "body"), ("jobs", "progress"))
# Days that a backup is kept, with protection and without. Every stack has both schedules, so that a restore can be tried where nothing
# is at stake; Google takes one daily and one weekly schedule, and keeps a backup for 14 weeks at most.
_BACKUPS = {"daily": (7, 1), "weekly": (98, 1)}


class Data(Component):
    """The buckets, the database and the topics; encrypted with the stack's own key where it has one."""

    def __init__(self, name: str, config: Config, foundation: Foundation) -> None:
        super().__init__(name, after=foundation.apis)
        self._config, self._key = config, foundation.key
        self.uploads = self._bucket("uploads")
        self.models = self._bucket("models")
        self.pipeline = self._bucket("pipeline")
        self.pipeline_root = self._bucket("pipeline-root")
        self.sources = self._bucket("sources")
        self.database = self._database()
        self.indexes = [self._index(name, *definition) for name, definition in _INDEXES.items()]
        for collection in EXPIRING:
            self._expire(collection)
        for collection, field in UNINDEXED:
            gcp.firestore.Field(
                f"{collection}-{field}", database=self.database.name, collection=collection, field=field, index_config={}, opts=self.child()
            )
        self._back_up("daily", daily_recurrence={})
        self._back_up("weekly", weekly_recurrence={"day": "SUNDAY"})
        self.jobs = self._topic("jobs", message_retention_duration=_WEEK)
        self.generations = self._topic("generations")
        self.budget_alerts = self._topic("budget")
        self.dead_letters = self._topic("dead-letters")
        self.dead_letter_inbox = self._inbox()
        self.register_outputs({"uploads": self.uploads.name, "models": self.models.name, "database": self.database.name})

    def _bucket(self, role: str) -> gcp.storage.Bucket:
        kept = BUCKETS[role]
        return gcp.storage.Bucket(
            role,
            name=f"{self._config.project}-sd-{self._config.stack}-{role}",
            location=self._config.region,
            labels=labels(self._config),
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            encryption={"default_kms_key_name": self._key} if self._key is not None else None,
            versioning={"enabled": kept.versions > 0},
            lifecycle_rules=_rules(kept),
            soft_delete_policy={"retention_duration_seconds": kept.recoverable_days * _DAY_S},
            force_destroy=not self._config.protect_data,
            opts=self.child(protect=self._config.protect_data),
        )

    def _database(self) -> gcp.firestore.Database:
        protected = self._config.protect_data
        return gcp.firestore.Database(
            "documents",
            name=f"sd-{self._config.stack}",
            location_id=self._config.region,
            type="FIRESTORE_NATIVE",
            concurrency_mode="OPTIMISTIC",
            cmek_config={"kms_key_name": self._key} if self._key is not None else None,
            deletion_policy="PREVENT" if protected else "DELETE",
            delete_protection_state="DELETE_PROTECTION_ENABLED" if protected else "DELETE_PROTECTION_DISABLED",
            point_in_time_recovery_enablement="POINT_IN_TIME_RECOVERY_ENABLED" if protected else "POINT_IN_TIME_RECOVERY_DISABLED",
            opts=self.child(protect=protected),
        )

    def _index(self, name: str, collection: str, equal: Sequence[str], order: str, direction: str) -> gcp.firestore.Index:
        return gcp.firestore.Index(
            name,
            database=self.database.name,
            collection=collection,
            fields=[*({"field_path": field, "order": "ASCENDING"} for field in equal), {"field_path": order, "order": direction}],
            opts=self.child(),
        )

    def _expire(self, collection: str) -> None:
        """No index on the field: nothing asks for it, and times that only grow would all be written to one end of it."""
        gcp.firestore.Field(
            f"{collection}-expire",
            database=self.database.name,
            collection=collection,
            field="expires",
            ttl_config={},
            index_config={},
            opts=self.child(),
        )

    def _back_up(self, name: str, **recurrence: Any) -> None:
        days = _kept_days(name, self._config)
        gcp.firestore.BackupSchedule(name, database=self.database.name, retention=f"{days * _DAY_S}s", opts=self.child(), **recurrence)

    def _topic(self, role: str, message_retention_duration: str | None = None) -> gcp.pubsub.Topic:
        return gcp.pubsub.Topic(
            role,
            name=f"sd-{self._config.stack}-{role}",
            labels=labels(self._config),
            kms_key_name=self._key,
            message_retention_duration=message_retention_duration,
            # a message is data too: it rests where the pictures do
            message_storage_policy={"allowed_persistence_regions": [self._config.region]},
            opts=self.child(),
        )

    def _inbox(self) -> gcp.pubsub.Subscription:
        """Without a subscription a dead-letter topic loses what it gets. This one has no dead letters of its own: the sweep pulls it."""
        return gcp.pubsub.Subscription(
            "dead-letter-inbox",
            name=f"sd-{self._config.stack}-dead-letters",
            topic=self.dead_letters.id,
            labels=labels(self._config),
            ack_deadline_seconds=60,
            message_retention_duration=_WEEK,
            expiration_policy={"ttl": ""},
            opts=self.child(),
        )

    def uri(self, bucket: gcp.storage.Bucket, path: str = "") -> pulumi.Output[str]:
        return pulumi.Output.concat("gs://", bucket.name, "/", path)


def backup_days(config: Config) -> int:
    """How long a document that was deleted is still in a backup, at most."""
    return max(_kept_days(name, config) for name in _BACKUPS)


def _kept_days(name: str, config: Config) -> int:
    protected, free = _BACKUPS[name]
    return protected if config.protect_data else free


def _rules(kept: Kept) -> list[gcp.storage.BucketLifecycleRuleArgsDict]:
    rules: list[gcp.storage.BucketLifecycleRuleArgsDict] = []
    if kept.delete_after_days:
        rules.append({"action": {"type": "Delete"}, "condition": {"age": kept.delete_after_days}})
    if kept.versions:
        rules.append({"action": {"type": "Delete"}, "condition": {"num_newer_versions": kept.versions, "with_state": "ARCHIVED"}})
    return rules
