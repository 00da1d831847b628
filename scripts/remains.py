"""What is left of a stack after its destroy: by label, by name, and what Google keeps or leaves behind by itself."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import google.auth
import requests
from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from google.cloud import storage

from jobs import names
from scripts.command_line import as_operator, say, stack_parser
from scripts.target import Target
from scripts.vertex_objects import KINDS, TIMEOUT_S, Vertex, is_named_like_ours, labelled

_GOOGLES_REPOSITORIES = ("gcf-artifacts", "cloud-run-source-deploy")


@dataclass(frozen=True)
class Look:
    """`must_be_empty`: what it finds should have gone. `served_here`: the local cloud has such a thing, too."""

    title: str
    lines: Callable[[Target], Iterator[str]]
    must_be_empty: bool = False
    served_here: bool = False


def _by_label(target: Target) -> Iterator[str]:
    clients = Vertex.of(target.parent, target.region, patience_s=0)
    for kind in KINDS:
        for found in kind.found(clients, labelled(target.name)):
            yield f"{kind.noun} {found.id}: python -m scripts.retire --stack {target.name}"


def _by_name(target: Target) -> Iterator[str]:
    return unlabelled(Vertex.of(target.parent, target.region, patience_s=0), target)


def unlabelled(clients: Vertex, target: Target) -> Iterator[str]:
    """Named as our jobs name things, but without our label: whose it is only its maker knows, and no sweep will ever find it."""
    for kind in KINDS:
        for found in kind.found(clients):
            if is_named_like_ours(found) and "app" not in found.labels:
                by_hand = kind.by_hand.format(id=found.id, name=found.name, region=target.region, project=target.project)
                yield f"{kind.noun} {found.id} has no label: {by_hand}"


def _buckets(target: Target) -> Iterator[str]:
    for bucket in _labelled_buckets(target):
        yield f"gs://{bucket.name}: gcloud storage rm --recursive gs://{bucket.name}"


def _soft_deleted_buckets(target: Target) -> Iterator[str]:
    for bucket in _labelled_buckets(target, soft_deleted=True):
        yield f"gs://{bucket.name}: kept, restorable and billed as before until {bucket.hard_delete_time:%Y-%m-%d %H:%M} UTC"


def _labelled_buckets(target: Target, **which: bool) -> Iterator[Any]:
    """A name tells less than the label: `sd-dev-` begins the names of stack dev-2, too."""
    for bucket in storage.Client(project=target.project).list_buckets(prefix=f"{target.project}-sd-", timeout=TIMEOUT_S, **which):
        if bucket.labels.get("stack") == target.name:
            yield bucket


def _functions_buckets(target: Target) -> Iterator[str]:
    for bucket in storage.Client(project=target.project).list_buckets(prefix="gcf-v2-", timeout=TIMEOUT_S):
        yield f"gs://{bucket.name}, of all functions of the project: without any, gcloud storage rm --recursive gs://{bucket.name}"


def _repositories(target: Target) -> Iterator[str]:
    for found in _pages(f"https://artifactregistry.googleapis.com/v1/{target.parent}/repositories", "repositories"):
        name = str(found["name"]).rpartition("/")[2]
        if name in _GOOGLES_REPOSITORIES:
            size = int(found.get("sizeBytes", 0)) / 1024**3
            where = f"--location {target.region} --project {target.project}"
            by_hand = f"gcloud artifacts repositories delete {name} {where}"
            yield f"{name}, {size:.1f} GiB, of all functions of the project: without any, {by_hand}"


def _backups(target: Target) -> Iterator[str]:
    for found in _pages(f"https://firestore.googleapis.com/v1/{target.parent}/backups", "backups"):
        if str(found.get("database", "")).rpartition("/")[2] == target.database:
            yield f"{found['name']}: kept and billed until {found.get('expireTime')}; gcloud firestore backups delete {found['name']}"


def _pages(url: str, field: str) -> Iterator[dict[str, Any]]:
    credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    with AuthorizedSession(credentials) as session:
        token = ""
        while True:
            answer = session.get(url, params={"pageToken": token}, timeout=TIMEOUT_S)
            answer.raise_for_status()
            yield from answer.json().get(field, [])
            token = answer.json().get("nextPageToken", "")
            if not token:
                return


LOOKS = (
    Look("made by jobs, by label", _by_label, must_be_empty=True, served_here=True),
    Look(f"made by jobs, by name ({names.endpoint('')}…)", _by_name, served_here=True),
    Look("buckets of the stack", _buckets, must_be_empty=True, served_here=True),
    Look("buckets of Google's function builds", _functions_buckets, served_here=True),
    Look("soft-deleted buckets", _soft_deleted_buckets),
    Look("image repositories of Google's function builds", _repositories),
    Look("backups of the database", _backups),
)


def look_around(target: Target, say: Callable[[str], None]) -> bool:
    """Whether all that should have gone has gone; what could not be looked at counts as there."""
    clean = True
    for look in LOOKS:
        if target.is_local and not look.served_here:
            continue
        lines, failed = _seen(look, target)
        for line in lines:
            say(f"  {look.title}: {line}")
        clean = clean and not (look.must_be_empty and (lines or failed))
    return clean


def _seen(look: Look, target: Target) -> tuple[list[str], bool]:
    try:
        return list(look.lines(target)), False
    except (GoogleAPIError, GoogleAuthError, requests.RequestException) as error:
        return [f"could not be looked at: {error}"], True


def main() -> int:
    return as_operator(stack_parser(__doc__).parse_args(), _report)


def _report(target: Target) -> int:
    clean = look_around(target, say)
    if clean:
        say("  nothing of the stack is left")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
