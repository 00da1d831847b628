"""Who watches which job: one listener and one board for each job, however many watch it here."""

import threading
import time
from dataclasses import dataclass

from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.cloud import firestore

from jobs.documents import Event
from jobs.log import log
from jobs.store import Jobs
from jobs.store.changes import Changes, Snapshot
from services.upload.board import Board, Note, Place, last_move, move
from services.upload.problems import Problem
from services.upload.serving import WATCHERS

_POLL = {"Retry-After": "5"}


@dataclass(frozen=True)
class Patience:
    """In seconds. Cloud Run cuts a request off after 300; a stream ends by itself before that, so that nothing is half sent."""

    stream_s: float = 280.0
    heartbeat_s: float = 15.0
    # how often a silent stream looks whether its client is still there
    look_s: float = 5.0
    # how long a client may leave what was sent to it unread
    slow_s: float = 10.0
    # between two deliveries to one watcher: what changes faster is shown as it is then
    pace_s: float = 0.2
    # how long a job is listened to after its last watcher left: most come back within a second
    linger_s: float = 5.0
    first_pause_s: float = 0.2
    longest_pause_s: float = 5.0


class Watch:
    """One job's board, kept up to date by a thread."""

    def __init__(self, client: firestore.Client, job_id: str, patience: Patience) -> None:
        self.board, self.changed, self.ended = Board(), threading.Condition(), False
        self._client, self._job_id, self._patience = client, job_id, patience
        self._jobs = Jobs(client)
        self._history: list[Event] = []
        self._changes = Changes(client, job_id, self._heard)
        self._stop = threading.Event()
        threading.Thread(target=self._keep, name=f"watch {job_id}", daemon=True).start()

    def end(self) -> None:
        """Its watchers leave, and nobody listens any more."""
        with self.changed:
            self.ended = True
            self.changed.notify_all()
        self.stop()

    def stop(self) -> None:
        self._stop.set()
        self._changes.close()

    def _keep(self) -> None:
        """A listener that dies is made anew. It begins with what is there, so nothing is missed."""
        failures, pause_s = 0, 0.0
        while not self._stop.wait(pause_s):
            self._changes = Changes(self._client, self._job_id, self._heard)
            if self._stop.is_set():
                return
            try:
                self._changes.follow()
                failures = 0
            except (GoogleAPICallError, RetryError) as error:
                failures += 1
                self._tell(failures, error)
            pause_s = min(self._patience.first_pause_s * 2**failures, self._patience.longest_pause_s)

    def _tell(self, failures: int, error: Exception) -> None:
        """Once an outage."""
        if failures == 1 and not self._stop.is_set():
            reason = f"{type(error).__name__}: {error}"
            log("listener broke off; it is made anew", severity="WARNING", job_id=self._job_id, error=reason)

    def _heard(self, snapshot: Snapshot) -> None:
        if snapshot.job and (not self._history or max(map(move, self._history)) < last_move(snapshot.job[0])):
            self._history = self._jobs.events(self._job_id)
        board = self.board.shown(snapshot, self._history)
        with self.changed:
            self.board = board
            self.changed.notify_all()


class Watcher:
    """One client's place in a watch."""

    def __init__(self, watch: Watch, place: Place) -> None:
        self.watch, self._place, self._version = watch, place, 0

    @property
    def over(self) -> bool:
        board = self.watch.board
        return self.watch.ended or board.gone or (board.rests and self._version == board.version)

    def take(self, wait_s: float) -> tuple[list[Note], Place, Place]:
        """What is new, where the watcher was and where it is now; nothing, if nothing comes in that time."""
        with self.watch.changed:
            self.watch.changed.wait_for(lambda: self.watch.ended or self.watch.board.version > self._version, wait_s)
        board, before = self.watch.board, self._place
        notes = board.since(self._version, before)
        self._version, self._place = board.version, before.or_later(board.place)
        return notes, before, self._place


class Watches:
    def __init__(self, client: firestore.Client, patience: Patience | None = None, most: int = WATCHERS) -> None:
        self.patience = patience or Patience()
        self._client, self._most = client, most
        self._lock = threading.Lock()
        self._watches: dict[str, Watch] = {}
        self._watchers: dict[str, int] = {}
        self._left: dict[str, float] = {}
        self._ended = False

    def join(self, job_id: str, place: Place) -> Watcher:
        """Whoever joins must leave. Raises Problem where too many watch."""
        with self._lock:
            if self._ended:
                raise Problem("unavailable", "This instance is on its way out; the next one answers.", headers={"Retry-After": "1"})
            if sum(self._watchers.values()) >= self._most:
                raise Problem("busy", "Too many watch just now. Ask for the job itself every few seconds instead.", headers=_POLL)
            self._forget_left()
            if job_id not in self._watches:
                self._watches[job_id] = Watch(self._client, job_id, self.patience)
            self._watchers[job_id] = self._watchers.get(job_id, 0) + 1
            self._left.pop(job_id, None)
            return Watcher(self._watches[job_id], place)

    def leave(self, job_id: str) -> None:
        with self._lock:
            self._watchers[job_id] -= 1
            if self._watchers[job_id]:
                return
            del self._watchers[job_id]
            self._left[job_id] = time.monotonic()
        timer = threading.Timer(self.patience.linger_s, self.tidy)
        timer.daemon = True
        timer.start()

    def tidy(self) -> None:
        with self._lock:
            self._forget_left()

    def end(self) -> None:
        """Every stream ends now, and none begins."""
        self._ended = True
        for watch in list(self._watches.values()):
            watch.end()

    def _forget_left(self) -> None:
        """By the clock and not by the timer alone: an instance without requests is not run, and what it holds has gone stale meanwhile."""
        at = time.monotonic()
        for job_id in [job_id for job_id, left in self._left.items() if at - left >= self.patience.linger_s]:
            del self._left[job_id]
            self._watches.pop(job_id).stop()
