"""Small graphs, and previews of one to the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from scripts.preview.broken import Broken
from scripts.preview.changes import Change, Op
from scripts.preview.details import details
from scripts.preview.evaluate import Evaluated, Evaluation, Planned
from scripts.preview.graph import Node, Step
from scripts.preview.holdings import holding
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section, Weight

STACK = "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev"
BUCKET, ACCOUNT = "gcp:storage/bucket:Bucket", "gcp:serviceaccount/account:Account"
SERVICE, FUNCTION = "gcp:cloudrunv2/service:Service", "gcp:cloudfunctionsv2/function:Function"
MEMBER, ON_PROJECT = "gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:projects/iAMMember:IAMMember"
CONFIG = {"gcp:project": "team-dev", "gcp:region": "us-central1"}


def urn(type_: str, name: str, inside: str = "") -> str:
    return f"urn:pulumi:dev::demo::{inside}{type_}::{name}"


def node(
    type_: str, called: str, /, *, parent: str = STACK, inside: str = "", about: Mapping[str, Any] | None = None, **inputs: Any
) -> Node:
    """`inside` is the parents' part of the URN, such as `demo:index:Group$`; `about` are fields of the node itself."""
    custom = "/" in type_
    given: dict[str, Any] = {
        "urn": urn(type_, called, inside),
        "type": type_,
        "custom": custom,
        "id": f"{type_}/{inputs.get('name', called)}" if custom else "",
        "inputs": inputs,
        "outputs": dict(inputs),
        "parent": parent,
        "provider": "",
        "dependencies": (),
        "property_dependencies": {},
        "protect": False,
        "place": f"infra/{called}.py:1",
    }
    return Node(**{**given, **(about or {})})


def account(name: str, account_id: str = "") -> Node:
    email = f"{account_id or name}@team-dev.iam.gserviceaccount.com"
    return node(ACCOUNT, name, about={"outputs": {"email": email}}, accountId=account_id or name)


def email(holder: Node) -> str:
    return f"serviceAccount:{holder.outputs['email']}"


def bucket(called: str, /, **inputs: Any) -> Node:
    return node(
        BUCKET, called, **{"name": f"team-{called}", "publicAccessPrevention": "enforced", "uniformBucketLevelAccess": True, **inputs}
    )


def grant(holder: Node | str, role: str, where: Node, name: str = "", **inputs: Any) -> Node:
    member = holder if isinstance(holder, str) else email(holder)
    words = member.partition("@")[0].replace(":", "-")
    short = name or f"{words}-{role.rpartition('/')[2]}-{where.name}"
    return node(MEMBER, short, bucket=where.inputs["name"], member=member, role=role, **inputs)


def preview(
    before: Sequence[Node] | None, after: Sequence[Node] | None, changed: Sequence[Change] | None = None, config: Mapping[str, str] = CONFIG
) -> StackPreview:
    """What comes, goes or differs is a change by itself, but for the ones given."""
    base, head = (_evaluated(nodes, config) for nodes in (before, after))
    own = {change.urn: change for change in changed or ()}
    found = {**_changes(before or (), after or ()), **own}
    steps = tuple(Step("same", each.urn, (), {}, False) for each in after or () if each.urn not in found)
    plan = Planned(steps, {}, {}, 0.0)
    return StackPreview(Evaluation("dev", base, head, plan), tuple(found[name] for name in sorted(found)))


def between(before: StackPreview, after: StackPreview) -> StackPreview:
    """Of two configurations of one graph."""
    return StackPreview(Evaluation("dev", before.evaluation.head, after.evaluation.head, after.evaluation.plan), ())


def broken(text: str, place: str = "") -> StackPreview:
    return StackPreview(Evaluation("dev", None, Broken(text, place, 0.0), None), ())


def change(of: Node, op: Op, **about: Any) -> Change:
    loses = holding(of.type, of.inputs) if op in (Op.REPLACE, Op.DELETE) else None
    return Change(**{"urn": of.urn, "type": of.type, "name": of.name, "op": op, "place": of.place, "loses": loses, **about})


def texts(section: Section, *weights: Weight) -> list[str]:
    return [line.text for line in section.lines if line.weight in (weights or (Weight.ALARM, Weight.NOTE))]


def alarms(section: Section) -> list[str]:
    return texts(section, Weight.ALARM)


def folded(section: Section) -> list[Line]:
    return [line for line in section.lines if line.weight is Weight.FOLDED]


def _evaluated(nodes: Sequence[Node] | None, config: Mapping[str, str]) -> Evaluated | None:
    return None if nodes is None else Evaluated({each.urn: each for each in nodes}, {}, config, (), 0.0)


def _update(old: Node, new: Node) -> Change:
    roots = sorted({*old.inputs, *new.inputs})
    return change(
        new, Op.UPDATE, details=tuple(each for root in roots for each in details(root, old.inputs.get(root), new.inputs.get(root)))
    )


def _changes(before: Sequence[Node], after: Sequence[Node]) -> dict[str, Change]:
    old, new = ({each.urn: each for each in nodes} for nodes in (before, after))
    created = {name: change(new[name], Op.CREATE) for name in new if name not in old}
    deleted = {name: change(old[name], Op.DELETE) for name in old if name not in new}
    updated = {name: _update(old[name], new[name]) for name in new if name in old and new[name].inputs != old[name].inputs}
    return {**created, **deleted, **updated}
