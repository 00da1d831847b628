"""Whom a binding's member stands for, and what Google's own agents may do without one."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.layout import Project

# The laptop's own user among Google's clients. No program can make this account, and it may do everything, as a project's owner.
OWNER = "owner@local-cloud.gserviceaccount.com"

ANYBODY = "allUsers"
ANYBODY_KNOWN = "allAuthenticatedUsers"
_PROGRAMS = ".gserviceaccount.com"

# Google binds these roles itself when an API is switched on. The agents that are missing here may do what the stack grants them.
_AUTOMATIC = {
    "service-{number}@gcp-sa-aiplatform.iam.gserviceaccount.com": "roles/aiplatform.serviceAgent",
    "service-{number}@gcp-sa-aiplatform-cc.iam.gserviceaccount.com": "roles/aiplatform.customCodeServiceAgent",
}


def pubsub_agent(project: Project) -> str:
    return f"service-{project.number}@gcp-sa-pubsub.iam.gserviceaccount.com"


def iap_agent(project: Project) -> str:
    return f"service-{project.number}@gcp-sa-iap.iam.gserviceaccount.com"


def automatic(project: Project) -> Mapping[str, str]:
    """Agent -> the role that it has on the project."""
    return {agent.format(number=project.number): role for agent, role in _AUTOMATIC.items()}


class Groups:
    """Nobody here knows an organisation's groups: a file says who is in which, `{"group@example.com": ["ada@example.com"]}`.

    A group that the file does not name is empty.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, email: str) -> Sequence[str]:
        return [group for group, members in self._read().items() if email in members]

    def _read(self) -> Mapping[str, Sequence[str]]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}


def members(email: str, groups: Groups) -> frozenset[str]:
    """Every way in which a binding can name this principal."""
    if not email:
        return frozenset({ANYBODY})
    email = email.lower()
    joined = {f"group:{group}" for group in groups.of(email)}
    if email.endswith(_PROGRAMS):
        return frozenset({f"serviceAccount:{email}", ANYBODY, ANYBODY_KNOWN, *joined})
    return frozenset({f"user:{email}", f"domain:{email.rpartition('@')[2]}", ANYBODY, ANYBODY_KNOWN, *joined})
