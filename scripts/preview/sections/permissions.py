"""What the deployer may not do, and this change would have it do: types of resources against its roles."""

from collections.abc import Iterator

import yaml

from bootstrap.config import Switch
from bootstrap.roles import BY_SWITCH, DEPLOYER, GRANTABLE, GRANTABLE_CUSTOM, GRANTER, STORAGE
from scripts.doctor.needs import NEEDS
from scripts.preview.changes import Op
from scripts.preview.graph import Node
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section, Weight
from scripts.preview.sections.sides import Sides, sides
from scripts.preview.sections.sources import Sourced
from scripts.preview.sections.words import count, several

TITLE = "The deployer's permissions"
_CLOUD, _PROJECT_MEMBER = "gcp:", "gcp:projects/iAMMember:IAMMember"
# asked for on the billing account, where the deployer's roles are not bootstrap's to give
_ELSEWHERE = {"gcp:billing/budget:Budget": "roles/billing.costsManager on the billing account"}
_ROLES = "bootstrap/roles.py"


def section(preview: StackPreview) -> Section:
    both = sides(preview)
    return Section(TITLE, (*_types(both), *_grants(both)) if both else ())


def _types(both: Sides) -> Iterator[Line]:
    touched: dict[str, list[str]] = {}
    for change in both.preview.changes:
        if change.op is not Op.SAME and change.type.startswith(_CLOUD) and not (change.renamed and change.op is Op.DELETE):
            touched.setdefault(change.type, []).append(f"`{change.name}`")
    fresh = set(touched) - {node.type for node in both.before.values()}
    for type_ in sorted(fresh - set(NEEDS)):
        yield _untold(type_, touched[type_])
    yield from _lacking({type_: names for type_, names in touched.items() if type_ in NEEDS}, fresh, both)


def _untold(type_: str, names: list[str]) -> Line:
    if type_ in _ELSEWHERE:
        return Line(f"{several(names, 4)}: the deployer needs {_ELSEWHERE[type_]}, which bootstrap does not give.")
    return Line(f"{several(names, 4)}: what `{type_}` asks of the deployer stands in no table of ours (`scripts/doctor/needs.py`).")


def _lacking(touched: dict[str, list[str]], fresh: set[str], both: Sides) -> Iterator[Line]:
    """By role, since that is what is to be given."""
    by_role: dict[str, list[str]] = {}
    for type_ in touched:
        if NEEDS[type_].role not in {*DEPLOYER, STORAGE, GRANTER}:
            by_role.setdefault(NEEDS[type_].role, []).append(type_)
    for role, types in sorted(by_role.items()):
        names = several([name for type_ in types for name in touched[type_]], 5)
        switch = next((switch for switch, roles in BY_SWITCH.items() if role in roles), None)
        if switch is None:
            permissions = several((f"`{permission}`" for type_ in types for permission in NEEDS[type_].permissions), 5)
            text = f"**The deployer lacks `{role}`** for {names} ({permissions}): add it to `{_ROLES}`, and bring bootstrap up first."
            yield Line(text, Weight.ALARM)
        else:
            yield from _by_switch(switch, role, names, bool(fresh & set(types)), both)


def _by_switch(switch: Switch, role: str, names: str, fresh: bool, both: Sides) -> Iterator[Line]:
    on = _switches(both)
    if on is None and fresh:
        yield Line(f"{names}: the deployer needs `{role}`, which it has by bootstrap's switch `{switch}` only.")
    elif on is not None and switch not in on:
        where = f"bootstrap/Pulumi.{both.preview.name}.yaml"
        text = f"**The deployer lacks `{role}`** for {names}: turn on the switch `{switch}` in `{where}`, and bring bootstrap up first."
        yield Line(text, Weight.ALARM)


def _switches(both: Sides) -> frozenset[str] | None:
    """None where bootstrap's file for the stack cannot be read."""
    preview = both.preview
    name = f"bootstrap/Pulumi.{preview.name}.yaml"
    if not isinstance(preview, Sourced) or not preview.head.has(name):
        return None
    config = (yaml.safe_load(preview.head.text(name)) or {}).get("config", {})
    given = next((value for key, value in config.items() if key.endswith(":switches")), ())
    return frozenset(switch for switch in map(str, given) if switch in set(Switch))


def _grants(both: Sides) -> Iterator[Line]:
    """On the project the deployer may grant some roles only, so that it cannot make itself an owner."""
    lacking: dict[str, list[str]] = {}
    for old, node in both.of_type(_PROJECT_MEMBER):
        role = str(node.inputs.get("role", ""))
        if (old is None or old.inputs.get("role") != role) and not _grantable(role, node):
            lacking.setdefault(role, []).append(f"`{node.name}`")
    for role, names in sorted(lacking.items()):
        text = f"**The deployer may not grant `{role}` on the project** ({count(len(names), 'binding')}: {several(names, 4)})"
        yield Line(f"{text}: add it to GRANTABLE in `{_ROLES}`, and bring bootstrap up first.", Weight.ALARM)


def _grantable(role: str, node: Node) -> bool:
    if role in GRANTABLE:
        return True
    return any(role.endswith(f"_{key}") for key in GRANTABLE_CUSTOM) and role.startswith(f"projects/{node.inputs.get('project')}/roles/sd_")
