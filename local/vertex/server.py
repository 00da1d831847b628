"""The local Vertex AI as one server: its rooms put together, its state kept, both transports opened."""

import asyncio
import contextlib
from pathlib import Path

import grpc
from aiohttp import web

from local.iam.needs import EVERYBODY, Guard
from local.interfaces import Containers, Json
from local.layout import LOOPBACK, Layout, Ports, Project
from local.vertex import rest, rpc, schema
from local.vertex.access import Access
from local.vertex.customjobs import CustomJobs
from local.vertex.deployments import Deployments
from local.vertex.endpoints import Endpoints
from local.vertex.logged import Logged
from local.vertex.methods import Methods
from local.vertex.models import Models
from local.vertex.names import Names
from local.vertex.operations import Operations
from local.vertex.pipelines import PipelineJobs
from local.vertex.prediction import Prediction
from local.vertex.store import Store

_GRACE_S = 1.0


class VertexServer:
    """Plaintext on the loopback; the gateway in front has TLS and knows who calls."""

    def __init__(self, layout: Layout, ports: Ports, project: Project, containers: Containers, guard: Guard = EVERYBODY) -> None:
        self._folder: Path = layout.folder("vertex")
        self._http_port = ports.get("vertex")
        self._grpc_port = ports.get("vertex-grpc")
        self._store = Store(self._folder / "state.sqlite")
        self._access = Access(project, guard)
        workers = Logged(containers, project, guard)
        names = Names(project)
        self._operations = Operations(self._store, names)
        self._endpoints = Endpoints(self._store, names, self._operations)
        self._models = Models(self._store, names, self._operations, self._endpoints.deployments)
        self._deployments = Deployments(self._endpoints, self._models, self._operations, containers, project)
        self._prediction = Prediction(self._store, self._endpoints, self._models, self._deployments)
        self._jobs = CustomJobs(self._store, names, self._operations, workers, project)
        self._pipelines = PipelineJobs(self._store, names, self._operations, workers, project, self._folder / "runs", guard)
        self._schema: asyncio.Task[schema.Schema] | None = None
        self._runner: web.AppRunner | None = None
        self._grpc: grpc.aio.Server | None = None

    @property
    def http_address(self) -> str:
        return f"{LOOPBACK}:{self._http_port}"

    @property
    def grpc_address(self) -> str:
        return f"{LOOPBACK}:{self._grpc_port}"

    async def start(self) -> None:
        """Returns once it listens; the first calls wait for the message types."""
        self._schema = asyncio.create_task(schema.load(self._folder), name="vertex message types")
        self._operations.recover()
        self._pipelines.recover()
        self._jobs.recover()
        self._deployments.recover()
        methods = self._methods()
        await self._open_http(methods)
        await self._open_grpc(methods)

    async def stop(self) -> None:
        if self._grpc:
            await self._grpc.stop(_GRACE_S)
        if self._runner:
            await self._runner.cleanup()
        await asyncio.gather(self._operations.stop(), self._pipelines.stop(), self._jobs.stop())
        await self._deployments.stop()
        if self._schema:
            self._schema.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._schema
        self._store.close()

    def status(self) -> Json:
        """What is there and how it is used."""
        endpoints = [
            {**endpoint, **self._prediction.use(endpoint["name"]), "ready": self._deployments.ready(endpoint)}
            for endpoint in self._endpoints.all()
        ]
        return {"pipelineJobs": self._pipelines.summary(), "customJobs": self._jobs.summary(), "endpoints": endpoints}

    def _methods(self) -> Methods:
        rooms = (self._pipelines, self._jobs, self._models, self._endpoints, self._deployments, self._prediction, self._operations)
        return Methods(method for room in rooms for method in room.methods())

    async def _types(self) -> schema.Schema:
        if not self._schema:
            raise RuntimeError("the server has not been started")
        return await asyncio.shield(self._schema)

    async def _open_http(self, methods: Methods) -> None:
        self._runner = web.AppRunner(
            rest.application(methods, self._types, self.status, self._access), access_log=None, shutdown_timeout=_GRACE_S
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self._http_port).start()

    async def _open_grpc(self, methods: Methods) -> None:
        self._grpc = grpc.aio.server(options=rpc.OPTIONS)
        self._grpc.add_generic_rpc_handlers((rpc.Handler(methods, self._types, self._access),))
        self._grpc.add_insecure_port(self.grpc_address)
        await self._grpc.start()
