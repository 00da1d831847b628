"""Deletes at the end of a run: each as soon as all that depends on it is gone, and not at all if something of that stays."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from local.engine.errors import ResourceFailed
from local.engine.resource import Resource

if TYPE_CHECKING:
    from local.engine.deployment import Deployment


class Deletes:
    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._resources = deployment.history.resources
        self._tasks: dict[Resource, asyncio.Task[bool]] = {}
        self._urns: set[str] = set()

    async def run(self) -> None:
        spared = self._spared()
        condemned = [resource for resource in self._resources if await self._is_condemned(resource) and resource.urn not in spared]
        self._urns = {resource.urn for resource in condemned}
        for index in reversed(range(len(condemned))):
            before = [self._tasks[other] for other in self._dependents(condemned[index], condemned[index + 1 :])]
            self._tasks[condemned[index]] = asyncio.create_task(self._delete(condemned[index], before))
        await asyncio.gather(*self._tasks.values())

    async def _is_condemned(self, resource: Resource) -> bool:
        if resource.delete:
            return resource not in self._deployment.planner.deleted
        if self._deployment.history.was_registered(resource):
            return False
        if resource.pending_replacement:
            # deleted already, and the program does not want it back
            await self._deployment.steps.journal.end(resource, old=resource)
        return not resource.pending_replacement

    def _spared(self) -> set[str]:
        """What a resource that failed or was skipped still stands on, and what was made because of it."""
        failed = self._deployment.failed
        by_urn: dict[str, list[Resource]] = {}
        for resource in (*self._resources, *self._deployment.news.values()):
            by_urn.setdefault(resource.urn, []).append(resource)
        spared: set[str] = set()
        frontier = {*failed, *(resource.urn for resource in self._resources if resource.depends_on() & failed)}
        while frontier:
            spared |= frontier
            frontier = {urn for name in frontier for resource in by_urn.get(name, ()) for urn in resource.depends_on()} - spared
        return spared - failed

    def _dependents(self, resource: Resource, later: list[Resource]) -> Iterator[Resource]:
        """Those after it in the state that depend on it, or on a component that it is part of."""
        holders = set(self._ancestors(resource))
        for other in later:
            needs = other.depends_on()
            if resource.urn in needs or holders & (needs - {other.parent}):
                yield other

    def _ancestors(self, resource: Resource) -> Iterator[str]:
        parents = {entry.urn: entry.parent for entry in self._resources}
        urn = resource.parent
        while urn:
            yield urn
            urn = parents.get(urn, "")

    async def _delete(self, resource: Resource, before: list[asyncio.Task[bool]]) -> bool:
        gone = [await task for task in before]
        if not all(gone) or self._deployment.cancelled:
            return False
        try:
            if resource.provider:
                await self._deployment.planner.ensure_provider(resource)
            await self._deployment.steps.delete(resource, spared=resource.deleted_with in self._urns)
        except ResourceFailed as error:
            self._deployment.display.error(str(error), resource.urn)
            self._deployment.failed.add(resource.urn)
            return False
        return True
