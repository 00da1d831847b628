"""What watchers of a job are shown, and who listens for them."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import firestore
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.documents import Event, Failure, Job, Progress, Upload, new_id
from jobs.job import LIFE, State, UploadState
from jobs.store import Jobs, Uploads
from jobs.store.changes import Changes, Snapshot
from services.upload import wire
from services.upload.board import AT_REST, Board, Place, frames
from services.upload.problems import Problem
from services.upload.watch import Patience, Watcher, Watches
from tests.upload import cloud
from tests.upload.listeners import Door
from tests.upload.streams import Told, parsed

NOW = datetime(2026, 1, 1, tzinfo=UTC)
JOB = Job("0" * 26, "ada", "Cat", "sks", "cat", created=NOW, updated=NOW)
UPLOAD = Upload("1" * 26, JOB.id, "ada", "1.png", "image/png", 5, "AAAAAA==", created=NOW, updated=NOW)
PATH = (State.UPLOADING, State.UPLOADED, State.QUEUED, State.TRAINING, State.DEPLOYING, State.FAILED)
BEGINNING = Event(State.DRAFT, 1, NOW, "upload")


class Life:
    """A job of these tests, moved by what is drawn, and the board that shows it."""

    def __init__(self) -> None:
        self.job, self.uploads, self.history = JOB, {UPLOAD.id: (UPLOAD, 1)}, [BEGINNING]
        self.micros, self.board = 1, Board()
        self.show()

    def show(self) -> None:
        self.board = self.board.shown(Snapshot((self.job, self.micros), tuple(self.uploads.values())), self.history)

    def does(self, what: str) -> None:
        self.micros += 1
        match what:
            case "move":
                self._move()
            case "step":
                step = self.job.progress.step + 1
                self.job = replace(self.job, progress=Progress("training", step, 9, samples=(f"gs://b/{step}.png",)))
            case "register":
                upload = replace(UPLOAD, id=f"{self.micros:026}")
                self.uploads[upload.id] = upload, self.micros
            case "settle" | "remove":
                upload, _ = next(iter(self.uploads.values()))
                state = UploadState.VERIFIED if what == "settle" else UploadState.REMOVED
                self.uploads[upload.id] = replace(upload, state=state), self.micros
        self.show()

    def _move(self) -> None:
        later = [state for state in PATH if LIFE[state].rank > LIFE[self.job.state].rank]
        if later:
            state, attempt, progress = later[0], self.job.attempt, self.job.progress
        else:
            state, attempt, progress = State.UPLOADED, self.job.attempt + 1, Progress()
        failure = Failure("X", "it broke") if state is State.FAILED else None
        self.job = replace(self.job, state=state, attempt=attempt, progress=progress, failure=failure)
        self.history = [*self.history, Event(state, attempt, NOW + timedelta(seconds=self.micros), "test")]


class Reader:
    """A client that may be cut off after any byte, and then comes back with the last id that it has read."""

    def __init__(self) -> None:
        self.last_id, self.heard, self.version, self.place = "", list[Told](), 0, Place()

    def reads(self, board: Board, cut: float) -> None:
        notes = board.since(self.version, self.place)
        text = frames(notes, self.place, board.place)
        self.version, self.place = board.version, self.place.or_later(board.place)
        got = text if cut >= 1 else text[: int(len(text) * cut)]
        for event in parsed(got.splitlines(), self.last_id):
            self.heard.append(event)
            self.last_id = event.id
        if cut < 1:
            self.version, self.place = 0, Place.read(self.last_id)

    def now(self) -> dict[str, object]:
        """The newest of each thing."""
        return {f"{each.event} {each.data.get('id', '')}": each.data for each in self.heard if each.event in {"upload", "progress"}}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["move", "step", "register", "settle", "remove"]), st.floats(0, 1.5), st.booleans())))
def test_whoever_is_cut_off_anywhere_and_comes_back_has_missed_nothing(life_of: list[tuple[str, float, bool]]) -> None:
    life, reader = Life(), Reader()

    for what, cut, reads in life_of:
        life.does(what)
        if reads:
            reader.reads(life.board, cut)
    reader.reads(life.board, 1)

    moves = [(each.data["state"], each.data["attempt"]) for each in reader.heard if each.event == "status"]
    assert moves == [(event.state, event.attempt) for event in life.history]
    assert reader.now()["progress "]["step"] == life.job.progress.step if life.job.progress.total else True  # type: ignore[index]
    shown = {upload.id: upload.state for upload, _ in life.uploads.values()}
    heard = {str(data["id"]): data["state"] for data in reader.now().values() if "id" in data}  # type: ignore[operator,index]
    assert {upload_id: shown[upload_id] for upload_id in heard} == heard
    assert {upload_id for upload_id, state in shown.items() if state is not UploadState.REMOVED} <= heard.keys()


def test_what_was_overtaken_is_not_kept() -> None:
    life = Life()
    life.does("step")
    before = len(life.board.notes)

    for _ in range(1000):
        life.does("step")

    assert len(life.board.notes) == before
    assert [note.event for note in life.board.since(life.board.version - 1, Place())] == ["progress", "sample"]


def test_an_id_that_is_none_of_ours_is_the_beginning() -> None:
    for text in ("", "x", "1-2.3", "1-050.1 or 1", "9" * 400, "1-050." + "9" * 40):
        assert Place.read(text).at_the_beginning

    assert str(Place.read("2-050.1700000000000001")) == "2-050.1700000000000001"


def test_a_failure_comes_before_the_move_that_tells_of_it() -> None:
    life = Life()
    while life.job.state is not State.FAILED:
        life.does("move")

    events = list(parsed(frames(life.board.since(0, Place()), Place(), life.board.place).splitlines()))
    *_, error, failed = [each for each in events if each.event in {"error", "status"}]

    assert (error.event, error.data["code"], failed.data["state"]) == ("error", "X", "failed")
    assert failed.data["failure"] == {"code": "X", "text": "it broke", "retryable": False}
    assert wire.StatusEvent.model_validate(failed.data).failure == wire.Failure(code="X", text="it broke", retryable=False)
    assert (life.board.rests, State.READY in AT_REST) == (True, True)


def test_a_move_waits_for_the_job_that_it_leads_to() -> None:
    life = Life()
    ahead = [*life.history, Event(State.FAILED, 1, NOW, "test", "it broke")]
    early = life.board.shown(Snapshot((life.job, 2), ()), ahead)
    failed = replace(life.job, state=State.FAILED, failure=Failure("X", "it broke"))

    late = early.shown(Snapshot((failed, 3), ()), ahead)

    assert str(early.place) == "1-005.2"
    assert [note.event for note in late.since(early.version, Place())] == ["error", "status"]
    assert [note.event for note in late.since(0, early.place)] == ["error", "status"]


@dataclass
class Firestore:
    door: Door
    documents: firestore.Client
    jobs: Jobs
    uploads: Uploads
    watches: Watches

    def job(self) -> Job:
        return self.jobs.create(Job(new_id(), "ada", "Cat", "sks", "cat"), by="test")

    def watch(self, job: Job) -> Watcher:
        return self.watches.join(job.id, Place())


@pytest.fixture
def store(firestore_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Firestore]:
    """The service listens through a door; what these tests write goes past it."""
    door = Door(firestore_address, cloud.free_port())
    project = f"test-{os.urandom(4).hex()}"
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_address)
    documents = firestore.Client(project=project)
    documents._firestore_api  # noqa: B018 - connects here, and not at the address that the next client is given
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", door.address)
    listening = firestore.Client(project=project)
    watches = Watches(listening, Patience(linger_s=0.5, longest_pause_s=0.5), most=64)
    yield Firestore(door, documents, Jobs(documents), Uploads(documents), watches)
    watches.end()
    assert door.waits_for(0)
    listening.close()
    documents.close()
    door.close()


def states(watcher: Watcher, seconds: float = 5.0) -> list[str]:
    """Of the moves that it is shown next."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        notes, *_ = watcher.take(0.1)
        moves = [wire.StatusEvent.model_validate_json(note.data).state.value for note in notes if note.event == "status"]
        if moves:
            return moves
    return []


def test_however_many_watch_a_job_one_listens(store: Firestore) -> None:
    job, other = store.job(), store.job()

    watchers = [store.watch(job) for _ in range(40)]
    shown = [states(watcher) for watcher in watchers]
    states(store.watch(other))
    store.jobs.advance(job.id, 1, State.UPLOADING, by="test")

    assert shown == [["draft"]] * 40
    assert [states(watcher) for watcher in watchers] == [["uploading"]] * 40
    assert (store.door.open, store.door.made) == (2, 2)


def test_nobody_listens_for_those_who_left_but_for_a_moment(store: Firestore) -> None:
    job = store.job()
    watchers = [store.watch(job) for _ in range(3)]
    states(watchers[0])

    for _ in watchers:
        store.watches.leave(job.id)
    again = store.watch(job)
    store.watches.leave(job.id)
    back_at_once = store.door.made
    gone = store.door.waits_for(0)
    late = states(store.watch(job))

    assert again.watch is watchers[0].watch
    assert (back_at_once, gone, store.door.made, late) == (1, True, 2, ["draft"])


def test_an_instance_that_slept_listens_anew(store: Firestore) -> None:
    """No timer runs on an instance without requests."""
    job = store.job()
    states(store.watch(job))
    store.watches.leave(job.id)
    store.watches._left[job.id] -= 60

    assert states(store.watch(job)) == ["draft"]
    assert store.door.made == 2


def test_a_listener_that_dies_is_made_anew_and_misses_nothing(store: Firestore) -> None:
    job = store.job()
    watcher = store.watch(job)
    states(watcher)

    store.door.stop()
    store.jobs.advance(job.id, 1, State.UPLOADED, by="test")
    store.jobs.advance(job.id, 1, State.QUEUED, by="test")
    deaf = states(watcher, 0.5)
    store.jobs.advance(job.id, 1, State.TRAINING, by="test")
    store.door.start()

    assert (deaf, states(watcher)) == ([], ["uploaded", "queued", "training"])
    store.jobs.advance(job.id, 1, State.READY, by="test")
    assert states(watcher) == ["ready"]
    assert watcher.over


def test_a_job_that_is_erased_is_shown_to_nobody_any_more(store: Firestore) -> None:
    job, other = store.job(), store.job()
    watchers = [store.watch(job), store.watch(other)]
    for watcher in watchers:
        states(watcher)

    store.jobs.note(job.id, erased=NOW)
    store.documents.collection("jobs").document(other.id).delete()

    for watcher in watchers:
        assert states(watcher, 1) == []
        assert (watcher.over, watcher.watch.board.notes) == (True, ())


def test_pictures_are_shown_as_they_come_and_go(store: Firestore) -> None:
    job = store.job()
    watcher = store.watch(job)
    states(watcher)

    upload = replace(UPLOAD, job_id=job.id, id=new_id())
    store.uploads.register([upload])
    seen = _uploads(watcher, 1)
    store.uploads.settle(upload, UploadState.VERIFIED, width=64, height=48)
    seen += _uploads(watcher, 1)
    store.uploads.settle(upload, UploadState.REMOVED)
    seen += _uploads(watcher, 1)

    assert [(each.id, each.state, each.width) for each in seen] == [
        (upload.id, UploadState.PENDING, 0),
        (upload.id, UploadState.VERIFIED, 64),
        (upload.id, UploadState.REMOVED, 64),
    ]
    assert [note for note in watcher.watch.board.since(0, Place()) if note.event == "upload"] == []


def _uploads(watcher: Watcher, count: int) -> list[wire.Upload]:
    found: list[wire.Upload] = []
    end = time.monotonic() + 5
    while len(found) < count and time.monotonic() < end:
        notes, *_ = watcher.take(0.1)
        found += [wire.Upload.model_validate_json(note.data) for note in notes if note.event == "upload"]
    return found


def test_too_many_are_told_to_ask_instead(store: Firestore) -> None:
    job = store.job()
    for _ in range(64):
        store.watch(job)

    with pytest.raises(Problem, match="Ask for the job itself") as refused:
        store.watch(job)

    assert (refused.value.slug, refused.value.headers) == ("busy", {"Retry-After": "5"})
    store.watches.leave(job.id)
    store.watch(job)


def test_all_leave_an_instance_that_is_told_to_go(store: Firestore) -> None:
    job = store.job()
    watcher = store.watch(job)
    states(watcher)

    store.watches.end()
    began = time.monotonic()
    watcher.take(10)

    assert watcher.over
    assert time.monotonic() - began < 1
    with pytest.raises(Problem):
        store.watch(job)


def test_who_writes_while_listeners_leave_is_never_told_of_it(store: Firestore) -> None:
    """Of a stream that is cancelled the emulator would tell whoever writes."""
    job = store.job()
    over = threading.Event()

    def listen(changes: Changes) -> None:
        with suppress(GoogleAPICallError):  # the emulator garbles what it tells while much is written, and the next listener is told anew
            changes.follow()

    def come_and_go() -> None:
        while not over.wait(0.01):
            changes = Changes(store.documents, job.id, lambda _: None)
            following = threading.Thread(target=listen, args=(changes,), daemon=True)
            following.start()
            over.wait(0.03)
            changes.close()
            following.join(10)

    comers = [threading.Thread(target=come_and_go, daemon=True) for _ in range(4)]
    for comer in comers:
        comer.start()
    for step in range(600):
        store.jobs.note(job.id, progress=Progress("training", step, 600))
    over.set()
    for comer in comers:
        comer.join(10)

    assert store.jobs.get(job.id).progress.step == 599
