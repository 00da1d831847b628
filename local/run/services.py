"""Cloud Run: services that stay up over restarts, each behind an ingress with a URI of its own."""

import asyncio
import json
import logging
import secrets
import socket
import string
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from typing import Any

from local.iam import needs
from local.iam.needs import Guard
from local.interfaces import ContainerSpec, Identity, ServiceSpec
from local.layout import LOOPBACK, Layout, Ports, Project
from local.run.containers import ProcessContainers
from local.run.errors import NotFound, RunError
from local.run.ingress import Iap, Ingress
from local.run.records import Records
from local.run.supervisor import Patience, Supervised, Unavailable

_LOG = logging.getLogger("local.run")


class Service:
    """What stands behind one name. Satisfies `ingress.Target`."""

    def __init__(self, name: str, project: Project) -> None:
        self.name = name
        self.generation = 0
        self.spec: ServiceSpec | None = None
        self.instance: Supervised | None = None
        self.ingress: Ingress | None = None
        self.lock = asyncio.Lock()
        self.invocation = needs.invocation(project, name)
        self._audience = f"/projects/{project.number}/locations/{project.region}/services/{name}"

    @property
    def timeout_s(self) -> float:
        return self.spec.timeout_s if self.spec else 0.0

    @property
    def iap_audience(self) -> str | None:
        return self._audience if self.spec and self.spec.iap else None

    def serving(self, deadline_s: float) -> AbstractAsyncContextManager[int]:
        if self.instance is None:
            raise Unavailable(f"The service {self.name} has no instance.")
        return self.instance.serving(deadline_s)

    def record(self) -> dict[str, Any]:
        return {"spec": asdict(self.spec) if self.spec else None, "generation": self.generation}

    def load(self, record: dict[str, Any]) -> None:
        self.generation = record["generation"]
        self.spec = _spec_of(record["spec"]) if record["spec"] else None


class CloudRun:
    """Satisfies `interfaces.Services`."""

    def __init__(
        self,
        layout: Layout,
        ports: Ports,
        project: Project,
        containers: ProcessContainers,
        *,
        iap: Iap,
        identity: Identity,
        guard: Guard,
        patience: Patience | None = None,
        elsewhere: Mapping[str, str] | None = None,
    ) -> None:
        """`elsewhere` says where on this machine a browser finds what services link to at Google: origins by origins."""
        self._ports, self._project, self._containers = ports, project, containers
        self._iap, self._identity, self._guard, self._patience = iap, identity, guard, patience or Patience()
        self._elsewhere = elsewhere or {}
        self._records = Records(layout.folder("run/services"))
        self._services: dict[str, Service] = {}
        self._retiring: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Every service of before, at once. One that fails does not hold up the others; it shows in the status."""
        for name in self._records.names():
            self._service(name).load(self._records.read(name) or {})
        await asyncio.gather(*(self._resume(service, service.spec) for service in self._services.values() if service.spec))

    async def stop(self) -> None:
        await asyncio.gather(*(self._close(service) for service in self._services.values()), *self._retiring)
        self._services.clear()

    async def put(self, spec: ServiceSpec) -> str:
        service = self._service(spec.name)
        async with service.lock:
            if service.spec != _as_stored(spec) or not service.instance or service.instance.state != "ready":
                await self._replace(service, _as_stored(spec))
        return self.uri(spec.name)

    async def delete(self, name: str) -> None:
        service = self._services.get(name)
        self._records.remove(name)
        if service:
            async with service.lock:
                await self._close(service)
            self._services.pop(name, None)

    def uri(self, name: str) -> str:
        """Known before the service is: it holds for as long as the state folder does."""
        return f"http://{LOOPBACK}:{self._ports.get(f'run/{name}')}"

    def spec(self, name: str) -> ServiceSpec | None:
        service = self._services.get(name)
        return service.spec if service else None

    def rows(self) -> list[dict[str, Any]]:
        """For the status table."""
        return [self._row(service) for service in self._services.values() if service.spec]

    def pid(self, name: str) -> int:
        """Raises NotFound."""
        service = self._services.get(name)
        if not service or not service.instance or not service.instance.container:
            raise NotFound("running service", name, sorted(self._services))
        return service.instance.container.pid

    def _service(self, name: str) -> Service:
        return self._services.setdefault(name, Service(name, self._project))

    async def _replace(self, service: Service, spec: ServiceSpec) -> None:
        """The new instance is ready before the old one stops; if it does not come up, the old one stays."""
        generation = service.generation + 1
        fresh = self._instance(spec, generation)
        await fresh.start()
        old, service.instance = service.instance, fresh
        service.spec, service.generation = spec, generation
        self._records.write(service.name, service.record())
        await self._open(service)
        if old:
            self._retire(old)
        _LOG.info("%s: revision %s serves at %s", service.name, fresh.revision, self.uri(service.name))

    def _retire(self, old: Supervised) -> None:
        task = asyncio.create_task(old.retire(), name=f"retire {old.revision}")
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def _resume(self, service: Service, spec: ServiceSpec) -> None:
        service.instance = self._instance(spec, service.generation)
        await self._open(service)
        service.instance.start_in_background()
        await service.instance.settled()

    def _instance(self, spec: ServiceSpec, generation: int) -> Supervised:
        suffix = "".join(secrets.choice(string.ascii_lowercase) for _ in range(3))
        return Supervised(spec, f"{spec.name}-{generation:05d}-{suffix}", self._containers, _free_port, self._patience)

    async def _open(self, service: Service) -> None:
        if service.ingress is None:
            port = self._ports.get(f"run/{service.name}")
            ingress = Ingress(port, service, self._iap, self._identity, self._guard, self._elsewhere)
            try:
                await ingress.start()
            except OSError as error:
                raise RunError(f"{service.name} cannot listen at {ingress.uri}: {error.strerror}; free that port and try again") from error
            service.ingress = ingress

    async def _close(self, service: Service) -> None:
        if service.ingress:
            await service.ingress.stop()
        if service.instance:
            await service.instance.stop()
        service.ingress = service.instance = None

    def _row(self, service: Service) -> dict[str, Any]:
        instance = service.instance
        container = instance.container if instance else None
        return {
            "part": f"service {service.name}",
            "state": instance.state if instance else "stopped",
            "reason": instance.reason if instance else "",
            "address": self.uri(service.name),
            "pid": container.pid if container and container.exit_code is None else None,
            "since": instance.since if instance else time.time(),
            "restarts": instance.restarts if instance else 0,
            "revision": instance.revision if instance else "",
        }


def _spec_of(record: dict[str, Any]) -> ServiceSpec:
    return ServiceSpec(**{**record, "container": ContainerSpec(**record["container"])})


def _as_stored(spec: ServiceSpec) -> ServiceSpec:
    """As it comes back from disk (lists for tuples), so that the same specification is found equal."""
    return _spec_of(json.loads(json.dumps(asdict(spec))))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
