"""Google's roles as far as the local cloud has something to allow: the permissions of the services that it serves.

A role that is missing here cannot be bound: what it gives would not be known. Those of ELSEWHERE give nothing that is served here.
"""

from collections.abc import Iterable, Mapping


def _of(prefix: str, verbs: str) -> frozenset[str]:
    return frozenset(f"{prefix}.{verb}" for verb in verbs.split())


_PROJECT = _of("resourcemanager.projects", "get")

_OBJECT_READ = _of("storage.objects", "get list")
_OBJECT_WRITE = _OBJECT_READ | _of("storage.objects", "create delete update")
_OBJECT_USE = _OBJECT_WRITE | _of("storage.objects", "move restore")
_OBJECTS = _OBJECT_USE | _of("storage.objects", "getIamPolicy overrideUnlockedRetention setIamPolicy setRetention")
_AGENT_BUCKETS = _of("storage.buckets", "create delete get list")
_BUCKETS = _of("storage.buckets", "create delete enableObjectRetention get getIamPolicy list restore setIamPolicy update")

_DATABASE_READ = _of("datastore.databases", "get getMetadata list") | _of("datastore.entities", "get list")
_DATABASE_USE = _DATABASE_READ | _of("datastore.entities", "allocateIds create delete update")

_PUBSUB_READ = _of("pubsub.topics", "get list") | _of("pubsub.subscriptions", "get list") | _of("pubsub.snapshots", "get list")
_PUBSUB_CONSUME = frozenset({"pubsub.snapshots.seek", "pubsub.subscriptions.consume", "pubsub.topics.attachSubscription"})
_PUBSUB_EDIT = (
    _PUBSUB_READ
    | _PUBSUB_CONSUME
    | _of("pubsub.topics", "create delete detachSubscription publish update updateTag")
    | _of("pubsub.subscriptions", "create delete update")
    | _of("pubsub.snapshots", "create delete update")
)

_VERTEX = ("pipelineJobs", "customJobs", "models", "endpoints")
_VERTEX_READ = frozenset(f"aiplatform.{kind}.{verb}" for kind in _VERTEX for verb in ("get", "list")) | {"aiplatform.operations.list"}
_VERTEX_USE = (
    _VERTEX_READ
    | _of("aiplatform.pipelineJobs", "cancel create delete")
    | _of("aiplatform.customJobs", "cancel create delete")
    | _of("aiplatform.models", "delete export update upload")
    | _of("aiplatform.endpoints", "create delete deploy explain predict undeploy update")
)

_ACCOUNT_READ = _of("iam.serviceAccounts", "get list")
_ACCOUNT_TOKENS = _of("iam.serviceAccounts", "getAccessToken getOpenIdToken implicitDelegation signBlob signJwt")

_PULL = _of("artifactregistry.repositories", "downloadArtifacts get list") | _PROJECT
_PUSH = _PULL | _of("artifactregistry.repositories", "uploadArtifacts")
_BUILDS = _of("cloudbuild.builds", "get list")
_INVOKE = _of("run.routes", "invoke")
_LOG = _of("logging.logEntries", "create route")

PREDEFINED: Mapping[str, frozenset[str]] = {
    "roles/aiplatform.admin": _VERTEX_USE | _of("aiplatform.endpoints", "getIamPolicy setIamPolicy") | _PROJECT,
    "roles/aiplatform.customCodeServiceAgent": (
        _VERTEX_USE | _OBJECT_WRITE | _AGENT_BUCKETS | _PULL | _LOG | _ACCOUNT_READ | _ACCOUNT_TOKENS | _PROJECT
    ),
    "roles/aiplatform.serviceAgent": (
        _VERTEX_USE
        | _OBJECT_WRITE
        | _AGENT_BUCKETS
        | _PUSH
        | _LOG
        | _INVOKE
        | _of("iam.serviceAccounts", "actAs getAccessToken getOpenIdToken")
        | _PROJECT
    ),
    "roles/aiplatform.user": _VERTEX_USE | _PROJECT,
    "roles/aiplatform.viewer": _VERTEX_READ | _PROJECT,
    "roles/artifactregistry.admin": _PUSH | _of("artifactregistry.repositories", "create delete deleteArtifacts update"),
    "roles/artifactregistry.reader": _PULL,
    "roles/artifactregistry.repoAdmin": _PUSH | _of("artifactregistry.repositories", "deleteArtifacts"),
    "roles/artifactregistry.writer": _PUSH,
    "roles/browser": _PROJECT,
    "roles/cloudbuild.builds.builder": (
        _PUSH
        | _OBJECT_WRITE
        | _of("artifactregistry.repositories", "deleteArtifacts")
        | _of("logging.logEntries", "create")
        | _of("pubsub.topics", "create publish")
        | _of("storage.buckets", "create get list")
    ),
    "roles/cloudbuild.builds.editor": _BUILDS | _of("cloudbuild.builds", "create update") | _PROJECT,
    "roles/cloudbuild.builds.viewer": _BUILDS | _PROJECT,
    "roles/cloudfunctions.admin": _INVOKE | _PULL,
    "roles/cloudfunctions.developer": _INVOKE | _PULL,
    "roles/cloudkms.cryptoKeyDecrypter": _of("cloudkms.cryptoKeyVersions", "useToDecrypt") | _PROJECT,
    "roles/cloudkms.cryptoKeyEncrypterDecrypter": _of("cloudkms.cryptoKeyVersions", "useToDecrypt useToEncrypt") | _PROJECT,
    "roles/datastore.owner": _DATABASE_USE | _of("datastore.databases", "create delete update") | _PROJECT,
    "roles/datastore.user": _DATABASE_USE | _PROJECT,
    "roles/datastore.viewer": _DATABASE_READ | _PROJECT,
    "roles/iam.serviceAccountAdmin": _ACCOUNT_READ | _of("iam.serviceAccounts", "create delete setIamPolicy update") | _PROJECT,
    "roles/iam.serviceAccountTokenCreator": _ACCOUNT_READ | _ACCOUNT_TOKENS | _PROJECT,
    "roles/iam.serviceAccountUser": _ACCOUNT_READ | _of("iam.serviceAccounts", "actAs") | _PROJECT,
    "roles/iam.workloadIdentityUser": _ACCOUNT_READ | _of("iam.serviceAccounts", "getAccessToken getOpenIdToken"),
    "roles/iap.httpsResourceAccessor": frozenset({"iap.webServiceVersions.accessViaIAP"}),
    "roles/logging.admin": _LOG | _PROJECT,
    "roles/logging.logWriter": _LOG,
    "roles/logging.viewer": _of("logging.logEntries", "list") | _PROJECT,
    "roles/pubsub.admin": _PUBSUB_EDIT | _of("pubsub.topics", "getIamPolicy setIamPolicy") | _PROJECT,
    "roles/pubsub.editor": _PUBSUB_EDIT | _PROJECT,
    "roles/pubsub.publisher": _of("pubsub.topics", "publish"),
    "roles/pubsub.subscriber": _PUBSUB_CONSUME,
    "roles/pubsub.viewer": _PUBSUB_READ | _PROJECT,
    "roles/run.admin": _INVOKE | _PROJECT,
    "roles/run.developer": _INVOKE | _PROJECT,
    "roles/run.invoker": _INVOKE,
    "roles/secretmanager.admin": _of("secretmanager.versions", "access") | _PROJECT,
    "roles/secretmanager.secretAccessor": _of("secretmanager.versions", "access") | _PROJECT,
    "roles/storage.admin": _BUCKETS | _OBJECTS | _PROJECT,
    "roles/storage.legacyBucketReader": frozenset({"storage.buckets.get", "storage.objects.list"}),
    "roles/storage.legacyObjectReader": _of("storage.objects", "get"),
    "roles/storage.objectAdmin": _OBJECTS | _PROJECT,
    "roles/storage.objectCreator": _of("storage.objects", "create") | _PROJECT,
    "roles/storage.objectUser": _OBJECT_USE | _PROJECT,
    "roles/storage.objectViewer": _OBJECT_READ | _PROJECT,
    "roles/viewer": _VERTEX_READ | _DATABASE_READ | _PUBSUB_READ | _ACCOUNT_READ | _of("storage.buckets", "list") | _PROJECT,
}

# For deployers, reviewers and operators: nothing of it is served behind the gateway.
_ELSEWHERE = {
    "billing": "costsManager user viewer",
    "binaryauthorization": "attestorsVerifier policyEditor",
    "cloudkms": "admin viewer",
    "cloudscheduler": "admin viewer",
    "cloudtrace": "agent",
    "compute": "networkAdmin networkUser securityAdmin viewer",
    "dns": "admin",
    "iam": "roleAdmin roleViewer securityAdmin securityReviewer workloadIdentityPoolAdmin workloadIdentityPoolViewer",
    "iap": "admin settingsAdmin",
    "logging": "configWriter",
    "monitoring": "admin editor metricWriter viewer",
    "orgpolicy": "policyViewer",
    "resourcemanager": "projectIamAdmin",
    "secretmanager": "viewer",
    "serviceusage": "serviceUsageAdmin serviceUsageConsumer serviceUsageViewer",
}
ELSEWHERE = frozenset(f"roles/{service}.{name}" for service, names in _ELSEWHERE.items() for name in names.split())


def giving(permission: str) -> str:
    """The predefined role that gives it and the least besides; "" where none of the table does."""
    fitting = (role for role, permissions in PREDEFINED.items() if permission in permissions and not role.endswith("Agent"))
    return min(fitting, key=lambda role: len(PREDEFINED[role]), default="")


def permissions_of(role: str, custom: Mapping[str, Iterable[str]]) -> frozenset[str] | None:
    """None for a role that nobody here knows."""
    if role in ELSEWHERE:
        return frozenset()
    return frozenset(custom[role]) if role in custom else PREDEFINED.get(role)
