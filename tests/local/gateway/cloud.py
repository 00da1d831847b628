"""The parts of the local cloud that these tests need, put together as the daemon does it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from local.emulators.firestore import FirestoreEmulator
from local.emulators.pubsub import PubSubEmulator
from local.gateway.server import Gateway, Upstream
from local.gateway.tokens import Tokens
from local.layout import Layout, Ports, Project
from tests.local.gateway.workload import Workload

ACCOUNT = "upload@sd-local.iam.gserviceaccount.com"
PROJECT = Project()


class TestCloud:
    __test__ = False

    def __init__(self, root: Path, upstreams: dict[str, Upstream] | None = None, interval_s: float = 10) -> None:
        self.layout = Layout(root)
        self.ports = Ports(self.layout)
        self.tokens = Tokens(self.layout)
        self.firestore = FirestoreEmulator(self.layout, self.ports, PROJECT, interval_s)
        self.pubsub = PubSubEmulator(self.layout, self.ports, PROJECT, self)
        self.upstreams = upstreams or {}
        served = {
            "firestore.googleapis.com": Upstream(grpc=self.firestore.address, http=self.firestore.address),
            "pubsub.googleapis.com": Upstream(grpc=self.pubsub.address, http=self.pubsub.address),
            **self.upstreams,
        }
        self.gateway = Gateway(self.layout, self.ports, self.tokens, PROJECT, served)

    async def environment(self, account: str) -> dict[str, str]:
        return dict(await self.gateway.environment(account))

    def identity_token(self, account: str, audience: str) -> str:
        return self.tokens.identity_token(account, audience)

    def verify_identity_token(self, token: str, audience: str) -> str:
        return self.tokens.verify_identity_token(token, audience)


@contextlib.asynccontextmanager
async def running(
    root: Path, *, firestore: bool = False, pubsub: bool = False, upstreams: dict[str, Upstream] | None = None, interval_s: float = 10
) -> AsyncIterator[TestCloud]:
    cloud = TestCloud(root, upstreams, interval_s)
    parts = [cloud.gateway, *([cloud.firestore] if firestore else []), *([cloud.pubsub] if pubsub else [])]
    try:
        await asyncio.gather(*(part.start() for part in parts))
        yield cloud
    finally:
        await asyncio.gather(*(part.stop() for part in parts))


@contextlib.asynccontextmanager
async def workload_of(cloud: TestCloud, account: str = ACCOUNT) -> AsyncIterator[Workload]:
    workload = Workload(await cloud.environment(account))
    try:
        yield workload
    finally:
        await asyncio.to_thread(workload.end)
