"""Where Pulumi keeps what it knows, and the key that it keeps secrets under."""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from bootstrap.config import Config

_DAY_S = 86_400
_ROTATION_DAYS = 90


@dataclass(frozen=True)
class State:
    bucket: gcp.storage.Bucket
    key: gcp.kms.CryptoKey

    @property
    def backend(self) -> pulumi.Output[str]:
        return pulumi.Output.concat("gs://", self.bucket.name)

    @property
    def secrets_provider(self) -> pulumi.Output[str]:
        return pulumi.Output.concat("gcpkms://", self.key.id)


def bucket_name(config: Config) -> str:
    """Not of the family of the stack's own buckets: its deployer administers those, and must not this one."""
    return f"{config.project}-pulumi-{config.stack}"


def make_state(config: Config, apis: list[gcp.projects.Service]) -> State:
    return State(_bucket(config, apis), _key(config, apis))


def _bucket(config: Config, apis: list[gcp.projects.Service]) -> gcp.storage.Bucket:
    """No retention policy: Pulumi must be able to delete its own locks. Versions and soft delete keep what is overwritten or deleted."""
    return gcp.storage.Bucket(
        "state",
        name=bucket_name(config),
        location=config.region,
        uniform_bucket_level_access=True,
        public_access_prevention="enforced",
        versioning={"enabled": True},
        soft_delete_policy={"retention_duration_seconds": 30 * _DAY_S},
        # both must hold: the last ten states are kept for ever
        lifecycle_rules=[{"action": {"type": "Delete"}, "condition": {"days_since_noncurrent_time": 90, "num_newer_versions": 10}}],
        force_destroy=not config.protect,
        labels=_labels(config),
        opts=pulumi.ResourceOptions(depends_on=apis, protect=config.protect),
    )


def _key(config: Config, apis: list[gcp.projects.Service]) -> gcp.kms.CryptoKey:
    """Google never deletes a ring: a second first day imports it (`pulumi import gcp:kms/keyRing:KeyRing pulumi ...`)."""
    options = pulumi.ResourceOptions(depends_on=apis, protect=config.protect)
    ring = gcp.kms.KeyRing("pulumi", name=f"sd-{config.stack}-pulumi", location=config.region, opts=options)
    return gcp.kms.CryptoKey(
        "secrets",
        name="secrets",
        key_ring=ring.id,
        purpose="ENCRYPT_DECRYPT",
        rotation_period=f"{_ROTATION_DAYS * _DAY_S}s",
        deletion_policy="PREVENT" if config.protect else "DELETE",
        labels=_labels(config),
        opts=pulumi.ResourceOptions(protect=config.protect),
    )


def _labels(config: Config) -> dict[str, str]:
    return {"app": "sd-for-designers", "stack": config.stack}
