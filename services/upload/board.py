"""What a job's watchers are shown: the newest state of each thing about it, once for all of them, so that a watcher is no more than a
place in it. Whoever is slow misses what was overtaken, never what is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from jobs.documents import Event, Job, Progress, Upload
from jobs.job import LIFE, TERMINAL, State, UploadState
from jobs.store.changes import Snapshot
from services.upload import answers, wire

# Nothing more is to come soon. Who watches on costs an instance for hours.
AT_REST = TERMINAL | {State.READY}
_GONE = frozenset({UploadState.REMOVED, UploadState.EXPIRED, UploadState.PURGED})
_ID = re.compile(r"(\d{1,4})-(\d{3})\.(\d{1,16})")

Move = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """How far a watcher is: the job's last move, as (attempt, rank), and the newest write of all, in microseconds since 1970."""

    move: Move = (0, 0)
    micros: int = -1

    @classmethod
    def read(cls, event_id: str) -> Self:
        """The beginning, for what is no id of ours."""
        found = _ID.fullmatch(event_id.strip())
        return cls((int(found[1]), int(found[2])), int(found[3])) if found else cls()

    def __str__(self) -> str:
        attempt, rank = self.move
        return f"{attempt}-{rank:03}.{max(self.micros, 0)}"

    @property
    def at_the_beginning(self) -> bool:
        return self == Place()

    def or_later(self, other: "Place") -> "Place":
        return Place(max(self.move, other.move), max(self.micros, other.micros))


def last_move(job: Job) -> Move:
    return job.attempt, LIFE[job.state].rank


def move(event: Event) -> Move:
    return event.attempt, LIFE[event.state].rank


@dataclass(frozen=True)
class Note:
    """One thing about the job. `version` is the board's that brought it; `passing` is of no use to who was not there before."""

    event: str
    data: str
    version: int = 0
    move: Move | None = None
    micros: int = 0
    passing: bool = False

    def after(self, place: Place) -> bool:
        if self.move is not None:
            return self.move > place.move
        return self.micros > place.micros and not (self.passing and place.at_the_beginning)

    def supersedes(self, other: "Note") -> bool:
        """A move was made and stays so, also when the next attempt forgets why the last one failed."""
        return self.data != other.data and self.event != "status"


@dataclass(frozen=True)
class Board:
    """`notes` by what they are about, in the order in which they are sent."""

    version: int = 0
    notes: tuple[tuple[str, Note], ...] = ()
    place: Place = Place()
    rests: bool = False
    gone: bool = False

    def shown(self, snapshot: Snapshot, history: Sequence[Event]) -> "Board":
        """The next one. A history that was read after the snapshot may be ahead of it: that part waits for the next."""
        version = self.version + 1
        if snapshot.job is None or snapshot.job[0].erased:
            return Board(version, gone=True)
        job = snapshot.job[0]
        history = [event for event in history if move(event) <= last_move(job)]
        before = dict(self.notes)
        notes = []
        for about, note in _notes(snapshot.job, snapshot.uploads, history):
            old = before.get(about)
            notes.append((about, replace(note, version=version) if old is None or note.supersedes(old) else old))
        micros = max(snapshot.job[1], *(written for _, written in snapshot.uploads), self.place.micros)
        moved = max((move(event) for event in history), default=(0, 0))
        return Board(version, tuple(notes), self.place.or_later(Place(moved, micros)), rests=job.state in AT_REST)

    def since(self, version: int, place: Place) -> list[Note]:
        """For who was shown `version`, or, with 0, comes back to `place`."""
        return [note for _, note in self.notes if (note.version > version if version else note.after(place))]


def frames(notes: Sequence[Note], place: Place, end: Place) -> str:
    """Only the last says that all of them were seen: who is cut off before gets them again, but for moves, each of which has an id."""
    texts = []
    for number, note in enumerate(notes, 1):
        place = replace(place, move=max(place.move, note.move)) if note.move and note.event == "status" else place
        told = place.or_later(end) if number == len(notes) else place if note.event == "status" else None
        texts.append(f"event: {note.event}\n" + (f"id: {told}\n" if told else "") + f"data: {note.data}\n\n")
    return "".join(texts)


def _notes(told: tuple[Job, int], uploads: Sequence[tuple[Upload, int]], history: Sequence[Event]) -> Iterator[tuple[str, Note]]:
    job, written = told
    failed = last_move(job)
    detail = answers.detail(job, [upload for upload, _ in uploads], history)
    for event in sorted(history, key=move):
        failure = detail.failure if move(event) == failed else None
        if failure:
            yield f"error {failed}", Note("error", _json(failure), move=failed)
        shown = wire.StatusEvent(state=event.state, attempt=event.attempt, at=event.at, by=event.by, detail=event.detail, failure=failure)
        yield f"status {move(event)}", Note("status", _json(shown), move=move(event))
    # what one picture shows of another (`alike`) changes with that other
    newest = max((at for _, at in uploads), default=0)
    for upload, _ in uploads:
        picture = answers.upload(job, upload, [each for each, _ in uploads])
        yield f"upload {upload.id}", Note("upload", _json(picture), micros=newest, passing=upload.state in _GONE)
    yield "progress", Note("progress", _json(detail.progress), micros=written, passing=job.progress == Progress())
    for sample in detail.progress.samples:
        yield f"sample {sample.url}", Note("sample", _json(sample), micros=written)


def _json(shown: wire.Wire) -> str:
    return shown.model_dump_json(by_alias=True)
