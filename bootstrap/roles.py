"""What deployer and previewer may do, as data."""

from collections.abc import Mapping

from bootstrap.config import Config, Switch

DEPLOYER: tuple[str, ...] = (
    "roles/aiplatform.user",  # a teardown retires what jobs have made
    "roles/artifactregistry.admin",
    "roles/cloudfunctions.developer",
    "roles/cloudscheduler.admin",
    "roles/datastore.owner",
    "roles/iam.roleAdmin",
    "roles/iam.serviceAccountAdmin",
    # on the project, since the accounts that it deploys as are made by itself; who may set their policies may act as them anyway
    "roles/iam.serviceAccountUser",
    "roles/iap.admin",
    "roles/logging.configWriter",
    "roles/monitoring.editor",
    "roles/pubsub.admin",
    "roles/run.admin",
    "roles/serviceusage.serviceUsageAdmin",
)
BY_SWITCH: Mapping[Switch, tuple[str, ...]] = {
    Switch.CMEK: ("roles/cloudkms.admin",),
    Switch.PRIVATE_EGRESS: ("roles/compute.networkAdmin", "roles/compute.securityAdmin", "roles/dns.admin"),
    Switch.BINARY_AUTHORIZATION: ("roles/binaryauthorization.policyEditor",),
    Switch.CLOUD_BUILD: ("roles/cloudbuild.builds.editor",),
}
STORAGE = "roles/storage.admin"
GRANTER = "roles/resourcemanager.projectIamAdmin"

# the roles that the stack's program grants on the project, and no more, may its deployer grant there; lower case: custom ones, by key
GRANTABLE: tuple[str, ...] = ("roles/aiplatform.user", "roles/datastore.user", "roles/logging.logWriter")
GRANTABLE_CUSTOM: tuple[str, ...] = ("forget", "predict", "release", "startRuns", "wake")

# to compare the program with what is there, and not to read a designer's picture, a document or a log line
PREVIEWER: tuple[str, ...] = (
    "artifactregistry.repositories.get",
    "artifactregistry.repositories.getIamPolicy",
    "binaryauthorization.policy.get",
    "cloudfunctions.functions.get",
    "cloudkms.cryptoKeys.get",
    "cloudkms.cryptoKeys.getIamPolicy",
    "cloudkms.keyRings.get",
    "cloudscheduler.jobs.get",
    "compute.firewalls.get",
    "compute.networks.get",
    "compute.subnetworks.get",
    "datastore.backupSchedules.get",
    "datastore.databases.getMetadata",
    "datastore.schemas.get",
    "dns.managedZones.get",
    "dns.resourceRecordSets.get",
    "iam.roles.get",
    "iam.serviceAccounts.get",
    "iam.serviceAccounts.getIamPolicy",
    "iap.webServices.getIamPolicy",
    "logging.buckets.get",
    "logging.logMetrics.get",
    "monitoring.alertPolicies.get",
    "monitoring.dashboards.get",
    "monitoring.notificationChannels.get",
    "monitoring.services.get",
    "monitoring.slos.get",
    "monitoring.uptimeCheckConfigs.get",
    "pubsub.schemas.get",
    "pubsub.subscriptions.get",
    "pubsub.subscriptions.getIamPolicy",
    "pubsub.topics.get",
    "pubsub.topics.getIamPolicy",
    "resourcemanager.projects.getIamPolicy",
    "run.services.get",
    "run.services.getIamPolicy",
    "serviceusage.services.get",
    "storage.buckets.get",
    "storage.buckets.getIamPolicy",
)


def grantable(config: Config) -> list[str]:
    prefix = f"projects/{config.project}/roles/sd_{config.stack.replace('-', '_')}_"
    return [*GRANTABLE, *(prefix + key for key in GRANTABLE_CUSTOM)]


def deployer(config: Config) -> list[str]:
    return [*DEPLOYER, *(role for switch in config.switches for role in BY_SWITCH[switch])]
