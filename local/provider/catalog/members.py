"""IAM members: one binding of a role to a member on a resource. The record is the binding."""

from collections.abc import Callable, Iterable, Mapping

from local.provider import refusals
from local.provider.names import filled, short, token
from local.provider.records import State
from local.provider.schema import FILLED, FIXED, REQUIRED, Fields, Property, block, text
from local.provider.types import RECORD, Reference, Room, Type

Of = Callable[[State], Iterable[Reference]]

_LOCATION = {"location": text(FIXED | FILLED)}
_PROJECT = {"project": text(FIXED | FILLED)}


def member(kind: str, on: str, place: str, target: Of, *, fields: Fields | None = None, room: Room = RECORD, named: bool = False) -> Type:
    """`on` is the property that names the resource, `place` the resource's full name. `named`: that name is what the output says."""
    return Type(
        kind,
        id=f"{place}/{{role}}/{{member}}{{_condition}}",
        properties=_fields(on, fields if fields is not None else _PROJECT),
        outputs={"_condition": _condition, **({on: place} if named else {})},
        made={"etag": token},
        adopts=True,
        room=room,
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
