"""Reads every resource as it is now, says what differs from the state, and makes the state say so too."""

import asyncio
from dataclasses import replace

from local.engine import diff, urns
from local.engine.deployment import Deployment
from local.engine.diff import NOTHING, Diff
from local.engine.errors import InitFailed, ResourceFailed
from local.engine.resource import Resource, now
from local.engine.state import Snapshot


async def refresh(deployment: Deployment, parallel: int) -> list[Resource]:
    """The resources as they are now, in the state's order."""
    room = asyncio.Semaphore(parallel)

    async def one(old: Resource) -> Resource | None:
        async with room:
            return await _read(deployment, old)

    found = await asyncio.gather(*(one(resource) for resource in deployment.history.resources))
    return without_dangling([resource for resource in found if resource is not None])


async def _read(deployment: Deployment, old: Resource) -> Resource | None:
    """None: it is gone."""
    if not old.custom or urns.is_provider(old.type) or old.pending_replacement:
        deployment.display.refreshed(old, "same", NOTHING)
        return old
    try:
        new, found = await _compare(deployment, old)
    except ResourceFailed as error:
        deployment.display.error(str(error), old.urn)
        deployment.failed.add(old.urn)
        return old
    if new is None:
        deployment.display.refreshed(old, "delete", NOTHING)
    else:
        deployment.display.refreshed(new, "update" if found.changes else "same", found)
    return new


async def _compare(deployment: Deployment, old: Resource) -> tuple[Resource | None, Diff]:
    provider = await deployment.planner.ensure_provider(old)
    reasons: list[str] = []
    inputs = None
    try:
        id_, outputs, inputs = await provider.read(old)
    except InitFailed as error:
        id_, outputs, reasons = error.id, error.properties, list(error.reasons)
        deployment.display.warning("Refreshed resource is in an unhealthy state:\n* " + "\n* ".join(reasons), old.urn)
    if not id_:
        return None, NOTHING
    new = old.copy(id=id_, outputs=outputs, inputs=old.inputs if inputs is None else inputs, init_errors=reasons)
    if (new.inputs, new.outputs) != (old.inputs, old.outputs):
        new.modified = now()
    if old.external:
        return new, replace(NOTHING, changes=new.outputs != old.outputs)
    return new, diff.inverted(await provider.diff(new, old.inputs))


def without_dangling(resources: list[Resource]) -> list[Resource]:
    """Nothing may refer to what is gone; a child of what is gone has its grandparent for parent."""
    present: set[str] = set()
    parents: dict[str, str] = {}
    kept = []
    for resource in resources:
        parent = resource.parent
        while parent and parent not in present:
            parent = parents.get(parent, "")
        parents[resource.urn] = parent
        kept.append(_pruned(resource, present, parent) if resource.depends_on() - present else resource)
        present.add(resource.urn)
    return kept


def _pruned(resource: Resource, present: set[str], parent: str) -> Resource:
    return resource.copy(
        parent=parent,
        dependencies=[urn for urn in resource.dependencies if urn in present],
        property_dependencies={key: [urn for urn in given if urn in present] for key, given in resource.property_dependencies.items()},
        deleted_with=resource.deleted_with if resource.deleted_with in present else "",
        replace_with=[urn for urn in resource.replace_with if urn in present],
    )


def refreshed(base: Snapshot, resources: list[Resource]) -> Snapshot:
    """What was pending is settled by having looked."""
    return Snapshot(resources, [], base.metadata)
