"""Keeps one instance of a service running: ready before it gets requests, restarted when it dies, given up when that is hopeless."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from local.interfaces import ContainerSpec, ServiceSpec
from local.run.containers import Container, ProcessContainers, exit_text
from local.run.errors import RunError, StartFailed
from local.run.probes import answers

_LOG = logging.getLogger("local.run")


class Unavailable(RunError):
    """No instance takes requests; the text is what the caller gets with a 503."""


@dataclass(frozen=True)
class Patience:
    """How long is waited for what, in seconds."""

    start_s: float = 60.0
    probe_every_s: float = 0.05
    liveness_every_s: float = 10.0
    liveness_failures: int = 3
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    # an instance that lived shorter than this crashed "quickly"
    quick_s: float = 10.0
    quick_crashes: int = 5
    stop_s: float = 10.0
    drain_s: float = 10.0


class Supervised:
    """One revision's instance."""

    def __init__(
        self, spec: ServiceSpec, revision: str, containers: ProcessContainers, free_port: Callable[[], int], patience: Patience
    ) -> None:
        self.spec, self.revision = spec, revision
        self.state, self.reason = "starting", ""
        self.restarts = 0
        self.since = time.time()
        self.container: Container | None = None
        self._port = 0
        self._containers, self._free_port, self._patience = containers, free_port, patience
        self._quick_crashes = 0
        self._changed = asyncio.Condition()
        self._keeper: asyncio.Task[None] | None = None
        self._requests = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def start(self) -> None:
        """Answers when it takes requests. Raises StartFailed, and leaves nothing then."""
        try:
            await self._launch()
        except BaseException:
            await self._end_container()
            raise
        self._keeper = asyncio.create_task(self._keep(), name=f"supervisor {self.spec.name}")

    def start_in_background(self) -> None:
        """For a service that ran before: a start that fails counts as a crash."""
        self._keeper = asyncio.create_task(self._start_and_keep(), name=f"supervisor {self.spec.name}")

    async def settled(self) -> None:
        """Waits for the first answer to whether it runs."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.state != "starting")

    @contextlib.asynccontextmanager
    async def serving(self, deadline_s: float) -> AsyncIterator[int]:
        """For one request: the port that it goes to. Waits out a restart for `deadline_s`. Raises Unavailable."""
        port = await self._ready_port(deadline_s)
        self._requests += 1
        self._idle.clear()
        try:
            yield port
        finally:
            self._requests -= 1
            if not self._requests:
                self._idle.set()

    async def _ready_port(self, deadline_s: float) -> int:
        if self.state != "ready":
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(deadline_s), self._changed:
                    await self._changed.wait_for(lambda: self.state in ("ready", "failed", "stopped"))
        if self.state != "ready":
            raise Unavailable(f"The service {self.spec.name} has no instance that takes requests: {self.reason or self.state}.")
        return self._port

    async def retire(self) -> None:
        """Stop when the requests that it still has are answered."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), self._patience.drain_s)
        await self.stop()

    async def stop(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        await self._end_container()
        await self._become("stopped", "")

    async def _launch(self) -> None:
        self._port = self._free_port()
        self.container = await self._containers.start(self._container_spec())
        await self._until_ready(self.container)
        await self._become("ready", "")

    def _container_spec(self) -> ContainerSpec:
        spec = self.spec
        env = {
            **spec.container.env,
            spec.port_env: str(self._port),
            "K_SERVICE": spec.name,
            "K_REVISION": self.revision,
            "K_CONFIGURATION": spec.name,
        }
        return replace(spec.container, name=spec.name, env=env)

    async def _until_ready(self, container: Container) -> None:
        probe = asyncio.create_task(self._probe(), name=f"startup probe {self.spec.name}")
        end = asyncio.create_task(container.wait(), name=f"start of {self.spec.name}")
        try:
            await asyncio.wait([probe, end], timeout=self._patience.start_s, return_when=asyncio.FIRST_COMPLETED)
            if not probe.done():
                raise StartFailed(self.spec.name, self._why_not_ready(container, end), container.log, container.tail())
        finally:
            probe.cancel()
            end.cancel()

    def _why_not_ready(self, container: Container, end: "asyncio.Task[int]") -> str:
        if end.done():
            return f"the process ended with {exit_text(end.result())} before it listened on ${self.spec.port_env}"
        asked = f"GET {self.spec.startup_path}" if self.spec.startup_path else "a TCP connection"
        return f"{asked} on the port of ${self.spec.port_env} ({self._port}) got no good answer in {self._patience.start_s:g} s"

    async def _probe(self) -> None:
        while not await answers(self._port, self.spec.startup_path):  # noqa: ASYNC110 - nothing tells that a port opens
            await asyncio.sleep(self._patience.probe_every_s)

    async def _start_and_keep(self) -> None:
        try:
            await self._launch()
        except RunError as error:
            await self._crashed(str(error))
        await self._keep()

    async def _keep(self) -> None:
        while self.state != "failed":
            if self.state == "ready" and self.container:
                await self._crashed(await self._until_dead(self.container))
                continue
            await asyncio.sleep(self._pause_s())
            self.restarts += 1
            try:
                await self._launch()
            except RunError as error:
                await self._crashed(str(error))

    def _pause_s(self) -> float:
        doublings = max(0, self._quick_crashes - 1)
        return min(self._patience.first_pause_s * 2.0**doublings, self._patience.longest_pause_s)

    async def _until_dead(self, container: Container) -> str:
        end = asyncio.create_task(container.wait(), name=f"life of {self.spec.name}")
        liveness = asyncio.create_task(self._until_unhealthy(), name=f"liveness probe {self.spec.name}")
        try:
            await asyncio.wait([end, liveness], return_when=asyncio.FIRST_COMPLETED)
            return f"it ended with {exit_text(end.result())}" if end.done() else liveness.result()
        finally:
            end.cancel()
            liveness.cancel()

    async def _until_unhealthy(self) -> str:
        failures = 0
        while failures < self._patience.liveness_failures:
            await asyncio.sleep(self._patience.liveness_every_s)
            if self.spec.liveness_path:
                failures = 0 if await answers(self._port, self.spec.liveness_path) else failures + 1
        return f"GET {self.spec.liveness_path} failed {failures} times in a row"

    async def _crashed(self, reason: str) -> None:
        lived_s = time.time() - self.container.started if self.container else 0.0
        await self._end_container()
        self._quick_crashes = self._quick_crashes + 1 if lived_s < self._patience.quick_s else 1
        if self._quick_crashes >= self._patience.quick_crashes:
            await self._become("failed", f"given up after {self._quick_crashes} quick crashes, the last: {reason}")
        else:
            await self._become("restarting", reason)
        _LOG.warning("%s is %s: %s", self.spec.name, self.state, reason)

    async def _end_container(self) -> None:
        if self.container and self.container.exit_code is None:
            await self.container.stop(self._patience.stop_s)

    async def _become(self, state: str, reason: str) -> None:
        async with self._changed:
            self.state, self.reason, self.since = state, reason, time.time()
            self._changed.notify_all()
