"""`python -m scripts.preview.real --stack STACK [--drift]`: what an `up` would do to the stack that is there, and what somebody else did.

It reads the state and the cloud as who is signed in, and changes neither. `--drift` leaves the program's own changes out.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.preview import page
from scripts.preview.cli import Answer, NoCli, Operation, ask
from scripts.preview.escape import code, fenced
from scripts.preview.graph import name_of, short_type, type_of
from scripts.preview.section import Line, Section, Weight

_POLICY = "infra/policy"
_NOTHING = ("same", "read", "refresh", "create-replacement", "delete-replaced")
_MOST_NAMES = 15


def look(folder: Path, stack: str, environment: Mapping[str, str], drift_only: bool) -> Section:
    """Raises NoCli."""
    lines: list[Line] = []
    if not drift_only:
        planned = ask(folder, environment, "preview", "--stack", stack, "--policy-pack", _POLICY)
        lines += [*_refusals(planned), *_violations(planned), *_plan(planned)]
    refreshed = ask(folder, environment, "refresh", "--stack", stack, "--preview-only", "--run-program")
    lines += [*_refusals(refreshed), *_drift(refreshed)]
    return Section(f"Stack `{stack}` as it is", tuple(lines))


def _refusals(answer: Answer) -> Iterator[Line]:
    for refusal in answer.refusals:
        where = f"{code(name_of(refusal.urn))}: " if refusal.urn else ""
        first, _, rest = refusal.text.removeprefix("error: ").partition("\n")
        yield Line(f"{where}{first}", Weight.ALARM, fenced(rest.strip()) if rest.strip() else "")


def _violations(answer: Answer) -> Iterator[Line]:
    for violation in answer.violations:
        weight = Weight.ALARM if violation.mandatory else Weight.NOTE
        yield Line(f"policy {code(violation.rule)}: {violation.text}", weight)


def _plan(answer: Answer) -> Iterator[Line]:
    by_op: dict[str, list[str]] = {}
    for step in answer.steps:
        if step.op not in _NOTHING:
            by_op.setdefault(step.op, []).append(step.urn)
    for op, urns in by_op.items():
        yield Line(f"An `up` would {op} {len(urns)}: {_named(urns)}", Weight.ALARM if op in ("replace", "delete") else Weight.NOTE)
    if not by_op and not answer.failed:
        yield Line("An `up` would change nothing.")


def _drift(answer: Answer) -> Iterator[Line]:
    drifted = [outcome for outcome in answer.outcomes if _has_drifted(outcome)]
    yield from (_drifted(outcome) for outcome in drifted)
    if not drifted and not answer.failed:
        yield Line("The cloud is as the last `up` left it.")


def _has_drifted(outcome: Operation) -> bool:
    """What the provider calls the same may still have filled in values of its own."""
    if type_of(outcome.urn).startswith("pulumi:"):
        return False
    return outcome.op == "delete" or (outcome.op == "update" and outcome.old != outcome.new)


def _drifted(outcome: Operation) -> Line:
    what = f"{code(name_of(outcome.urn))} ({short_type(type_of(outcome.urn))})"
    if outcome.op == "delete":
        return Line(f"**Drift**: {what} is gone.", Weight.ALARM)
    paths = outcome.paths or sorted(key for key in {*outcome.old, *outcome.new} if outcome.old.get(key) != outcome.new.get(key))
    return Line(f"**Drift**: {what} was changed outside this repository: {', '.join(map(code, paths[:_MOST_NAMES]))}", Weight.ALARM)


def _named(urns: list[str]) -> str:
    shown = [code(name_of(urn)) for urn in urns[:_MOST_NAMES]]
    return ", ".join([*shown, f"{len(urns) - _MOST_NAMES} more"] if len(urns) > _MOST_NAMES else shown)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.preview.real", description=__doc__.partition("\n")[0])
    parser.add_argument("--stack", required=True)
    parser.add_argument("--drift", action="store_true", help="drift alone; where there is none, no page is written")
    parser.add_argument("--out", type=Path, help="default: real-STACK.md, drift-STACK.md")
    given = parser.parse_args()
    try:
        found = look(Path.cwd(), given.stack, os.environ, given.drift)  # noqa: TID251 - what the CLI runs in
    except NoCli as missing:
        sys.stderr.write(f"error: {missing}\n")
        return 2
    bad = _is_bad(found, given.drift)
    out = given.out or Path(f"{'drift' if given.drift else 'real'}-{given.stack}.md")
    if bad or not given.drift:
        page.write(found, out)
    else:
        out.unlink(missing_ok=True)
    sys.stdout.write("\n".join(line.text for line in found.lines) + "\n")
    return 1 if bad else 0


def _is_bad(found: Section, drift_only: bool) -> bool:
    """A preview that replaces something is no failed one; a refusal or a broken rule is."""
    alarms = [line.text for line in found.lines if line.weight is Weight.ALARM]
    return any(drift_only or not text.startswith(("An `up`", "**Drift**")) for text in alarms)


if __name__ == "__main__":
    sys.exit(main())
