import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from local.emulators.firestore import FirestoreEmulator
from local.layout import Layout, Ports, Project


@pytest.fixture(scope="session")
def firestore_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Google's emulator, one for all tests; each takes a database of its own."""
    layout = Layout(tmp_path_factory.mktemp("firestore"))
    emulator = FirestoreEmulator(layout, Ports(layout), Project(), interval_s=3600)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(emulator.start(), loop).result(60)
    yield emulator.address
    asyncio.run_coroutine_threadsafe(emulator.stop(), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def database(firestore_address: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> firestore.Client:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_address)
    name = "t" + "".join(c for c in request.node.name.lower() if c.isalnum())[-50:] + Path(request.node.path).stem[-5:].replace("_", "")
    return firestore.Client(project="demo", database=name, credentials=AnonymousCredentials())
