"""How a repair is made: one thing after another, of which none keeps the next from it, in no more time than it is given."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import GoogleAuthError

from jobs.job import NotAllowed, Superseded
from jobs.log import log
from jobs.store import Contended, UnknownJob, UnknownUpload
from services.trigger.clients import Clients

# what Google's clients raise when a call fails: its answer, a retry that took too long, a token that is not to be had, a broken connection
FAILED = (GoogleAPIError, GoogleAuthError, OSError)
T = TypeVar("T")


@dataclass(frozen=True)
class Repair:
    """`act` yields after each step, whether it mended something; steps are short. `seconds` are kept free for it by those before."""

    name: str
    act: Callable[[Clients], Iterable[bool]]
    seconds: float

    def make(self, clients: Clients, end: float) -> int | None:
        """How much was mended; None if it failed as a whole. What is left at `end`, by the monotonic clock, is for the next sweep."""
        mended = 0
        try:
            for done in self.act(clients):
                mended += done
                if time.monotonic() > end:
                    log("repair goes on in the next sweep", repair=self.name)
                    break
        except FAILED as error:
            log("repair failed", severity="ERROR", alert=True, repair=self.name, reason=str(error))
            return None
        return mended


def each(job_id: str, act: Callable[[], bool]) -> bool:
    """One job that cannot be repaired must not keep the next one from it."""
    try:
        return act()
    except (NotAllowed, Superseded, Contended, UnknownJob, UnknownUpload) as moved_on:
        log("repair is no longer wanted", job_id=job_id, reason=str(moved_on))
    except FAILED as error:
        log("repair of job failed", severity="ERROR", job_id=job_id, reason=str(error))
    return False


def pages(items: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(items)
    while page := list(islice(left, size)):
        yield page
