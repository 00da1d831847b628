"""What a server of Google's that cannot ask IAM itself is asked with, so that the gateway asks in its place."""

from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import unquote

from local.iam.needs import Need
from local.layout import Project


class Unreadable(Exception):
    """A request that does not say what it is about."""


class UnknownMethod(Exception):
    """A method whose permissions nobody has written down: denied, since what it may do is not known."""


class Api(Protocol):
    """Both raise Unreadable, UnknownMethod."""

    def called(self, method: str, message: bytes) -> Sequence[Need]:
        """For a gRPC call by its first message; no header counts, for the client may write there what it likes."""

    def requested(self, verb: str, path: str, query: Any, body: bytes) -> Sequence[Need]:
        """For a REST request."""

    def words(self, need: Need) -> str:
        """What the service says to whoever lacks it."""


class AsksItself:
    """Of a server of ours behind the gateway: it is told who calls, and asks for what it finds in the request."""

    def called(self, method: str, message: bytes) -> Sequence[Need]:
        return ()

    def requested(self, verb: str, path: str, query: Any, body: bytes) -> Sequence[Need]:
        return ()

    def words(self, need: Need) -> str:
        return denied(need)


ASKS_ITSELF = AsksItself()


def denied(need: Need) -> str:
    """As most of Google's APIs say it."""
    resource = need.resource
    return f"Permission '{need.permission}' denied on resource '//{resource.service}/{resource.name}' (or it may not exist)."


def plain(path: str) -> str:
    """Decoded. Whoever climbs with dots means another resource than the one that is read here. Raises Unreadable."""
    decoded = unquote(path)
    if {".", ".."} & set(decoded.split("/")):
        raise Unreadable(f"{path} climbs")
    return decoded


def by_id(project: Project, name: str) -> str:
    """Callers may write the project's number; bindings and conditions are held against its id."""
    numbered = f"projects/{project.number}/"
    return f"projects/{project.id}/{name.removeprefix(numbered)}" if name.startswith(numbered) else name
