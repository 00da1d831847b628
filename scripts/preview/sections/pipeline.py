"""The pipeline as a graph of its steps: which came, went and changed, and a drawing of that."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.preview.details import Detail, details
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section, Weight
from scripts.preview.sections import compiled
from scripts.preview.sections.compiled import Step
from scripts.preview.sections.sides import Sides, sides
from scripts.preview.sections.words import several

TITLE = "Pipeline"
_STYLES = {
    "added": "fill:#d9ead7,stroke:#2e7d32,color:#1b1b1b",
    "changed": "fill:#fbe7a1,stroke:#b28704,color:#1b1b1b",
    "removed": "fill:#f0c4bd,stroke:#b71c1c,color:#1b1b1b,stroke-dasharray:5 4",
}
_SIGNS = {"added": "+ ", "changed": "~ ", "removed": "- "}
_Marks = Mapping[str, str]
Steps = Mapping[str, Step]


def section(preview: StackPreview) -> Section:
    both = sides(preview)
    return Section(TITLE, tuple(_lines(both)) if both else ())


def _lines(both: Sides) -> Iterator[Line]:
    try:
        pipelines = compiled.pipelines(both)
    except compiled.NotCompiled as error:
        yield Line(f"The pipeline cannot be compiled by itself: {error}", Weight.NOTE)
        return
    for name, (before, after) in sorted(pipelines.items()):
        if both.first:
            yield Line(f"Pipeline `{name}` has the steps {several(f'`{step}`' for step in after)}.", Weight.FOLDED, drawing({}, after))
        else:
            yield from _compared(name, before, after)


def _compared(name: str, before: Steps, after: Steps) -> Iterator[Line]:
    marks = marked(before, after)
    if not marks:
        return
    if not before or not after:
        yield Line(f"Pipeline `{name}` is {'new' if after else 'gone'}.", more=drawing(before, after))
        return
    by_mark = {mark: [f"`{step}`" for step, its in marks.items() if its == mark] for mark in _STYLES}
    said = "; ".join(f"{mark}: {several(steps)}" for mark, steps in by_mark.items() if steps)
    yield Line(f"Pipeline `{name}`: steps {said}.", more=drawing(before, after))
    for step in (step for step, mark in marks.items() if mark == "changed"):
        differs = [*map(_said, _differences(before[step], after[step])), *_waits(before[step], after[step])]
        yield Line(f"Step `{step}`: {several(differs)}.")
    for step in by_mark["added"]:
        its = after[step.strip("`")]
        behind = f" after {several(f'`{other}`' for other in its.after)}" if its.after else ""
        yield Line(f"New step {step} runs `{_short(' '.join(its.about['command']))}`{behind}.")


def marked(before: Steps, after: Steps) -> _Marks:
    """What happened to each step that something happened to."""
    marks = {name: "added" for name in after if name not in before}
    marks |= {name: "changed" for name in after if name in before and _differ(before[name], after[name])}
    return marks | {name: "removed" for name in before if name not in after}


def _differences(before: Step, after: Step) -> list[Detail]:
    return list(details("", before.about, after.about))


def _differ(before: Step, after: Step) -> bool:
    return bool(_differences(before, after)) or any(_waits(before, after))


def _waits(before: Step, after: Step) -> Iterator[str]:
    """What runs at the end, whatever happened, waits for all the others: that says nothing new."""
    come, gone = (set(one.after) - set(other.after) for one, other in ((after, before), (before, after)))
    if come and not after.exit:
        yield f"waits for {several(f'`{step}`' for step in sorted(come))}"
    if gone and not after.exit:
        yield f"waits no longer for {several(f'`{step}`' for step in sorted(gone))}"


def _said(detail: Detail) -> str:
    if detail.before is None:
        return f"`{detail.path}` is new: `{_short(detail.after)}`"
    if detail.after is None:
        return f"`{detail.path}` is gone, it was `{_short(detail.before)}`"
    return f"`{detail.path}`: `{_short(detail.before)}` → `{_short(detail.after)}`"


def _short(value: Any) -> str:
    text = str(value).replace("`", "'")
    return text if len(text) <= 60 else f"{text[:59]}…"


def drawing(before: Steps, after: Steps) -> str:
    """Mermaid, which GitHub draws: the steps of both, the marked ones in colour. What always runs hangs on dotted arrows."""
    marks = marked(before, after) if before else {}
    steps = {**before, **after}
    numbers = {name: f"s{number}" for number, name in enumerate(steps)}
    lines = ["```mermaid", "flowchart LR"]
    lines += [f'  {numbers[name]}["{_SIGNS.get(marks.get(name, ""), "")}{_label(step.title)}"]' for name, step in steps.items()]
    lines += [f"  {_arrow(numbers[old], numbers[name], step, name, old, before)}" for name, step in steps.items() for old in step.after]
    lines += [f"  classDef {mark} {style}" for mark, style in _STYLES.items() if mark in marks.values()]
    lines += [f"  class {numbers[name]} {mark}" for name, mark in marks.items()]
    return "\n".join([*lines, "```"])


def _arrow(start: str, end: str, step: Step, name: str, old: str, before: Steps) -> str:
    if step.exit:
        return f"{start} -.-> {end}"
    fresh = bool(before) and name in before and old not in before[name].after
    return f"{start} ==> {end}" if fresh else f"{start} --> {end}"


def _label(text: str) -> str:
    return text.replace('"', "'").replace("[", "(").replace("]", ")")
