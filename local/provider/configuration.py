"""The settings of the provider `gcp` (and `docker`, which has none that matters here)."""

import json
from collections.abc import Mapping
from typing import Any

from local.interfaces import Cloud
from local.provider.regions import Service, location
from local.provider.validation import Failure
from local.provider.wire import Unknown, revealed


def problems(config: Mapping[str, Any], cloud: Cloud | None) -> list[Failure]:
    """A stack of another project must never be deployed here by mistake."""
    project, region = revealed(config.get("project")), revealed(config.get("region"))
    found = []
    if cloud and isinstance(project, str) and project != cloud.project.id:
        found.append(Failure("project", f"the local cloud is project '{cloud.project.id}' alone: the stack's gcp:project is '{project}'"))
    if isinstance(region, str) and (reason := location(Service.COMPUTE)(region)):
        found.append(Failure("region", f"the stack's gcp:region {reason}"))
    return found


def configured(args: Mapping[str, Any], variables: Mapping[str, str], cloud: Cloud | None) -> dict[str, Any]:
    """The fields of `Settings` that a configuration decides."""
    old_style = {name.rpartition(":")[2]: value for name, value in variables.items() if name.startswith("gcp:")}
    given = {name: value for name, value in {**old_style, **revealed(dict(args))}.items() if not isinstance(value, Unknown)}
    project, region = given.get("project"), given.get("region")
    return {
        "project": cloud.project.id if cloud else project,
        "number": cloud.project.number if cloud else None,
        "region": region or (cloud.project.region if cloud else None),
        "labels": _labels(given.get("defaultLabels")),
    }


def _labels(value: Any) -> dict[str, str]:
    """The SDK sends a map in a provider's configuration as JSON text."""
    labels = json.loads(value) if isinstance(value, str) and value else value
    return dict(labels or {})
