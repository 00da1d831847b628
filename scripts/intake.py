"""Pause and open the intake of a stack: while it is paused the upload service takes no new job; what is under way goes on.

The budget's function keeps the same document: it opens in a new month what it paused itself, and leaves alone what a person
paused (docs/operations.md).
"""

import argparse
import sys
from pathlib import Path

from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError
from google.cloud import firestore

from jobs.documents import now
from jobs.intake import Gate, Intake, Keeper
from local.client import NotRunning
from scripts import stack
from scripts.target import Target, UnknownStack


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
    try:
        target = Target.read(given.stack, given.root)
        target.become_operator()
        gate = gate_of(target)
        if given.command == "pause":
            pause(gate, given.reason)
        elif given.command == "open":
            reopen(gate)
        sys.stdout.write(f"{target.name}: {shown(gate.state())}\n")
    except (UnknownStack, NotRunning) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (GoogleAuthError, GoogleAPICallError) as error:
        sys.stderr.write(f"{given.stack}: Firestore could not be asked: {error}\nsigned in? gcloud auth application-default login\n")
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["pause", "open", "show"])
    parser.add_argument("--stack", default=stack.LOCAL)
    parser.add_argument("--root", type=Path, default=stack.ROOT)
    parser.add_argument("--reason", default="the platform team has paused it", help="pause: what designers read")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
