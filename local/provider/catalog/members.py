"""IAM members: one binding of a role to a member on a resource. The record is the binding, and the local cloud obeys it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from local.iam.bindings import Binding
from local.iam.errors import IamError
from local.provider import refusals
from local.provider.errors import Refused
from local.provider.limits import iam as limits
from local.provider.names import filled, short, token
from local.provider.records import Records, State
from local.provider.schema import FILLED, FIXED, REQUIRED, Fields, Property, block, text
from local.provider.types import Act, Reference, Room, Type

Of = Callable[[State], Iterable[Reference]]

_LOCATION = {"location": text(FIXED | FILLED)}
_PROJECT = {"project": text(FIXED | FILLED)}


class _Bindings(Room):
    """`place` is the template of the resource's name as the provider's ids have it."""

    def __init__(self, place: str) -> None:
        self._place = place

    async def put(self, act: Act) -> State:
        try:
            await act.cloud.iam.bind(self.binding(act.id, act.settings.values() | act.state))
        except IamError as error:
            raise Refused(f"googleapi: Error 400: {error}, badRequest") from error
        return {}

    async def delete(self, act: Act) -> None:
        await act.cloud.iam.unbind(act.id)

    def binding(self, identity: str, state: State) -> Binding:
        condition = (state.get("condition") or {}).get("expression", "")
        kind, colon, name = str(state["member"]).partition(":")
        return Binding(identity, state["role"], f"{kind}{colon}{name.lower()}", _full_name(filled(self._place, state)), condition)


class _Roles(Room):
    """Roles of the project's own."""

    async def put(self, act: Act) -> State:
        await act.cloud.iam.define(str(act.state["name"]), act.state["permissions"])
        return {}

    async def delete(self, act: Act) -> None:
        await act.cloud.iam.forget(str(act.state["name"]))


ROLES = _Roles()


def remembered_roles(types: Iterable[Type], records: Records) -> Iterator[tuple[str, Iterable[str]]]:
    """Name and permissions of the custom roles that were made before this start."""
    for kind in types:
        if kind.room is ROLES:
            yield from ((state["name"], state["permissions"]) for state in records.all(kind.token).values())


def remembered_bindings(types: Iterable[Type], records: Records) -> Iterator[Binding]:
    for kind in types:
        if isinstance(kind.room, _Bindings):
            yield from (kind.room.binding(identity, state) for identity, state in records.all(kind.token).items())


def member(kind: str, on: str, place: str, target: Of, *, fields: Fields | None = None, named: bool = False) -> Type:
    """`on` is the property that names the resource, `place` the resource's full name. `named`: that name is what the output says."""
    return Type(
        kind,
        id=f"{place}/{{role}}/{{member}}{{_condition}}",
        properties=_fields(on, fields if fields is not None else _PROJECT),
        outputs={"_condition": _condition, **({on: place} if named else {})},
        made={"etag": token},
        adopts=True,
        room=_Bindings(place),
        checks=limits.binding,
        references=lambda state: [*target(state), *accounts(state, state["member"].removeprefix("serviceAccount:"))],
    )


def _fields(on: str, more: Fields) -> Mapping[str, Property]:
    condition = {"description": text(FIXED), "expression": text(REQUIRED | FIXED), "title": text(REQUIRED | FIXED)}
    return {
        on: text(REQUIRED | FIXED, form=short),
        "role": text(REQUIRED | FIXED, refuses=refusals.role),
        "member": text(REQUIRED | FIXED, refuses=refusals.member, form=str.lower),
        "condition": block(condition, FIXED),
        **more,
    }


def located() -> Fields:
    return {**_PROJECT, **_LOCATION}


def _condition(state: State) -> str:
    """Two bindings that differ only in their conditions are two."""
    condition = state.get("condition")
    return f"/{condition['title']}" if isinstance(condition, Mapping) else ""


def accounts(state: State, *emails: object) -> Iterable[Reference]:
    """Those of this project, which must exist; Google's own and other projects' are not known here."""
    for email in emails:
        if isinstance(email, str) and email.endswith(f"@{state.get('project')}.iam.gserviceaccount.com"):
            path = f"projects/{state['project']}/serviceAccounts/{email}"
            yield Reference("gcp:serviceaccount/account:Account", path, f"service account {email}")


def one(kind: str, place: str, what: str) -> Of:
    """The resource that the template `place` names."""

    def references(state: State) -> Iterable[Reference]:
        path = str(filled(place, state))
        yield Reference(kind, path, f"{what} {path}")

    return references


def _full_name(place: str) -> str:
    """Google's name of the resource: the provider's ids shorten those of projects and buckets."""
    if place.startswith("b/"):
        return f"projects/_/buckets/{short(place)}"
    return place if "/" in place else f"projects/{place}"
