"""Whether this service takes new jobs. A pause stops what would cost money next; what is under way goes on."""

import time

from jobs.intake import Gate, Intake
from services.upload.problems import Problem

# How old an instance's word may be. To ask for each new job would cost every designer a round trip to the database, for an answer that
# changes a few times a year; and a budget's notice is hours late anyway.
FRESH_S = 5.0
_LATER = {"Retry-After": "600"}
_NO_REASON = "your platform team has closed the door for a while"


class Door:
    def __init__(self, gate: Gate, fresh_s: float = FRESH_S) -> None:
        self._gate, self._fresh_s = gate, fresh_s
        self._seen, self._at = Intake(), float("-inf")

    def closed(self) -> str:
        """Why new jobs are not taken, as the end of a sentence; empty while they are. Two threads that look at once do no harm."""
        if time.monotonic() - self._at > self._fresh_s:
            self._seen, self._at = self._gate.state(), time.monotonic()
        return (self._seen.reason.rstrip(". ") or _NO_REASON) if self._seen.paused else ""

    def admit(self) -> None:
        """Raises Problem while intake is paused."""
        if reason := self.closed():
            text = f"New jobs are not taken just now: {reason}. Jobs under way go on, and the pictures that are here stay."
            raise Problem("intake-paused", text, headers=_LATER)
