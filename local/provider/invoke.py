"""The data sources that programs ask for before they make anything."""

from collections.abc import Callable, Mapping
from typing import Any

from local.provider.errors import UnknownType
from local.provider.names import filled
from local.provider.types import Settings
from local.provider.wire import UNKNOWN, Secret

Answer = dict[str, Any]


def answer(token: str, args: Mapping[str, Any], settings: Settings) -> Answer:
    if token not in _SOURCES:
        raise UnknownType(f"data source {token} is not in the catalog of the local cloud; known are {', '.join(sorted(_SOURCES))}")
    return _SOURCES[token](args, settings)


def _storage_agent(args: Mapping[str, Any], settings: Settings) -> Answer:
    values = _values(args, settings)
    return {
        "id": filled("service-{number}@gs-project-accounts.iam.gserviceaccount.com", values),
        "emailAddress": filled("service-{number}@gs-project-accounts.iam.gserviceaccount.com", values),
        "member": filled("serviceAccount:service-{number}@gs-project-accounts.iam.gserviceaccount.com", values),
        "project": values["project"] or UNKNOWN,
    }


def _project(args: Mapping[str, Any], settings: Settings) -> Answer:
    values = _values({"project": args.get("projectId")}, settings)
    return {
        "id": filled("projects/{project}", values),
        "projectId": values["project"] or UNKNOWN,
        "name": values["project"] or UNKNOWN,
        "number": filled("{number}", values),
        "labels": {},
        "effectiveLabels": {},
        "pulumiLabels": {},
        "autoCreateNetwork": False,
        "billingAccount": "",
        "folderId": "",
        "orgId": "",
        "deletionPolicy": "PREVENT",
        "tags": {},
    }


def _client(args: Mapping[str, Any], settings: Settings) -> Answer:
    """The access token is the deployer's; the local cloud has no deployer account and gives none."""
    region = settings.region or ""
    return {
        "id": filled('projects/"{project}"/regions/"{region}"/zones/""', {"project": settings.project, "region": region}),
        "project": settings.project or UNKNOWN,
        "region": region,
        "zone": "",
        "accessToken": Secret(""),
        "defaultLabels": dict(settings.labels),
    }


def _values(args: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The number of this project only: another project's is not known here."""
    wanted = args.get("project") or settings.project
    return {"project": wanted, "number": settings.number if wanted == settings.project else None}


_SOURCES: Mapping[str, Callable[[Mapping[str, Any], Settings], Answer]] = {
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": _storage_agent,
    "gcp:organizations/getProject:getProject": _project,
    "gcp:organizations/getClientConfig:getClientConfig": _client,
}
