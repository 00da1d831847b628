"""What Google's API would refuse, refused in a preview: the property, the value and what is allowed are in the words."""

import pytest

from local.provider.catalog import TYPES
from local.provider.wire import UNKNOWN
from tests.local.provider.engine import CheckFailed, Engine
from tests.local.provider.sound import (
    ADMISSION,
    ALERT,
    AUDIT,
    BACKUP,
    BUCKET,
    BUDGET,
    CHANNEL,
    COMMAND,
    DASHBOARD,
    DATABASE,
    FIELD,
    FILTER,
    FIREWALL,
    FUNCTION,
    GERMAN_KEY,
    INDEX,
    JOB,
    KEY,
    MEMBER,
    METRIC,
    NETWORK,
    NEWEST,
    OBJECT,
    OWNER,
    RECORDS,
    REPOSITORY,
    RING,
    ROLE,
    SCHEMA,
    SECRET,
    SERVICE,
    SLEEP,
    SLO,
    SOUND,
    SUBNETWORK,
    SUBSCRIPTION,
    TOPIC,
    UPTIME,
    URI,
    VERSION,
    ZONE,
    Inputs,
)


@pytest.mark.parametrize("token", SOUND)
async def test_what_google_takes_is_taken(preview: Engine, token: str) -> None:
    checked = await preview.check(token, "thing", SOUND[token])

    assert set(SOUND[token]) <= set(checked)


def _container(**container: object) -> Inputs:
    return {"template": {"containers": [{"image": "a@sha256:1", **container}]}}


def _limits(**limits: str) -> Inputs:
    return _container(resources={"limits": limits})


def _condition(**more: object) -> Inputs:
    threshold = {**SOUND[ALERT]["conditions"][0]["conditionThreshold"], **more}
    return {"conditions": [{"displayName": "old", "conditionThreshold": threshold}]}


def _board(layout: str) -> Inputs:
    return {"dashboardJson": '{"displayName": "sd", ' + layout + "}"}


def _rule(action: Inputs, **condition: object) -> Inputs:
    return {"lifecycleRules": [{"action": action, "condition": condition}]}


DELETE = {"type": "Delete"}
# what is spoiled, the property that is named, and words of the refusal
WRONG: list[tuple[str, Inputs, str, str]] = [
    # names
    (BUCKET, {"name": "sd..models"}, "name", "may have lower-case letters"),
    (BUCKET, {"name": "google-models"}, "name", "must not start with 'goog'"),
    (BUCKET, {"name": "10.0.0.1"}, "name", "IP address"),
    (BUCKET, {"name": "b" * 64}, "name", "3 to 63 characters"),
    (SERVICE, {"name": "p" * 50}, "name", "at most 49"),
    (FUNCTION, {"name": "f" * 63}, "name", "at most 62"),
    (TOPIC, {"name": "goog-jobs"}, "name", "not with 'goog'"),
    (DATABASE, {"name": "123e4567-e89b-12d3-a456-426614174000"}, "name", "UUID"),
    (DATABASE, {"name": "sd"}, "name", "4 to 63"),
    (REPOSITORY, {"repositoryId": "Images"}, "repositoryId", "at most 63"),
    (RING, {"name": "s d"}, "name", "at most 63"),
    (KEY, {"keyRing": "sd"}, "keyRing", "projects/PROJECT/locations/REGION/keyRings"),
    (METRIC, {"name": "/jobs"}, "name", "do not start with '/'"),
    (ROLE, {"roleId": "start-runs"}, "roleId", "3 to 64"),
    (NETWORK, {"name": "Sd"}, "name", "1 to 63 lower-case"),
    (BUCKET, {"labels": {"Team": "a"}}, "labels", "keys of at most 63"),
    (BUCKET, {"labels": {f"l{n}": "" for n in range(65)}}, "labels", "at most 64 labels"),
    # places
    (BUCKET, {"location": "EUROPE"}, "location", "a location of Cloud Storage"),
    (SERVICE, {"location": "europe-west5"}, "location", "a location of Cloud Run"),
    (FUNCTION, {"location": "us-central"}, "location", "did you mean 'us-central1'?"),
    (REPOSITORY, {"location": "eu"}, "location", "a location of Artifact Registry"),
    (DATABASE, {"locationId": "eur5"}, "locationId", "a location of Firestore"),
    (RING, {"location": "mars"}, "location", "a location of Cloud KMS"),
    (
        TOPIC,
        {"messageStoragePolicy": {"allowedPersistenceRegions": ["eu"]}},
        "messageStoragePolicy.allowedPersistenceRegions[0]",
        "Pub/Sub",
    ),
    (BUCKET, {"location": "us-central1", "storageClass": "MULTI_REGIONAL"}, "storageClass", "take STANDARD"),
    (BUCKET, {"location": "us-central1", "rpo": "ASYNC_TURBO"}, "rpo", "pair of regions"),
    (BUCKET, {"customPlacementConfig": {"dataLocations": ["europe-west1"]}}, "customPlacementConfig.dataLocations", "at least 2"),
    # keys near what they encrypt
    (BUCKET, {"location": "us", "encryption": {"defaultKmsKeyName": GERMAN_KEY}}, "encryption.defaultKmsKeyName", "a key in 'us'"),
    (DATABASE, {"locationId": "eur3", "cmekConfig": {"kmsKeyName": GERMAN_KEY}}, "cmekConfig.kmsKeyName", "a key in 'europe'"),
    (REPOSITORY, {"kmsKeyName": GERMAN_KEY}, "kmsKeyName", "a key in 'us-central1'"),
    (SERVICE, {"template": {"encryptionKey": GERMAN_KEY}}, "template.encryptionKey", "a key in 'us-central1'"),
    (TOPIC, {"kmsKeyName": "my-key"}, "kmsKeyName", "a full name like"),
    (KEY, {"rotationPeriod": "3600s"}, "rotationPeriod", "from 86400s"),
    (KEY, {"purpose": "ASYMMETRIC_SIGN"}, "rotationPeriod", "means nothing with purpose"),
    (KEY, {"versionTemplate": {"algorithm": "RSA_SIGN_PSS_2048_SHA256"}}, "versionTemplate.algorithm", "does not fit purpose"),
    # buckets
    (BUCKET, {"cors": [{"origins": ["https://a.example/"]}]}, "cors[0].origins[0]", "without a path"),
    (BUCKET, {"softDeletePolicy": {"retentionDurationSeconds": 8_000_000}}, "softDeletePolicy.retentionDurationSeconds", "604800"),
    (BUCKET, _rule(DELETE, createdBefore="1 May"), "lifecycleRules[0].condition.createdBefore", "a date like"),
    (BUCKET, _rule(DELETE, age=-1), "lifecycleRules[0].condition.age", "must not be negative"),
    (BUCKET, _rule({"type": "SetStorageClass"}, age=1), "lifecycleRules[0].action.storageClass", "is needed"),
    (BUCKET, _rule({"type": "Delete", "storageClass": "NEARLINE"}, age=1), "lifecycleRules[0].action.storageClass", "leave it out"),
    (BUCKET, _rule({"type": "AbortIncompleteMultipartUpload"}, numNewerVersions=1), "lifecycleRules[0].condition", "numNewerVersions"),
    (BUCKET, _rule(DELETE, matchesPrefixes=["a"] * 51), "lifecycleRules[0].condition.matchesPrefixes", "at most 50"),
    (
        BUCKET,
        {"autoclass": {"enabled": True}, **_rule({"type": "SetStorageClass", "storageClass": "NEARLINE"}, age=1)},
        "lifecycleRules[0].action.type",
        "autoclass",
    ),
    (BUCKET, {"hierarchicalNamespace": {"enabled": True}, "uniformBucketLevelAccess": False}, "uniformBucketLevelAccess", "must be true"),
    (BUCKET, {"retentionPolicy": {"retentionPeriod": "0"}}, "retentionPolicy.retentionPeriod", "from 1"),
    (OBJECT, {"metadata": {"note": "x" * 9000}}, "metadata", "8192 bytes"),
    (OBJECT, {"name": "a\nb"}, "name", "no line breaks"),
    # topics and subscriptions
    (TOPIC, {"messageRetentionDuration": "60s"}, "messageRetentionDuration", "from 600s"),
    (SCHEMA, {"definition": "{}"}, "definition", "an Avro record"),
    (SUBSCRIPTION, {"ackDeadlineSeconds": 601}, "ackDeadlineSeconds", "from 10 to 600"),
    (SUBSCRIPTION, {"expirationPolicy": {"ttl": "86400s"}}, "expirationPolicy.ttl", "messageRetentionDuration"),
    (SUBSCRIPTION, {"retryPolicy": {"minimumBackoff": "60s", "maximumBackoff": "5s"}}, "retryPolicy.minimumBackoff", "more than"),
    (SUBSCRIPTION, {"enableExactlyOnceDelivery": True, "pushConfig": {"pushEndpoint": URI}}, "enableExactlyOnceDelivery", "push"),
    (SUBSCRIPTION, {"pushConfig": {"pushEndpoint": "http://a.example"}}, "pushConfig.pushEndpoint", "must start with https://"),
    (SUBSCRIPTION, {"deadLetterPolicy": {"deadLetterTopic": "dead"}}, "deadLetterPolicy.deadLetterTopic", "a full name"),
    (SUBSCRIPTION, {"filter": "a" * 257}, "filter", "must match"),
    # Cloud Run
    (SERVICE, _limits(cpu="3", memory="512Mi"), "template.containers[0].resources.limits.cpu", "1, 2, 4, 6 or 8"),
    (SERVICE, _limits(cpu="1", memory="8Gi"), "template.containers[0].resources.limits.memory", "at most 4096Mi with 1 CPU"),
    (SERVICE, _limits(cpu="4", memory="1Gi"), "template.containers[0].resources.limits.memory", "at least 2Gi"),
    (SERVICE, _limits(cpu="1", memory="64Gi"), "template.containers[0].resources.limits.memory", "from 128Mi to 32Gi"),
    (SERVICE, _limits(gpu="1"), "template.containers[0].resources.limits.gpu", "none of cpu, memory"),
    (
        SERVICE,
        {"template": {**_limits(cpu="500m")["template"], "maxInstanceRequestConcurrency": 80}},
        "template.maxInstanceRequestConcurrency",
        "must be 1",
    ),
    (SERVICE, {"template": {"maxInstanceRequestConcurrency": 1001}}, "template.maxInstanceRequestConcurrency", "from 1 to 1000"),
    (SERVICE, {"template": {"timeout": "3601s"}}, "template.timeout", "to 3600s"),
    (SERVICE, {"template": {"scaling": {"minInstanceCount": 3, "maxInstanceCount": 2}}}, "template.scaling.minInstanceCount", "more than"),
    (
        SERVICE,
        _container(startupProbe={"periodSeconds": 60, "failureThreshold": 10}),
        "template.containers[0].startupProbe.failureThreshold",
        "240",
    ),
    (SERVICE, _container(livenessProbe={"timeoutSeconds": 30}), "template.containers[0].livenessProbe.timeoutSeconds", "more than"),
    (SERVICE, _container(livenessProbe={"httpGet": {}, "grpc": {}}), "template.containers[0].livenessProbe", "one way"),
    (SERVICE, _container(volumeMounts=[{"name": "w", "mountPath": "w"}]), "template.containers[0].volumeMounts[0].name", "no volume"),
    (SERVICE, {"template": {"volumes": [{"name": "w"}]}}, "template.volumes[0]", "one of secret"),
    (SERVICE, {"annotations": {"run.googleapis.com/ingress": "all"}}, 'annotations["run.googleapis.com/ingress"]', "belongs to Google"),
    (SERVICE, {"traffics": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 90}]}, "traffics", "100 percent, not 90"),
    (SERVICE, {"binaryAuthorization": {"useDefault": True, "policy": "p"}}, "binaryAuthorization.policy", "both"),
    (SERVICE, {"template": {"serviceAccount": "portal"}}, "template.serviceAccount", "an e-mail address"),
    (SERVICE, _container(envs=[{"name": "A", "value": "x" * 40_000}]), "template.containers[0].envs[0].value", "32768"),
    # functions
    (FUNCTION, {"serviceConfig": {"timeoutSeconds": 3601}}, "serviceConfig.timeoutSeconds", "from 1 to 3600"),
    (
        FUNCTION,
        {"serviceConfig": {"timeoutSeconds": 600}, "eventTrigger": {"eventType": "google.cloud.pubsub.topic.v1.messagePublished"}},
        "serviceConfig.timeoutSeconds",
        "at most 540",
    ),
    (FUNCTION, {"eventTrigger": {"eventType": "published"}}, "eventTrigger.eventType", "must be a type like"),
    (FUNCTION, {"serviceConfig": {"availableMemory": "8Gi", "availableCpu": "1"}}, "serviceConfig.availableMemory", "at most 4096Mi"),
    (
        FUNCTION,
        {"serviceConfig": {"maxInstanceRequestConcurrency": 10, "availableMemory": "512Mi"}},
        "serviceConfig.maxInstanceRequestConcurrency",
        "availableCpu",
    ),
    (
        FUNCTION,
        {"serviceConfig": {"environmentVariables": {"K_SERVICE": "a"}}},
        "serviceConfig.environmentVariables.K_SERVICE",
        "Google sets",
    ),
    (FUNCTION, {"buildConfig": {"runtime": "python37"}}, "buildConfig.runtime", "no longer builds"),
    (
        FUNCTION,
        {"buildConfig": {"runtime": "python311", "serviceAccount": "b@a.example"}},
        "buildConfig.serviceAccount",
        "serviceAccounts/EMAIL",
    ),
    (FUNCTION, {"buildConfig": {"runtime": "python311", "source": {}}}, "buildConfig.source", "one of storageSource"),
    (
        FUNCTION,
        {"buildConfig": {"runtime": "python311", "source": {"storageSource": {"bucket": "b"}}}},
        "buildConfig.source.storageSource.object",
        "must be given",
    ),
    # schedules
    (JOB, {"schedule": "every 5 minutes"}, "schedule", "App Engine"),
    (JOB, {"attemptDeadline": "3600s"}, "attemptDeadline", "from 15s to 1800s"),
    (JOB, {"retryConfig": {"retryCount": 9}}, "retryConfig.retryCount", "from 0 to 5"),
    (JOB, {"retryConfig": {"minBackoffDuration": "60s", "maxBackoffDuration": "5s"}}, "retryConfig.minBackoffDuration", "more than"),
    (JOB, {"httpTarget": {"uri": URI, "httpMethod": "GET", "body": "e30="}}, "httpTarget.body", "means nothing with httpMethod GET"),
    (JOB, {"httpTarget": {"uri": URI, "body": "{}"}}, "httpTarget.body", "must be base64"),
    (JOB, {"httpTarget": None, "pubsubTarget": {"topicName": "projects/p/topics/t"}}, "pubsubTarget", "data or attributes"),
    # repositories
    (REPOSITORY, {"cleanupPolicies": [{"id": "a", "action": "KEEP"}]}, "cleanupPolicies[0]", "one of condition"),
    (REPOSITORY, {"cleanupPolicies": [{"id": "a", "condition": {}}]}, "cleanupPolicies[0].action", "DELETE or KEEP"),
    (
        REPOSITORY,
        {"cleanupPolicies": [{"id": "a", "action": "DELETE", "mostRecentVersions": {"keepCount": 3}}]},
        "cleanupPolicies[0].action",
        "must be KEEP",
    ),
    (
        REPOSITORY,
        {"cleanupPolicies": [{"id": "a", "action": "DELETE", "condition": {"olderThan": "a month"}}]},
        "cleanupPolicies[0].condition.olderThan",
        "an age like",
    ),
    (
        REPOSITORY,
        {"cleanupPolicies": [{"id": "a", "action": "DELETE", "condition": {"tagPrefixes": ["v"]}}]},
        "cleanupPolicies[0].condition.tagState",
        "TAGGED",
    ),
    (REPOSITORY, {"format": "PYTHON", "dockerConfig": {"immutableTags": True}}, "dockerConfig", "for format DOCKER"),
    # Firestore
    (INDEX, {"fields": [OWNER]}, "fields", "single fields"),
    (INDEX, {"fields": [OWNER, {"fieldPath": "tags"}]}, "fields[1]", "exactly one of order"),
    (INDEX, {"fields": [OWNER, OWNER]}, "fields[1].fieldPath", "second time"),
    (
        INDEX,
        {"fields": [{"fieldPath": "a", "arrayConfig": "CONTAINS"}, {"fieldPath": "b", "arrayConfig": "CONTAINS"}]},
        "fields[1].arrayConfig",
        "one array",
    ),
    (INDEX, {"fields": [{"fieldPath": "__name__", "order": "ASCENDING"}, OWNER, NEWEST]}, "fields[0]", "last field"),
    (INDEX, {"collection": "jobs/uploads"}, "collection", "without slashes"),
    (FIELD, {"field": "*"}, "ttlConfig", "of one field"),
    (FIELD, {"indexConfig": {"indexes": [{}]}}, "indexConfig.indexes[0]", "one of order and arrayConfig"),
    (BACKUP, {"retention": "9000000s"}, "retention", "to 8467200s"),
    (BACKUP, {"dailyRecurrence": None, "weeklyRecurrence": {}}, "weeklyRecurrence.day", "must be given"),
    (BACKUP, {"weeklyRecurrence": {"day": "MONDAY"}}, "", "conflict"),
    (DATABASE, {"concurrencyMode": "OPTIMISTIC_WITH_ENTITY_GROUPS"}, "concurrencyMode", "DATASTORE_MODE"),
    # logs
    (METRIC, {"filter": "x" * 20_001}, "filter", "at most 20000"),
    (METRIC, {"filter": 'a="b'}, "filter", "a quote that is not closed"),
    (METRIC, {"filter": "(a=b"}, "filter", "1 of '('"),
    (METRIC, {"metricDescriptor": {"metricKind": "GAUGE", "valueType": "INT64"}}, "metricDescriptor.metricKind", "must be DELTA"),
    (METRIC, {"metricDescriptor": {"metricKind": "DELTA", "valueType": "DISTRIBUTION"}}, "valueExtractor", "given with"),
    (METRIC, {"valueExtractor": "jsonPayload.ms"}, "valueExtractor", "must be like 'EXTRACT("),
    (METRIC, {"labelExtractors": {"job": "EXTRACT(jsonPayload.job)"}}, "labelExtractors.job", "metricDescriptor.labels"),
    # alerts
    (ALERT, _condition(duration="90s"), "conditions[0].conditionThreshold.duration", "multiple of 60s"),
    (ALERT, _condition(filter='metric.type = "a"'), "conditions[0].conditionThreshold.filter", "resource.type"),
    (ALERT, _condition(filter='resource.type = "a"'), "conditions[0].conditionThreshold.filter", "metric.type"),
    (ALERT, _condition(filter="x" * 2049), "conditions[0].conditionThreshold.filter", "at most 2048"),
    (
        ALERT,
        _condition(aggregations=[{"alignmentPeriod": "90s", "perSeriesAligner": "ALIGN_MAX"}]),
        "conditions[0].conditionThreshold.aggregations[0].alignmentPeriod",
        "multiple of 60s",
    ),
    (
        ALERT,
        _condition(aggregations=[{"crossSeriesReducer": "REDUCE_SUM"}]),
        "conditions[0].conditionThreshold.aggregations[0].perSeriesAligner",
        "must be given with crossSeriesReducer",
    ),
    (ALERT, _condition(trigger={"count": 1, "percent": 5}), "conditions[0].conditionThreshold.trigger.count", "cannot both"),
    (ALERT, {"conditions": [{"displayName": "none"}]}, "conditions[0]", "of one kind, not of none"),
    (ALERT, {"alertStrategy": {"autoClose": "60s"}}, "alertStrategy.autoClose", "from 1800s"),
    (ALERT, {"alertStrategy": {"notificationRateLimit": {"period": "300s"}}}, "alertStrategy.notificationRateLimit", "match logs alone"),
    (ALERT, {"notificationChannels": ["ops"]}, "notificationChannels[0]", "notificationChannels/ID"),
    (ALERT, {"documentation": {"content": "x" * 9000}}, "documentation.content", "8192 bytes"),
    (CHANNEL, {"labels": {}}, "labels.email_address", "must be given with type email"),
    (CHANNEL, {"labels": {"email_address": "ops"}}, "labels.email_address", "an e-mail address"),
    # dashboards, checks, objectives
    (DASHBOARD, {"dashboardJson": "{}"}, "dashboardJson", "displayName"),
    (DASHBOARD, _board('"gridLayout": {}, "rowLayout": {}'), "dashboardJson", "one of gridLayout"),
    (DASHBOARD, _board('"gridLayout": {"widgets": [' + ", ".join(["{}"] * 101) + "]}"), "dashboardJson", "at most 100 widgets"),
    (DASHBOARD, _board('"mosaicLayout": {"columns": 4, "tiles": [{"width": 6}]}'), "dashboardJson", "beyond its 4 columns"),
    (DASHBOARD, _board('"mosaicLayout": {"columns": 4, "tiles": [{}, {}]}'), "dashboardJson", "one upon another"),
    (UPTIME, {"period": "120s"}, "period", "60s, 300s, 600s, 900s"),
    (UPTIME, {"timeout": "90s"}, "timeout", "to 60s"),
    (UPTIME, {"selectedRegions": ["EUROPE"]}, "selectedRegions", "three places"),
    (UPTIME, {"monitoredResource": {"type": "uptime_url", "labels": {}}}, "monitoredResource.labels.host", "must be given"),
    (UPTIME, {"monitoredResource": {"type": "bucket", "labels": {}}}, "monitoredResource.type", "uptime_url"),
    (UPTIME, {"httpCheck": {"port": 70_000}}, "httpCheck.port", "to 65535"),
    (UPTIME, {"contentMatchers": [{"content": "a"}, {"content": "b"}]}, "contentMatchers", "at most 1"),
    (SLO, {"goal": 1}, "goal", "at most 0.9999"),
    (SLO, {"rollingPeriodDays": 31}, "rollingPeriodDays", "from 1 to 30"),
    (SLO, {"requestBasedSli": {"goodTotalRatio": {"goodServiceFilter": FILTER}}}, "requestBasedSli.goodTotalRatio", "two of"),
    # budgets and secrets
    (BUDGET, {"billingAccount": "mine"}, "billingAccount", "a billing account like"),
    (BUDGET, {"thresholdRules": [{"thresholdPercent": -1}]}, "thresholdRules[0].thresholdPercent", "must not be negative"),
    (BUDGET, {"allUpdatesRule": {"pubsubTopic": "budget"}}, "allUpdatesRule.pubsubTopic", "topics/NAME"),
    (BUDGET, {"budgetFilter": {"projects": ["p"]}}, "budgetFilter.projects[0]", "projects/NUMBER"),
    (SECRET, {"ttl": "3600s", "expireTime": "2030-01-01T00:00:00Z"}, "expireTime", "cannot both"),
    (SECRET, {"expireTime": "tomorrow"}, "expireTime", "a time like"),
    (VERSION, {"secretData": "x" * 70_000}, "secretData", "65536 bytes"),
    # networks
    (SUBNETWORK, {"ipCidrRange": "10.0.0.1/24"}, "ipCidrRange", "host bits"),
    (SUBNETWORK, {"ipCidrRange": "10.0.0.0/30"}, "ipCidrRange", "/8 to /29"),
    (FIREWALL, {"sourceRanges": None}, "sourceRanges", "direction INGRESS"),
    (FIREWALL, {"direction": "EGRESS"}, "sourceRanges", "direction EGRESS"),
    (FIREWALL, {"allows": [{"protocol": "icmp", "ports": ["1"]}]}, "allows[0].ports", "tcp, udp and sctp"),
    (FIREWALL, {"priority": 70_000}, "priority", "to 65535"),
    (ZONE, {"dnsName": "googleapis.com"}, "dnsName", "end with a dot"),
    (ZONE, {"privateVisibilityConfig": None}, "privateVisibilityConfig", "networks that see"),
    (RECORDS, {"rrdatas": ["private.googleapis.com"]}, "rrdatas[0]", "end with a dot"),
    (RECORDS, {"type": "A", "rrdatas": ["199.36.153.300"]}, "rrdatas[0]", "an address"),
    # access
    (
        MEMBER,
        {"condition": {"title": "t", "expression": " || ".join(["true"] * 14)}},
        "condition.expression",
        "at most 12 logical operators",
    ),
    (MEMBER, {"condition": {"title": "t", "expression": 'resource.name == "a'}}, "condition.expression", "not closed"),
    (MEMBER, {"condition": {"title": "t" * 101, "expression": "true"}}, "condition.title", "at most 100"),
    (MEMBER, {"role": "roles/viewer"}, "condition", "the basic role roles/viewer"),
    (MEMBER, {"member": "allUsers"}, "condition", "allUsers"),
    (MEMBER, {"member": "ada@a.example"}, "member", "serviceAccount:..."),
    (AUDIT, {"auditLogConfigs": [{"logType": "READ"}]}, "auditLogConfigs[0].logType", "DATA_READ"),
    (ROLE, {"permissions": ["storage"]}, "permissions[0]", "a permission like"),
    (
        ADMISSION,
        {"defaultAdmissionRule": {"enforcementMode": "DRYRUN_AUDIT_LOG_ONLY", "evaluationMode": "REQUIRE_ATTESTATION"}},
        "defaultAdmissionRule.requireAttestationsBies",
        "attestors",
    ),
    # the small packages
    (SLEEP, {"createDuration": "1 minute"}, "createDuration", "'30s' or '5m'"),
    (SLEEP, {"createDuration": None}, "", "at least one of"),
    (COMMAND, {"logging": "all"}, "logging", "stdoutAndStderr"),
]


@pytest.mark.parametrize(("token", "spoiled", "path", "words"), WRONG)
async def test_what_google_refuses_is_refused_with_the_property_and_what_is_allowed(
    preview: Engine, token: str, spoiled: Inputs, path: str, words: str
) -> None:
    inputs = {name: value for name, value in {**SOUND[token], **spoiled}.items() if value is not None}

    with pytest.raises(CheckFailed) as refused:
        await preview.check(token, "thing", inputs)

    assert path in refused.value.properties
    assert words in str(refused.value)


@pytest.mark.parametrize("region", ["europe-west4", "EUROPE-WEST4", "EU", "nam4"])
async def test_a_bucket_may_lie_in_any_kind_of_place(preview: Engine, region: str) -> None:
    checked = await preview.check(BUCKET, "thing", {**SOUND[BUCKET], "location": region})

    assert checked["location"] == region


async def test_what_is_not_known_yet_is_not_judged_but_its_neighbours_are(preview: Engine) -> None:
    limits = {"cpu": UNKNOWN, "memory": "64Gi"}

    with pytest.raises(CheckFailed) as refused:
        await preview.check(SERVICE, "thing", {**SOUND[SERVICE], **_limits(**limits)})

    assert refused.value.properties == ["template.containers[0].resources.limits.memory"]


@pytest.mark.parametrize("token", sorted(TYPES))
async def test_unknown_values_alone_never_fail_a_check(preview: Engine, token: str) -> None:
    """A preview of a first update holds little else."""
    apart = {name for group in TYPES[token].groups if group.kind in ("apart", "exactly one") for name in group.names[1:]}
    inputs = dict.fromkeys(set(TYPES[token].properties) - apart - {"ttl", "secretDataWoVersion"}, UNKNOWN)

    checked = await preview.check(token, "thing", inputs)

    assert checked


@pytest.mark.parametrize("token", sorted(token for token, kind in TYPES.items() if {"role", "member", "condition"} <= set(kind.properties)))
async def test_what_google_refuses_of_a_binding_it_refuses_on_every_kind_of_resource(preview: Engine, token: str) -> None:
    binding = {"role": "roles/owner", "member": "group:team@a.example", "condition": {"title": "t", "expression": "true"}}
    inputs = {**dict.fromkeys(TYPES[token].properties, UNKNOWN), **binding}

    with pytest.raises(CheckFailed, match="the basic role roles/owner") as refused:
        await preview.check(token, "thing", inputs)

    assert refused.value.properties == ["condition"]
