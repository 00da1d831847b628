"""Logs of jobs and steps: written as the account that they run as, so they are there only if it may write logs."""

from dataclasses import replace

from local.iam import needs
from local.iam.needs import Guard
from local.interfaces import Containers, ContainerSpec, Running
from local.layout import Project


class Logged:
    """Satisfies `interfaces.Containers`. Services and endpoints are not started by way of it: Google writes their logs itself."""

    def __init__(self, containers: Containers, project: Project, guard: Guard) -> None:
        self._containers, self._need, self._guard = containers, needs.logging(project), guard

    async def start(self, spec: ContainerSpec) -> Running:
        lacked = self._guard.refused(spec.account, [self._need])
        return await self._containers.start(replace(spec, unlogged=_WITHHELD.format(spec.account)) if lacked else spec)


_WITHHELD = "{} lacks logging.logEntries.create on the project (roles/logging.logWriter has it), so what this writes is kept from its log."
