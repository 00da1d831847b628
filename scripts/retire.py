"""Let go of all that a stack's jobs made on Vertex AI: runs, training jobs, endpoints, models. Safe to break off and to run again.

Intake is paused and the open jobs are closed first, so that neither a designer, nor a message that comes late, nor the sweep makes anything
new meanwhile. One object that stays does not keep the others from going; what stays is listed at the end, with what to do.
"""

import argparse
import contextlib
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from google.api_core.exceptions import GoogleAPIError, NotFound
from google.auth.exceptions import GoogleAuthError
from google.cloud import firestore

from jobs.intake import Gate, Keeper
from jobs.job import RUNNING, NotAllowed, State, Superseded
from jobs.store import Contended, Jobs, UnknownJob
from scripts import intake
from scripts.command_line import as_operator, say, stack_parser
from scripts.target import Target
from scripts.vertex_objects import KINDS, Found, Kind, NotLetGo, Vertex, labelled
from services.upload.intake import FRESH_S

AT_ONCE = 8
PATIENCE_MINUTES = 20.0
REASON = "this environment is being shut down"
_PASSES = 3
_FAR = datetime(9999, 1, 1, tzinfo=UTC)
_CLOSED: Mapping[State, State] = {
    State.UPLOADED: State.CANCELLING,
    **dict.fromkeys(RUNNING, State.CANCELLING),
    State.READY: State.RETIRED,
}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Stayed:
    kind: Kind
    found: Found
    reason: str

    def advice(self, target: Target) -> str:
        by_hand = self.kind.by_hand.format(id=self.found.id, name=self.found.name, region=target.region, project=target.project)
        return f"{self.kind.noun} {self.found.id}: {self.reason}\n      by hand: {by_hand}"


class Retirement:
    """`say` takes a line of progress."""

    def __init__(self, clients: Vertex, stack_name: str, say: Say) -> None:
        self._clients, self._filter, self._say = clients, labelled(stack_name), say
        self.gone: dict[str, int] = {}
        self.stayed: dict[str, Stayed] = {}

    def found(self) -> dict[str, Sequence[Found]]:
        """What there is to let go of, by kind."""
        return {kind.noun: kind.found(self._clients, self._filter) for kind in KINDS}

    def run(self) -> None:
        """What appears while the rest goes (a run that was on its way) goes in a second and third pass; then it counts as stayed."""
        for _ in range(_PASSES):
            if not [kind for kind in KINDS if self._let_go(kind)]:
                return
        for kind, found in self._left():
            self.stayed.setdefault(found.name, Stayed(kind, found, "it was made anew while others went; something still starts runs"))

    def _let_go(self, kind: Kind) -> bool:
        """Whether there was anything that no pass before has met."""
        waiting = [found for found in kind.found(self._clients, self._filter) if found.name not in self.stayed]
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tasks = {pool.submit(self._one, kind, found): found for found in waiting}
            for number, task in enumerate(as_completed(tasks), start=1):
                self._tell(kind, tasks[task], number, len(tasks), time.monotonic() - began, task.result())
        return bool(waiting)

    def _one(self, kind: Kind, found: Found) -> str:
        """Why it stayed; empty if it is gone."""
        try:
            kind.let_go(self._clients, found.name)
        except (GoogleAPIError, GoogleAuthError, NotLetGo, TimeoutError) as error:
            return str(getattr(error, "message", "") or error) or type(error).__name__
        return ""

    def _tell(self, kind: Kind, found: Found, number: int, total: int, seconds: float, reason: str) -> None:
        if reason:
            self.stayed[found.name] = Stayed(kind, found, reason)
        else:
            self.gone[kind.noun] = self.gone.get(kind.noun, 0) + 1
        left = f", about {seconds / number * (total - number):.0f} s left" if number < total else ""
        self._say(f"  {kind.noun} {number} of {total}: {found.id} {'STAYS' if reason else 'gone'}  ({seconds:.0f} s{left})")

    def _left(self) -> Iterable[tuple[Kind, Found]]:
        return ((kind, found) for kind in KINDS for found in kind.found(self._clients, self._filter))


def counted(found: Mapping[str, Sequence[Found]]) -> str:
    """`2 endpoints, 3 pipeline runs (1 running)`."""
    words = []
    for noun, objects in found.items():
        live = sum(each.is_live for each in objects)
        if objects:
            words.append(f"{len(objects)} {noun}{'s' if len(objects) > 1 else ''}" + (f" ({live} running)" if live else ""))
    return ", ".join(words) or "nothing"


def estimate_s(found: Mapping[str, Sequence[Found]]) -> float:
    """From guesses of what Google Cloud takes for one, so many at once."""
    return sum(ceil(len(found[kind.noun]) / AT_ONCE) * kind.typical_s for kind in KINDS)


def close_jobs(jobs: Jobs) -> int:
    """Each open job that has, or is owed, something on Vertex AI ends as its designer or the sweep would end it."""
    closed = 0
    for job in jobs.overdue(_FAR):
        to = _CLOSED.get(job.state)
        # the trace of a stack that goes helps nobody
        with contextlib.suppress(NotAllowed, Superseded, Contended, UnknownJob), contextlib.redirect_stdout(io.StringIO()):
            if to:
                jobs.advance(job.id, job.attempt, to, by=Keeper.OPERATOR)
                closed += 1
    return closed


def stop_intake(target: Target, say: Say) -> None:
    client = firestore.Client(project=target.project, database=target.database)
    gate = Gate(client)
    try:
        was_open = not gate.state().paused
        intake.pause(gate, REASON)
        # for so long the upload service may take a job on its older word
        time.sleep(FRESH_S + 1 if was_open else 0)
        say(f"  intake is paused, {close_jobs(Jobs(client))} open jobs are closed")
    except NotFound:
        say(f"  database {target.database} is gone: nobody can start a job")


def main() -> int:
    given = _arguments()
    # threads that wait for Vertex AI would keep an interrupted process for minutes; whatever they do may be done again
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    return as_operator(given, lambda target: _begin(target, given))


def _begin(target: Target, given: argparse.Namespace) -> int:
    clients = Vertex.of(target.parent, target.region, given.patience * 60)
    retirement = Retirement(clients, target.name, say)
    return _survey(target, retirement) if given.list else _retire(target, retirement, with_database=not given.without_database)


def _survey(target: Target, retirement: Retirement) -> int:
    found = retirement.found()
    say(f"  made by jobs  {counted(found)}")
    if any(found.values()) and not target.is_local:
        say(f"                about {ceil(estimate_s(found) / 60)} minutes to let go (a guess from Google's documentation, not measured)")
    return 0


def _retire(target: Target, retirement: Retirement, with_database: bool) -> int:
    if with_database:
        stop_intake(target, say)
    retirement.run()
    gone = ", ".join(f"{number} {noun}{'s' if number > 1 else ''}" for noun, number in retirement.gone.items())
    say(f"  gone: {gone or 'nothing was there'}")
    if not retirement.stayed:
        return 0
    say(f"\n{len(retirement.stayed)} stay:")
    for stayed in retirement.stayed.values():
        say(f"  - {stayed.advice(target)}")
    return 1


def _arguments() -> argparse.Namespace:
    parser = stack_parser(__doc__)
    parser.add_argument("--list", action="store_true", help="say what there is, change nothing")
    parser.add_argument("--patience", type=float, default=PATIENCE_MINUTES, metavar="MINUTES", help="how long one object may take")
    parser.add_argument("--without-database", action="store_true", help="it is gone already: there is no intake to pause")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
