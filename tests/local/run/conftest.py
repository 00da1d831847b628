"""One local Cloud Run in a temporary folder, with real tokens, real processes and real sockets."""

import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from local.gateway.tokens import Tokens
from local.iam.bindings import Binding
from local.iam.server import Iam
from local.interfaces import ContainerSpec, ServiceSpec
from local.layout import Layout, Ports, Project
from local.run.containers import ProcessContainers
from local.run.images import ImageStore
from local.run.services import CloudRun
from local.run.supervisor import Patience

PROJECT = Project()
# where Google's Storage stands here
ELSEWHERE = {"https://storage.googleapis.com": "http://127.0.0.1:1"}
ACCOUNT = "caller@sd-local.iam.gserviceaccount.com"


class LocalIdentity:
    """The tokens are the real ones; a workload's environment says only whose it is."""

    def __init__(self, layout: Layout) -> None:
        self.tokens = Tokens(layout)

    async def environment(self, account: str) -> Mapping[str, str]:
        return {"WORKLOAD_ACCOUNT": account}

    def identity_token(self, account: str, audience: str) -> str:
        return self.tokens.identity_token(account, audience)

    def verify_identity_token(self, token: str, audience: str) -> str:
        return self.tokens.verify_identity_token(token, audience)


class CookieIap:
    """Lets in who shows the cookie `who`."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens

    agent = "service-100000000001@gcp-sa-iap.iam.gserviceaccount.com"

    async def admit(self, request: web.Request, audience: str) -> str | web.StreamResponse:
        who = request.cookies.get("who")
        return self.tokens.iap_assertion(who, audience) if who else web.Response(status=302, headers={"Location": "/_iap/sign-in"})


@dataclass
class Machine:
    layout: Layout
    identity: LocalIdentity
    images: ImageStore
    containers: ProcessContainers
    run: CloudRun
    patience: Patience
    iam: Iam

    async def grant(self, service: str, member: str) -> None:
        place = f"projects/{PROJECT.id}/locations/{PROJECT.region}/services/{service}"
        await self.iam.bind(Binding(f"{service}/{member}", "roles/run.invoker", member, place))

    async def revoke(self, service: str, member: str) -> None:
        await self.iam.unbind(f"{service}/{member}")

    def another_run(self) -> CloudRun:
        """The same state under a new daemon."""
        iap = CookieIap(self.identity.tokens)
        ports = Ports(self.layout)
        return CloudRun(
            self.layout, ports, PROJECT, self.containers, iap=iap, identity=self.identity, guard=self.iam, patience=self.patience
        )


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / ".local")


@pytest.fixture
async def machine(layout: Layout) -> AsyncIterator[Machine]:
    identity, images = LocalIdentity(layout), ImageStore(layout)
    containers = ProcessContainers(layout, images, identity)
    patience = Patience(start_s=10, first_pause_s=0.05, longest_pause_s=0.2, liveness_every_s=0.1, liveness_failures=2, stop_s=3)
    iam, iap = Iam(layout, PROJECT), CookieIap(identity.tokens)
    run = CloudRun(
        layout, Ports(layout), PROJECT, containers, iap=iap, identity=identity, guard=iam, patience=patience, elsewhere=ELSEWHERE
    )
    yield Machine(layout, identity, images, containers, run, patience, iam)
    await run.stop()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Writes files into a fresh build context."""
    folders = iter(tmp_path / f"context-{number}" for number in range(100))

    def written(files: Mapping[str, str]) -> Path:
        context = next(folders)
        for name, text in files.items():
            path = context / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"))
        return context

    return written


@pytest.fixture
def service_of(machine: Machine, write: Callable[[Mapping[str, str]], Path]) -> Callable[..., Awaitable[ServiceSpec]]:
    """Builds an image of one Python file and describes a service of it."""

    async def built(source: str, name: str = "echo", env: Mapping[str, str] | None = None, **settings: object) -> ServiceSpec:
        context = write({"Dockerfile": 'FROM python:3.11\nWORKDIR /app\nCOPY main.py .\nCMD ["python", "main.py"]\n', "main.py": source})
        image = await machine.images.build(name, context, context / "Dockerfile")
        container = ContainerSpec(name, image, "server@sd-local.iam.gserviceaccount.com", env=env or {})
        return ServiceSpec(name, container, **settings)  # type: ignore[arg-type]

    return built
