"""Who may do what, as data: bindings and docs/access.md are made from this table, and tests prove that no other binding exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from jobs import names


class Workload(StrEnum):
    """Who acts; each has an account of its own and nothing runs as a default account."""

    PORTAL = "portal"
    UPLOAD = "upload"
    PUSH = "push"
    SCHEDULER = "scheduler"
    START = "start"
    SWEEP = "sweep"
    INTAKE = "intake"
    PIPELINE = "pipeline"
    TRAINER = "trainer"
    SERVING = "serving"
    BUILD = "build"


class Agent(StrEnum):
    """Accounts that Google makes and runs."""

    PUBSUB = "pubsub-agent"
    IAP = "iap-agent"
    MONITORING = "monitoring-agent"
    BUDGETS = "budgets-agent"
    STORAGE = "storage-agent"
    FIRESTORE = "firestore-agent"
    REGISTRY = "registry-agent"
    RUN = "run-agent"
    FUNCTIONS = "functions-agent"
    VERTEX = "vertex-agent"


class Resource(StrEnum):
    """What a role is granted on. DATABASE is the project's binding under a condition: Google has no narrower one."""

    PROJECT = "project"
    DATABASE = "database"
    UPLOADS = "uploads"
    MODELS = "models"
    BASE_MODEL = "base-model"
    PIPELINE = "pipeline-bucket"
    PIPELINE_ROOT = "pipeline-root"
    SOURCES = "sources"
    JOBS = "jobs-topic"
    GENERATIONS = "generations-topic"
    BUDGET_ALERTS = "budget-topic"
    DEAD_LETTERS = "dead-letters-topic"
    DEAD_LETTER_INBOX = "dead-letter-inbox"
    START_SUBSCRIPTION = "start-subscription"
    GENERATIONS_SUBSCRIPTION = "generations-subscription"
    INTAKE_SUBSCRIPTION = "intake-subscription"
    REGISTRY = "registry"
    UPLOAD_ACCOUNT = "upload-account"
    PIPELINE_ACCOUNT = "pipeline-account"
    TRAINER_ACCOUNT = "trainer-account"
    SERVING_ACCOUNT = "serving-account"
    UPLOAD_SERVICE = "upload-service"
    PORTAL_SERVICE = "portal-service"
    START_FUNCTION = "start-function"
    SWEEP_FUNCTION = "sweep-function"
    INTAKE_FUNCTION = "intake-function"
    PORTAL_SIGN_IN = "portal-sign-in"
    KEY = "key"


# Roles of this project's own, where Google has none as narrow: the permissions are the role.
PREDICT, START_RUNS, RELEASE, WAKE, FORGET = "predict", "startRuns", "release", "wake", "forget"
ERASE, SIGN = "erase", "sign"
CUSTOM_ROLES: Mapping[str, tuple[str, ...]] = {
    PREDICT: ("aiplatform.endpoints.predict",),
    START_RUNS: ("aiplatform.pipelineJobs.create", "aiplatform.pipelineJobs.get", "aiplatform.pipelineJobs.cancel"),
    RELEASE: (
        "aiplatform.pipelineJobs.get",
        "aiplatform.pipelineJobs.cancel",
        "aiplatform.customJobs.list",
        "aiplatform.customJobs.cancel",
        "aiplatform.endpoints.list",
        "aiplatform.endpoints.get",
        "aiplatform.endpoints.undeploy",
        "aiplatform.endpoints.delete",
    ),
    WAKE: ("aiplatform.endpoints.create", "aiplatform.endpoints.get", "aiplatform.endpoints.deploy", "aiplatform.models.get"),
    FORGET: ("aiplatform.pipelineJobs.delete", "aiplatform.customJobs.delete", "aiplatform.models.delete"),
    # names are listed to be deleted; what lies under them cannot be read
    ERASE: ("storage.objects.list", "storage.objects.delete"),
    SIGN: ("iam.serviceAccounts.signBlob",),
}
DESIGNERS = "designers"


@dataclass(frozen=True)
class Grant:
    """`operation` says what for, and `permission` what that asks for first of all; `role` is Google's, or a key of CUSTOM_ROLES.
    `within` narrows a bucket's grant to the objects under these prefixes; listing names stays possible in the whole bucket."""

    principal: str
    operation: str
    permission: str
    role: str
    resource: Resource
    within: tuple[str, ...] = ()


# what the roles are called that several grants give
_READ, _WRITE = "roles/storage.objectViewer", "roles/storage.objectUser"
_DOCUMENTS, _INVOKE, _ACT_AS = "roles/datastore.user", "roles/run.invoker", "roles/iam.serviceAccountUser"
_PUBLISH, _SUBSCRIBE = "roles/pubsub.publisher", "roles/pubsub.subscriber"
_ENCRYPT = "roles/cloudkms.cryptoKeyEncrypterDecrypter"

_W, _R = Workload, Resource
GRANTS: tuple[Grant, ...] = (
    Grant(DESIGNERS, "use the portal", "iap.webServiceVersions.accessViaIAP", "roles/iap.httpsResourceAccessor", _R.PORTAL_SIGN_IN),
    Grant(Agent.IAP, "let signed-in designers through", "run.routes.invoke", _INVOKE, _R.PORTAL_SERVICE),
    Grant(_W.PORTAL, "call the upload service", "run.routes.invoke", _INVOKE, _R.UPLOAD_SERVICE),
    Grant(_W.UPLOAD, "store, read and remove pictures", "storage.objects.create", _WRITE, _R.UPLOADS),
    Grant(_W.UPLOAD, "keep jobs and uploads", "datastore.entities.get", _DOCUMENTS, _R.DATABASE),
    Grant(_W.UPLOAD, "publish a submitted job", "pubsub.topics.publish", _PUBLISH, _R.JOBS),
    Grant(_W.UPLOAD, "show samples and prints", "storage.objects.get", _READ, _R.MODELS, within=(names.RUNS,)),
    Grant(_W.UPLOAD, "publish a wish for pictures", "pubsub.topics.publish", _PUBLISH, _R.GENERATIONS),
    Grant(_W.PUSH, "deliver wishes for pictures", "run.routes.invoke", _INVOKE, _R.UPLOAD_SERVICE),
    Grant(_W.UPLOAD, "draw with a tuned model", "aiplatform.endpoints.predict", PREDICT, _R.PROJECT),
    Grant(_W.UPLOAD, "keep drawn pictures", "storage.objects.create", _WRITE, _R.MODELS, within=(names.GENERATIONS,)),
    Grant(_W.UPLOAD, "sign links to weights as itself", "iam.serviceAccounts.signBlob", SIGN, _R.UPLOAD_ACCOUNT),
    Grant(_W.PUSH, "deliver submitted jobs", "run.routes.invoke", _INVOKE, _R.START_FUNCTION),
    Grant(_W.START, "mark the job queued", "datastore.entities.get", _DOCUMENTS, _R.DATABASE),
    Grant(_W.START, "read the compiled pipeline", "storage.objects.get", _READ, _R.PIPELINE),
    Grant(_W.START, "start a run", "aiplatform.pipelineJobs.create", START_RUNS, _R.PROJECT),
    Grant(_W.START, "let the run act as the pipeline", "iam.serviceAccounts.actAs", _ACT_AS, _R.PIPELINE_ACCOUNT),
    Grant(_W.PIPELINE, "keep the run's own files", "storage.objects.create", _WRITE, _R.PIPELINE_ROOT),
    Grant(_W.PIPELINE, "move the job along", "datastore.entities.get", _DOCUMENTS, _R.DATABASE),
    Grant(_W.PIPELINE, "train, register, deploy", "aiplatform.customJobs.list", "roles/aiplatform.user", _R.PROJECT),
    Grant(_W.PIPELINE, "let training act as the trainer", "iam.serviceAccounts.actAs", _ACT_AS, _R.TRAINER_ACCOUNT),
    Grant(_W.PIPELINE, "read progress and metrics", "storage.objects.get", _READ, _R.MODELS, within=(names.RUNS,)),
    Grant(_W.PIPELINE, "tell the trainer", "storage.objects.create", "roles/storage.objectCreator", _R.MODELS, within=(names.RUNS,)),
    Grant(_W.PIPELINE, "let the endpoint act as serving", "iam.serviceAccounts.actAs", _ACT_AS, _R.SERVING_ACCOUNT),
    Grant(_W.PIPELINE, "write the steps' logs", "logging.logEntries.create", "roles/logging.logWriter", _R.PROJECT),
    Grant(_W.TRAINER, "read the clean pictures", "storage.objects.list", _READ, _R.UPLOADS, within=(names.CLEAN,)),
    Grant(_W.TRAINER, "read the base model", "storage.objects.get", _READ, _R.BASE_MODEL),
    Grant(_W.TRAINER, "keep checkpoints and weights", "storage.objects.create", _WRITE, _R.MODELS, within=(names.RUNS,)),
    Grant(_W.TRAINER, "write logs", "logging.logEntries.create", "roles/logging.logWriter", _R.PROJECT),
    Grant(_W.SERVING, "read the weights it serves", "storage.objects.get", _READ, _R.MODELS, within=(names.RUNS,)),
    Grant(_W.SERVING, "read the base model, to compare with", "storage.objects.get", _READ, _R.BASE_MODEL),
    Grant(_W.SCHEDULER, "sweep once a minute", "run.routes.invoke", _INVOKE, _R.SWEEP_FUNCTION),
    Grant(_W.SWEEP, "close jobs and the outbox", "datastore.entities.get", _DOCUMENTS, _R.DATABASE),
    Grant(_W.SWEEP, "publish what is owed", "pubsub.topics.publish", _PUBLISH, _R.JOBS),
    Grant(_W.SWEEP, "take dead letters", "pubsub.subscriptions.consume", _SUBSCRIBE, _R.DEAD_LETTER_INBOX),
    Grant(_W.SWEEP, "stop what still costs money", "aiplatform.endpoints.list", RELEASE, _R.PROJECT),
    Grant(_W.SWEEP, "wake a model", "aiplatform.endpoints.create", WAKE, _R.PROJECT),
    Grant(_W.SWEEP, "let an endpoint act as serving", "iam.serviceAccounts.actAs", _ACT_AS, _R.SERVING_ACCOUNT),
    Grant(_W.SWEEP, "erase pictures", "storage.objects.list", ERASE, _R.UPLOADS),
    Grant(_W.SWEEP, "erase weights and prints", "storage.objects.list", ERASE, _R.MODELS, within=(names.RUNS, names.GENERATIONS)),
    Grant(_W.SWEEP, "erase models, runs and training jobs", "aiplatform.models.delete", FORGET, _R.PROJECT),
    Grant(Agent.PUBSUB, "bury what cannot be delivered", "pubsub.topics.publish", _PUBLISH, _R.DEAD_LETTERS),
    Grant(Agent.PUBSUB, "acknowledge the jobs it buried", "pubsub.subscriptions.consume", _SUBSCRIBE, _R.START_SUBSCRIPTION),
    Grant(Agent.PUBSUB, "acknowledge the wishes it buried", "pubsub.subscriptions.consume", _SUBSCRIBE, _R.GENERATIONS_SUBSCRIPTION),
    Grant(Agent.PUBSUB, "acknowledge the budget's words it buried", "pubsub.subscriptions.consume", _SUBSCRIBE, _R.INTAKE_SUBSCRIPTION),
    Grant(Agent.BUDGETS, "say what was spent", "pubsub.topics.publish", _PUBLISH, _R.BUDGET_ALERTS),
    Grant(_W.PUSH, "deliver what was spent", "run.routes.invoke", _INVOKE, _R.INTAKE_FUNCTION),
    Grant(_W.INTAKE, "pause and open intake", "datastore.entities.get", _DOCUMENTS, _R.DATABASE),
    Grant(Agent.MONITORING, "ask whether the upload service is up", "run.routes.invoke", _INVOKE, _R.UPLOAD_SERVICE),
    Grant(_W.BUILD, "fetch the sources of images and functions", "storage.objects.get", _READ, _R.SOURCES),
    Grant(_W.BUILD, "push what it built", "artifactregistry.repositories.uploadArtifacts", "roles/artifactregistry.writer", _R.REGISTRY),
    Grant(_W.BUILD, "write logs", "logging.logEntries.create", "roles/logging.logWriter", _R.PROJECT),
    # only where a key of the stack's own encrypts: the place KEY is not there otherwise
    Grant(Agent.STORAGE, "encrypt objects", "cloudkms.cryptoKeyVersions.useToEncrypt", _ENCRYPT, _R.KEY),
    Grant(Agent.FIRESTORE, "encrypt documents", "cloudkms.cryptoKeyVersions.useToEncrypt", _ENCRYPT, _R.KEY),
    Grant(Agent.PUBSUB, "encrypt messages", "cloudkms.cryptoKeyVersions.useToEncrypt", _ENCRYPT, _R.KEY),
    Grant(Agent.REGISTRY, "encrypt images", "cloudkms.cryptoKeyVersions.useToEncrypt", _ENCRYPT, _R.KEY),
    Grant(Agent.RUN, "encrypt services", "cloudkms.cryptoKeyVersions.useToEncrypt", _ENCRYPT, _R.KEY),
    Grant(Agent.FUNCTIONS, "encrypt functions", "cloudkms.cryptoKeyVersions.useToEncrypt", _ENCRYPT, _R.KEY),
    Grant(Agent.VERTEX, "encrypt runs, models and endpoints", "cloudkms.cryptoKeyVersions.useToEncrypt", _ENCRYPT, _R.KEY),
)


def grants(resources: Mapping[Resource, object]) -> tuple[Grant, ...]:
    """In the order of a job's life."""
    return tuple(grant for grant in GRANTS if grant.resource in resources)
