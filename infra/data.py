"""Where a job's pictures, weights and documents lie, and the topic that carries its id."""

import pulumi
import pulumi_gcp as gcp

from infra.component import Component
from infra.config import Config
from infra.foundation import Foundation

_DAY_S = 86_400


class Data(Component):
    """Four buckets, the database with the indexes that the queries of `jobs/store.py` need, and the topics."""

    def __init__(self, name: str, config: Config, foundation: Foundation) -> None:
        super().__init__(name, after=foundation.apis)
        self._config = config
        self.uploads = self._bucket("uploads", delete_after_days=30)
        self.models = self._bucket("models", versioned=True)
        self.pipeline = self._bucket("pipeline", versioned=True)
        self.pipeline_root = self._bucket("pipeline-root", delete_after_days=30)
        self.sources = self._bucket("sources")
        self.database = self._database()
        self.indexes = [
            self._index("jobs-of-owner", "jobs", "owner", "created", "DESCENDING"),
            self._index("uploads-of-job", "uploads", "jobId", "created", "ASCENDING"),
            self._index("generations-of-job", "generations", "jobId", "created", "DESCENDING"),
        ]
        self.jobs = gcp.pubsub.Topic("jobs", name=f"sd-{config.stack}-jobs", message_retention_duration="604800s", opts=self.child())
        self.dead_letters = gcp.pubsub.Topic("dead-letters", name=f"sd-{config.stack}-dead-letters", opts=self.child())
        self.dead_letter_inbox = gcp.pubsub.Subscription(
            "dead-letter-inbox",
            name=f"sd-{config.stack}-dead-letters",
            topic=self.dead_letters.id,
            ack_deadline_seconds=60,
            message_retention_duration="604800s",
            expiration_policy={"ttl": ""},
            opts=self.child(),
        )
        self.register_outputs({"uploads": self.uploads.name, "models": self.models.name, "database": self.database.name})

    def _bucket(self, role: str, versioned: bool = False, delete_after_days: int | None = None) -> gcp.storage.Bucket:
        rules: list[gcp.storage.BucketLifecycleRuleArgsDict] = []
        if delete_after_days:
            rules.append({"action": {"type": "Delete"}, "condition": {"age": delete_after_days}})
        if versioned:
            rules.append({"action": {"type": "Delete"}, "condition": {"num_newer_versions": 3, "with_state": "ARCHIVED"}})
        return gcp.storage.Bucket(
            role,
            name=f"{self._config.project}-sd-{self._config.stack}-{role}",
            location=self._config.region,
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            versioning={"enabled": versioned},
            lifecycle_rules=rules,
            soft_delete_policy={"retention_duration_seconds": 7 * _DAY_S},
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
            deletion_policy="PREVENT" if protected else "DELETE",
            delete_protection_state="DELETE_PROTECTION_ENABLED" if protected else "DELETE_PROTECTION_DISABLED",
            point_in_time_recovery_enablement="POINT_IN_TIME_RECOVERY_ENABLED" if protected else "POINT_IN_TIME_RECOVERY_DISABLED",
            opts=self.child(protect=protected),
        )

    def _index(self, name: str, collection: str, equal: str, order: str, direction: str) -> gcp.firestore.Index:
        return gcp.firestore.Index(
            name,
            database=self.database.name,
            collection=collection,
            fields=[{"field_path": equal, "order": "ASCENDING"}, {"field_path": order, "order": direction}],
            opts=self.child(),
        )

    def uri(self, bucket: gcp.storage.Bucket, path: str = "") -> pulumi.Output[str]:
        return pulumi.Output.concat("gs://", bucket.name, "/", path)
