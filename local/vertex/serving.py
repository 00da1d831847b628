"""The serving containers of deployed models, by Vertex AI's container contract: AIP_* variables in, health and predictions out."""

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

import aiohttp

from local.interfaces import Containers, ContainerSpec, Json, Running
from local.layout import LOOPBACK, Project
from local.vertex import launch

_POLL_S = 0.1
_PROBE_TIMEOUT_S = 10.0
_DEPLOYMENT_TIMEOUT_S = 1200.0
_PAUSE_S = 0.5
_LONGEST_BACKOFF_S = 30.0

log = logging.getLogger(__name__)


class NotServing(Exception):
    """The container ended or did not become healthy in time; the text holds its last words."""


@dataclass(frozen=True)
class Deployment:
    """What one deployed model runs."""

    endpoint_id: str
    deployed_id: str
    model: Json
    account: str

    @property
    def container(self) -> Json:
        spec: Json = self.model["containerSpec"]
        return spec

    @property
    def predict_route(self) -> str:
        return str(self.container.get("predictRoute") or f"{self._default_route}:predict")

    @property
    def health_route(self) -> str:
        return str(self.container.get("healthRoute") or self._default_route)

    @property
    def patience_s(self) -> float:
        given = self.container.get("deploymentTimeout")
        return float(given.removesuffix("s")) if given else _DEPLOYMENT_TIMEOUT_S

    @property
    def _default_route(self) -> str:
        return f"/v1/endpoints/{self.endpoint_id}/deployedModels/{self.deployed_id}"


class Replica:
    """One serving container, started again with back-off when it ends by itself."""

    def __init__(self, containers: Containers, project: Project, deployment: Deployment) -> None:
        self._containers = containers
        self._project = project
        self._deployment = deployment
        self._port = _free_port()
        self._watch: asyncio.Task[None] | None = None
        self._running: Running | None = None
        self.healthy = False

    @property
    def predict_url(self) -> str:
        return f"http://{LOOPBACK}:{self._port}{self._deployment.predict_route}"

    async def start(self) -> None:
        """Returns once it is healthy. Raises NotServing, with nothing left running."""
        try:
            await self._launch()
        except BaseException:
            await self.stop()
            raise
        self._watch = asyncio.create_task(self._keep(), name=f"serving {self._deployment.deployed_id}")

    def start_later(self) -> None:
        """As after a restart of the daemon: keeps trying until it is healthy."""
        self._watch = asyncio.create_task(self._revive(), name=f"serving {self._deployment.deployed_id}")

    async def stop(self) -> None:
        self.healthy = False
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._running:
            await self._running.stop()

    async def _launch(self) -> None:
        try:
            self._running = await launch.start(self._containers, self._spec())
        except launch.NotStarted as error:
            raise NotServing(str(error)) from error
        ended = asyncio.create_task(self._running.wait())
        try:
            await self._until_healthy(self._running, ended)
        finally:
            ended.cancel()
        self.healthy = True

    async def _until_healthy(self, running: Running, ended: asyncio.Task[int]) -> None:
        deadline = asyncio.get_running_loop().time() + self._deployment.patience_s
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_PROBE_TIMEOUT_S)) as session:
            while not await self._answers(session):
                if ended.done():
                    message = f"Model server exited unexpectedly: the container {launch.exit_text(ended.result())}."
                    raise NotServing(launch.with_tail(message, running.log))
                if asyncio.get_running_loop().time() > deadline:
                    route, limit = self._deployment.health_route, self._deployment.patience_s
                    message = f"Model server never became ready: {route} gave no 200 for {limit:g} s."
                    raise NotServing(launch.with_tail(message, running.log))
                await asyncio.sleep(_POLL_S)

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"http://{LOOPBACK}:{self._port}{self._deployment.health_route}") as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _keep(self) -> None:
        while self._running:
            code = await self._running.wait()
            self.healthy = False
            log.warning("deployed model %s: its container %s", self._deployment.deployed_id, launch.exit_text(code))
            await asyncio.sleep(_PAUSE_S)
            await self._revive_once()

    async def _revive(self) -> None:
        await self._revive_once()
        await self._keep()

    async def _revive_once(self) -> None:
        for attempt in count():
            try:
                await self._launch()
            except NotServing as error:
                log.warning("deployed model %s is not served: %s", self._deployment.deployed_id, error)
                if self._running:
                    await self._running.stop()
                await asyncio.sleep(min(_PAUSE_S * 2**attempt, _LONGEST_BACKOFF_S))
            else:
                return

    def _spec(self) -> ContainerSpec:
        deployment, container = self._deployment, self._deployment.container
        env = self._environment()
        for variable in container.get("env", []):
            env[variable["name"]] = _expanded(variable.get("value", ""), env)
        return ContainerSpec(
            name=f"endpoint-{deployment.endpoint_id}-{deployment.deployed_id}",
            image=container["imageUri"],
            account=deployment.account,
            command=[_expanded(word, env) for word in container.get("command", [])],
            args=[_expanded(word, env) for word in container.get("args", [])],
            env=env,
        )

    def _environment(self) -> dict[str, str]:
        deployment, model = self._deployment, self._deployment.model
        return {
            "AIP_MODE": "PREDICTION",
            "AIP_MODE_VERSION": "1.0.0",
            "AIP_HTTP_PORT": str(self._port),
            "AIP_HEALTH_ROUTE": deployment.health_route,
            "AIP_PREDICT_ROUTE": deployment.predict_route,
            "AIP_STORAGE_URI": model.get("artifactUri", ""),
            "AIP_PROJECT_NUMBER": self._project.number,
            "AIP_ENDPOINT_ID": deployment.endpoint_id,
            "AIP_DEPLOYED_MODEL_ID": deployment.deployed_id,
            "AIP_MODEL_NAME": model["name"],
            "AIP_VERSION_NAME": model["versionId"],
            # In the cloud a container may open every interface; on a laptop it must not.
            "HOST": LOOPBACK,
        }


def _expanded(word: str, env: Mapping[str, str]) -> str:
    """`$(NAME)` as in Kubernetes: unknown names stay, `$$(NAME)` escapes."""

    def replaced(match: re.Match[str]) -> str:
        escape, name = match.groups()
        return f"$({name})" if escape else env.get(name, match.group())

    return re.sub(r"(\$?)\$\(([A-Za-z_]\w*)\)", replaced, word)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
