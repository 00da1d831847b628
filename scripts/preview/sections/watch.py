"""What runs, or waits, without anybody being told when it fails; and alerts that say nothing about what to do then."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scripts.preview.graph import Graph, Node
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section
from scripts.preview.sections.sides import Sides, sides
from scripts.preview.sections.sources import Sourced

TITLE = "Alerts and runbooks"
_ALERT = "gcp:monitoring/alertPolicy:AlertPolicy"
_PAGE = re.compile(r"[\w./-]+\.md\b")


@dataclass(frozen=True)
class Watched:
    """An alert watches it if a condition of it names it, and says one of `by`."""

    what: str
    alert: str
    by: tuple[str, ...]


_FAILS = ("5xx", "response_code_class", "severity>=ERROR", "severity=ERROR")
WATCHED: Mapping[str, Watched] = {
    "gcp:pubsub/subscription:Subscription": Watched(
        "subscription", "backlog alert", ("num_undelivered_messages", "oldest_unacked_message_age", "dead_letter_message_count")
    ),
    "gcp:cloudrunv2/service:Service": Watched("service", "5xx alert", _FAILS),
    "gcp:cloudfunctionsv2/function:Function": Watched("function", "error alert", _FAILS),
}


def section(preview: StackPreview) -> Section:
    both = sides(preview)
    return Section(TITLE, (*_unwatched(both), *_pages(both)) if both else ())


def _unwatched(both: Sides) -> Iterator[Line]:
    before, after = _conditions(both.before), _conditions(both.after)
    for old, node in both.of_type(*WATCHED):
        rule = WATCHED[node.type]
        if _covered(node, after, rule):
            continue
        at = f" ({node.place})" if node.place else ""
        if old is None:
            yield Line(f"The new {rule.what} `{node.name}` has no {rule.alert}{at}.")
        elif _covered(old, before, rule):
            yield Line(f"**The {rule.what} `{node.name}` has lost its {rule.alert}**.")


def _conditions(graph: Graph) -> list[str]:
    alerts = (node for node in graph.values() if node.type == _ALERT and node.inputs.get("enabled", True))
    return [json.dumps(condition) for alert in alerts for condition in alert.inputs.get("conditions") or ()]


def _covered(node: Node, conditions: list[str], rule: Watched) -> bool:
    name = re.compile(rf"(?<![\w-]){re.escape(str(node.inputs.get('name') or node.name))}(?![\w-])")
    return any(name.search(condition) and any(word in condition for word in rule.by) for condition in conditions)


def _pages(both: Sides) -> Iterator[Line]:
    """Of alerts that are new or point elsewhere, and of all whose page this change takes away."""
    for old, node in both.of_type(_ALERT):
        page, former = _page(node), _page(old) if old else ""
        at = f" ({node.place})" if node.place else ""
        if not page:
            if old is None or former:
                yield Line(f"The alert `{node.name}` names no runbook{at}.")
        elif not _there(page, both, head=True) and (page != former or _there(page, both, head=False)):
            yield Line(f"**The alert `{node.name}` sends whoever is on call to `{page}`, which does not exist**{at}.")


def _page(node: Node) -> str:
    found = _PAGE.search(str((node.inputs.get("documentation") or {}).get("content", "")))
    return found[0] if found else ""


def _there(page: str, both: Sides, head: bool) -> bool:
    """As far as can be told: without the revisions' files every page may be there."""
    preview = both.preview
    tree = (preview.head if head else preview.base) if isinstance(preview, Sourced) else None
    return tree is None or tree.has(page)
