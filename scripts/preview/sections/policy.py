"""Which rules of the policy pack are newly broken, and which no longer."""

import atexit
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from scripts.policy import PACK, Pack, PolicyError, Violation, running
from scripts.preview.graph import Graph, Json, Node, name_of
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section, Weight
from scripts.preview.sections.sides import Sides, sides
from scripts.preview.sections.words import count, kind, listed, several

TITLE = "Policy"
_DIGEST = re.compile(r"\b[0-9a-f]{12,64}\b")
_OURS = Path(__file__).resolve().parents[3]


def section(preview: StackPreview) -> Section:
    both = sides(preview)
    if both is None or both.gone or both.before == both.after:
        return Section(TITLE)
    try:
        return Section(TITLE, tuple(_lines(both, started().result())))
    except PolicyError as error:
        return Section(TITLE, (Line(f"The policy pack was not asked: {error}."),))


@functools.cache
def started() -> Future[Pack]:
    """One process for all stacks. It takes a second to start, which whoever has other things to do first need not wait for."""
    stack = ExitStack()
    atexit.register(stack.close)
    return ThreadPoolExecutor(1).submit(stack.enter_context, running(folder=_OURS / PACK))


def _lines(both: Sides, pack: Pack) -> Iterator[Line]:
    before = {_key(each, both.heirs): each for each in pack.violations(_asked(both.before))} if both.before else {}
    after = {_key(each, {}): each for each in pack.violations(_asked(both.after))}
    yield from _broken([after[key] for key in sorted(set(after) - set(before))], both)
    for key in sorted(set(before) - set(after)):
        yield Line(f"No longer broken: `{before[key].rule}`{_where(before[key])}.")
    still = [after[key] for key in sorted(set(after) & set(before))]
    if still:
        more = listed([f"`{each.rule}`{_where(each)}: {each.text}" for each in still])
        yield Line(f"{count(len(still), 'rule is', 'rules are')} broken as before.", Weight.FOLDED, more)
    elif not after:
        yield Line(f"All {len(pack.rules)} rules hold.", Weight.FOLDED)


def _key(violation: Violation, heirs: Mapping[str, str]) -> tuple[str, str, str]:
    """What it is called, and of which digest, stands in the text, and may be another one."""
    own = name_of(violation.urn) if violation.urn else ""
    return violation.rule, heirs.get(violation.urn, violation.urn), _DIGEST.sub("", violation.text.replace(own, ""))


def _broken(found: Sequence[Violation], both: Sides) -> Iterator[Line]:
    """What refuses comes first. A rule that is broken in several places is one line."""
    by_rule: dict[tuple[bool, str], list[Violation]] = {}
    for violation in found:
        by_rule.setdefault((not violation.mandatory, violation.rule), []).append(violation)
    for (advisory, rule), same in sorted(by_rule.items()):
        head = f"{'Advised against' if advisory else '**Refused'} by the rule `{rule}`{_at(same, both)}{'' if advisory else '**'}"
        faults = list(dict.fromkeys(_fault(each, both) for each in same))
        more = listed([each.text for each in same]) if len(faults) > 1 else ""
        yield Line(f"{head}: {faults[0].rstrip('.')}.", Weight.NOTE if advisory else Weight.ALARM, more)


def _fault(violation: Violation, both: Sides) -> str:
    """Without the resource, which stands before it."""
    node = both.after.get(violation.urn)
    return violation.text.removeprefix(f"{kind(node.type)} {node.name}: ") if node else violation.text


def _at(found: Sequence[Violation], both: Sides) -> str:
    nodes = [both.after.get(violation.urn) for violation in found]
    names = several(f"`{node.name}`" for node in nodes if node)
    places = sorted({node.place for node in nodes if node and node.place})
    return f"{f' at {names}' if names else ''}{f' ({several(places, 3)})' if places else ''}"


def _where(violation: Violation) -> str:
    return f" at `{name_of(violation.urn)}`" if violation.urn else ""


def _asked(graph: Graph) -> Sequence[Json]:
    return [_wire(node) for node in graph.values()]


def _wire(node: Node) -> Json:
    return {
        "urn": node.urn,
        "type": node.type,
        "inputs": node.inputs,
        "outputs": node.outputs or node.inputs,
        "parent": node.parent,
        "dependencies": list(node.dependencies),
        "propertyDependencies": {name: list(urns) for name, urns in node.property_dependencies.items()},
        "protect": node.protect,
    }
