"""The daemon's composition: every room of the local cloud, built and connected."""

import asyncio
import importlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local import interfaces
from local.build.server import BuildServer
from local.control import Control
from local.emulators.firestore import FirestoreEmulator
from local.emulators.pubsub import PubSubEmulator
from local.gateway.iap import Iap
from local.gateway.server import Gateway, Upstream
from local.gateway.signers import Signers
from local.gateway.tokens import Tokens
from local.iam.apis import ASKS_ITSELF
from local.iam.bindings import Binding
from local.iam.firestore import Firestore
from local.iam.needs import Guard
from local.iam.pubsub import PubSub
from local.iam.server import Iam
from local.layout import LOOPBACK, Layout, Ports, Project
from local.parts import Part, Parts, Progress
from local.project.server import HOSTS, ProjectServer
from local.run.builds import Builds
from local.run.containers import ProcessContainers
from local.run.functions import CloudFunctions
from local.run.images import ImageStore
from local.run.records import write_whole
from local.run.scheduler import CloudScheduler
from local.run.services import CloudRun
from local.storage.edge import HOST
from local.storage.server import StorageServer
from local.vertex.server import VertexServer

# more buckets than anybody makes here
_ALL = 10_000


class LateIdentity:
    """Containers need the gateway's identities, the gateway needs Vertex's address, and Vertex needs containers: tied here."""

    def __init__(self) -> None:
        self.gateway: Gateway | None = None

    async def environment(self, account: str) -> Mapping[str, str]:
        return await self._known().environment(account)

    def identity_token(self, account: str, audience: str) -> str:
        return self._known().identity_token(account, audience)

    def verify_identity_token(self, token: str, audience: str) -> str:
        return self._known().verify_identity_token(token, audience)

    def _known(self) -> Gateway:
        if self.gateway is None:
            raise RuntimeError("a workload asked for its identity before the gateway was built")
        return self.gateway


class LocalCloud:
    """`began` is when the daemon's process did, in time.monotonic(), so that the times that it tells are whole. Another `guard` than the
    stack's own bindings is for measuring what those cost."""

    def __init__(self, root: Path, progress: Progress, began: float, guard: Guard | None = None) -> None:
        self.layout = Layout(root)
        self.project = Project()
        self._ports = Ports(self.layout)
        self._began, self._progress = began, progress
        self._started = datetime.now(UTC).isoformat(timespec="seconds")
        identity = LateIdentity()
        self.tokens = Tokens(self.layout)
        self.iam = Iam(self.layout, self.project)
        self.guard: Guard = guard or self.iam
        self.firestore = FirestoreEmulator(self.layout, self._ports, self.project)
        self.pubsub = PubSubEmulator(self.layout, self._ports, self.project, identity, self.guard)
        self.iam.on_change(self.pubsub.heed)
        self.storage = StorageServer(self.layout, self._ports, Signers(self.layout).public_key, self.project, self.guard)
        self._build_run(identity)
        self.build = BuildServer(self.layout, self._ports, self.project, self.storage.store, self.images, self.guard)
        self.projects = ProjectServer(self.layout, self._ports, self.project, self.guard)
        self.vertex = VertexServer(self.layout, self._ports, self.project, self.containers, self.guard)
        self.gateway = Gateway(self.layout, self._ports, self.tokens, self.project, self._upstreams(), self.guard)
        identity.gateway = self.gateway
        self.control = Control(self.layout, self._ports, self.status, self.scheduler, self.functions, self.gateway, self.iam)
        self._provider: Any = None
        self._provider_module: asyncio.Task[Any] | None = None
        self._parts = Parts(self._waves(), progress, began)

    async def start(self) -> None:
        # a second of imports, while the emulators start
        self._provider_module = asyncio.create_task(asyncio.to_thread(importlib.import_module, "local.provider.server"))
        await asyncio.to_thread(self._sweep)
        await self._parts.start()
        write_whole(self._description(), json.dumps(self._about(), indent=2))
        self._progress(f"{time.monotonic() - self._began:5.1f} s  ready")

    async def stop(self) -> None:
        self._description().unlink(missing_ok=True)
        await self._parts.stop()
        if self._provider_module:
            await asyncio.gather(self._provider_module, return_exceptions=True)

    def status(self) -> dict[str, Any]:
        return {
            "about": self._about(),
            "parts": [*self._parts.rows(), *self.run.rows()],
            "buckets": sorted(bucket.name for bucket in self.storage.store.buckets.list("", "", _ALL)),
            "topics": list(self.pubsub.topics()),
            "subscriptions": list(self.pubsub.subscriptions()),
            "functions": self.functions.rows(),
            "schedules": self.scheduler.rows(),
            "vertex": self.vertex.status(),
            "refusals": self.iam.refusals,
        }

    def _sweep(self) -> None:
        """Nothing runs yet: what the last run's processes left in their scratch folders is of no use to anybody."""
        self.images.sweep()
        shutil.rmtree(self.layout.folder("run/tmp"), ignore_errors=True)

    def _build_run(self, identity: interfaces.Identity) -> None:
        layout, ports, project = self.layout, self._ports, self.project
        self.images = ImageStore(layout)
        self.containers = ProcessContainers(layout, self.images, identity)
        iap = Iap(layout, self.tokens, project, self.guard)
        # a browser of this laptop knows nothing of the gateway
        elsewhere = {f"https://{HOST}": f"http://{self.storage.links_address}"}
        self.run = CloudRun(layout, ports, project, self.containers, iap=iap, identity=identity, guard=self.guard, elsewhere=elsewhere)
        self.functions = CloudFunctions(layout, self.run, self.images, Builds(layout, project, self.guard))
        self.scheduler = CloudScheduler(layout, identity)

    def _upstreams(self) -> dict[str, Upstream]:
        vertex = Upstream(self.vertex.grpc_address, self.vertex.http_address, ASKS_ITSELF)
        return {
            "storage.googleapis.com": Upstream(http=self.storage.address, api=ASKS_ITSELF),
            "firestore.googleapis.com": Upstream(self.firestore.address, self.firestore.address, Firestore(self.project)),
            "pubsub.googleapis.com": Upstream(self.pubsub.address, self.pubsub.address, PubSub(self.project)),
            "aiplatform.googleapis.com": vertex,
            "cloudbuild.googleapis.com": Upstream(http=self.build.address, api=ASKS_ITSELF),
            "logging.googleapis.com": Upstream(http=self.build.address, api=ASKS_ITSELF),
            **{host: Upstream(http=self.projects.address, api=ASKS_ITSELF) for host in HOSTS},
            "*-aiplatform.googleapis.com": vertex,
        }

    def _waves(self) -> list[list[Part]]:
        """Services may call anything as soon as they run; the engine may come when all of them do."""
        firestore, pubsub, storage, vertex = self.firestore, self.pubsub, self.storage, self.vertex
        return [
            [
                Part("access", self._remember_access, _nothing),
                Part("firestore", firestore.start, firestore.stop, firestore.address, lambda: firestore.pid),
                Part("pubsub", pubsub.start, pubsub.stop, pubsub.address, lambda: pubsub.pid),
                Part("storage", storage.start, storage.stop, storage.address),
                Part("build", self.build.start, self.build.stop, self.build.address),
                Part("project", self.projects.start, self.projects.stop, self.projects.address),
                Part("gateway", self.gateway.start, self.gateway.stop, self.gateway.address),
            ],
            [Part("vertex", vertex.start, vertex.stop, vertex.http_address)],
            [Part("run", self.run.start, self.run.stop), Part("scheduler", self.scheduler.start, self.scheduler.stop)],
            [
                Part("provider", self._start_provider, self._stop_provider, self._address("provider")),
                Part("control", self.control.start, self.control.stop, self._address("control")),
            ],
        ]

    async def _remember_access(self) -> None:
        """Before any service runs: the provider's records say what was granted before this start."""
        await self.iam.load(*await asyncio.to_thread(_granted, self._records()))

    def _records(self) -> Path:
        return self.layout.folder("provider") / "records.json"

    async def _start_provider(self) -> None:
        cloud = interfaces.Cloud(
            project=self.project,
            storage=self.storage.store,
            pubsub=self.pubsub,
            firestore=self.firestore,
            images=self.images,
            services=self.run,
            functions=self.functions,
            scheduler=self.scheduler,
            identity=self.gateway,
            iam=self.iam,
        )
        if self._provider_module is None:
            raise RuntimeError("the provider starts with the cloud")
        module = await self._provider_module
        self._provider, _ = await module.serve(cloud, self._address("provider"), self._records())

    async def _stop_provider(self) -> None:
        if self._provider:
            await self._provider.stop(1.0)

    def _address(self, name: str) -> str:
        return f"{LOOPBACK}:{self._ports.get(name)}"

    def _description(self) -> Path:
        return self.layout.root / "cloud.json"

    def _about(self) -> dict[str, Any]:
        return {
            "pid": os.getpid(),
            "project": self.project.id,
            "number": self.project.number,
            "region": self.project.region,
            "provider": self._address("provider"),
            "gateway": self.gateway.address,
            "ca": str(self.gateway.ca),
            "started": self._started,
        }


async def _nothing() -> None:
    """What has no process of its own needs no end."""


def _granted(records: Path) -> tuple[list[tuple[str, Iterable[str]]], list[Binding]]:
    """The roles and bindings of a provider's records. In a thread: the first import of the catalog takes a second."""
    from local.provider.catalog import TYPES
    from local.provider.catalog.members import remembered_bindings, remembered_roles
    from local.provider.records import Records

    kept = Records(records)
    return list(remembered_roles(TYPES.values(), kept)), list(remembered_bindings(TYPES.values(), kept))
