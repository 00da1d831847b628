"""What was there before the run, found by the names that things have now."""

from collections.abc import Iterable

from local.engine import urns
from local.engine.errors import ResourceFailed
from local.engine.resource import Alias, Goal, Resource
from local.engine.state import Snapshot


class History:
    def __init__(self, project: str, stack: str, base: Snapshot) -> None:
        self.project = project
        self.stack = stack
        self.resources = base.resources
        self._by_urn = {resource.urn: resource for resource in base.resources if not resource.delete}
        self._seen: set[str] = set()
        # former URN -> present one, and back, of those that were found by an alias
        self.renamed: dict[str, str] = {}
        self._former: dict[str, str] = {}

    def get(self, urn: str) -> Resource | None:
        return self._by_urn.get(urn)

    def claim(self, goal: Goal) -> str:
        urn = urns.make(self.stack, self.project, goal.parent, goal.type, goal.name)
        if urn in self._seen:
            raise ResourceFailed(f"Duplicate resource URN '{urn}'; try giving it a unique name")
        if goal.parent and goal.parent not in self._seen:
            raise ResourceFailed(f"could not find parent resource {goal.parent}")
        self._seen.add(urn)
        return urn

    def was_registered(self, resource: Resource) -> bool:
        return self.renamed.get(resource.urn, resource.urn) in self._seen

    def registered(self) -> set[str]:
        """Every URN that this run has come to, under its former name too."""
        return {*self._seen, *self.renamed}

    def find(self, urn: str, goal: Goal) -> tuple[Resource | None, str]:
        """The old entry, and the URN that it was found under if that was another one."""
        if urn in self._by_urn:
            return self._by_urn[urn], ""
        for alias in self._aliases(goal):
            if alias in self._by_urn:
                self._adopt(urn, alias)
                return self._by_urn[alias], alias
        return None, ""

    def _adopt(self, urn: str, alias: str) -> None:
        if alias in self._seen or alias in self.renamed:
            other = self.renamed.get(alias, alias)
            raise ResourceFailed(f"resource '{alias}' cannot become '{urn}': '{other}' already claims it; check the aliases")
        self.renamed[alias] = urn
        self._former[urn] = alias

    def _aliases(self, goal: Goal) -> Iterable[str]:
        own = [self._collapse(goal, alias) for alias in goal.aliases]
        yield from own
        former_parent = self._former.get(goal.parent)
        if former_parent:
            parent_name = urns.name_of(goal.parent)
            yield self._under(former_parent, goal.type, goal.name, parent_name)
            for alias in own:
                yield self._under(former_parent, urns.type_of(alias), urns.name_of(alias), parent_name)

    def _collapse(self, goal: Goal, alias: Alias) -> str:
        if alias.urn:
            return alias.urn
        parent = self._former.get(alias.parent, alias.parent) or goal.parent
        return urns.make(
            alias.stack or self.stack,
            alias.project or self.project,
            "" if alias.no_parent else parent,
            alias.type or goal.type,
            alias.name or goal.name,
        )

    def _under(self, parent: str, type_: str, name: str, parent_name: str) -> str:
        """A child that begins with its parent's name is taken to have been named after it."""
        if name.startswith(parent_name):
            name = urns.name_of(parent) + name.removeprefix(parent_name)
        return urns.make(self.stack, self.project, parent, type_, name)


def dependents(resources: list[Resource], root: Resource, ignore: set[str]) -> list[Resource]:
    """All that depend on `root`, directly or not, in the state's order; children that merely have it for parent do not."""
    reached = {root.urn}
    found = []
    for resource in resources[resources.index(root) + 1 :]:
        if resource.urn not in ignore and reached & (resource.depends_on() - {resource.parent}):
            found.append(resource)
            reached.add(resource.urn)
    return found
