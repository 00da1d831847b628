"""What a change does to a resource: most are made in place, some need another resource, a few are no change at all."""

import re
from typing import Any

import pytest

from local.provider.catalog import TYPES
from tests.local.provider import sound
from tests.local.provider.engine import Engine, Resource
from tests.local.provider.sound import SOUND, Inputs

# checked in tests of their own, or next to nothing
_ELSEWHERE = "gcp:iam/|monitoring/customService|projects/service|serviceaccount/|docker:index"
REPLACED, UPDATED, SAME = "replaced", "updated", "same"

CHANGES: list[tuple[str, Inputs, str]] = [
    (sound.BUCKET, {"location": "US"}, REPLACED),
    (sound.BUCKET, {"location": "eu"}, SAME),
    (sound.BUCKET, {"name": "sd-weights"}, REPLACED),
    (sound.BUCKET, {"storageClass": "NEARLINE"}, UPDATED),
    (sound.BUCKET, {"lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"age": 30}}]}, UPDATED),
    (sound.BUCKET, {"publicAccessPrevention": "enforced"}, UPDATED),
    (sound.OBJECT, {"content": "b"}, UPDATED),
    (sound.OBJECT, {"cacheControl": "no-store"}, REPLACED),
    (sound.TOPIC, {"name": "others"}, REPLACED),
    (sound.TOPIC, {"messageRetentionDuration": "86400s"}, UPDATED),
    (sound.SUBSCRIPTION, {"topic": "others"}, REPLACED),
    (sound.SUBSCRIPTION, {"topic": "projects/shop-prod/topics/jobs"}, SAME),
    (sound.SUBSCRIPTION, {"filter": 'attributes.kind = "a"'}, REPLACED),
    (sound.SUBSCRIPTION, {"ackDeadlineSeconds": 60}, UPDATED),
    (sound.SUBSCRIPTION, {"pushConfig": {"pushEndpoint": "https://a.example"}}, UPDATED),
    (sound.SERVICE, {"location": "us-east1"}, REPLACED),
    (sound.SERVICE, {"name": "gate"}, REPLACED),
    (sound.SERVICE, {"template": {"containers": [{"image": "a@sha256:2"}]}}, UPDATED),
    (sound.SERVICE, {"iapEnabled": True}, UPDATED),
    (sound.FUNCTION, {"location": "us-east1"}, REPLACED),
    (sound.FUNCTION, {"serviceConfig": {"timeoutSeconds": 90}}, UPDATED),
    (sound.JOB, {"region": "us-east1"}, REPLACED),
    (sound.JOB, {"schedule": "*/5 * * * *"}, UPDATED),
    (sound.REPOSITORY, {"format": "KFP"}, REPLACED),
    (sound.REPOSITORY, {"cleanupPolicyDryRun": True}, UPDATED),
    (sound.DATABASE, {"locationId": "eur3"}, REPLACED),
    (sound.DATABASE, {"pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED"}, UPDATED),
    (sound.DATABASE, {"deleteProtectionState": "DELETE_PROTECTION_ENABLED"}, UPDATED),
    (sound.INDEX, {"queryScope": "COLLECTION_GROUP"}, REPLACED),
    (sound.INDEX, {"skipWait": True}, UPDATED),
    (sound.FIELD, {"field": "purgeAt"}, REPLACED),
    (sound.FIELD, {"ttlConfig": None}, UPDATED),
    (sound.BACKUP, {"retention": "1209600s"}, UPDATED),
    (sound.BACKUP, {"dailyRecurrence": None, "weeklyRecurrence": {"day": "MONDAY"}}, REPLACED),
    (sound.METRIC, {"filter": "severity>=ERROR"}, UPDATED),
    (sound.METRIC, {"name": "jobs-lost"}, UPDATED),
    (sound.ALERT, {"severity": "CRITICAL"}, UPDATED),
    (sound.CHANNEL, {"labels": {"email_address": "others@a.example"}}, UPDATED),
    (sound.UPTIME, {"period": "60s"}, UPDATED),
    (sound.UPTIME, {"monitoredResource": {"type": "uptime_url", "labels": {"host": "b.example"}}}, REPLACED),
    (sound.SLO, {"goal": 0.95}, UPDATED),
    (sound.SLO, {"service": "other"}, REPLACED),
    (sound.BUDGET, {"billingAccount": "AAAAAA-6789AB-CDEF01"}, REPLACED),
    (sound.BUDGET, {"displayName": "sd"}, UPDATED),
    (sound.SECRET, {"secretId": "other"}, REPLACED),
    (sound.VERSION, {"secretData": "tush"}, REPLACED),
    (sound.VERSION, {"enabled": False}, UPDATED),
    (sound.KEY, {"rotationPeriod": "86400s"}, UPDATED),
    (sound.KEY, {"keyRing": "projects/p/locations/us-east1/keyRings/sd"}, REPLACED),
    (sound.RING, {"location": "us-east1"}, REPLACED),
    (sound.NETWORK, {"autoCreateSubnetworks": False}, REPLACED),
    (sound.NETWORK, {"routingMode": "GLOBAL"}, UPDATED),
    (sound.SUBNETWORK, {"privateIpGoogleAccess": True}, UPDATED),
    (sound.SUBNETWORK, {"network": "other"}, REPLACED),
    (sound.SUBNETWORK, {"network": "https://www.googleapis.com/compute/v1/projects/p/global/networks/sd"}, SAME),
    (sound.FIREWALL, {"priority": 900}, UPDATED),
    (sound.FIREWALL, {"description": "in"}, UPDATED),
    (sound.ZONE, {"dnsName": "run.app."}, REPLACED),
    (sound.ZONE, {"description": "Google's APIs"}, UPDATED),
    (sound.RECORDS, {"ttl": 60}, UPDATED),
    (sound.RECORDS, {"name": "a.googleapis.com."}, REPLACED),
    (sound.ROLE, {"title": "Start"}, UPDATED),
    (sound.ROLE, {"roleId": "start"}, REPLACED),
    (sound.MEMBER, {"role": "roles/storage.objectUser"}, REPLACED),
    (sound.MEMBER, {"member": "serviceAccount:Serving@p.iam.gserviceaccount.com"}, SAME),
    (sound.AUDIT, {"service": "storage.googleapis.com"}, UPDATED),
    (sound.SLEEP, {"createDuration": "5s"}, UPDATED),
    (sound.SLEEP, {"triggers": {"apis": "a,b"}}, REPLACED),
    (sound.COMMAND, {"create": "make images"}, UPDATED),
    (sound.COMMAND, {"triggers": ["a", 1]}, REPLACED),
]


@pytest.mark.parametrize(("token", "change", "outcome"), CHANGES)
async def test_a_change_replaces_updates_or_means_nothing(preview: Engine, token: str, change: Inputs, outcome: str) -> None:
    before = await preview.check(token, "thing", SOUND[token])
    after = {name: value for name, value in {**SOUND[token], **change}.items() if value is not None}

    answer = await preview.diff(Resource(token, "thing", "id", before, before), **after)

    assert _outcome(answer) == outcome
    assert {path.replace("[", ".").split(".")[0] for path in answer.detailedDiff} == ({*change} if outcome != SAME else set())


def _outcome(answer: Any) -> str:
    if not answer.diffs:
        return SAME
    return REPLACED if answer.replaces else UPDATED


@pytest.mark.parametrize("token", SOUND)
async def test_the_same_program_again_changes_nothing(preview: Engine, token: str) -> None:
    before = await preview.check(token, "thing", SOUND[token])

    answer = await preview.diff(Resource(token, "thing", "id", before, before), **SOUND[token])

    assert list(answer.diffs) == []


def test_every_type_that_is_no_binding_has_its_rows() -> None:
    bare = {token for token in TYPES if not re.search(r"I(AM|am)Member|" + _ELSEWHERE, token)}

    assert bare | {sound.MEMBER} == set(SOUND)
