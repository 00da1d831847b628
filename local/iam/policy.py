"""The decision: a binding on the resource or above it, of a role with the permission, for this member, whose condition holds."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from local.iam import roles
from local.iam.conditions import Condition
from local.iam.needs import Need, Resource
from local.iam.principals import OWNER, Groups, members

# an object's name for each decision: what a busy day asks about, in some 30 MB
_REMEMBERED = 100_000


@dataclass(frozen=True)
class Held:
    """A binding as it counts here. `role` is a name, `place` the resource that it is on."""

    id: str
    role: str
    member: str
    place: str
    condition: Condition | None = None


class Policy:
    """What holds between two changes of the bindings, so that all of it may be remembered."""

    def __init__(self, bindings: Collection[Held], custom: Mapping[str, Collection[str]], groups: Groups) -> None:
        self._groups = groups
        self._on: dict[str, list[tuple[str, frozenset[str], Condition | None]]] = {}
        for held in bindings:
            permissions = roles.permissions_of(held.role, custom) or frozenset()
            self._on.setdefault(held.place, []).append((held.member, permissions, held.condition))
        self._given: dict[tuple[str, str, str], tuple[Condition | None, ...]] = {}
        self._decided: dict[tuple[str, str, str], bool] = {}

    def allows(self, principal: str | None, need: Need) -> bool:
        if principal is None or principal == OWNER:
            return True
        question = (principal, need.permission, need.resource.name)
        answer = self._decided.get(question)
        return self._decide(question, need.resource) if answer is None else answer

    def _decide(self, question: tuple[str, str, str], resource: Resource) -> bool:
        principal, permission, _ = question
        timed = False
        answer = False
        for place in resource.within:
            for condition in self._conditions(principal, permission, place):
                timed = timed or (condition is not None and condition.timed)
                answer = answer or condition is None or condition.holds(resource)
        if not timed:
            self._remember(question, answer)
        return answer

    def _remember(self, question: tuple[str, str, str], answer: bool) -> None:
        if len(self._decided) >= _REMEMBERED:
            self._decided = {}
        self._decided[question] = answer

    def _conditions(self, principal: str, permission: str, place: str) -> tuple[Condition | None, ...]:
        """Of the bindings on `place` that give it; None stands for one without a condition."""
        question = (principal, permission, place)
        if question not in self._given:
            self._given[question] = tuple(self._giving(members(principal, self._groups), permission, place))
        return self._given[question]

    def _giving(self, named: frozenset[str], permission: str, place: str) -> Iterator[Condition | None]:
        for member, permissions, condition in self._on.get(place, ()):
            if member in named and permission in permissions:
                yield condition
