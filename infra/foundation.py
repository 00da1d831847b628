"""What everything else stands on: APIs, one account per workload, the agents of Google's services, the image registry."""

import pulumi
import pulumi_gcp as gcp
import pulumiverse_time as time

from infra.access import Agent, Workload
from infra.component import Component, labels
from infra.config import Config
from infra.encryption import Encryption

_APIS = (
    "aiplatform",
    "artifactregistry",
    "cloudbuild",
    "cloudfunctions",
    "cloudresourcemanager",
    "cloudscheduler",
    "firestore",
    "iam",
    "iamcredentials",
    "iap",
    "logging",
    "monitoring",
    "pubsub",
    "run",
    "serviceusage",
    "storage",
)
# The service whose agent each is. Agents come into being lazily, and a binding to one that is not there fails: these make them.
_AGENTS = {
    Agent.PUBSUB: "pubsub",
    Agent.IAP: "iap",
    Agent.MONITORING: "monitoring",
}
_ENCRYPTING_AGENTS = {
    Agent.FIRESTORE: "firestore",
    Agent.REGISTRY: "artifactregistry",
    Agent.RUN: "run",
    Agent.FUNCTIONS: "cloudfunctions",
    Agent.VERTEX: "aiplatform",
}
# https://cloud.google.com/billing/docs/how-to/budgets-programmatic-notifications
_BUDGETS = "serviceAccount:billing-budget-alert@system.gserviceaccount.com"


def apis(config: Config) -> tuple[str, ...]:
    """In alphabetical order; what a switch needs is switched on with it."""
    more = {
        "billingbudgets": bool(config.billing_account),
        "binaryauthorization": config.binary_authorization,
        "cloudkms": config.cmek,
        "compute": config.private_egress,
        "dns": config.private_egress,
    }
    return tuple(sorted([*_APIS, *(api for api, needed in more.items() if needed)]))


class Foundation(Component):
    """`apis` is what to wait for: the APIs that are on, and the time that Google takes to mean it. `agents` are IAM members; `key`
    is what encrypts, known once it may be used, or None."""

    def __init__(self, name: str, config: Config) -> None:
        super().__init__(name)
        self._config = config
        enabled = [self._api(api) for api in apis(config)]
        self._after = [time.Sleep("apis-settled", create_duration=config.api_wait, opts=self.child(depends_on=enabled))]
        self.apis = self._after
        self.accounts = {workload: self._account(workload) for workload in Workload}
        self.agents = self._agents()
        self.key = Encryption("encryption", config, self.agents, after=self.apis).key if config.cmek else None
        self.repository = self._registry()
        self.registry = pulumi.Output.format("{0}-docker.pkg.dev/{1}/{2}", config.region, config.project, self.repository.repository_id)
        self.register_outputs({"registry": self.registry})

    def email(self, workload: Workload) -> pulumi.Output[str]:
        email: pulumi.Output[str] = self.accounts[workload].email
        return email

    def _agents(self) -> dict[Agent, pulumi.Input[str]]:
        """As IAM members. Storage's own is asked for only where it must encrypt: asking makes it."""
        in_play = {**_AGENTS, **(_ENCRYPTING_AGENTS if self._config.cmek else {})}
        members: dict[Agent, pulumi.Input[str]] = {agent: self._agent(agent, api).member for agent, api in in_play.items()}
        if self._config.cmek:
            after = pulumi.InvokeOutputOptions(depends_on=self._after)
            members[Agent.STORAGE] = gcp.storage.get_project_service_account_output(opts=after).member
        return {**members, Agent.BUDGETS: _BUDGETS}

    def _api(self, api: str) -> gcp.projects.Service:
        return gcp.projects.Service(api, service=f"{api}.googleapis.com", disable_on_destroy=False, opts=self.child())

    def _agent(self, agent: Agent, api: str) -> gcp.projects.ServiceIdentity:
        return gcp.projects.ServiceIdentity(agent, service=f"{api}.googleapis.com", opts=self.child())

    def _account(self, workload: Workload) -> gcp.serviceaccount.Account:
        stack = self._config.stack
        return gcp.serviceaccount.Account(
            workload, account_id=f"sd-{stack}-{workload}", display_name=f"sd-for-designers {stack}: {workload}", opts=self.child()
        )

    def _registry(self) -> gcp.artifactregistry.Repository:
        return gcp.artifactregistry.Repository(
            "images",
            repository_id=f"sd-{self._config.stack}",
            format="DOCKER",
            location=self._config.region,
            description="The containers of sd-for-designers",
            labels=labels(self._config),
            kms_key_name=self.key,
            cleanup_policies=[
                {"id": "keep-recent", "action": "KEEP", "most_recent_versions": {"keep_count": 10}},
                {"id": "drop-untagged", "action": "DELETE", "condition": {"tag_state": "UNTAGGED", "older_than": "2592000s"}},
            ],
            opts=self.child(),
        )
