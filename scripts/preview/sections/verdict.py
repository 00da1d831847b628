"""What happens to the stack, in one sentence; then all that costs data or downtime, with its cause."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from scripts.preview.broken import Broken
from scripts.preview.changes import Change, Op
from scripts.preview.details import Detail, Kind
from scripts.preview.evaluate import Evaluated, Planned
from scripts.preview.graph import is_made, name_of, type_of
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section, Weight
from scripts.preview.sections import moves
from scripts.preview.sections.sides import sides
from scripts.preview.sections.words import are, count, several

TITLE = "Verdict"
_PROVIDER, _PROTECT = "pulumi:providers:", "protect"
_DONE: Mapping[Op, str] = {Op.CREATE: "created", Op.UPDATE: "updated", Op.REPLACE: "replaced", Op.DELETE: "deleted"}
_PROTECTED = "protected; take `protect` off and bring that up first, if it is really meant"


def section(preview: StackPreview) -> Section:
    """Nothing but the errors where a revision is broken."""
    return Section(TITLE, tuple(_broken(preview)) or tuple(_lines(preview)))


def _broken(preview: StackPreview) -> Iterator[Line]:
    evaluation = preview.evaluation
    if isinstance(evaluation.head, Broken):
        yield _error("This program does not evaluate", evaluation.head)
    elif isinstance(evaluation.plan, Broken):
        yield _error("What lies between the two revisions cannot be worked out", evaluation.plan)
    if isinstance(evaluation.base, Broken):
        yield _error("The program that it is compared with does not evaluate", evaluation.base)


def _error(what: str, broken: Broken) -> Line:
    at = f", at {broken.place}" if broken.place else ""
    text = broken.text.replace("```", "'''")
    return Line(f"**{what}{at}.**", Weight.ALARM, f"```text\n{text}\n```")


def _lines(preview: StackPreview) -> Iterator[Line]:
    found = preview.changes
    moved = moves.moves(preview)
    told = {urn for move in moved for urn in move.urns}
    left = [change for change in found if change.urn not in told]
    yield Line(_summary(preview))
    yield from _grouped((change for change in left if change.refused), _refused, Weight.ALARM)
    yield from moves.lines(moved)
    lost = [change for change in left if not change.refused and change.op in (Op.REPLACE, Op.DELETE) and is_made(change.type)]
    yield from _grouped((change for change in lost if change.holds_data), _lost, Weight.ALARM)
    yield from _unprotected(preview)
    yield from _grouped((change for change in lost if change.loses and not change.holds_data), _lost, _unless_gone(preview))
    plain = (change for change in lost if not change.loses and change.op is Op.REPLACE and not _follows(change))
    yield from _grouped(plain, _lost, Weight.NOTE)
    yield from _providers(found)
    yield from _kept(change for change in found if change.alias_of)


def _unless_gone(preview: StackPreview) -> Weight:
    return Weight.FOLDED if preview.gone else Weight.NOTE


def _summary(preview: StackPreview) -> str:
    evaluation = preview.evaluation
    counted = [change for change in preview.changes if is_made(change.type)]
    loud: Counter[Op] = Counter(change.op for change in counted if not change.noise and change.op is not Op.SAME)
    parts = [f"{loud[op]} {word}" for op, word in _DONE.items() if loud[op]]
    data = sum(change.holds_data for change in counted)
    quiet = sum(change.noise for change in counted)
    also = [f"{count(quiet, 'resource differs', 'resources differ')} in labels, order or digests alone"] if quiet else []
    if evaluation.base is None:
        return f"This stack is new: {_total(evaluation.head)} created."
    if evaluation.head is None:
        return f"**This stack is gone from the program**: {several(parts)} if it is brought down{_holding(data)}."
    if not parts:
        return f"Nothing changes; {also[0]}." if also else f"Nothing changes: all {_total(evaluation.head)} stay as they are."
    same = _unchanged(preview)
    stays = [f"{same} {'stays as it is' if same == 1 else 'stay as they are'}"] if same else []
    return f"{'; '.join([several(parts) + _holding(data), *also, *stays])}."


def _holding(data: int) -> str:
    return f", **{data} of which {'holds' if data == 1 else 'hold'} data**" if data else ""


def _unchanged(preview: StackPreview) -> int:
    plan = preview.evaluation.plan
    steps = plan.steps if isinstance(plan, Planned) else ()
    return sum(step.op == "same" and is_made(type_of(step.urn)) for step in steps)


def _total(side: object) -> str:
    graph = side.graph.values() if isinstance(side, Evaluated) else ()
    return count(sum(is_made(node.type) for node in graph), "resource")


def _grouped(found: Iterable[Change], said: Callable[[Change, int], str], weight: Weight) -> Iterator[Line]:
    """What is to be said alike of several resources is one line: `said` leaves their names to this."""
    alike: dict[tuple[str, str], list[Change]] = {}
    for change in found:
        alike.setdefault((change.type, said(change, 1)), []).append(change)
    for changes in alike.values():
        names = several(f"`{change.name}`" for change in changes)
        bold, text = said(changes[0], len(changes)).split("\n")
        head = f"{names} ({moves.what(changes[0], len(changes))}) {bold}"
        yield Line(f"{f'**{head}**' if weight is Weight.ALARM else head}{text}", weight)


def _refused(change: Change, number: int) -> str:
    done = _DONE.get(change.op, "changed")
    bold = f"would be {done}{_because(change)}{_at(change)}, and that is refused"
    why = (
        f"{'it is' if number == 1 else 'they are'} {_PROTECTED}"
        if _PROTECT in change.refused
        else " ".join(change.refused.split()).rstrip(".")
    )
    return f"{bold}\n: {why}.{_costs(change)}"


def _lost(change: Change, number: int) -> str:
    return f"{are(number)} {_DONE[change.op]}{_because(change)}{_at(change)}\n.{_costs(change)}"


def _because(change: Change) -> str:
    causes = [cause for cause in change.causes if cause != _PROTECT]
    if causes:
        return f", because {several(_cause(cause, change) for cause in causes)} cannot be changed in place"
    if change.along_with:
        return f" along with {several(f'`{name_of(urn)}`' for urn in change.along_with)}"
    return ""


def _cause(cause: str, change: Change) -> str:
    detail = _detail(cause, change)
    if detail and detail.kind is Kind.VALUE and isinstance(detail.before, str | int) and isinstance(detail.after, str | int):
        return f"`{cause}` (`{detail.before}` → `{detail.after}`)"
    return f"`{cause}`"


def _detail(cause: str, change: Change) -> Detail | None:
    return next((detail for detail in change.details if detail.path == cause), None)


def _follows(change: Change) -> bool:
    """Made anew since something else is, or since what it is made of is called by its digest: the list of changes says enough."""
    found = [_detail(cause, change) for cause in change.causes]
    return bool(found or change.along_with) and all(detail is not None and detail.kind is Kind.DIGEST for detail in found)


def _at(change: Change) -> str:
    return f" ({change.place})" if change.place else ""


def _costs(change: Change) -> str:
    lost = change.loses
    if not lost:
        return ""
    parts = {"Lost": lost.lost, "Meanwhile": lost.downtime, "The way back": lost.back}
    return "".join(f" {name}: {text}." for name, text in parts.items() if text)


def _unprotected(preview: StackPreview) -> Iterator[Line]:
    """Nothing happens to it now, and the next mistake deletes it."""
    both = sides(preview)
    graph = both.after if both else {}
    names = [f"`{node.name}`" for urn, node in graph.items() if both and not node.protect and (old := both.former(urn)) and old.protect]
    if names:
        yield Line(f"**{several(names)} {are(len(names))} no longer protected** from being deleted.", Weight.ALARM)


def _providers(found: Iterable[Change]) -> Iterator[Line]:
    for change in found:
        if change.type.startswith(_PROVIDER) and change.op is Op.UPDATE:
            version = next((detail for detail in change.details if detail.path == "version"), None)
            settings = several(f"`{detail.path}`" for detail in change.details)
            done = f"has another version: {version.before} → {version.after}" if version else f"has other settings: {settings}"
            yield Line(f"Provider `{change.type.removeprefix(_PROVIDER)}` {done}{_at(change)}.")


def _kept(found: Iterable[Change]) -> Iterator[Line]:
    names = [f"`{change.name}`" for change in found if is_made(change.type)]
    if names:
        yield Line(f"{several(names)}: a new name or place, and an alias by which it stays what it was.", Weight.FOLDED)
