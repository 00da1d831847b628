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
from local.engine.secrets import Crypter, Placeholders
from local.engine.state import Snapshot
from local.engine.steps import Steps
from local.engine.values import reveal

_CHANNEL = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
# what a state says of itself, so that it is not taken for one of the other kind
_ON_PAPER = "onPaper"
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
    if options.paper:
        # the stack's own key stays where it is: what is on paper is nobody else's to read
        crypter = Crypter("", secrets.passphrase_from(os.environ), stretched=False)
        if options.state_given and not options.preview_only:
            crypter.require_passphrase()
        return crypter
    crypter = Crypter(stack.salt, secrets.passphrase_from(os.environ))
    if options.changes_things and not options.preview_only:
        # asked for now and not when the first secret comes up, in the middle of the run
        crypter.require_passphrase()
    reads_secrets = stack.has_secrets or (not options.offline and state.has_ciphertext(options.state))
    if stack.salt and reads_secrets:
        await crypter.warm()
    return crypter


def base_of(options: Options, crypter: Crypter) -> Snapshot:
    if options.alone and not options.state_given:
        return Snapshot()
    base = state.load(options.state, crypter)
    on_paper = bool(base.metadata.get(_ON_PAPER))
    if base.resources and options.command != "preview" and on_paper != options.paper:
        what = "is on paper, and nothing of it is there" if on_paper else "is of what is really there, and stays as it is without --paper"
        raise Refused(f"{options.state} {what}: give {options.command} another --state")
    return base


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
    stack = StackFile(project, options.stack, options.config_file)
    guard(options, stack)
    crypter = await crypter_of(options, stack)
    base = base_of(options, crypter)
    state.check(base)
    preview = options.preview_only
    title = f"Previewing {options.command}" if preview and options.command != "preview" else _TITLES[options.command]
    display = Display(title, preview, sys.stderr if options.json else sys.stdout)
    history = History(project.name, options.stack, base)
    journal = Journal(None if preview or options.paper else options.state, base, crypter)
    async with _providers(options, project, stack, base) as (channel, served):
        registry = Registry(lambda package: _attached(channel, package, served.address, project.folder), preview)
        steps = Steps(journal, registry, display, preview, options.parallel)
        planner = Planner(history, registry, steps, preview=preview, steady_names=options.alone)
        deployment = Deployment(
            history, registry, steps, planner, display, stack.open(Placeholders() if options.paper else crypter), preview
        )
        monitor = Monitor(deployment, project.root)
        await served.start(monitor, display)
        yield Session(options, project, stack, crypter, base, deployment, monitor, served.address)
        await registry.cancel()
    if options.paper and options.state_given and not preview:
        base.metadata[_ON_PAPER] = True
        await journal.write(options.state)


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
async def _providers(
    options: Options, project: Project, stack: StackFile, base: Snapshot
) -> AsyncIterator[tuple[grpc.aio.Channel, _Services]]:
    own = None
    if options.alone:
        own, port = await (_on_paper(project, stack, base) if options.paper else _previewing())
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


async def _previewing() -> tuple[grpc.aio.Server, int]:
    from local.provider.server import serve

    return await serve(None)


async def _on_paper(project: Project, stack: StackFile, base: Snapshot) -> tuple[grpc.aio.Server, int]:
    """In the stack's own project; its number is the program's, where that needs one."""
    from local.layout import Project as Place
    from local.paper.answers import project_number
    from local.paper.provider import serve

    name = stack.plain("gcp:project") or f"{project.name}-on-paper"
    number = stack.plain(f"{project.name}:projectNumber") or project_number(name)
    known = [(resource.type, resource.id, reveal(resource.outputs)) for resource in base.resources if resource.custom]
    return await serve(Place(name, number, stack.plain("gcp:region") or Place.region), known)


async def _must_answer(address: str) -> None:
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except (OSError, ValueError) as error:
        raise EngineError(f"no provider answers at {address} ({error}): is the local cloud running?") from error
    writer.close()


async def _attached(channel: grpc.aio.Channel, package: str, engine: str, program: Path) -> Provider:
    provider = Provider(channel, package)
    await asyncio.wait_for(provider.attach(engine, program), timeout=10)
    return provider
