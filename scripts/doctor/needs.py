"""What `up` must be allowed to do, by the type of resource that it makes: the narrowest role of Google's, and what it needs of it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """Permissions that Google tests on a project."""

    role: str
    permissions: tuple[str, ...]


_LIFE = ("create", "delete", "get", "update")
_POLICY = ("getIamPolicy", "setIamPolicy")


def _all(kind: str, verbs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{kind}.{verb}" for verb in verbs)


_PROJECT_IAM = Need("roles/resourcemanager.projectIamAdmin", _all("resourcemanager.projects", _POLICY))
NEEDS: Mapping[str, Need] = {
    "gcp:artifactregistry/repository:Repository": Need("roles/artifactregistry.admin", _all("artifactregistry.repositories", _LIFE)),
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": Need(
        "roles/artifactregistry.admin", _all("artifactregistry.repositories", _POLICY)
    ),
    "gcp:binaryauthorization/policy:Policy": Need(
        "roles/binaryauthorization.policyEditor", ("binaryauthorization.policy.get", "binaryauthorization.policy.update")
    ),
    "gcp:cloudfunctionsv2/function:Function": Need("roles/cloudfunctions.developer", _all("cloudfunctions.functions", _LIFE)),
    "gcp:cloudrunv2/service:Service": Need("roles/run.admin", _all("run.services", _LIFE)),
    "gcp:cloudrunv2/serviceIamMember:ServiceIamMember": Need("roles/run.admin", _all("run.services", _POLICY)),
    "gcp:cloudscheduler/job:Job": Need("roles/cloudscheduler.admin", _all("cloudscheduler.jobs", _LIFE)),
    "gcp:compute/firewall:Firewall": Need(
        "roles/compute.securityAdmin", (*_all("compute.firewalls", _LIFE), "compute.networks.updatePolicy")
    ),
    "gcp:compute/network:Network": Need("roles/compute.networkAdmin", _all("compute.networks", ("create", "delete", "get"))),
    "gcp:compute/subnetwork:Subnetwork": Need("roles/compute.networkAdmin", _all("compute.subnetworks", ("create", "delete", "get"))),
    "gcp:dns/managedZone:ManagedZone": Need("roles/dns.admin", (*_all("dns.managedZones", _LIFE), "dns.networks.bindPrivateDNSZone")),
    "gcp:dns/recordSet:RecordSet": Need("roles/dns.admin", (*_all("dns.resourceRecordSets", _LIFE), "dns.changes.create")),
    "gcp:firestore/backupSchedule:BackupSchedule": Need("roles/datastore.owner", _all("datastore.backupSchedules", _LIFE)),
    "gcp:firestore/database:Database": Need(
        "roles/datastore.owner", _all("datastore.databases", ("create", "delete", "getMetadata", "update"))
    ),
    # indexes and single fields' rules, TTLs among them
    "gcp:firestore/field:Field": Need("roles/datastore.owner", _all("datastore.schemas", ("get", "update"))),
    "gcp:firestore/index:Index": Need("roles/datastore.owner", _all("datastore.schemas", ("create", "delete", "get"))),
    "gcp:iap/webCloudRunServiceIamMember:WebCloudRunServiceIamMember": Need("roles/iap.admin", _all("iap.webServices", _POLICY)),
    "gcp:kms/cryptoKey:CryptoKey": Need(
        "roles/cloudkms.admin", (*_all("cloudkms.cryptoKeys", ("create", "get", "update")), "cloudkms.cryptoKeyVersions.destroy")
    ),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": Need("roles/cloudkms.admin", _all("cloudkms.cryptoKeys", _POLICY)),
    "gcp:kms/keyRing:KeyRing": Need("roles/cloudkms.admin", _all("cloudkms.keyRings", ("create", "get"))),
    "gcp:logging/metric:Metric": Need("roles/logging.configWriter", _all("logging.logMetrics", _LIFE)),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": Need("roles/logging.configWriter", _all("logging.buckets", ("get", "update"))),
    "gcp:monitoring/alertPolicy:AlertPolicy": Need("roles/monitoring.editor", _all("monitoring.alertPolicies", _LIFE)),
    "gcp:monitoring/customService:CustomService": Need("roles/monitoring.editor", _all("monitoring.services", _LIFE)),
    "gcp:monitoring/dashboard:Dashboard": Need("roles/monitoring.editor", _all("monitoring.dashboards", _LIFE)),
    "gcp:monitoring/genericService:GenericService": Need("roles/monitoring.editor", _all("monitoring.services", _LIFE)),
    "gcp:monitoring/notificationChannel:NotificationChannel": Need(
        "roles/monitoring.editor", _all("monitoring.notificationChannels", _LIFE)
    ),
    "gcp:monitoring/slo:Slo": Need("roles/monitoring.editor", _all("monitoring.slos", _LIFE)),
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": Need("roles/monitoring.editor", _all("monitoring.uptimeCheckConfigs", _LIFE)),
    "gcp:projects/iAMAuditConfig:IAMAuditConfig": _PROJECT_IAM,
    "gcp:projects/iAMCustomRole:IAMCustomRole": Need("roles/iam.roleAdmin", _all("iam.roles", _LIFE)),
    "gcp:projects/iAMMember:IAMMember": _PROJECT_IAM,
    "gcp:projects/service:Service": Need(
        "roles/serviceusage.serviceUsageAdmin", _all("serviceusage.services", ("enable", "get", "list", "use"))
    ),
    "gcp:projects/serviceIdentity:ServiceIdentity": Need("roles/serviceusage.serviceUsageAdmin", ("serviceusage.services.enable",)),
    "gcp:pubsub/schema:Schema": Need("roles/pubsub.admin", _all("pubsub.schemas", ("create", "delete", "get"))),
    "gcp:pubsub/subscription:Subscription": Need(
        "roles/pubsub.admin", (*_all("pubsub.subscriptions", _LIFE), "pubsub.topics.attachSubscription")
    ),
    "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember": Need("roles/pubsub.admin", _all("pubsub.subscriptions", _POLICY)),
    "gcp:pubsub/topic:Topic": Need("roles/pubsub.admin", _all("pubsub.topics", _LIFE)),
    "gcp:pubsub/topicIAMMember:TopicIAMMember": Need("roles/pubsub.admin", _all("pubsub.topics", _POLICY)),
    # every service and function runs as an account of its own, and who deploys it must be allowed to act as that
    "gcp:serviceaccount/account:Account": Need("roles/iam.serviceAccountAdmin", _all("iam.serviceAccounts", _LIFE)),
    "gcp:serviceaccount/iAMMember:IAMMember": Need("roles/iam.serviceAccountAdmin", _all("iam.serviceAccounts", _POLICY)),
    "gcp:storage/bucket:Bucket": Need("roles/storage.admin", _all("storage.buckets", _LIFE)),
    "gcp:storage/bucketIAMMember:BucketIAMMember": Need("roles/storage.admin", _all("storage.buckets", _POLICY)),
    "gcp:storage/bucketObject:BucketObject": Need("roles/storage.admin", _all("storage.objects", _LIFE)),
}
ACT_AS = Need("roles/iam.serviceAccountUser", ("iam.serviceAccounts.actAs",))
PUSH = Need("roles/artifactregistry.admin", ("artifactregistry.repositories.uploadArtifacts",))
BUILD = Need("roles/cloudbuild.builds.editor", ("cloudbuild.builds.create", "cloudbuild.builds.get"))
BUDGET = Need("roles/billing.costsManager", _all("billing.budgets", _LIFE))
BUDGETS = "gcp:billing/budget:Budget"
