"""One resource of each type as a program would give it."""

from typing import Any

Inputs = dict[str, Any]

BUCKET = "gcp:storage/bucket:Bucket"
OBJECT = "gcp:storage/bucketObject:BucketObject"
TOPIC = "gcp:pubsub/topic:Topic"
SCHEMA = "gcp:pubsub/schema:Schema"
SUBSCRIPTION = "gcp:pubsub/subscription:Subscription"
SERVICE = "gcp:cloudrunv2/service:Service"
FUNCTION = "gcp:cloudfunctionsv2/function:Function"
JOB = "gcp:cloudscheduler/job:Job"
REPOSITORY = "gcp:artifactregistry/repository:Repository"
DATABASE = "gcp:firestore/database:Database"
INDEX = "gcp:firestore/index:Index"
FIELD = "gcp:firestore/field:Field"
BACKUP = "gcp:firestore/backupSchedule:BackupSchedule"
METRIC = "gcp:logging/metric:Metric"
ALERT = "gcp:monitoring/alertPolicy:AlertPolicy"
CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel"
DASHBOARD = "gcp:monitoring/dashboard:Dashboard"
UPTIME = "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig"
SLO = "gcp:monitoring/slo:Slo"
BUDGET = "gcp:billing/budget:Budget"
SECRET = "gcp:secretmanager/secret:Secret"
VERSION = "gcp:secretmanager/secretVersion:SecretVersion"
RING = "gcp:kms/keyRing:KeyRing"
KEY = "gcp:kms/cryptoKey:CryptoKey"
NETWORK = "gcp:compute/network:Network"
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"
FIREWALL = "gcp:compute/firewall:Firewall"
ZONE = "gcp:dns/managedZone:ManagedZone"
RECORDS = "gcp:dns/recordSet:RecordSet"
ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole"
MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
AUDIT = "gcp:projects/iAMAuditConfig:IAMAuditConfig"
ADMISSION = "gcp:binaryauthorization/policy:Policy"
SLEEP = "time:index/sleep:Sleep"
COMMAND = "command:local:Command"

GERMAN_KEY = "projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k"
WHERE = {"location": "us-central1"}
URI = "https://a.example"
FILTER = 'resource.type = "pubsub_subscription" AND metric.type = "pubsub.googleapis.com/subscription/oldest_unacked_message_age"'
OWNER = {"fieldPath": "owner", "order": "ASCENDING"}
TAGS = {"fieldPath": "tags", "arrayConfig": "CONTAINS"}
NEWEST = {"fieldPath": "created", "order": "DESCENDING"}

SOUND: dict[str, Inputs] = {
    BUCKET: {"location": "EU", "name": "sd-models", "uniformBucketLevelAccess": True},
    OBJECT: {"bucket": "sd-models", "name": "a", "content": "a"},
    TOPIC: {"name": "jobs"},
    SCHEMA: {"name": "job", "type": "AVRO", "definition": '{"type": "record", "name": "Job", "fields": []}'},
    SUBSCRIPTION: {"name": "start", "topic": "jobs"},
    SERVICE: {**WHERE, "name": "portal", "template": {"containers": [{"image": "a@sha256:1"}]}},
    FUNCTION: {**WHERE, "name": "start", "buildConfig": {"runtime": "python311", "entryPoint": "start"}},
    JOB: {"schedule": "* * * * *", "region": "us-central1", "httpTarget": {"uri": URI}},
    REPOSITORY: {"repositoryId": "images", "format": "DOCKER", **WHERE},
    DATABASE: {"name": "sd-dev", "locationId": "nam5", "type": "FIRESTORE_NATIVE"},
    INDEX: {"collection": "jobs", "fields": [OWNER, NEWEST]},
    FIELD: {"collection": "uploads", "field": "expires", "ttlConfig": {}},
    BACKUP: {"retention": "604800s", "dailyRecurrence": {}},
    METRIC: {"name": "jobs-failed", "filter": "severity=ERROR", "metricDescriptor": {"metricKind": "DELTA", "valueType": "INT64"}},
    ALERT: {
        "displayName": "Jobs wait",
        "combiner": "OR",
        "conditions": [
            {
                "displayName": "old",
                "conditionThreshold": {"filter": FILTER, "duration": "300s", "comparison": "COMPARISON_GT", "thresholdValue": 600},
            }
        ],
    },
    CHANNEL: {"type": "email", "labels": {"email_address": "ops@a.example"}},
    DASHBOARD: {"dashboardJson": '{"displayName": "sd", "mosaicLayout": {"columns": 12, "tiles": [{"width": 6, "height": 4}]}}'},
    UPTIME: {
        "displayName": "upload",
        "timeout": "10s",
        "httpCheck": {"path": "/healthz", "port": 443, "useSsl": True},
        "monitoredResource": {"type": "uptime_url", "labels": {"host": "a.example"}},
    },
    SLO: {
        "service": "sd",
        "goal": 0.99,
        "rollingPeriodDays": 28,
        "requestBasedSli": {"goodTotalRatio": {"goodServiceFilter": FILTER, "totalServiceFilter": FILTER}},
    },
    BUDGET: {
        "billingAccount": "012345-6789AB-CDEF01",
        "amount": {"specifiedAmount": {"units": "500"}},
        "thresholdRules": [{"thresholdPercent": 0.5}],
    },
    SECRET: {"secretId": "hub-token", "replication": {"auto": {}}},
    VERSION: {"secret": "projects/p/secrets/hub-token", "secretData": "hush"},
    RING: {**WHERE, "name": "sd"},
    KEY: {"keyRing": "projects/p/locations/us-central1/keyRings/sd", "name": "data", "rotationPeriod": "7776000s"},
    NETWORK: {"name": "sd"},
    SUBNETWORK: {"name": "sd", "network": "sd", "region": "us-central1", "ipCidrRange": "10.0.0.0/24"},
    FIREWALL: {"name": "sd", "network": "sd", "sourceRanges": ["10.0.0.0/8"], "allows": [{"protocol": "tcp", "ports": ["443"]}]},
    ZONE: {
        "name": "google",
        "dnsName": "googleapis.com.",
        "visibility": "private",
        "privateVisibilityConfig": {"networks": [{"networkUrl": "projects/p/global/networks/sd"}]},
    },
    RECORDS: {"managedZone": "google", "name": "*.googleapis.com.", "type": "CNAME", "rrdatas": ["private.googleapis.com."], "ttl": 300},
    ROLE: {"roleId": "startRuns", "title": "Start runs", "permissions": ["aiplatform.pipelineJobs.create"]},
    MEMBER: {
        "bucket": "sd-models",
        "role": "roles/storage.objectViewer",
        "member": "serviceAccount:serving@p.iam.gserviceaccount.com",
        "condition": {"title": "only-runs", "expression": 'resource.name.startsWith("projects/_/buckets/sd-models/objects/runs/")'},
    },
    AUDIT: {"project": "p", "service": "allServices", "auditLogConfigs": [{"logType": "DATA_READ"}]},
    ADMISSION: {"defaultAdmissionRule": {"enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG", "evaluationMode": "ALWAYS_ALLOW"}},
    SLEEP: {"createDuration": "60s"},
    COMMAND: {"create": "make image"},
}
