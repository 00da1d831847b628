"""What a call asks for, and who answers whether its caller has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from local.layout import Project


@dataclass(frozen=True, slots=True)
class Resource:
    """`name`, `type` and `service` are what conditions see. Bindings on any of `within` count, which ends with the project."""

    name: str
    type: str
    service: str
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    permission: str
    resource: Resource


class Guard(Protocol):
    """`principal` is an e-mail address, "" whoever has shown none, None a program of this machine that did not come by the gateway."""

    def allows(self, principal: str | None, need: Need) -> bool:
        """Asks without a trace: for what merely depends on a permission."""

    def refused(self, principal: str | None, needs: Iterable[Need]) -> Need | None:
        """The first that is lacking, written down as a refusal."""


class Everybody:
    """The guard of a server that stands alone, without a local cloud around it."""

    def allows(self, principal: str | None, need: Need) -> bool:
        return True

    def refused(self, principal: str | None, needs: Iterable[Need]) -> Need | None:
        return None


EVERYBODY = Everybody()


def project(project: Project) -> Resource:
    name = f"projects/{project.id}"
    return Resource(name, "cloudresourcemanager.googleapis.com/Project", "cloudresourcemanager.googleapis.com", (name,))


def account(project: Project, email: str) -> Resource:
    name = f"projects/{project.id}/serviceAccounts/{email}"
    return Resource(name, "iam.googleapis.com/ServiceAccount", "iam.googleapis.com", (name, f"projects/{project.id}"))


def registry(project: Project, name: str) -> Resource:
    """`name` is the whole name of the repository."""
    return Resource(name, "artifactregistry.googleapis.com/Repository", "artifactregistry.googleapis.com", (name, f"projects/{project.id}"))


def service(project: Project, name: str) -> Resource:
    path = f"projects/{project.id}/locations/{project.region}/services/{name}"
    return Resource(path, "run.googleapis.com/Service", "run.googleapis.com", (path, f"projects/{project.id}"))


def invocation(project: Project, name: str) -> Need:
    return Need("run.routes.invoke", service(project, name))


def sign_in(project: Project, name: str) -> Need:
    """Passing Identity-Aware Proxy in front of a service."""
    path = f"projects/{project.id}/iap_web/cloud_run-{project.region}/services/{name}"
    resource = Resource(path, "iap.googleapis.com/WebServiceVersion", "iap.googleapis.com", (path, f"projects/{project.id}"))
    return Need("iap.webServiceVersions.accessViaIAP", resource)


def publishing(project: Project, topic: str) -> Need:
    return Need("pubsub.topics.publish", _of_pubsub(project, "topics", topic))


def consuming(project: Project, subscription: str) -> Need:
    return Need("pubsub.subscriptions.consume", _of_pubsub(project, "subscriptions", subscription))


def _of_pubsub(project: Project, kind: str, name: str) -> Resource:
    path = f"projects/{project.id}/{kind}/{name}"
    return Resource(path, f"pubsub.googleapis.com/{kind[:-1].title()}", "pubsub.googleapis.com", (path, f"projects/{project.id}"))


def logging(project_: Project) -> Need:
    return Need("logging.logEntries.create", project(project_))


def acting_as(project: Project, email: str) -> Need:
    return Need("iam.serviceAccounts.actAs", account(project, email))
