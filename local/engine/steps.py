"""One step each: through the provider and into the journal, so that the state is true whatever happens next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from local.engine import urns
from local.engine.diff import NOTHING, Diff
from local.engine.display import Display
from local.engine.errors import InitFailed, ResourceFailed
from local.engine.journal import Journal
from local.engine.provider import Provider
from local.engine.providers import Registry
from local.engine.resource import Resource, now
from local.engine.values import UNKNOWN, Secret


class Steps:
    def __init__(self, journal: Journal, registry: Registry, display: Display, preview: bool, parallel: int) -> None:
        self.journal = journal
        self._registry = registry
        self._display = display
        self._preview = preview
        self._room = asyncio.Semaphore(parallel)

    async def same(self, old: Resource, new: Resource) -> None:
        new.id, new.outputs = old.id, dict(old.outputs)
        if urns.is_provider(new.type):
            await self._registry.same(old, new)
        _hide_secrets(new)
        self._display.same(new)
        await self.journal.same(old, new)

    async def create(self, new: Resource, old: Resource | None = None, diff: Diff = NOTHING) -> None:
        """In the place of `old`, if given; `old` is then deleted at the end of the run, unless it already is."""
        failure: ResourceFailed | None = None
        async with self._step("create" if old is None else "create-replacement", new, diff):
            await self.journal.begin("creating", new)
            try:
                await self._create(new)
            except InitFailed as error:
                failure, new.id, new.outputs, new.init_errors = error, error.id, error.properties, list(error.reasons)
            except ResourceFailed:
                await self.journal.end(new)
                raise
            _hide_secrets(new)
            new.created = new.modified = now()
            gone = old if old is not None and old.pending_replacement else None
            if old is not None and gone is None:
                old.delete = True
                self.journal.touch(old)
            await self.journal.end(new, old=gone, new=new)
            if failure:
                raise failure

    async def _create(self, new: Resource) -> None:
        if urns.is_provider(new.type):
            new.id, new.outputs = await self._registry.create(new)
        elif new.custom:
            new.id, new.outputs = await self._provider(new).create(new, self._preview)

    async def update(self, old: Resource, new: Resource, diff: Diff) -> None:
        new.id, new.created, new.modified = old.id, old.created, now()
        failure: ResourceFailed | None = None
        async with self._step("update", new, diff):
            await self.journal.begin("updating", new)
            try:
                await self._update(old, new)
            except InitFailed as error:
                failure, new.outputs, new.init_errors = error, error.properties, list(error.reasons)
            except ResourceFailed:
                await self.journal.end(new)
                raise
            _hide_secrets(new)
            await self.journal.end(new, old=old, new=new)
            if failure:
                raise failure

    async def _update(self, old: Resource, new: Resource) -> None:
        if urns.is_provider(new.type):
            new.outputs = await self._registry.update(new)
        elif new.custom:
            new.outputs = await self._provider(new).update(old, new, self._preview)
        else:
            new.outputs = dict(old.outputs)

    async def replaced(self, new: Resource, diff: Diff) -> None:
        """Says that one entry has taken another's place; nothing is left to do."""
        async with self._step("replace", new, diff):
            pass

    def refused(self, op: str, resource: Resource, diff: Diff) -> None:
        self._display.refused(op, resource, diff)

    async def delete(self, old: Resource, *, spared: bool = False, again: bool = False, diff: Diff = NOTHING) -> None:
        """`spared`: it goes with another resource, so its provider is not asked. `again`: it will be made anew in this run."""
        replacing = again or old.delete
        if old.protect and not replacing:
            self._display.refused("delete", old, diff)
            raise ResourceFailed(_PROTECTED.format(urn=old.urn))
        async with self._step("delete-replaced" if replacing else "delete", old, diff):
            await self.journal.begin("deleting", old)
            try:
                if not (self._preview or spared or old.external or old.retain_on_delete or not old.custom or urns.is_provider(old.type)):
                    await self._provider(old).delete(old)
            except ResourceFailed:
                await self.journal.end(old)
                raise
            old.pending_replacement = again
            self.journal.touch(old)
            await self.journal.end(old, old=None if again else old)

    async def read(self, old: Resource | None, new: Resource) -> None:
        """A resource that the program only looks at (`.get()`)."""
        async with self._step("read", new, NOTHING):
            if new.id == "":
                new.outputs = dict.fromkeys(new.inputs, UNKNOWN)
            else:
                id_, outputs, _ = await self._provider(new).read(new.copy(outputs=new.inputs))
                if id_ == "":
                    raise ResourceFailed(f"resource '{new.id}' does not exist")
                new.id, new.outputs = id_, outputs
            _hide_secrets(new)
            await self.journal.end(new, old=old, new=new)

    def _provider(self, resource: Resource) -> Provider:
        return self._registry.get(resource.provider)

    @asynccontextmanager
    async def _step(self, op: str, resource: Resource, diff: Diff) -> AsyncIterator[None]:
        async with self._room:
            begun = self._display.begin(op, resource, diff)
            try:
                yield
            except ResourceFailed:
                self._display.end(begun, failed=True)
                raise
            self._display.end(begun)


_PROTECTED = (
    'resource "{urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, '
    "remove the `protect` flag from the resource in your Pulumi program and run `up`"
)


def _hide_secrets(resource: Resource) -> None:
    """Secret: what the program says so, and what comes out as a secret went in."""
    for key, value in resource.outputs.items():
        named = key in resource.additional_secret_outputs
        if (named or isinstance(resource.inputs.get(key), Secret)) and not isinstance(value, Secret):
            resource.outputs[key] = Secret(value)
