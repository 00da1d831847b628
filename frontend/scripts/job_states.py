"""The life of a job as TypeScript, from jobs/job.py: `python frontend/scripts/job_states.py > frontend/src/generated/states.ts`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from jobs.job import LIFE, MAX_ATTEMPTS, RETRIABLE, RUNNING, TERMINAL, State


def text() -> str:
    names = " | ".join(f'"{state}"' for state in State)
    ranks = ", ".join(f"{state}: {rule.rank}" for state, rule in LIFE.items())
    lines = [
        "// Written by scripts/job_states.py from jobs/job.py.",
        f"export type State = {names};",
        f"export const RANK: Readonly<Record<State, number>> = {{ {ranks} }};",
        *(f"export const {name}: ReadonlySet<State> = new Set<State>([{_listed(states)}]);" for name, states in _SETS.items()),
        f"export const MAX_ATTEMPTS = {MAX_ATTEMPTS};",
    ]
    return "\n".join(lines) + "\n"


_SETS = {"RUNNING": RUNNING, "TERMINAL": TERMINAL, "RETRIABLE": RETRIABLE}


def _listed(states: frozenset[State]) -> str:
    return ", ".join(f'"{state}"' for state in sorted(states, key=lambda state: (LIFE[state].rank, state)))


if __name__ == "__main__":
    sys.stdout.write(text())
