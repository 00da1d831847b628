"""A preview as JSON, for whoever wants more than the comment says. docs/preview.schema.json describes it."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from scripts.preview.broken import Broken
from scripts.preview.changes import Change
from scripts.preview.details import Detail
from scripts.preview.evaluate import Evaluation, Planned
from scripts.preview.graph import Json
from scripts.preview.look import StackPreview
from scripts.preview.renames import Rename
from scripts.preview.report import Report
from scripts.preview.revisions import Revision
from scripts.preview.section import Section

VERSION = 1


def write(report: Report, path: Path) -> None:
    path.write_text(json.dumps(document(report), indent=1) + "\n")


def document(report: Report) -> Json:
    preview = report.preview
    return {
        "version": VERSION,
        "head": _revision(preview.head),
        "base": _revision(preview.base) if preview.base else None,
        "seconds": round(preview.seconds, 3),
        "stacks": [{**_stack(stack), "sections": _sections(report.sections[stack.name])} for stack in preview.stacks],
        "sections": _sections(report.whole),
    }


def _sections(sections: Iterable[Section]) -> Json:
    return {section.title: {"figure": section.figure, "lines": [asdict(line) for line in section.lines]} for section in sections}


def _revision(revision: Revision) -> Json:
    return {"name": revision.name, "commit": revision.commit, "dirty": revision.dirty}


def _stack(stack: StackPreview) -> Json:
    evaluation = stack.evaluation
    return {
        "name": stack.name,
        "summary": {**Counter(change.op for change in stack.changes), "unchanged": _unchanged(evaluation)},
        "broken": _broken(evaluation),
        "seconds": {
            name: round(side.seconds, 3)
            for name, side in (("base", evaluation.base), ("head", evaluation.head), ("plan", evaluation.plan))
            if side
        },
        "changes": [_change(change) for change in stack.changes],
    }


def _unchanged(evaluation: Evaluation) -> int:
    return sum(step.op == "same" for step in evaluation.plan.steps) if isinstance(evaluation.plan, Planned) else 0


def _broken(evaluation: Evaluation) -> list[Json]:
    sides = {"base": evaluation.base, "head": evaluation.head, "plan": evaluation.plan}
    return [{"where": name, "place": side.place, "text": side.text} for name, side in sides.items() if isinstance(side, Broken)]


def _change(change: Change) -> Json:
    return {
        "urn": change.urn,
        "type": change.type,
        "name": change.name,
        "op": change.op,
        "causes": list(change.causes),
        "alongWith": list(change.along_with),
        "refused": change.refused,
        "aliasOf": change.alias_of,
        "renamed": _rename(change.renamed) if change.renamed else None,
        "place": change.place,
        "holdsData": change.holds_data,
        "protection": change.protection,
        "loses": asdict(change.loses) if change.loses else None,
        "noise": change.noise,
        "details": [_detail(detail) for detail in change.details],
    }


def _rename(rename: Rename) -> Json:
    return {"old": rename.old, "new": rename.new, "sameObject": rename.same_object}


def _detail(detail: Detail) -> Json:
    return {
        "path": detail.path,
        "before": detail.before,
        "after": detail.after,
        "kind": detail.kind,
        "lines": detail.lines,
        "follows": list(detail.follows),
        "noise": detail.noise,
    }
