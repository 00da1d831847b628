"""Servers of the local cloud without the cloud, on a loop of their own in a thread."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from local.layout import Layout, Ports
from local.storage.server import StorageServer


class Server(Protocol):
    def start(self) -> Coroutine[Any, Any, None]: ...

    def stop(self) -> Coroutine[Any, Any, None]: ...


@contextmanager
def served(*servers: Server) -> Iterator[None]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        for server in servers:
            asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
        yield
    finally:
        for server in servers:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


@contextmanager
def storage(folder: Path) -> Iterator[str]:
    """Where it answers."""
    layout = Layout(folder)
    server = StorageServer(layout, Ports(layout))
    with served(server):
        yield f"http://{server.address}"
