"""One local Cloud Build with the local Cloud Storage and image store that it builds from and into."""

import asyncio
import io
import tarfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.devtools import cloudbuild_v1
from google.cloud.devtools.cloudbuild_v1 import Build
from google.cloud.devtools.cloudbuild_v1.services.cloud_build.transports import CloudBuildRestTransport

from local.build.server import BuildServer
from local.iam.needs import Need
from local.layout import Layout, Ports, Project
from local.run.images import ImageStore
from local.storage.server import StorageServer

BUCKET, ACCOUNT = "sources", "sd-dev-build@sd-local.iam.gserviceaccount.com"
PLACE = "projects/sd-local/locations/us-central1"
IMAGE = "us-central1-docker.pkg.dev/sd-local/sd-dev/hello"
TAG = f"{IMAGE}:1"
DOCKERFILE = 'FROM python:3.11-slim@sha256:0 AS base\nWORKDIR /app\nFROM base\nCOPY main.py .\nCMD ["python", "main.py"]\n'


@dataclass
class Shop:
    """Its own guard, which keeps what it is asked. Nobody has the permissions in `denied`, nor those in `denied_once` the first time."""

    layout: Layout
    storage: StorageServer
    images: ImageStore
    build: BuildServer
    asked: list[tuple[str | None, str, str]] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)
    denied_once: set[str] = field(default_factory=set)

    def allows(self, principal: str | None, need: Need) -> bool:
        return need.permission not in self.denied

    def refused(self, principal: str | None, needs: Iterable[Need]) -> Need | None:
        wanted = list(needs)
        self.asked += [(principal, need.permission, need.resource.name) for need in wanted]
        lacked = next((need for need in wanted if need.permission in self.denied | self.denied_once), None)
        self.denied_once -= {need.permission for need in wanted}
        return lacked

    def again(self) -> BuildServer:
        """The same state under a new daemon."""
        return BuildServer(self.layout, Ports(self.layout), Project(), self.storage.store, self.images, self)

    def put(self, files: Mapping[str, str]) -> str:
        """An archive in the bucket, by its name."""
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w:gz") as tar:
            for name, text in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(text.encode())
                tar.addfile(member, io.BytesIO(text.encode()))
        self.storage.store.write(BUCKET, "source.tar.gz", made.getvalue(), "application/gzip", {})
        return "source.tar.gz"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    layout = Layout(tmp_path / "cloud")
    ports = Ports(layout)
    storage, images = StorageServer(layout, ports), ImageStore(layout)
    storage.store.put_bucket(BUCKET, {"location": "us-central1"})
    shop = Shop(layout, storage, images, BuildServer(layout, ports, Project(), storage.store, images))
    shop.build = shop.again()
    await asyncio.gather(storage.start(), shop.build.start())
    yield shop
    await asyncio.gather(shop.build.stop(), storage.stop())


@pytest.fixture
def client(shop: Shop) -> cloudbuild_v1.CloudBuildClient:
    transport = CloudBuildRestTransport(host=shop.build.address, url_scheme="http", credentials=AnonymousCredentials())
    return cloudbuild_v1.CloudBuildClient(transport=transport)


def order(source: str = "source.tar.gz", **changes: object) -> Build:
    asked: dict[str, object] = {
        "source": {"storage_source": {"bucket": BUCKET, "object_": source}},
        "steps": [{"name": "gcr.io/cloud-builders/docker", "args": ["build", "--file", "Dockerfile", "--tag", TAG, "."]}],
        "images": [TAG],
        "service_account": f"projects/sd-local/serviceAccounts/{ACCOUNT}",
        "options": {"logging": "CLOUD_LOGGING_ONLY"},
    }
    return Build({**asked, **changes})


@pytest.fixture
def built(client: cloudbuild_v1.CloudBuildClient) -> Callable[[Build], Awaitable[Build]]:
    """Submits an order and waits for its end, as Google's client does both."""

    async def ended(asked: Build) -> Build:
        operation = await asyncio.to_thread(client.create_build, request={"parent": PLACE, "build": asked})
        name = f"{PLACE}/builds/{operation.metadata.build.id}"
        while True:
            build = await asyncio.to_thread(client.get_build, request={"name": name})
            if build.status not in (Build.Status.QUEUED, Build.Status.WORKING):
                return build
            await asyncio.sleep(0.02)

    return ended
