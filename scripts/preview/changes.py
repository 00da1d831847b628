"""What happens to each resource between two revisions of a stack."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from scripts.preview.details import Detail, Kind, details
from scripts.preview.evaluate import Evaluated, Evaluation, Planned
from scripts.preview.graph import SECRET, Graph, Node, Step, name_of, type_of
from scripts.preview.holdings import Holding, holding, holds_data
from scripts.preview.renames import Rename, renames

_PROVIDER, _DEFAULT = "pulumi:providers:", "default"
# the two halves of a replacement, which the engine reports beside it
_HALVES = ("create-replacement", "delete-replaced")
_PROTECT = "protect"


class Op(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    SAME = "same"


@dataclass(frozen=True)
class Change:
    """One resource. Its URN is that of HEAD, of BASE where HEAD has it no more."""

    urn: str
    type: str
    name: str
    op: Op
    # properties that force a replacement; `protect` where that forbids it
    causes: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    # why the engine will not do it
    refused: str = ""
    # its URN in BASE, where an alias says so: nothing happens to it for that
    alias_of: str = ""
    # what it is replaced along with: a resource that it takes something from must be deleted before it can be made again
    along_with: tuple[str, ...] = ()
    # the other half of what would have been no change with an alias
    renamed: Rename | None = None
    # file and line in HEAD, in BASE for what is deleted
    place: str = ""
    holds_data: bool = False
    # what a replace or a delete costs
    loses: Holding | None = None
    # `on` or `off`, where that changes; the provider has no part in it
    protection: str = ""

    @property
    def noise(self) -> bool:
        """Nothing in it that somebody has to decide upon."""
        return self.op is Op.UPDATE and not self.refused and not self.protection and all(detail.noise for detail in self.details)


def changes(evaluation: Evaluation) -> list[Change]:
    """In the order of their URNs; empty where a revision is broken. What stays as it is, is left out, unless an alias has moved it, or
    its protection changes."""
    plan = evaluation.plan
    if not isinstance(plan, Planned):
        return []
    before, after = (side.graph if isinstance(side, Evaluated) else {} for side in (evaluation.base, evaluation.head))
    found = {step.urn: _change(step, plan, before, after) for step in _steps(plan)}
    found = _without_new_versions(found)
    kept = {urn: change for urn, change in found.items() if change.op is not Op.SAME or change.alias_of or change.protection}
    named = {**kept, **{change.urn: change for change in _renamed(kept, before, after)}}
    return [_followed(named[urn], named, after) for urn in sorted(named)]


def _steps(plan: Planned) -> Iterable[Step]:
    return [step for step in plan.steps if step.op not in _HALVES]


def _change(step: Step, plan: Planned, before: Graph, after: Graph) -> Change:
    new = after.get(step.urn)
    alias = plan.aliases.get(step.urn, "")
    old = before.get(alias or step.urn)
    there = new or old
    refused = plan.refusals.get(step.urn, "")
    op = Op(step.op)
    gone = old if op in (Op.REPLACE, Op.DELETE) else None
    return Change(
        urn=step.urn,
        type=type_of(step.urn),
        name=name_of(step.urn),
        op=op,
        causes=_causes(step, refused),
        details=tuple(_details(step, old, new)) if op in (Op.UPDATE, Op.REPLACE) else (),
        refused=refused,
        alias_of=alias,
        place=there.place if there else "",
        protection=_protection(old, new),
        holds_data=gone is not None and holds_data(gone.type, gone.inputs),
        loses=holding(gone.type, gone.inputs) if gone else None,
    )


def _protection(old: Node | None, new: Node | None) -> str:
    if old is None or new is None or old.protect == new.protect:
        return ""
    return "on" if new.protect else "off"


def _causes(step: Step, refused: str) -> tuple[str, ...]:
    forcing = [path for path, kind in step.detail.items() if kind.endswith("-replace")]
    covered = {re.split(r"[.\[]", path)[0] for path in forcing}
    forcing += [reason for reason in step.reasons if reason not in covered]
    return tuple(sorted(forcing)) + ((_PROTECT,) if "protect" in refused else ())


def _details(step: Step, old: Node | None, new: Node | None) -> Iterator[Detail]:
    """The provider says which properties, the two graphs say what of them: the plan itself would have to call it unknown."""
    if old is None or new is None:
        return
    roots = dict.fromkeys(re.split(r"[.\[]", path)[0] for path in step.detail)
    for root in roots:
        found = list(details(root, *(node.inputs.get(root) for node in (old, new))))
        yield from found or _hidden(root, step, old)


def _hidden(root: str, step: Step, old: Node) -> Iterator[Detail]:
    """A change that cannot be seen: both values are secret, or the new one is known only to who makes it."""
    secret = SECRET in str(old.inputs.get(root, ""))
    for path in (path for path in step.detail if re.split(r"[.\[]", path)[0] == root):
        yield Detail(path, SECRET, SECRET, Kind.SECRET) if secret else Detail(path, None, None, Kind.COMPUTED)


def _without_new_versions(found: Mapping[str, Change]) -> dict[str, Change]:
    """A default provider is called by its version: of another version it is the same one, and no resource is touched for that."""
    defaults = [change for change in found.values() if change.type.startswith(_PROVIDER) and change.name.startswith(_DEFAULT)]
    gone = {change.type: change for change in defaults if change.op is Op.DELETE}
    kept = dict(found)
    for change in defaults:
        if change.op is Op.CREATE and change.type in gone:
            old = gone[change.type]
            version = Detail("version", _version(old), _version(change), Kind.VALUE)
            kept[change.urn] = replace(change, op=Op.UPDATE, details=(version,))
            kept.pop(old.urn, None)
    return kept


def _version(change: Change) -> str:
    return change.name.removeprefix(_DEFAULT).lstrip("_").replace("_", ".")


def _renamed(found: Mapping[str, Change], before: Graph, after: Graph) -> Iterator[Change]:
    deleted = [change.urn for change in found.values() if change.op is Op.DELETE and change.urn in before]
    created = [change.urn for change in found.values() if change.op is Op.CREATE and change.urn in after]
    for rename in renames(deleted, created, before, after):
        yield replace(found[rename.old], renamed=rename)
        yield replace(found[rename.new], renamed=rename)


def _followed(change: Change, found: Mapping[str, Change], after: Graph) -> Change:
    """With what each value comes from, as far as that changes too."""
    node = after.get(change.urn)
    if node is None:
        return change

    def sources(detail: Detail) -> tuple[str, ...]:
        given = node.property_dependencies.get(re.split(r"[.\[]", detail.path)[0], ())
        return tuple(urn for urn in given if urn in found and found[urn].op is not Op.SAME)

    along = () if change.op is not Op.REPLACE or change.causes else _replaced_too(node, found)
    return replace(change, details=tuple(replace(detail, follows=sources(detail)) for detail in change.details), along_with=along)


def _replaced_too(node: Node, found: Mapping[str, Change]) -> tuple[str, ...]:
    given = {urn for urns in node.property_dependencies.values() for urn in urns}
    return tuple(sorted(urn for urn in given if urn in found and found[urn].op is Op.REPLACE))
