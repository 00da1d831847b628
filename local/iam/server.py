"""Identity and Access Management as a part of the local cloud: told of bindings and roles by the provider, asked by everybody else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from local.iam import conditions, roles
from local.iam.bindings import Binding
from local.iam.errors import IamError, UnknownBinding, UnknownRole
from local.iam.needs import Need
from local.iam.policy import Held, Policy
from local.iam.principals import Groups, automatic
from local.iam.refusals import Refusals, file_of
from local.layout import Layout, Project

_LOG = logging.getLogger(__name__)

Listener = Callable[[], Awaitable[None]]


class Iam:
    """Satisfies `interfaces.Iam` and `needs.Guard`. The provider's records remember the bindings; this part only holds them."""

    def __init__(self, layout: Layout, project: Project) -> None:
        self._groups = Groups(layout.folder("iam") / "groups.json")
        self._refusals = Refusals(file_of(layout))
        self._custom: dict[str, frozenset[str]] = {}
        self._bindings = {f"automatic/{agent}": _automatic(project, agent, role) for agent, role in automatic(project).items()}
        self._suspended: set[str] = set()
        self._listeners: list[Listener] = []
        self._policy = self._current()

    def on_change(self, listener: Listener) -> None:
        """Called after every change, before whoever made it gets an answer."""
        self._listeners.append(listener)

    async def define(self, role: str, permissions: Iterable[str]) -> None:
        self._custom[role] = frozenset(permissions)
        await self._changed()

    async def forget(self, role: str) -> None:
        self._custom.pop(role, None)
        await self._changed()

    async def bind(self, binding: Binding) -> None:
        """Raises UnknownRole, BadCondition."""
        self._bindings[binding.id] = await self._held(binding)
        await self._changed()

    async def unbind(self, identity: str) -> None:
        self._bindings.pop(identity, None)
        self._suspended.discard(identity)
        await self._changed()

    async def load(self, defined: Iterable[tuple[str, Iterable[str]]], bound: Iterable[Binding]) -> None:
        """What the provider remembers from before the daemon's start. A binding that can no longer be read gives nothing."""
        self._custom |= {role: frozenset(permissions) for role, permissions in defined}
        for binding in bound:
            try:
                self._bindings[binding.id] = await self._held(binding)
            except IamError as error:
                _LOG.error("binding %s gives nothing: %s", binding.id, error)
        await self._changed()

    async def suspend(self, identity: str) -> None:
        """As if the binding were not there, until it is restored or the daemon ends. Raises UnknownBinding."""
        if identity not in self._bindings:
            raise UnknownBinding(identity)
        self._suspended.add(identity)
        await self._changed()

    async def restore(self, identity: str) -> None:
        self._suspended.discard(identity)
        await self._changed()

    def allows(self, principal: str | None, need: Need) -> bool:
        return self._policy.allows(principal, need)

    def refused(self, principal: str | None, needs: Iterable[Need]) -> Need | None:
        lacked = next((need for need in needs if not self._policy.allows(principal, need)), None)
        if lacked and principal is not None:
            self._refusals.add(principal, lacked)
        return lacked

    def rows(self) -> Sequence[dict[str, Any]]:
        """Every binding that somebody made."""
        return [
            {
                "id": held.id,
                "member": held.member,
                "role": held.role,
                "resource": held.place,
                "condition": held.condition.text if held.condition else "",
                "suspended": held.id in self._suspended,
            }
            for held in self._bindings.values()
            if not held.id.startswith("automatic/")
        ]

    @property
    def refusals(self) -> int:
        return self._refusals.count

    async def _held(self, binding: Binding) -> Held:
        if roles.permissions_of(binding.role, self._custom) is None:
            raise UnknownRole(binding.role)
        condition = await asyncio.to_thread(conditions.compiled, binding.condition) if binding.condition else None
        return Held(binding.id, binding.role, binding.member, binding.place, condition)

    async def _changed(self) -> None:
        self._policy = self._current()
        for listener in self._listeners:
            await listener()

    def _current(self) -> Policy:
        counting = [held for identity, held in self._bindings.items() if identity not in self._suspended]
        return Policy(counting, self._custom, self._groups)


def _automatic(project: Project, agent: str, role: str) -> Held:
    return Held(f"automatic/{agent}", role, f"serviceAccount:{agent}", f"projects/{project.id}")
