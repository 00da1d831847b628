"""Optional rules on the whole project: which images may run, and what is logged about who read what. One stack per project may set them."""

import pulumi
import pulumi_gcp as gcp

from infra.component import Component
from infra.config import Config
from infra.foundation import Foundation

_AUDITED = ("storage.googleapis.com", "datastore.googleapis.com", "aiplatform.googleapis.com")
_LOGS = ("ADMIN_READ", "DATA_READ", "DATA_WRITE")


class Guards(Component):
    def __init__(self, name: str, config: Config, foundation: Foundation) -> None:
        super().__init__(name, after=foundation.apis)
        if config.binary_authorization:
            self._only_our_images(config, foundation.registry)
        if config.audit_data_access:
            self._log_data_access(config)
        self.register_outputs({})

    def _only_our_images(self, config: Config, registry: pulumi.Input[str]) -> None:
        gcp.binaryauthorization.Policy(
            "only-our-images",
            project=config.project,
            description="Nothing runs but what was pushed to this stack's registry",
            admission_whitelist_patterns=[{"name_pattern": pulumi.Output.concat(registry, "/*")}],
            default_admission_rule={"evaluation_mode": "ALWAYS_DENY", "enforcement_mode": "ENFORCED_BLOCK_AND_AUDIT_LOG"},
            global_policy_evaluation_mode="ENABLE",
            opts=self.child(),
        )

    def _log_data_access(self, config: Config) -> None:
        for service in _AUDITED:
            gcp.projects.IAMAuditConfig(
                f"audit-{service.partition('.')[0]}",
                project=config.project,
                service=service,
                audit_log_configs=[{"log_type": kind} for kind in _LOGS],
                opts=self.child(),
            )
