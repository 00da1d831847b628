"""Pause and open the intake of a stack: while it is paused the upload service takes no new job; what is under way goes on.

The budget's function keeps the same document: it opens in a new month what it paused itself, and leaves alone what a person
paused (docs/operations.md).
"""

import argparse
import sys

from google.cloud import firestore

from jobs.documents import now
from jobs.intake import Gate, Intake, Keeper
from scripts.command_line import as_operator, say, stack_parser
from scripts.target import Target


def gate_of(target: Target) -> Gate:
    return Gate(firestore.Client(project=target.project, database=target.database))


def pause(gate: Gate, reason: str) -> None:
    """`reason` ends a sentence that designers read."""
    gate.change(lambda _: Intake(True, reason, Keeper.OPERATOR, now()))


def reopen(gate: Gate) -> None:
    gate.change(lambda _: Intake(False, "", Keeper.OPERATOR, now()))


def shown(state: Intake) -> str:
    if not state.paused:
        return "intake is open"
    return f"intake is paused since {state.since:%Y-%m-%d %H:%M} UTC by the {state.by}: {state.reason}"


def main() -> int:
    given = _arguments()
    return as_operator(given, lambda target: _turn(target, given.command, given.reason))


def _turn(target: Target, command: str, reason: str) -> int:
    gate = gate_of(target)
    if command == "pause":
        pause(gate, reason)
    elif command == "open":
        reopen(gate)
    say(f"{target.name}: {shown(gate.state())}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = stack_parser(__doc__)
    parser.add_argument("command", choices=["pause", "open", "show"])
    parser.add_argument("--reason", default="the platform team has paused it", help="pause: what designers read")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
