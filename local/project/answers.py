"""Google's answers about one project, in Google's JSON. Each method answers one call; what it cannot answer is an Error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from local.iam import needs
from local.iam.needs import Guard
from local.layout import Project
from local.project.settings import Settings

Json = dict[str, Any]
# on in every project from its first minute
_ALWAYS = frozenset(
    f"{name}.googleapis.com" for name in ("cloudbilling", "cloudquotas", "cloudresourcemanager", "orgpolicy", "serviceusage")
)
_MOST_SERVICES, _MOST_PERMISSIONS = 30, 100
_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_STATUS = {
    HTTPStatus.BAD_REQUEST: "INVALID_ARGUMENT",
    HTTPStatus.FORBIDDEN: "PERMISSION_DENIED",
    HTTPStatus.NOT_IMPLEMENTED: "UNIMPLEMENTED",
}


class Refused(Exception):
    def __init__(self, status: HTTPStatus, message: str, reason: str = "", **metadata: str) -> None:
        super().__init__(message)
        self.status = status
        details = [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com", "metadata": metadata}
        ]
        error: Json = {"code": int(status), "message": message, "status": _STATUS[status]}
        self.body = {"error": error | ({"details": details} if reason else {})}


@dataclass(frozen=True)
class Answers:
    """`made` are the APIs that somebody has switched on."""

    project: Project
    settings: Settings
    made: frozenset[str]
    guard: Guard

    def require(self, host: str) -> None:
        if not self._is_on(host):
            project = f"projects/{self._number}"
            raise Refused(
                HTTPStatus.FORBIDDEN,
                f"{host} has not been used in project {self._number} before or it is disabled.",
                "SERVICE_DISABLED",
                service=host,
                consumer=project,
            )

    def admit(self, principal: str | None, permission: str) -> None:
        need = needs.Need(permission, needs.project(self.project))
        if permission and (self.settings.lacks(principal or "", permission) or self.guard.refused(principal, [need])):
            message = f"Permission '{permission}' denied on resource '{need.resource.name}' (or it may not exist)."
            raise Refused(HTTPStatus.FORBIDDEN, message, "IAM_PERMISSION_DENIED", permission=permission, resource=need.resource.name)

    def services(self, names: Sequence[str]) -> Json:
        if len(names) > _MOST_SERVICES:
            raise Refused(HTTPStatus.BAD_REQUEST, f"A single batch request can get at most {_MOST_SERVICES} services.")
        return {"services": [self._service(name) for name in names]}

    def billing(self, name: str) -> Json:
        self._known(name)
        settings = self.settings
        return {
            "name": f"projects/{name}/billingInfo",
            "projectId": self.project.id,
            "billingAccountName": f"billingAccounts/{settings.billing_account}" if settings.billing_account else "",
            "billingEnabled": settings.billing_enabled,
        }

    def v3_project(self, name: str) -> Json:
        self._known(name)
        return {"name": f"projects/{self._number}", "projectId": self.project.id, "state": "ACTIVE", "displayName": self.project.id}

    def v1_project(self, name: str) -> Json:
        self._known(name)
        found = self.project
        return {"projectNumber": self._number, "projectId": found.id, "lifecycleState": "ACTIVE", "name": found.id}

    def permissions(self, principal: str | None, wanted: Sequence[str]) -> Json:
        if len(wanted) > _MOST_PERMISSIONS:
            raise Refused(HTTPStatus.BAD_REQUEST, f"At most {_MOST_PERMISSIONS} permissions can be tested at once.")
        for permission in wanted:
            if permission in self.settings.unknown_permissions:
                raise Refused(HTTPStatus.BAD_REQUEST, f"Permission {permission} is not valid for this resource.")
        held = [name for name in wanted if self._holds(principal, name)]
        return {"permissions": held} if held else {}

    def _holds(self, principal: str | None, permission: str) -> bool:
        if self.settings.lacks(principal or "", permission):
            return False
        return self.guard.allows(principal, needs.Need(permission, needs.project(self.project)))

    def organizations(self) -> Json:
        return {"organizations": [dict(found) for found in self.settings.organizations]}

    def policy(self, name: str, constraint: str) -> Json:
        self._known(name)
        rules = self.settings.policies.get(constraint, [])
        return {"name": f"projects/{self._number}/policies/{constraint}", "spec": {"rules": rules} if rules else {}}

    def quota(self, name: str, service: str, quota_id: str) -> Json:
        self._known(name)
        regions = self.settings.offered.get(quota_id, (self.project.region,))
        return {
            "name": f"projects/{self._number}/locations/global/services/{service}/quotaInfos/{quota_id}",
            "quotaId": quota_id,
            "service": service,
            "dimensions": ["region"],
            "dimensionsInfos": [self._bucket(quota_id, region) for region in regions],
        }

    def _bucket(self, quota_id: str, region: str) -> Json:
        value = self.settings.quota(quota_id, region)
        # Google leaves a zero out
        return {"dimensions": {"region": region}, "details": {"value": str(value)} if value else {}, "applicableLocations": [region]}

    def _service(self, name: str) -> Json:
        api = name.rpartition("/")[2]
        parent = f"projects/{self._number}"
        return {"name": f"{parent}/services/{api}", "parent": parent, "state": "ENABLED" if self._is_on(api) else "DISABLED"}

    def _is_on(self, api: str) -> bool:
        return self.settings.apis.get(api, api in self.made | _ALWAYS)

    def _known(self, name: str) -> None:
        if name not in (self.project.id, self._number):
            raise Refused(HTTPStatus.FORBIDDEN, f"The caller does not have permission, or the project {name} does not exist.")

    @property
    def _number(self) -> str:
        return self.settings.number or self.project.number


def made_apis(records: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Those that a program has switched on, from the provider's records."""
    return frozenset(str(state["service"]) for state in records.get("gcp:projects/service:Service", {}).values())
