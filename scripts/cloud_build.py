"""Build an image with Cloud Build, off this machine, and print it as REPOSITORY@sha256:... on standard output.

It sends what `docker build` would see, under its content's hash, so that the same sources are sent once. What happens meanwhile goes to
standard error.
"""

import argparse
import gzip
import hashlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import google.auth
from google.api_core.exceptions import GoogleAPICallError, PreconditionFailed
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from google.cloud import storage
from google.cloud.devtools import cloudbuild_v1
from google.cloud.devtools.cloudbuild_v1 import Build

from infra.context import Context

DOCKER = "gcr.io/cloud-builders/docker"
_LOGS = "https://logging.googleapis.com/v2/entries:list"
_UNDER_WAY = (Build.Status.PENDING, Build.Status.QUEUED, Build.Status.WORKING)
_NOT_ALLOWED = (Build.FailureInfo.FailureType.FETCH_SOURCE_FAILED, Build.FailureInfo.FailureType.PUSH_NOT_AUTHORIZED)
_LONGEST_S = 3600
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 5.0
_CALL_S = 60.0
_LAST_LINES = 20


class BuildRefused(Exception):
    """Cloud Build took the order, and made no image of it."""

    def __init__(self, build: Build, lines: list[str]) -> None:
        reason = build.failure_info.detail or build.status_detail or "no reason was given"
        shown = "\n".join(f"  {line}" for line in lines)
        super().__init__(f"the build ended with {build.status.name}: {reason}\nits log is at {build.log_url}\n{shown}".rstrip())


@dataclass(frozen=True)
class Order:
    """`account` is the e-mail address of the service account that the build runs as; `image` has neither tag nor digest.

    For `patience` seconds a build that lacks a permission is tried again: a grant that was just made takes minutes to be known everywhere.
    """

    context: Path
    dockerfile: Path
    image: str
    bucket: str
    account: str
    project: str
    region: str
    patience: float


class CloudBuild:
    """The three services that a build needs, as whoever runs this."""

    def __init__(self, project: str, credentials: google.auth.credentials.Credentials) -> None:
        self._storage = storage.Client(project, credentials)
        # over REST: the proxy of a network that has one takes it as it is
        self._builds = cloudbuild_v1.CloudBuildClient(credentials=credentials, transport="rest")
        self._http = AuthorizedSession(credentials)

    def image(self, order: Order) -> str:
        """Raises BuildRefused."""
        archive = Context(order.context, order.dockerfile).archive()
        source = self._send(order, archive)
        tag = f"{order.image}:{hashlib.sha256(archive).hexdigest()[:16]}"
        build = self._built(order, source, tag)
        if build.status is not Build.Status.SUCCESS:
            raise BuildRefused(build, self._last_lines(order.project, build.id))
        digest = next(image.digest for image in build.results.images if image.name == tag)
        return f"{order.image}@{digest}"

    def _send(self, order: Order, archive: bytes) -> str:
        """The name of the object. One of that name holds these very bytes, so it is never written twice."""
        name = f"images/{hashlib.sha256(archive).hexdigest()}.tar.gz"
        blob = self._storage.bucket(order.bucket).blob(name)
        try:
            blob.upload_from_string(gzip.compress(archive, mtime=0), "application/gzip", if_generation_match=0, timeout=_CALL_S)
        except PreconditionFailed:
            _say(f"{order.dockerfile}: gs://{order.bucket}/{name} is there already")
        return name

    def _built(self, order: Order, source: str, tag: str) -> Build:
        patient_until, pause = time.monotonic() + order.patience, 1.0
        while True:
            build = self._wait(self._submit(order, source, tag))
            if build.failure_info.type_ not in _NOT_ALLOWED or time.monotonic() + pause > patient_until:
                return build
            _say(f"{build.failure_info.detail}\nagain in {pause:.0f} s, for the grant may be a new one")
            time.sleep(pause)
            pause *= 2

    def _submit(self, order: Order, source: str, tag: str) -> str:
        """The build's name. Without `project_id`, for with it the client would leave the region out of the URL."""
        command = ["build", "--file", order.dockerfile.as_posix(), "--tag", tag, "."]
        build = Build(
            source={"storage_source": {"bucket": order.bucket, "object_": source}},
            steps=[{"name": DOCKER, "args": command, "env": ["DOCKER_BUILDKIT=1"]}],
            images=[tag],
            service_account=f"projects/{order.project}/serviceAccounts/{order.account}",
            options={"logging": "CLOUD_LOGGING_ONLY"},
            timeout={"seconds": _LONGEST_S},
        )
        where = f"projects/{order.project}/locations/{order.region}"
        operation = self._builds.create_build(request={"parent": where, "build": build}, timeout=_CALL_S)
        made = operation.metadata.build
        _say(f"{order.dockerfile}: {made.log_url or made.id}")
        return f"{where}/builds/{made.id}"

    def _wait(self, name: str) -> Build:
        """Cloud Build itself ends what waits or runs too long."""
        began, last, pause = time.monotonic(), None, _FIRST_PAUSE_S
        while True:
            build = self._builds.get_build(request={"name": name}, timeout=_CALL_S)
            if build.status is not last:
                _say(f"{time.monotonic() - began:5.0f} s  {build.status.name}")
            if build.status not in _UNDER_WAY:
                return build
            last = build.status
            time.sleep(pause)
            pause = min(1.5 * pause, _LONGEST_PAUSE_S)

    def _last_lines(self, project: str, build: str) -> list[str]:
        """Of the build's log, oldest first; to read it takes a permission that a build does not."""
        question = {
            "resourceNames": [f"projects/{project}"],
            "filter": f'resource.type="build" AND resource.labels.build_id="{build}"',
            "orderBy": "timestamp desc",
            "pageSize": _LAST_LINES,
        }
        answer = self._http.post(_LOGS, json=question, timeout=_CALL_S)
        if not answer.ok:
            return [f"(its last lines cannot be shown: {answer.status_code} {answer.reason})"]
        return list(_texts(answer.json().get("entries", [])))[::-1]


def _texts(entries: list[dict[str, str]]) -> Iterator[str]:
    return (entry["textPayload"] for entry in entries if "textPayload" in entry)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _order() -> Order:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--context", type=Path, default=Path())
    parser.add_argument("--dockerfile", type=Path, required=True, help="relative to the context")
    parser.add_argument("--image", required=True, help="HOST/PROJECT/REPOSITORY/NAME")
    parser.add_argument("--bucket", required=True, help="where the sources are sent to")
    parser.add_argument("--account", required=True, help="the e-mail address that the build runs as")
    parser.add_argument("--project", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--patience", type=float, default=180.0, metavar="SECONDS", help="for permissions that were granted just now")
    return Order(**vars(parser.parse_args()))


def main() -> int:
    order = _order()
    try:
        credentials, _ = google.auth.default(["https://www.googleapis.com/auth/cloud-platform"])
        reference = CloudBuild(order.project, credentials).image(order)
    except (BuildRefused, GoogleAPICallError, GoogleAuthError) as error:
        _say(f"error: {order.image}: {error}")
        return 1
    sys.stdout.write(f"{reference}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
