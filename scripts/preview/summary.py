"""What stands first: the worst that there is, and each stack in figures."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from scripts.preview.broken import Broken
from scripts.preview.changes import Change, Op
from scripts.preview.evaluate import Planned
from scripts.preview.graph import is_made
from scripts.preview.listing import named
from scripts.preview.look import StackPreview
from scripts.preview.report import Report
from scripts.preview.section import Section, Weight

_COUNTED = (Op.CREATE, Op.UPDATE, Op.REPLACE, Op.DELETE)


def title(report: Report) -> str:
    """The worst that there is, and where if that is not everywhere."""
    stacks = report.preview.stacks
    signs: Mapping[str, Callable[[StackPreview], bool]] = {
        "the program does not evaluate": lambda stack: stack.name in report.broken,
        "nothing to compare with": lambda stack: isinstance(stack.evaluation.base, Broken),
        "data is at stake": lambda stack: any(change.holds_data for change in stack.changes),
        _alarms(report): lambda stack: _alarm_count([*report.sections[stack.name], *report.whole]) > 0,
        "changes, and no alarm": lambda stack: not stack.new and any(_is_loud(change) for change in stack.changes),
        "all of it is new, and no alarm": lambda stack: stack.new and bool(stack.changes),
        "nothing but labels, order or digests changes": lambda stack: any(change.noise for change in stack.changes),
        "nothing but names changes": lambda stack: bool(stack.changes),
    }
    found = ((sign, [stack.name for stack in stacks if holds(stack)]) for sign, holds in signs.items())
    worst, where = next(((sign, names) for sign, names in found if names), ("nothing changes", []))
    return f"{worst} in {named(where)}" if 0 < len(where) < len(stacks) else worst


def _is_loud(change: Change) -> bool:
    """A group that comes or goes brings nothing with it but its name; another version of a provider may bring anything."""
    return not change.noise and change.op is not Op.SAME and (is_made(change.type) or change.op is Op.UPDATE)


def _alarms(report: Report) -> str:
    """As many as are read: what several stacks have alike is one."""
    number = sum(said.line.weight is Weight.ALARM for title in report.titles for said in report.lines(title))
    return f"{number} alarm{'' if number == 1 else 's'}"


def _alarm_count(sections: Iterable[Section]) -> int:
    return sum(line.weight is Weight.ALARM for section in sections for line in section.lines)


def table(report: Report) -> list[list[str]]:
    """A row of heads, and one for each stack."""
    figures = list(dict.fromkeys(section.title for found in report.sections.values() for section in found if section.figure))
    heads = ["Stack", *(op.capitalize() for op in _COUNTED), "Data at stake", *figures, "Alarms"]
    return [heads, *(_row(stack, report, figures) for stack in report.preview.stacks)]


def _row(stack: StackPreview, report: Report, figures: Sequence[str]) -> list[str]:
    said = {section.title: section.figure for section in report.sections[stack.name]}
    own = _counts(stack.changes) if isinstance(stack.evaluation.plan, Planned) else ["?"] * (len(_COUNTED) + 1)
    return [stack.name, *own, *(said.get(title, "") for title in figures), str(_alarm_count(report.sections[stack.name]) or "")]


def _counts(found: Sequence[Change]) -> list[str]:
    """What nobody has to decide upon is counted apart."""
    counted = [change for change in found if is_made(change.type)]
    loud = Counter(change.op for change in counted if not change.noise)
    quiet = sum(change.noise for change in counted)
    counts = {op: str(loud[op] or "") for op in _COUNTED}
    if quiet:
        counts[Op.UPDATE] = f"{counts[Op.UPDATE]} (+{quiet} quiet)".strip()
    return [*counts.values(), str(sum(change.holds_data for change in counted) or "")]
