"""Who may do what, as data: the bindings are made from this table, and tests prove that no other exists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pulumi
import pulumi_gcp as gcp

from infra.component import Component
from infra.config import Config
from infra.foundation import Workload


class Agent(StrEnum):
    """Accounts that Google makes and runs."""

    PUBSUB = "pubsub-agent"
    IAP = "iap-agent"


class Resource(StrEnum):
    """What a role is granted on."""

    PROJECT = "project"
    UPLOADS = "uploads"
    MODELS = "models"
    PIPELINE = "pipeline-bucket"
    PIPELINE_ROOT = "pipeline-root"
    SOURCES = "sources"
    JOBS = "jobs-topic"
    DEAD_LETTERS = "dead-letters-topic"
    DEAD_LETTER_INBOX = "dead-letter-inbox"
    START_SUBSCRIPTION = "start-subscription"
    REGISTRY = "registry"
    PIPELINE_ACCOUNT = "pipeline-account"
    TRAINER_ACCOUNT = "trainer-account"
    SERVING_ACCOUNT = "serving-account"
    UPLOAD_SERVICE = "upload-service"
    PORTAL_SERVICE = "portal-service"
    START_FUNCTION = "start-function"
    SWEEP_FUNCTION = "sweep-function"
    PORTAL_SIGN_IN = "portal-sign-in"


# Roles of this project's own, where Google has none as narrow: the permissions are the role.
PREDICT, START_RUNS, RELEASE = "predict", "startRuns", "release"
CUSTOM_ROLES: Mapping[str, tuple[str, ...]] = {
    PREDICT: ("aiplatform.endpoints.predict",),
    START_RUNS: ("aiplatform.pipelineJobs.create", "aiplatform.pipelineJobs.get", "aiplatform.pipelineJobs.cancel"),
    RELEASE: (
        "aiplatform.pipelineJobs.get",
        "aiplatform.pipelineJobs.cancel",
        "aiplatform.customJobs.list",
        "aiplatform.customJobs.cancel",
        "aiplatform.endpoints.get",
        "aiplatform.endpoints.undeploy",
        "aiplatform.endpoints.delete",
    ),
}
DESIGNERS = "designers"


@dataclass(frozen=True)
class Grant:
    """`operation` says what for; `role` is Google's, or a key of CUSTOM_ROLES."""

    principal: str
    operation: str
    role: str
    resource: Resource


_W, _R = Workload, Resource
GRANTS: tuple[Grant, ...] = (
    Grant(_W.UPLOAD, "store, read and remove pictures", "roles/storage.objectUser", _R.UPLOADS),
    Grant(_W.UPLOAD, "show samples and prints, keep generations", "roles/storage.objectUser", _R.MODELS),
    Grant(_W.UPLOAD, "keep jobs and uploads", "roles/datastore.user", _R.PROJECT),
    Grant(_W.UPLOAD, "publish a submitted job", "roles/pubsub.publisher", _R.JOBS),
    Grant(_W.UPLOAD, "draw with a tuned model", PREDICT, _R.PROJECT),
    Grant(_W.START, "read the compiled pipeline", "roles/storage.objectViewer", _R.PIPELINE),
    Grant(_W.START, "start a run", START_RUNS, _R.PROJECT),
    Grant(_W.START, "let the run act as the pipeline", "roles/iam.serviceAccountUser", _R.PIPELINE_ACCOUNT),
    Grant(_W.START, "mark the job queued", "roles/datastore.user", _R.PROJECT),
    Grant(_W.SWEEP, "close jobs and the outbox", "roles/datastore.user", _R.PROJECT),
    Grant(_W.SWEEP, "publish what is owed", "roles/pubsub.publisher", _R.JOBS),
    Grant(_W.SWEEP, "take dead letters", "roles/pubsub.subscriber", _R.DEAD_LETTER_INBOX),
    Grant(_W.SWEEP, "stop what still costs money", RELEASE, _R.PROJECT),
    Grant(_W.PIPELINE, "read progress and metrics", "roles/storage.objectViewer", _R.MODELS),
    Grant(_W.PIPELINE, "keep the run's own files", "roles/storage.objectUser", _R.PIPELINE_ROOT),
    Grant(_W.PIPELINE, "train, register, deploy", "roles/aiplatform.user", _R.PROJECT),
    Grant(_W.PIPELINE, "let training act as the trainer", "roles/iam.serviceAccountUser", _R.TRAINER_ACCOUNT),
    Grant(_W.PIPELINE, "let the endpoint act as serving", "roles/iam.serviceAccountUser", _R.SERVING_ACCOUNT),
    Grant(_W.PIPELINE, "move the job along", "roles/datastore.user", _R.PROJECT),
    Grant(_W.PIPELINE, "pull the steps' image", "roles/artifactregistry.reader", _R.REGISTRY),
    Grant(_W.TRAINER, "read the clean pictures", "roles/storage.objectViewer", _R.UPLOADS),
    Grant(_W.TRAINER, "read the base model, write weights", "roles/storage.objectUser", _R.MODELS),
    Grant(_W.TRAINER, "pull the trainer's image", "roles/artifactregistry.reader", _R.REGISTRY),
    Grant(_W.TRAINER, "write logs", "roles/logging.logWriter", _R.PROJECT),
    Grant(_W.SERVING, "read the weights it serves", "roles/storage.objectViewer", _R.MODELS),
    Grant(_W.SERVING, "pull the server's image", "roles/artifactregistry.reader", _R.REGISTRY),
    Grant(_W.BUILD, "fetch the functions' source", "roles/storage.objectViewer", _R.SOURCES),
    Grant(_W.BUILD, "push the functions' images", "roles/artifactregistry.writer", _R.REGISTRY),
    Grant(_W.BUILD, "write logs", "roles/logging.logWriter", _R.PROJECT),
    Grant(Agent.PUBSUB, "bury what cannot be delivered", "roles/pubsub.publisher", _R.DEAD_LETTERS),
    Grant(Agent.PUBSUB, "acknowledge what it buried", "roles/pubsub.subscriber", _R.START_SUBSCRIPTION),
    Grant(_W.PORTAL, "call the upload service", "roles/run.invoker", _R.UPLOAD_SERVICE),
    Grant(Agent.IAP, "let signed-in designers through", "roles/run.invoker", _R.PORTAL_SERVICE),
    Grant(_W.PUSH, "deliver submitted jobs", "roles/run.invoker", _R.START_FUNCTION),
    Grant(_W.SCHEDULER, "sweep once a minute", "roles/run.invoker", _R.SWEEP_FUNCTION),
    Grant(DESIGNERS, "use the portal", "roles/iap.httpsResourceAccessor", _R.PORTAL_SIGN_IN),
)


@dataclass(frozen=True)
class Binding:
    """The resource type that binds a member to a role there, and the argument that names the place."""

    kind: Callable[..., pulumi.CustomResource]
    argument: str
    regional: bool = False


_PROJECT = Binding(gcp.projects.IAMMember, "project")
_BUCKET = Binding(gcp.storage.BucketIAMMember, "bucket")
_TOPIC = Binding(gcp.pubsub.TopicIAMMember, "topic")
_SUBSCRIPTION = Binding(gcp.pubsub.SubscriptionIAMMember, "subscription")
_REGISTRY = Binding(gcp.artifactregistry.RepositoryIamMember, "repository", regional=True)
_ACCOUNT = Binding(gcp.serviceaccount.IAMMember, "service_account_id")
_SERVICE = Binding(gcp.cloudrunv2.ServiceIamMember, "name", regional=True)
_SIGN_IN = Binding(gcp.iap.WebCloudRunServiceIamMember, "cloud_run_service_name", regional=True)
BINDINGS: Mapping[Resource, Binding] = {
    _R.PROJECT: _PROJECT,
    **dict.fromkeys((_R.UPLOADS, _R.MODELS, _R.PIPELINE, _R.PIPELINE_ROOT, _R.SOURCES), _BUCKET),
    **dict.fromkeys((_R.JOBS, _R.DEAD_LETTERS), _TOPIC),
    **dict.fromkeys((_R.DEAD_LETTER_INBOX, _R.START_SUBSCRIPTION), _SUBSCRIPTION),
    _R.REGISTRY: _REGISTRY,
    **dict.fromkeys((_R.PIPELINE_ACCOUNT, _R.TRAINER_ACCOUNT, _R.SERVING_ACCOUNT), _ACCOUNT),
    **dict.fromkeys((_R.UPLOAD_SERVICE, _R.PORTAL_SERVICE, _R.START_FUNCTION, _R.SWEEP_FUNCTION), _SERVICE),
    _R.PORTAL_SIGN_IN: _SIGN_IN,
}


class Access(Component):
    """The bindings of every grant whose resource is among `places`, by name; who needs them waits for `bindings`."""

    def __init__(
        self,
        name: str,
        config: Config,
        roles: "Roles",
        principals: Mapping[str, Sequence[pulumi.Input[str]]],
        places: Mapping[Resource, pulumi.Input[str]],
    ) -> None:
        super().__init__(name)
        self._config, self._roles, self._places = config, roles, places
        self.bindings = [
            self._bind(grant, member, number)
            for grant in GRANTS
            if grant.resource in places
            for number, member in enumerate(principals[grant.principal])
        ]
        self.register_outputs({})

    def _bind(self, grant: Grant, member: pulumi.Input[str], number: int) -> pulumi.CustomResource:
        binding = BINDINGS[grant.resource]
        where: dict[str, Any] = {binding.argument: self._places[grant.resource]}
        if binding.regional:
            where["location"] = self._config.region
        title = grant.role.rpartition("/")[2].replace(".", "-")
        name = f"{grant.principal}-{title}-{grant.resource}" + (f"-{number}" if number else "")
        return binding.kind(name, **where, role=self._roles.name(grant.role), member=member, opts=self.child())


class Roles(Component):
    """The roles of CUSTOM_ROLES; their ids carry the stack, since a project may hold several."""

    def __init__(self, name: str, config: Config, after: Sequence[pulumi.Resource]) -> None:
        super().__init__(name, after=after)
        self._custom = {
            key: gcp.projects.IAMCustomRole(
                f"role-{key}",
                role_id=f"sd_{config.stack.replace('-', '_')}_{key}",
                title=f"sd-for-designers {config.stack}: {key}",
                permissions=list(permissions),
                opts=self.child(),
            )
            for key, permissions in CUSTOM_ROLES.items()
        }
        self.register_outputs({})

    def name(self, role: str) -> pulumi.Input[str]:
        return self._custom[role].name if role in self._custom else role
