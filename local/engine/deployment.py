"""One run over a stack: what the program registers, and at the end what it no longer does."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from local.engine import providers, urns
from local.engine.config import StackConfig
from local.engine.deletes import Deletes
from local.engine.display import Display
from local.engine.errors import EngineError, Refused, ResourceFailed
from local.engine.history import History
from local.engine.plan import Planner
from local.engine.providers import Registry
from local.engine.resource import Goal, Resource
from local.engine.steps import Steps
from local.engine.values import Properties, has_unknown


class Outcome(StrEnum):
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    SKIP = "SKIP"


@dataclass
class Deployment:
    history: History
    registry: Registry
    steps: Steps
    planner: Planner
    display: Display
    config: StackConfig
    preview: bool
    goals: dict[str, Goal] = field(default_factory=dict)
    news: dict[str, Resource] = field(default_factory=dict)
    # URNs that failed, and those skipped because of them
    failed: set[str] = field(default_factory=set)
    cancelled: bool = False
    _defaults: dict[str, asyncio.Task[str]] = field(default_factory=dict)
    _stack_outputs: Properties | None = None

    async def register(self, goal: Goal) -> tuple[Resource, Outcome]:
        if self.cancelled:
            raise EngineError("the update is being cancelled")
        new: Resource | None = None
        try:
            if goal.parent in self.goals:
                goal.inherit(self.goals[goal.parent])
            urn = self.history.claim(goal)
            self.goals[urn] = goal
            old, alias = self.history.find(urn, goal)
            new = goal.resource(urn, old, alias)
            self.news[urn] = new
            await self._serve(goal, new)
            if self.failed & new.depends_on():
                self.failed.add(urn)
                return new, Outcome.SKIP
            await self.planner.bring(goal, old, new)
        except ResourceFailed as error:
            urn = new.urn if new else urns.make(self.history.stack, self.history.project, goal.parent, goal.type, goal.name)
            self.display.error(str(error), urn)
            self.failed.add(urn)
            return new or goal.resource(urn, None, ""), Outcome.FAIL
        return new, Outcome.SUCCESS

    async def _serve(self, goal: Goal, new: Resource) -> None:
        """Settles which provider the resource has: its own, its parents' for the package, or the default one."""
        if not goal.custom:
            above = self.goals.get(goal.parent)
            goal.providers = {**(above.providers if above else {}), **goal.providers}
        elif urns.is_provider(goal.type):
            goal.properties = providers.with_version(goal.properties, goal.version)
        else:
            new.provider = goal.provider = await self.reference(urns.package_of(goal.type), goal)

    async def reference(self, package: str, goal: Goal) -> str:
        return (
            goal.provider
            or goal.providers.get(package)
            or self._inherited(package, goal.parent)
            or await self._default(package, goal.version)
        )

    def _inherited(self, package: str, parent: str) -> str:
        above = self.goals.get(parent)
        if above is None:
            return ""
        urn, _ = urns.split_reference(above.provider)
        return above.provider if urn and urns.package_of(urns.type_of(urn)) == package else above.providers.get(package, "")

    async def _default(self, package: str, version: str) -> str:
        name = providers.default_name(version)
        key = f"{package}::{name}"
        if key not in self._defaults:
            inputs = providers.with_version(self.config.of_package(package), version)
            goal = Goal(type=urns.PROVIDER_PREFIX + package, name=name, custom=True, properties=inputs)
            self._defaults[key] = asyncio.create_task(self._make_default(goal))
        return await self._defaults[key]

    async def _make_default(self, goal: Goal) -> str:
        resource, outcome = await self.register(goal)
        if outcome is not Outcome.SUCCESS:
            raise ResourceFailed(f"the default provider of {urns.package_of(goal.type)} could not be set up")
        return f"{resource.urn}::{resource.id}"

    async def read(self, goal: Goal, id_: str) -> tuple[Resource, Outcome]:
        """`.get()`: the resource is in the state as one that somebody else made."""
        urn = self.history.claim(goal)
        self.goals[urn] = goal
        old = self.history.get(urn)
        new = goal.resource(urn, old, "")
        new.external, new.id = True, id_
        self.news[urn] = new
        try:
            if old is not None and not old.external:
                raise Refused(f"'{urn}' was made by this stack and is now only read: destroy it first, or read it under another name")
            new.provider = goal.provider = await self.reference(urns.package_of(goal.type), goal)
            await self.steps.read(old, new)
        except ResourceFailed as error:
            self.display.error(str(error), urn)
            self.failed.add(urn)
            return new, Outcome.FAIL
        return new, Outcome.SUCCESS

    async def register_outputs(self, urn: str, outputs: Properties) -> None:
        resource = self.news.get(urn)
        if resource is None:
            raise EngineError(f"cannot set the outputs of {urn}: it has not been registered")
        if resource.type == urns.STACK_TYPE:
            self._stack_outputs = outputs
        elif urn not in self.failed:
            await self._set_outputs(resource, outputs)

    async def _set_outputs(self, resource: Resource, outputs: Properties) -> None:
        changed = resource.outputs != outputs
        resource.outputs = outputs
        self.display.outputs_registered(resource)
        if changed:
            self.steps.journal.touch(resource)
            await self.steps.journal.save()

    async def finish(self, program_ended_well: bool) -> None:
        """Deletes what was not registered, unless the program broke off and there is no telling."""
        if program_ended_well and not self.cancelled:
            await Deletes(self).run()
        await self._finish_stack(program_ended_well)

    async def _finish_stack(self, program_ended_well: bool) -> None:
        stack = next((resource for resource in self.news.values() if resource.type == urns.STACK_TYPE), None)
        if stack is None or self._stack_outputs is None:
            return
        before, outputs = stack.outputs, self._stack_outputs
        if self.failed or not program_ended_well:
            known = {key: value for key, value in outputs.items() if not has_unknown(value)}
            outputs = {**before, **known}
        is_new = self.history.get(stack.urn) is None
        self.display.stack_outputs(outputs if is_new else before, outputs)
        await self._set_outputs(stack, outputs)
