"""A job's event stream over real sockets, as gunicorn serves it in the container."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from google.cloud import firestore

from jobs.documents import Failure, Job, Progress, Upload, new_id
from jobs.job import State
from jobs.store import Jobs, Uploads
from services.upload import wire
from tests.upload import cloud
from tests.upload.listeners import Door
from tests.upload.streams import Told, stream, told

ADA, EVE = "ada@example.com", "eve@example.com"
HASTY = {"heartbeat_s": 0.5, "look_s": 0.2, "slow_s": 1.0, "pace_s": 0.01, "linger_s": 0.2}


@dataclass
class Served:
    """`door` stands between the service and Firestore; what a test writes itself goes past it."""

    url: str
    door: Door
    process: subprocess.Popen[bytes]
    provider: cloud.IdentityProvider
    jobs: Jobs
    uploads: Uploads

    def job(self) -> str:
        return self.jobs.create(Job(new_id(), f"accounts.google.com:{ADA}", "Cat", "sks", "cat"), by="test").id

    def events(self, job_id: str, last_id: str = "", **claims: Any) -> contextlib.AbstractContextManager[requests.Response]:
        return stream(f"{self.url}/v1/jobs/{job_id}/events", self.provider.assertion(**{"email": ADA, **claims}), last_id)

    def told(self, job_id: str) -> list[Told]:
        """All that a stream tells until it ends."""
        with self.events(job_id) as answer:
            return list(told(answer))

    def status(self, job_id: str, last_id: str = "", **claims: Any) -> int:
        with self.events(job_id, last_id, **claims) as answer:
            return answer.status_code

    def moves(self, job_id: str, *states: State, **changes: object) -> None:
        for state in states:
            self.jobs.advance(job_id, 1, state, by="test", **changes)


Serve = Callable[..., Served]


@pytest.fixture(scope="module")
def serve(firestore_address: str, storage_url: str, provider: cloud.IdentityProvider) -> Iterator[Serve]:
    """The service with its own patience, or with that of these tests; one process for all that want the same."""
    project = f"test-{os.urandom(4).hex()}"
    found: dict[str, Served] = {}
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("FIRESTORE_EMULATOR_HOST", firestore_address)
        documents = firestore.Client(project=project)
        stack.callback(documents.close)

        def start(**patience: float) -> Served:
            port, door = cloud.free_port(), Door(firestore_address, cloud.free_port())
            stack.callback(door.close)
            own = {"FIRESTORE_EMULATOR_HOST": door.address, "TEST_STORAGE_URL": storage_url, "TEST_KEYS_URL": provider.url}
            wanted = ", ".join(f"{name}={value}" for name, value in patience.items())
            gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--config", "python:services.upload.serving"]
            environment = {"PATH": os.environ["PATH"], **own, **_settings(project)}
            process = subprocess.Popen([*gunicorn, f"tests.upload.served:create({wanted})"], env=environment, start_new_session=True)
            stack.callback(_end, process)
            cloud.wait_for(port, process)
            url = f"http://127.0.0.1:{port}"
            requests.get(f"{url}/healthz", timeout=60).raise_for_status()
            return Served(url, door, process, provider, Jobs(documents), Uploads(documents))

        def once(**patience: float) -> Served:
            key = repr(patience)
            if key not in found or found[key].process.poll() is not None:
                found[key] = start(**patience)
            return found[key]

        yield once


def _settings(project: str) -> dict[str, str]:
    names = ("region", "stack", "uploads_bucket", "models_bucket", "topic", "generations_topic", "push_account")
    return {
        "PROJECT": project,
        "DATABASE": "(default)",
        "IAP_AUDIENCE": cloud.AUDIENCE,
        **{name.upper(): "test" for name in names},
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(20)


@dataclass
class Reading:
    """A stream that is read in a thread."""

    heard: list[Told] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    broken: bool = False

    def reads(self, answer: requests.Response) -> None:
        try:
            self.heard.extend(told(answer))
        except requests.RequestException:
            self.broken = True
        self.ended.set()

    def waits_for(self, what: str, seconds: float = 10) -> bool:
        """A state, or an event of that name."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if any(what in (each.event, each.data.get("state")) for each in list(self.heard)):
                return True
            time.sleep(0.02)
        return False


@contextlib.contextmanager
def reading(answer: requests.Response) -> Iterator[Reading]:
    found = Reading()
    thread = threading.Thread(target=found.reads, args=(answer,), daemon=True)
    thread.start()
    yield found
    thread.join(10)


def states(events: list[Told]) -> list[str]:
    return [each.data["state"] for each in events if each.event == "status"]


def test_a_job_is_followed_from_its_first_state_to_its_last(serve: Serve) -> None:
    served = serve()
    job_id = served.job()
    served.uploads.register([Upload(new_id(), job_id, "ada", "a.png", "image/png", 5, "AAAAAA==")])

    with served.events(job_id) as answer, reading(answer) as seen:
        assert seen.waits_for(State.DRAFT)
        served.moves(job_id, State.UPLOADED, State.TRAINING)
        served.jobs.note(job_id, progress=Progress("training", 5, 10, samples=("gs://b/runs/5.png",)))
        assert seen.waits_for("sample")
        served.moves(job_id, State.FAILED, failure=Failure("OUT_OF_MEMORY", "The machine was too small.", retryable=True))

    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert (answer.headers["Cache-Control"], answer.headers["X-Accel-Buffering"]) == ("no-store, no-transform", "no")
    assert states(seen.heard) == ["draft", "uploaded", "training", "failed"]
    of = {each.event: each.data for each in seen.heard}
    assert wire.Upload.model_validate(of["upload"]).file_name == "a.png"
    assert wire.Progress.model_validate(of["progress"]).step == 5
    assert wire.Sample.model_validate(of["sample"]).step == 5
    assert wire.Failure.model_validate(of["error"]).code == "OUT_OF_MEMORY"
    assert wire.StatusEvent.model_validate(of["status"]).failure == wire.Failure.model_validate(of["error"])


def test_whoever_comes_back_gets_what_is_new(serve: Serve) -> None:
    served = serve()
    job_id = served.job()
    with served.events(job_id) as answer:
        first = next(told(answer))
    served.moves(job_id, State.UPLOADED, State.QUEUED)

    with served.events(job_id, first.id) as answer:
        again = [each.data["state"] for each in islice(told(answer), 2)]

    assert (first.data["state"], again) == ("draft", ["uploaded", "queued"])


def test_a_job_at_rest_ends_the_stream_and_has_nothing_to_add(serve: Serve) -> None:
    served = serve()
    job_id = served.job()
    served.moves(job_id, State.CANCELLING, State.CANCELLED)

    whole = served.told(job_id)

    assert states(whole) == ["draft", "cancelling", "cancelled"]
    with served.events(job_id, whole[-1].id) as answer:
        assert (answer.status_code, answer.content) == (204, b"")


def test_who_may_watch_is_asked_before_the_stream_and_at_each_resume(serve: Serve) -> None:
    served = serve()
    job_id = served.job()
    nobody = requests.get(f"{served.url}/v1/jobs/{job_id}/events", timeout=10).status_code
    # the service lets clocks differ by ten seconds
    almost: dict[str, Any] = {"exp": time.time() - 7, "iat": time.time() - 60}

    with served.events(job_id, **almost) as answer, reading(answer) as seen:
        assert seen.waits_for(State.DRAFT)
        time.sleep(4)
        served.moves(job_id, State.UPLOADED)
        went_on = seen.waits_for(State.UPLOADED)
        resumed = served.status(job_id, seen.heard[-1].id, **almost)
        served.moves(job_id, State.FAILED)

    assert (nobody, served.status(job_id, email=EVE), served.status("0" * 26), served.status("x")) == (401, 404, 404, 404)
    assert (went_on, resumed) == (True, 401)


def test_a_silent_stream_shows_that_it_lives(serve: Serve) -> None:
    served = serve(**HASTY)

    with served.events(served.job()) as answer:
        lines = list(islice((line for line in answer.iter_lines(chunk_size=None) if line.startswith((b":", b"retry"))), 3))

    assert lines == [b"retry: 1000", b": still here", b": still here"]


def test_a_stream_ends_before_cloud_run_ends_it(serve: Serve) -> None:
    served = serve(stream_s=1)
    job_id = served.job()
    began = time.monotonic()

    events = served.told(job_id)

    assert states(events) == ["draft"]
    assert 0.9 < time.monotonic() - began < 5


def test_streams_end_at_once_when_the_instance_must_go(serve: Serve) -> None:
    served = serve(stream_s=100)
    job_id = served.job()

    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(reading(stack.enter_context(served.events(job_id)))) for _ in range(20)]
        assert all(each.waits_for(State.DRAFT) for each in readers)
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert all(each.ended.wait(10) for each in readers)
        took = time.monotonic() - began
    served.process.wait(10)

    assert took < 2
    assert not any(each.broken for each in readers), "each stream was ended as it should be, not cut"


def test_a_client_that_leaves_is_noticed(serve: Serve) -> None:
    served = serve(**HASTY)
    assert served.door.waits_for(0)

    with served.events(served.job()) as answer:
        next(told(answer))
        watched = served.door.open

    assert watched == 1
    assert served.door.waits_for(0)


def test_a_question_for_the_head_alone_leaves_no_watcher(serve: Serve) -> None:
    served = serve(**HASTY)

    headers = {"Authorization": f"Bearer {served.provider.assertion()}"}
    answer = requests.head(f"{served.url}/v1/jobs/{served.job()}/events", headers=headers, timeout=10)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    assert served.door.waits_for(0)


def test_a_client_that_does_not_read_is_let_go_and_holds_up_nobody(serve: Serve) -> None:
    served = serve(**HASTY)
    job_id = served.job()
    samples = tuple(f"gs://b/runs/{number}.png" for number in range(200))

    with served.events(job_id) as answer, reading(answer) as brisk, who_never_reads(served, job_id) as slow:
        assert brisk.waits_for(State.DRAFT)
        for step in range(100):
            served.jobs.note(job_id, progress=Progress("training", step, 100, samples=samples))
            time.sleep(0.03)
        served.moves(job_id, State.UPLOADED)
        assert brisk.waits_for(State.UPLOADED)
        ended = is_ended(slow, 30)
        served.moves(job_id, State.FAILED)

    assert ended
    assert states(brisk.heard) == ["draft", "uploaded", "failed"]
    assert next(each.data["step"] for each in reversed(brisk.heard) if each.event == "progress") == 99


@contextlib.contextmanager
def who_never_reads(served: Served, job_id: str) -> Iterator[socket.socket]:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", urlsplit(served.url).port))
        head = f"GET /v1/jobs/{job_id}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {served.provider.assertion()}\r\n\r\n"
        connection.sendall(head.encode())
        yield connection


def is_ended(connection: socket.socket, seconds: float) -> bool:
    """Whether the other side has closed: the kernel knows without anybody reading. TCP_INFO begins with the state, 1 is ESTABLISHED."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 1:
            return True
        time.sleep(0.1)
    return False


def test_firestore_may_go_and_come_back(serve: Serve) -> None:
    served = serve(**HASTY)
    job_id = served.job()

    with served.events(job_id) as answer, reading(answer) as seen:
        assert seen.waits_for(State.DRAFT)
        served.door.stop()
        served.moves(job_id, State.UPLOADED, State.QUEUED)
        served.door.start()
        assert seen.waits_for(State.QUEUED, 20)
        served.moves(job_id, State.FAILED)

    assert states(seen.heard) == ["draft", "uploaded", "queued", "failed"]


def test_many_watchers_have_one_listener_and_leave_the_service_to_others(serve: Serve) -> None:
    served = serve()
    job_id = served.job()
    headers = {"Authorization": f"Bearer {served.provider.assertion()}"}
    made = served.door.made

    with contextlib.ExitStack() as stack:
        for _ in range(100):
            next(told(stack.enter_context(served.events(job_id))))
        answer = requests.get(f"{served.url}/v1/jobs/{job_id}", headers=headers, timeout=10)

    assert (answer.status_code, answer.elapsed.total_seconds() < 2) == (200, True)
    assert served.door.made - made == 1


def test_a_client_without_streams_asks_for_what_has_changed(serve: Serve) -> None:
    served = serve()
    job_id = served.job()
    url, headers = f"{served.url}/v1/jobs/{job_id}", {"Authorization": f"Bearer {served.provider.assertion()}"}
    headers["If-None-Match"] = requests.get(url, headers=headers, timeout=10).headers["ETag"]

    same = requests.get(url, headers=headers, timeout=10)
    served.moves(job_id, State.UPLOADED)
    other = requests.get(url, headers=headers, timeout=10)

    assert ((same.status_code, same.content), other.status_code) == ((304, b""), 200)
