"""What becomes of one resource: the same, created, updated or replaced. The rules are those of Pulumi's step generator."""

import asyncio
import hashlib
import os

from local.engine import diff, paths, urns
from local.engine.diff import NOTHING, Diff
from local.engine.errors import ResourceFailed
from local.engine.history import History, dependents
from local.engine.provider import Provider
from local.engine.providers import Registry
from local.engine.resource import Goal, Resource
from local.engine.steps import Steps
from local.engine.values import UNKNOWN, Properties, has_unknown, reveal


class Planner:
    def __init__(self, history: History, registry: Registry, steps: Steps, *, preview: bool, steady_names: bool) -> None:
        self._history = history
        self._registry = registry
        self._steps = steps
        self._preview = preview
        self._steady_names = steady_names
        self._replaced: set[str] = set()
        # deleted ahead of their own turn, since something they depend on had to go first; the future is done when they are gone
        self._ahead: dict[str, asyncio.Future[None]] = {}
        self.deleted: set[Resource] = set()

    async def bring(self, goal: Goal, old: Resource | None, new: Resource) -> None:
        again = old is not None and await self._was_deleted(old)
        fresh = old is None or again or old.external
        new.inputs = await self._check(goal, None if fresh else old, new)
        if old is None:
            await self._steps.create(new)
        elif fresh:
            self._replaced.add(new.urn)
            await self._steps.replaced(new, NOTHING)
            await self._steps.create(new, old)
        else:
            await self._change(goal, old, new, await self._diff(goal, old, new))

    async def _was_deleted(self, old: Resource) -> bool:
        gone = self._ahead.get(old.urn)
        if gone is not None:
            await gone
        return gone is not None

    async def _change(self, goal: Goal, old: Resource, new: Resource, found: Diff) -> None:
        if old.pending_replacement or (found.changes and found.replaces):
            await self._replace(goal, old, new, found)
        elif found.changes or old.init_errors:
            await self._steps.update(old, new, found)
        else:
            await self._steps.same(old, new)

    async def _check(self, goal: Goal, old: Resource | None, new: Resource, replaced: Resource | None = None) -> Properties:
        inputs = paths.reset(goal.properties, old.inputs, goal.ignore_changes) if old else goal.properties
        olds = old.inputs if old else {}
        if urns.is_provider(new.type):
            return await self._registry.check(new.urn, olds, inputs)
        if not new.custom:
            return inputs
        return await self._provider(new).check(new.urn, olds, inputs, self._seed(new.urn, replaced))

    def _seed(self, urn: str, replaced: Resource | None) -> bytes:
        """What a provider makes random names from: never the name that a replacement finds taken."""
        text = f"{urn}{replaced.id if replaced else ''}"
        return hashlib.sha256(text.encode()).digest() if self._steady_names else os.urandom(32)

    async def _diff(self, goal: Goal, old: Resource, new: Resource) -> Diff:
        if self._triggered(old, new):
            return diff.replaced_because("replacementTrigger")
        if self._replaced & set(new.replace_with):
            return diff.replaced_because("replaceWith")
        if new.deleted_with in self._replaced:
            return diff.replaced_because("deletedWith")
        if await self._provider_changed(old, new):
            return diff.replaced_because("provider")
        known = old.copy(urn=new.urn, ignore_changes=goal.ignore_changes)
        if urns.is_provider(new.type):
            found = await self._registry.diff(known, new.inputs)
        elif new.custom:
            found = await self._provider(new).diff(known, new.inputs)
        else:
            found = diff.of_inputs(old.inputs, new.inputs)
        return diff.with_replace_on_changes(found, goal.replace_on_changes, bool(old.init_errors))

    def _triggered(self, old: Resource, new: Resource) -> bool:
        before, after = reveal(old.replacement_trigger), reveal(new.replacement_trigger)
        if has_unknown(after) and not self._preview:
            raise ResourceFailed("its replacement trigger is unknown")
        return has_unknown(after) or (before is not None and after is not None and before != after)

    async def _provider_changed(self, old: Resource, new: Resource) -> bool:
        if old.provider == new.provider:
            return False
        if not (old.provider and new.provider):
            return True
        former, _ = urns.split_reference(old.provider)
        current, _ = urns.split_reference(new.provider)
        if self._history.renamed.get(former) == current:
            return False
        before = self._history.get(former)
        return before is None or (await self._registry.compare(before, new.provider)).replaces

    async def _replace(self, goal: Goal, old: Resource, new: Resource, found: Diff) -> None:
        if old.protect and new.protect:
            self._steps.refused("replace", new, found)
            raise ResourceFailed(_PROTECTED.format(urn=new.urn))
        self._replaced.add(new.urn)
        # the first Check carried names over from the old one, which must not happen to a new one
        new.inputs = await self._check(goal, None, new, replaced=old)
        first = found.delete_before_replace if goal.delete_before_replace is None else goal.delete_before_replace
        if first and not old.pending_replacement:
            await self._delete_first(old, found)
        if first or old.pending_replacement:
            await self._steps.replaced(new, found)
            await self._steps.create(new, old, found)
        else:
            await self._steps.create(new, old, found)
            await self._steps.replaced(new, found)

    async def _delete_first(self, old: Resource, found: Diff) -> None:
        """With everything that must be replaced because of it, dependents first. They are made anew when their turn comes."""
        condemned = [resource for resource in await self._to_replace(old) if resource not in self.deleted]
        for resource in condemned:
            if resource.protect:
                self._steps.refused("replace", old, found)
                raise ResourceFailed(_PROTECTED_DEPENDENT.format(urn=resource.urn, root=old.urn))
        gone = asyncio.get_running_loop().create_future()
        self._ahead.update(dict.fromkeys((resource.urn for resource in condemned), gone))
        self.deleted.update(condemned, (old,))
        try:
            for resource in reversed(condemned):
                if resource.provider:
                    await self.ensure_provider(resource)
                await self._steps.delete(resource, again=not resource.delete, spared=resource.deleted_with in {old.urn, *self._ahead})
            await self.ensure_provider(old)
            await self._steps.delete(old, again=True, diff=found)
        finally:
            gone.set_result(None)

    async def _to_replace(self, root: Resource) -> list[Resource]:
        """Dependents for which a change of what they take from `root` (or from each other) forces a replacement."""
        if root not in self._history.resources:
            return []
        replaced = {root.urn}
        found = []
        for resource in dependents(self._history.resources, root, self._history.registered()):
            if await self._falls_with(resource, replaced):
                replaced.add(resource.urn)
                found.append(resource)
        return found

    async def _falls_with(self, resource: Resource, replaced: set[str]) -> bool:
        if not resource.custom or resource.external:
            return False
        if (
            urns.split_reference(resource.provider)[0] in replaced
            or resource.deleted_with in replaced
            or replaced & set(resource.replace_with)
        ):
            return True
        taken = {key for key, given in resource.property_dependencies.items() if replaced & set(given)}
        inputs = {key: UNKNOWN if key in taken else value for key, value in resource.inputs.items()}
        if not taken & inputs.keys():
            return False
        if urns.is_provider(resource.type):
            return (await self._registry.diff(resource, inputs)).replaces
        provider = await self.ensure_provider(resource)
        answer = await provider.diff(resource, inputs)
        return diff.with_replace_on_changes(answer, resource.replace_on_changes, init_errors=False).replaces

    async def ensure_provider(self, resource: Resource) -> Provider:
        urn, id_ = urns.split_reference(resource.provider)
        for candidate in self._history.resources:
            if candidate.urn == urn and candidate.id == id_:
                return await self._registry.ensure(candidate)
        return self._provider(resource)

    def _provider(self, resource: Resource) -> Provider:
        return self._registry.get(resource.provider)


_PROTECTED = (
    'unable to replace resource "{urn}"\nas it is currently marked for protection. To unprotect the resource, '
    "remove the `protect` flag from the resource in your Pulumi program and run `up`"
)
_PROTECTED_DEPENDENT = (
    'unable to replace resource "{urn}" as part of replacing "{root}" as it is currently marked for protection. '
    "To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program and run `up`"
)
