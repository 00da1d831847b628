"""What is open to everybody that was not, and what is no longer."""

from collections.abc import Iterator
from typing import Any

from scripts.preview.graph import Node
from scripts.preview.section import Line, Weight
from scripts.preview.sections.grants import EVERYBODY, Names, where
from scripts.preview.sections.sides import Sides
from scripts.preview.sections.words import called

_SERVICE, _FUNCTION = "gcp:cloudrunv2/service:Service", "gcp:cloudfunctionsv2/function:Function"
_BUCKET, _FIREWALL = "gcp:storage/bucket:Bucket", "gcp:compute/firewall:Firewall"
# from the narrowest
_INGRESS = (
    ("INGRESS_TRAFFIC_NONE",),
    ("INGRESS_TRAFFIC_INTERNAL_ONLY", "ALLOW_INTERNAL_ONLY"),
    ("INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "ALLOW_INTERNAL_AND_GCLB"),
    ("INGRESS_TRAFFIC_ALL", "ALLOW_ALL"),
)
_INTERNET = frozenset({"0.0.0.0/0", "::/0"})


def lines(both: Sides) -> Iterator[Line]:
    yield from _members(both)
    for old, node in both.of_type(_SERVICE):
        yield from _service(old, node)
    for old, node in both.of_type(_FUNCTION):
        yield from _ingress(node, _setting(old, "serviceConfig", "ingressSettings"), _setting(node, "serviceConfig", "ingressSettings"))
    for old, node in both.of_type(_BUCKET):
        yield from _bucket(old, node)
    for old, node in both.of_type(_FIREWALL):
        if _open(node) - _open(old):
            yield _alarm(node, "lets traffic in from the whole internet")


def _members(both: Sides) -> Iterator[Line]:
    before, after = (
        {(grant.holder.who, grant.holder.where): grant for grant in Names(graph, heirs).grants() if grant.holder.who in EVERYBODY}
        for graph, heirs in ((both.before, both.heirs), (both.after, {}))
    )
    for key in sorted(set(after) - set(before)):
        place = f" ({after[key].place})" if after[key].place else ""
        role = after[key].role
        yield Line(f"**Public: {EVERYBODY[key[0]]} may use {where(key[1], both.after)}, by `{role}`{place}.**", Weight.ALARM)
    for key in sorted(set(before) - set(after)):
        yield Line(f"{where(key[1], both.after, both.before)} is no longer open to {EVERYBODY[key[0]]}.")


def _service(old: Node | None, node: Node) -> Iterator[Line]:
    if node.inputs.get("invokerIamDisabled") and not (old and old.inputs.get("invokerIamDisabled")):
        yield _alarm(node, "no longer checks who calls it: `invokerIamDisabled` is on")
    if old and old.inputs.get("iapEnabled") and not node.inputs.get("iapEnabled"):
        yield _alarm(node, "has no sign-in in front of it any more: `iapEnabled` is off")
    yield from _ingress(node, _setting(old, "ingress"), _setting(node, "ingress"))


def _ingress(node: Node, before: Any, after: Any) -> Iterator[Line]:
    """What is new is not wider than before; who may call it is another matter."""
    old, new = (next((place for place, words in enumerate(_INGRESS) if word in words), None) for word in (before, after))
    if old is not None and new is not None and new > old:
        yield _alarm(node, f"takes calls from further away: `{after}` instead of `{before}`")


def _bucket(old: Node | None, node: Node) -> Iterator[Line]:
    if node.inputs.get("publicAccessPrevention") != "enforced" and (old is None or old.inputs.get("publicAccessPrevention") == "enforced"):
        yield _alarm(node, "can be made public: public access prevention is off")
    if old and old.inputs.get("uniformBucketLevelAccess") and not node.inputs.get("uniformBucketLevelAccess"):
        yield _alarm(node, "takes access lists for single objects again: uniform access is off")
    if "*" in _origins(node) and "*" not in _origins(old):
        yield _alarm(node, "answers pages of any origin: CORS `*`")


def _origins(node: Node | None) -> set[str]:
    return {origin for rule in (node.inputs.get("cors") if node else ()) or () for origin in rule.get("origins") or ()}


def _open(node: Node | None) -> set[str]:
    """The ranges of all addresses that traffic is let in from."""
    if node is None or node.inputs.get("direction", "INGRESS") != "INGRESS" or not node.inputs.get("allows") or node.inputs.get("disabled"):
        return set()
    return set(node.inputs.get("sourceRanges") or ()) & _INTERNET


def _setting(node: Node | None, *path: str) -> Any:
    value: Any = node.inputs if node else {}
    for step in path:
        value = (value or {}).get(step)
    return value


def _alarm(node: Node, what: str) -> Line:
    at = f" ({node.place})" if node.place else ""
    return Line(f"**Public: {called(node)} {what}{at}.**", Weight.ALARM)
