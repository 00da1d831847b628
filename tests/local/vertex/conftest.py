"""A running local Vertex AI, and Google's own clients for it on both transports."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import grpc
import pytest
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform_v1

from local.layout import Layout, Ports, Project
from local.vertex.server import VertexServer
from tests.local.vertex.script_containers import ScriptContainers

T = TypeVar("T")
PROJECT = Project(id="sd-test", number="123456789012", region="us-central1")
PARENT = "projects/sd-test/locations/us-central1"
NUMBERED = "projects/123456789012/locations/us-central1"

_SERVICES = {
    "pipelines": "PipelineService",
    "jobs": "JobService",
    "models": "ModelService",
    "endpoints": "EndpointService",
    "prediction": "PredictionService",
}


class Cloud:
    """The server in a thread of its own, since Google's clients block; `restart` is what a new daemon would do."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.containers = ScriptContainers(root / "images")
        self.containers.folder.mkdir(parents=True)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._channels: list[grpc.Channel] = []
        self.server = self.do(self._started())

    def do(self, work: Coroutine[Any, Any, T], timeout_s: float = 60.0) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout_s)

    async def _started(self) -> VertexServer:
        layout = Layout(self.root / "state")
        server = VertexServer(layout, Ports(layout), PROJECT, self.containers)
        await server.start()
        return server

    def restart(self) -> None:
        self.do(self.server.stop())
        self.server = self.do(self._started())

    def close(self) -> None:
        for channel in self._channels:
            channel.close()
        self.do(self.server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def client(self, name: str, transport: str = "rest") -> Any:
        kind = getattr(aiplatform_v1, f"{_SERVICES[name]}Client")
        if transport == "rest":
            options = ClientOptions(api_endpoint=f"http://{self.server.http_address}")
            return kind(transport="rest", credentials=AnonymousCredentials(), client_options=options)
        channel = grpc.insecure_channel(self.server.grpc_address)
        self._channels.append(channel)
        return kind(transport=kind.get_transport_class("grpc")(channel=channel))


@pytest.fixture(scope="session")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The message types, made once for all tests."""
    from local.vertex import schema

    folder = tmp_path_factory.mktemp("types")
    asyncio.run(schema.load(folder))
    return next(folder.glob("*.binpb"))


@pytest.fixture
def cloud(tmp_path: Path, types: Path) -> Iterator[Cloud]:
    folder = Layout(tmp_path / "state").folder("vertex")
    (folder / types.name).write_bytes(types.read_bytes())
    cloud = Cloud(tmp_path)
    yield cloud
    cloud.close()


@pytest.fixture(params=["rest", "grpc"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)
