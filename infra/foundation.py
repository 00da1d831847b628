"""What everything else stands on: APIs, one account per workload, the agents of Google's services, the image registry."""

from enum import StrEnum

import pulumi
import pulumi_gcp as gcp

from infra.component import Component
from infra.config import Config

APIS = (
    "aiplatform",
    "artifactregistry",
    "cloudbuild",
    "cloudfunctions",
    "cloudscheduler",
    "firestore",
    "iam",
    "iap",
    "logging",
    "pubsub",
    "run",
    "storage",
)


class Workload(StrEnum):
    """Who acts; each has an account of its own and nothing runs as a default account."""

    PORTAL = "portal"
    UPLOAD = "upload"
    PUSH = "push"
    SCHEDULER = "scheduler"
    START = "start"
    SWEEP = "sweep"
    PIPELINE = "pipeline"
    TRAINER = "trainer"
    SERVING = "serving"
    BUILD = "build"


class Foundation(Component):
    def __init__(self, name: str, config: Config) -> None:
        super().__init__(name)
        self.apis = [self._api(api) for api in APIS]
        self._after = self.apis
        self.accounts = {workload: self._account(workload, config.stack) for workload in Workload}
        self.pubsub_agent = gcp.projects.ServiceIdentity("pubsub-agent", service="pubsub.googleapis.com", opts=self.child())
        self.iap_agent = gcp.projects.ServiceIdentity("iap-agent", service="iap.googleapis.com", opts=self.child())
        self.repository = gcp.artifactregistry.Repository(
            "images",
            repository_id=f"sd-{config.stack}",
            format="DOCKER",
            location=config.region,
            description="The containers of sd-for-designers",
            cleanup_policies=[
                {"id": "keep-recent", "action": "KEEP", "most_recent_versions": {"keep_count": 10}},
                {"id": "drop-untagged", "action": "DELETE", "condition": {"tag_state": "UNTAGGED", "older_than": "2592000s"}},
            ],
            opts=self.child(),
        )
        self.registry = pulumi.Output.format("{0}-docker.pkg.dev/{1}/{2}", config.region, config.project, self.repository.repository_id)
        self.register_outputs({"registry": self.registry})

    def email(self, workload: Workload) -> pulumi.Output[str]:
        email: pulumi.Output[str] = self.accounts[workload].email
        return email

    def _api(self, api: str) -> gcp.projects.Service:
        return gcp.projects.Service(api, service=f"{api}.googleapis.com", disable_on_destroy=False, opts=self.child())

    def _account(self, workload: Workload, stack: str) -> gcp.serviceaccount.Account:
        return gcp.serviceaccount.Account(
            workload, account_id=f"sd-{stack}-{workload}", display_name=f"sd-for-designers {stack}: {workload}", opts=self.child()
        )
