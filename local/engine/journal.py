"""What a run has done to the state so far, on disk before and after every step."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from local.engine import state, urns, values
from local.engine.resource import Resource, to_json
from local.engine.secrets import Crypter
from local.engine.state import Snapshot

# differences in these alone are not worth a write
_ADVISORY = ("sourcePosition", "initErrors", "aliases", "created", "modified")


class Journal:
    """The new state: what this run made, then what it has not come to yet. Without a path nothing is written (preview).

    Many steps run at once; those that ask for a write while one is under way share the next.
    """

    def __init__(self, path: Path | None, base: Snapshot, crypter: Crypter) -> None:
        self._path = path
        self._base = base
        self._crypter = crypter
        self._news: list[Resource] = []
        self._done: set[Resource] = set()
        self._pending: list[tuple[str, Resource]] = []
        self._texts: dict[Resource, str] = {}
        self._lock = asyncio.Lock()
        self._wanted = self._written = 0

    async def begin(self, what: str, resource: Resource) -> None:
        self._pending.append((what, resource))
        await self.save()

    async def end(self, resource: Resource, *, old: Resource | None = None, new: Resource | None = None) -> None:
        """The step on `resource` is over: `old` leaves the state, `new` enters it; neither, if it failed."""
        self._pending = [entry for entry in self._pending if entry[1] is not resource]
        self.exchange(old, new)
        await self.save()

    def exchange(self, old: Resource | None, new: Resource | None) -> None:
        if old is not None:
            self._done.add(old)
        if new is not None:
            self._news.append(new)
            self._base.pending = [entry for entry in self._base.pending if entry[1].urn != new.urn]

    async def same(self, old: Resource, new: Resource) -> None:
        self.exchange(old, new)
        if _meaning(old) != _meaning(new):
            await self.save()

    def touch(self, resource: Resource) -> None:
        """The resource has changed in place; the next write shows it."""
        self._texts.pop(resource, None)

    def snapshot(self) -> Snapshot:
        remaining = [resource for resource in (*self._news, *self._base.resources) if resource not in self._done]
        creates = [entry for entry in self._base.pending if entry[0] == "creating"]
        return Snapshot(remaining, [*self._pending, *creates], self._base.metadata)

    async def save(self) -> None:
        self._wanted += 1
        mine = self._wanted
        if self._path is None:
            return
        async with self._lock:
            if self._written < mine:
                covered = self._wanted
                await self.write(self._path)
                self._written = covered

    async def write(self, path: Path) -> None:
        await self._make_key()
        text = self._text()
        await asyncio.to_thread(state.write, path, text)

    async def _make_key(self) -> None:
        """Ahead of the first secret, in a thread, since it takes a while."""
        if not self._crypter.ready and any(_has_secret(resource) for resource in self.snapshot().resources):
            await self._crypter.warm()

    def _text(self) -> str:
        snapshot = self.snapshot()
        rename = _renamer(snapshot.resources)
        resources = [self._render(resource, rename) for resource in snapshot.resources]
        pending = [(what, state.render(_renamed(resource, rename), self._crypter)) for what, resource in snapshot.pending]
        return state.assemble(resources, pending, snapshot.metadata, self._crypter)

    def _render(self, resource: Resource, rename: Callable[[str], str]) -> str:
        current = _renamed(resource, rename)
        if current is not resource:
            return state.render(current, self._crypter)
        if resource not in self._texts:
            self._texts[resource] = state.render(resource, self._crypter)
        return self._texts[resource]


def _has_secret(resource: Resource) -> bool:
    return values.has_secret(resource.inputs) or values.has_secret(resource.outputs)


def _meaning(resource: Resource) -> dict[str, object]:
    fields = to_json(resource.copy(extra={}, dependencies=sorted(resource.dependencies)))
    return {key: value for key, value in fields.items() if key not in _ADVISORY}


def _renamer(resources: list[Resource]) -> Callable[[str], str]:
    """From a URN to the one that the resource has now: what this run has not come to still refers to the former."""
    now = {alias: resource.urn for resource in resources for alias in resource.aliases}
    return lambda urn: now.get(urn, urn)


def _renamed(resource: Resource, rename: Callable[[str], str]) -> Resource:
    provider_urn, provider_id = urns.split_reference(resource.provider)
    references = {
        "parent": rename(resource.parent),
        "provider": f"{rename(provider_urn)}::{provider_id}" if resource.provider else "",
        "dependencies": [rename(urn) for urn in resource.dependencies],
        "property_dependencies": {key: [rename(urn) for urn in given] for key, given in resource.property_dependencies.items()},
        "deleted_with": rename(resource.deleted_with),
        "replace_with": [rename(urn) for urn in resource.replace_with],
        "aliases": [],
    }
    same = all(getattr(resource, name) == value for name, value in references.items())
    return resource if same else resource.copy(**references)
