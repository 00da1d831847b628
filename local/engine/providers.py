"""Provider resources: checked and compared like any other, but what they make is a configured provider in this process."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable

from local.engine import urns
from local.engine.diff import Diff
from local.engine.errors import EngineError, InvalidInputs
from local.engine.provider import Provider
from local.engine.resource import Resource
from local.engine.values import UNKNOWN_TEXT, Properties

# the engine's own notes in a provider's inputs, which the provider is not shown
_INTERNAL = "__internal"

Connect = Callable[[str], Awaitable[Provider]]


class Registry:
    def __init__(self, connect: Connect, preview: bool) -> None:
        self._connect = connect
        self._preview = preview
        self._configured: dict[str, Provider] = {}
        self._inputs: dict[str, Properties] = {}
        # checked under this run's inputs, not configured yet
        self._candidates: dict[str, Provider] = {}
        self._ensuring = asyncio.Lock()

    def get(self, reference: str) -> Provider:
        found = self._configured.get(reference)
        if found is None:
            raise EngineError(f"the provider {reference} is not registered")
        return found

    async def ensure(self, resource: Resource) -> Provider:
        """The provider as it was when it made what is in the state: that is what can delete it."""
        reference = f"{resource.urn}::{resource.id}"
        async with self._ensuring:
            if reference not in self._configured:
                provider = await self._open(resource.urn)
                await provider.configure(resource.urn, resource.id, shown(resource.inputs))
                self._configured[reference] = provider
        return self._configured[reference]

    async def check(self, urn: str, olds: Properties, news: Properties) -> Properties:
        provider = await self._open(urn)
        checked = await provider.check_config(urn, shown(olds), shown(news))
        if checked.get("version", news.get("version")) != news.get("version"):
            raise InvalidInputs([f"the provider of {urns.package_of(urns.type_of(urn))} changed its own version"])
        self._candidates[urn] = provider
        return {**checked, **{key: news[key] for key in ("version", _INTERNAL) if key in news}}

    async def diff(self, old: Resource, news: Properties) -> Diff:
        provider = self._candidates.get(old.urn) or await self.ensure(old)
        return await provider.diff_config(old.copy(inputs=shown(old.inputs)), shown(news))

    async def compare(self, before: Resource, reference: str) -> Diff:
        """What it means for a resource of the provider `before` to have `reference` now."""
        return await self.get(reference).diff_config(before.copy(inputs=shown(before.inputs)), shown(self._inputs[reference]))

    async def create(self, new: Resource) -> tuple[str, Properties]:
        id_ = UNKNOWN_TEXT if self._preview else str(uuid.uuid4())
        return id_, await self._settle(new.urn, id_, new.inputs)

    async def update(self, new: Resource) -> Properties:
        return await self._settle(new.urn, new.id, new.inputs)

    async def same(self, old: Resource, new: Resource) -> None:
        """Configured with the old inputs: if they differ, its provider has just said that it does not matter."""
        await self._settle(new.urn, old.id, old.inputs)

    async def cancel(self) -> None:
        for provider in self._configured.values():
            await provider.cancel()

    async def _open(self, urn: str) -> Provider:
        return await self._connect(urns.package_of(urns.type_of(urn)))

    async def _settle(self, urn: str, id_: str, inputs: Properties) -> Properties:
        provider = self._candidates.pop(urn, None) or await self._open(urn)
        await provider.configure(urn, id_, shown(inputs))
        self._configured[f"{urn}::{id_}"] = provider
        self._inputs[f"{urn}::{id_}"] = inputs
        return shown(inputs)


def shown(inputs: Properties) -> Properties:
    return {key: value for key, value in inputs.items() if key != _INTERNAL}


def with_version(inputs: Properties, version: str) -> Properties:
    return {**inputs, "version": version, _INTERNAL: {}} if version else inputs


def default_name(version: str) -> str:
    """`default_10_2_0`, as the CLI calls the provider that serves resources which name none."""
    return "_".join(("default", *version.replace("-", ".").replace("+", ".").split("."))) if version else "default"
