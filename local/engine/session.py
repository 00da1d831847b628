"""All that one command works with, put together: state, secrets, provider, services."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2_grpc

from local.engine import secrets, state
from local.engine.config import Project, StackFile
from local.engine.deployment import Deployment
from local.engine.display import Display
from local.engine.errors import EngineError, Refused
from local.engine.history import History
from local.engine.journal import Journal
from local.engine.monitor import Log, Monitor
from local.engine.options import Options
from local.engine.plan import Planner
from local.engine.provider import Provider
from local.engine.providers import Registry
from local.engine.secrets import Crypter
from local.engine.state import Snapshot
from local.engine.steps import Steps

_CHANNEL = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_TITLES = {"preview": "Previewing update", "up": "Updating", "refresh": "Refreshing", "destroy": "Destroying"}


@dataclass
class Session:
    options: Options
    project: Project
    stack: StackFile
    crypter: Crypter
    base: Snapshot
    deployment: Deployment
    monitor: Monitor
    address: str


async def crypter_of(options: Options, stack: StackFile) -> Crypter:
    crypter = Crypter(stack.salt, secrets.passphrase_from(os.environ))
    if options.changes_things and not options.preview_only:
        # asked for now and not when the first secret comes up, in the middle of the run
        crypter.require_passphrase()
    reads_secrets = stack.has_secrets or (not options.offline and state.has_ciphertext(options.state))
    if stack.salt and reads_secrets:
        await crypter.warm()
    return crypter


def base_of(options: Options, crypter: Crypter) -> Snapshot:
    return Snapshot() if options.offline and not options.state_given else state.load(options.state, crypter)


def guard(options: Options, stack: StackFile) -> None:
    """Only the local cloud's own project is ever changed from here."""
    if not options.changes_things:
        return
    wanted, served = stack.plain("gcp:project"), _cloud(options.root).get("project")
    if wanted != served:
        raise Refused(
            f"stack '{options.stack}' is for the project {wanted!r}, which the local cloud does not serve (it serves {served!r}): "
            f"use Pulumi's CLI for {options.command}, or preview it here with --offline"
        )


def _cloud(root: Path) -> dict[str, Any]:
    file = root / "cloud.json"
    if not file.exists():
        raise EngineError(f"no local cloud is running: {file} is not there. Start it with `python -m local run --root {root}`")
    found: dict[str, Any] = json.loads(file.read_text())
    return found


@asynccontextmanager
async def opened(options: Options, project: Project) -> AsyncIterator[Session]:
    stack = StackFile(project, options.stack)
    guard(options, stack)
    crypter = await crypter_of(options, stack)
    base = base_of(options, crypter)
    state.check(base)
    preview = options.preview_only
    title = f"Previewing {options.command}" if preview and options.command != "preview" else _TITLES[options.command]
    display = Display(title, preview, sys.stderr if options.json else sys.stdout)
    history = History(project.name, options.stack, base)
    journal = Journal(None if preview else options.state, base, crypter)
    async with _providers(options) as (channel, served):
        registry = Registry(lambda package: _attached(channel, package, served.address), preview)
        steps = Steps(journal, registry, display, preview, options.parallel)
        planner = Planner(history, registry, steps, preview=preview, steady_names=options.offline)
        deployment = Deployment(history, registry, steps, planner, display, stack.open(crypter), preview)
        monitor = Monitor(deployment, project.root)
        await served.start(monitor, display)
        yield Session(options, project, stack, crypter, base, deployment, monitor, served.address)
        await registry.cancel()


class _Services:
    """The engine's own server."""

    def __init__(self) -> None:
        self._server = grpc.aio.server(options=_CHANNEL)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    async def start(self, monitor: Monitor, display: Display) -> None:
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(Log(display), self._server)
        await self._server.start()

    async def stop(self) -> None:
        await self._server.stop(None)


@asynccontextmanager
async def _providers(options: Options) -> AsyncIterator[tuple[grpc.aio.Channel, _Services]]:
    own = None
    if options.offline:
        from local.provider.server import serve

        own, port = await serve(None)
        address = f"127.0.0.1:{port}"
    else:
        address = options.provider or _cloud(options.root)["provider"]
        await _must_answer(address)
    services = _Services()
    try:
        async with grpc.aio.insecure_channel(address, options=_CHANNEL) as channel:
            yield channel, services
    finally:
        await services.stop()
        if own:
            await own.stop(None)


async def _must_answer(address: str) -> None:
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except (OSError, ValueError) as error:
        raise EngineError(f"no provider answers at {address} ({error}): is the local cloud running?") from error
    writer.close()


async def _attached(channel: grpc.aio.Channel, package: str, engine: str) -> Provider:
    provider = Provider(channel, package)
    await asyncio.wait_for(provider.attach(engine), timeout=10)
    return provider
