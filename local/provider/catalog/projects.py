"""The project: its APIs, its service agents, its roles and bindings. All records."""

from collections.abc import Iterable
from typing import Any

from local.provider import refusals
from local.provider.catalog.members import ROLES, member
from local.provider.names import Autoname, filled, token
from local.provider.records import State
from local.provider.schema import FILLED, FIXED, FREE, REQUIRED, block_set, deletion_policy, flag, text, text_set
from local.provider.types import Reference, Type

ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole"

# Whose agents are not called gcp-sa-<service>.
_AGENTS = {
    "run": "serverless-robot-prod",
    "cloudfunctions": "gcf-admin-robot",
    "compute": "compute-system",
    "storage": "gs-project-accounts",
    "monitoring": "gcp-sa-monitoring-notification",
}


def _agent(state: State) -> Any:
    service = state.get("service")
    if not isinstance(service, str):
        return service
    name = service.partition(".")[0]
    return filled(f"service-{{number}}@{_AGENTS.get(name, f'gcp-sa-{name}')}.iam.gserviceaccount.com", state)


def _nothing(_: State) -> Iterable[Reference]:
    return ()


TYPES = (
    Type(
        "gcp:projects/service:Service",
        id="{project}/{service}",
        properties={
            "checkIfServiceHasUsageOnDestroy": flag(),
            "deletionPolicy": deletion_policy(),
            "disableDependentServices": flag(),
            "disableOnDestroy": flag(),
            "project": text(FIXED | FILLED),
            "service": text(REQUIRED | FIXED, refuses=refusals.api),
        },
        adopts=True,
    ),
    Type(
        "gcp:projects/serviceIdentity:ServiceIdentity",
        id="projects/{project}/services/{service}",
        properties={"project": text(FIXED | FILLED), "service": text(REQUIRED | FIXED, refuses=refusals.api)},
        outputs={"email": _agent, "member": "serviceAccount:{email}"},
        adopts=True,
    ),
    Type(
        ROLE,
        id="{name}",
        properties={
            "deletionPolicy": deletion_policy(),
            "description": text(length=(0, 256)),
            "permissions": text_set(REQUIRED, items=(1, 3000), refuses=refusals.permission),
            "project": text(FIXED | FILLED),
            "roleId": text(FIXED, refuses=refusals.role_id),
            "stage": text(FREE, "ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP", default="GA"),
            "title": text(REQUIRED, length=(1, 100)),
        },
        autoname=Autoname("roleId"),
        outputs={"name": "projects/{project}/roles/{roleId}"},
        made={"deleted": bool},
        room=ROLES,
    ),
    Type(
        "gcp:projects/iAMAuditConfig:IAMAuditConfig",
        id="{project}/audit_config/{service}",
        properties={
            "auditLogConfigs": block_set(
                {
                    "exemptedMembers": text_set(refuses=refusals.member),
                    "logType": text(REQUIRED, "ADMIN_READ", "DATA_READ", "DATA_WRITE"),
                },
                REQUIRED,
                items=(1, 3),
            ),
            "project": text(REQUIRED | FIXED),
            "service": text(REQUIRED, refuses=refusals.audited),
        },
        made={"etag": token},
        adopts=True,
    ),
    member("gcp:projects/iAMMember:IAMMember", "project", "{project}", _nothing, fields={}),
)
