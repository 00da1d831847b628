"""One build, from the archive in a bucket to images in the local cloud's store."""

import argparse
import asyncio
import io
import re
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from local.build.errors import Failed
from local.build.orders import account_of
from local.iam import apis, needs, storage
from local.iam.needs import Guard, Need
from local.interfaces import Images, Json, Storage
from local.layout import Project
from local.run.errors import BuildFailed

DOCKER = "gcr.io/cloud-builders/docker"
_REPOSITORY = re.compile(r"(?P<region>[a-z0-9-]+)-docker\.pkg\.dev/(?P<project>[^/]+)/(?P<repository>[^/]+)/[^:]+(:[\w.-]+)?")


@dataclass(frozen=True)
class Workshop:
    """`laptop` is where installed packages stand in, folder by folder, for what `npm ci` would fetch."""

    project: Project
    storage: Storage
    images: Images
    guard: Guard
    laptop: Path

    async def make(self, build: Json, scratch: Path, log: Callable[[str], None]) -> list[Json]:
        """The images that were pushed, as in `results.images`; `scratch` is an empty folder. Raises Failed."""
        account = account_of(build)
        await asyncio.to_thread(self._fetch, account, build["source"]["storageSource"], scratch, log)
        built: dict[str, str] = {}
        for number, step in enumerate(build["steps"]):
            built |= await self._step(number, step, scratch, log)
        return [self._push(account, name, built, log) for name in build.get("images", ())]

    def _fetch(self, account: str, source: Mapping[str, str], scratch: Path, log: Callable[[str], None]) -> None:
        bucket, name = source["bucket"], source["object"]
        need = storage.need(self.project, "storage.objects.get", bucket, name)
        self._ask("FETCH_SOURCE_FAILED", account, need, storage.refusal(account, need))
        if self.storage.object(bucket, name) is None:
            raise Failed("FETCH_SOURCE_FAILED", f"generic::not_found: could not resolve gs://{bucket}/{name}: no such object")
        try:
            with tarfile.open(fileobj=io.BytesIO(self.storage.read(bucket, name))) as tar:
                tar.extractall(scratch, filter="data")
        except tarfile.TarError as error:
            raise Failed("FETCH_SOURCE_FAILED", f"gs://{bucket}/{name} is no archive that can be unpacked: {error}") from error
        self._lend_packages(scratch)
        log(f"Fetched gs://{bucket}/{name}")

    def _lend_packages(self, scratch: Path) -> None:
        for manifest in list(scratch.rglob("package.json")):
            folder = manifest.parent.relative_to(scratch)
            installed = self.laptop / folder / "node_modules"
            if installed.is_dir():
                (scratch / folder / "node_modules").symlink_to(installed.absolute())

    async def _step(self, number: int, step: Json, scratch: Path, log: Callable[[str], None]) -> dict[str, str]:
        """What the step tagged: each tag with its digest."""
        order = _docker_build(step)
        log(f"Step #{number}: docker {' '.join(step['args'])}")
        try:
            reference = await self.images.build(_name(order.tag[0]), scratch / order.context, scratch / order.file)
        except BuildFailed as error:
            text = str(error).replace(f"{scratch}/", "")
            for line in text.splitlines():
                log(f"Step #{number}: {line}")
            raise Failed("USER_BUILD_STEP", f"Build step failure: build step {number} {DOCKER!r} failed: {text}") from error
        digest = reference.rpartition("@")[2]
        log(f"Step #{number}: Successfully built {digest}")
        return dict.fromkeys(order.tag, digest)

    def _push(self, account: str, name: str, built: Mapping[str, str], log: Callable[[str], None]) -> Json:
        place = _REPOSITORY.fullmatch(name)
        if name not in built or not place:
            raise Failed("PUSH_IMAGE_NOT_FOUND", f"failed to find one or more images after execution of build steps: [{name!r}]")
        repository = needs.registry(
            self.project, f"projects/{place['project']}/locations/{place['region']}/repositories/{place['repository']}"
        )
        need = Need("artifactregistry.repositories.uploadArtifacts", repository)
        self._ask("PUSH_NOT_AUTHORIZED", account, need, f"{account}: {apis.denied(need)}")
        log(f"Pushed {name}@{built[name]}")
        return {"name": name, "digest": built[name]}

    def _ask(self, kind: str, account: str, need: Need, refusal: str) -> None:
        if self.guard.refused(account, [need]):
            raise Failed(kind, refusal)


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Failed("USER_BUILD_STEP", f"the local cloud does not know this docker command: {message}")


def _docker_build(step: Json) -> argparse.Namespace:
    args = step.get("args", [])
    if re.split("[:@]", step["name"])[0] != DOCKER or args[:1] != ["build"]:
        raise Failed("USER_BUILD_STEP", f"the local cloud runs no step but `docker build` by {DOCKER}, not {step['name']} {' '.join(args)}")
    parser = _Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("--file", "-f", default="Dockerfile")
    parser.add_argument("--tag", "-t", action="append", required=True)
    parser.add_argument("--platform", choices=["linux/amd64"])
    parser.add_argument("context")
    return parser.parse_args(args[1:])


def _name(tag: str) -> str:
    """Without the tag: a colon before the last slash is a port's."""
    head, slash, last = tag.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"
