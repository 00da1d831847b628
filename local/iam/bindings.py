"""What the provider tells of access: bindings and the project's own roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Binding:
    """A role for a member on the resource of the full name `place` and on all below it. `id` is the provider's own."""

    id: str
    role: str
    member: str
    place: str
    condition: str = ""


class Iam(Protocol):
    """What the provider tells of access. All takes effect before it is answered."""

    async def define(self, role: str, permissions: Iterable[str]) -> None:
        """A role of the project's own, by its full name."""

    async def forget(self, role: str) -> None: ...

    async def bind(self, binding: Binding) -> None:
        """Raises UnknownRole, BadCondition."""

    async def unbind(self, identity: str) -> None: ...
