"""GitHub's word instead of keys: which workflow runs of the repository may become which account."""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from bootstrap.config import Config

ISSUER = "https://token.actions.githubusercontent.com"
# of a job outside every environment, and no environment's name
_NOWHERE = "-"
# What of GitHub's token the accounts are bound to. A job without an environment has no such claim, and a mapping that reads it fails.
MAPPING = {
    "google.subject": "assertion.sub",
    "attribute.event": "assertion.event_name",
    "attribute.deployment": f"(has(assertion.environment) ? assertion.environment : '{_NOWHERE}') + ':' + assertion.ref",
}


def condition(config: Config) -> str:
    """By number: a name is free for somebody else once its owner gives it up."""
    return f"assertion.repository_id == '{config.repository_id}' && assertion.repository_owner_id == '{config.owner_id}'"


@dataclass(frozen=True)
class Federation:
    provider: gcp.iam.WorkloadIdentityPoolProvider
    _members: pulumi.Output[str]

    def deployments(self, environment: str, branch: str) -> pulumi.Output[str]:
        """Jobs in the GitHub environment, whose own rules say who approves, and only from the branch."""
        return self._having("deployment", f"{environment}:refs/heads/{branch}")

    def pull_requests(self) -> pulumi.Output[str]:
        """Not those of forks: GitHub gives their runs no token. Not `pull_request_target` either, which is another event."""
        return self._having("event", "pull_request")

    def schedules(self) -> pulumi.Output[str]:
        """GitHub runs them on the default branch and nowhere else."""
        return self._having("event", "schedule")

    def _having(self, attribute: str, value: str) -> pulumi.Output[str]:
        return pulumi.Output.concat(self._members, f"/attribute.{attribute}/{value}")


def federate(config: Config, apis: list[gcp.projects.Service]) -> Federation:
    pool = gcp.iam.WorkloadIdentityPool(
        "github",
        workload_identity_pool_id=f"sd-{config.stack}-github",
        display_name=f"sd-{config.stack} GitHub",
        description="Workflow runs of the repository that deploys sd-for-designers",
        opts=pulumi.ResourceOptions(depends_on=apis),
    )
    provider = gcp.iam.WorkloadIdentityPoolProvider(
        "github",
        workload_identity_pool_id=pool.workload_identity_pool_id,
        workload_identity_pool_provider_id="actions",
        display_name="GitHub Actions",
        attribute_mapping=MAPPING,
        attribute_condition=condition(config),
        oidc={"issuer_uri": ISSUER},
    )
    root = f"principalSet://iam.googleapis.com/projects/{config.project_number}/locations/global/workloadIdentityPools/"
    return Federation(provider, pulumi.Output.concat(root, pool.workload_identity_pool_id))
