from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.interfaces import Cloud
from local.provider.server import serve
from tests.local.provider.engine import Engine
from tests.local.provider.rooms import memory_cloud


@pytest.fixture
def cloud() -> Cloud:
    return memory_cloud()


@pytest.fixture
async def engine(cloud: Cloud, tmp_path: Path) -> AsyncIterator[Engine]:
    """Attached to a server that has a cloud."""
    server, port = await serve(cloud, records=tmp_path / "records.json")
    engine = Engine(port)
    await engine.attach(tmp_path, project="sd-local", region="us-central1")
    yield engine
    await engine.channel.close()
    await server.stop(None)


@pytest.fixture
async def preview(tmp_path: Path) -> AsyncIterator[Engine]:
    """Attached to a server without a cloud."""
    server, port = await serve(None)
    engine = Engine(port)
    await engine.attach(tmp_path, project="shop-prod", region="europe-west4")
    yield engine
    await engine.channel.close()
    await server.stop(None)
