"""Webhooks, delivered to real servers on this machine, and not delivered to where they must not go."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from jobs.account import Delivery, Webhook
from jobs.documents import Failure, Job, now
from jobs.job import State
from jobs.webhooks import NotCallable, new_secret
from local.gateway.certificates import Authority
from local.layout import Layout
from services.trigger import calls
from services.trigger.sweep import sweep
from tests.trigger.conftest import LocalClients


@dataclass
class Receiver:
    """Answers `status`; keeps what it was told."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.told.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(found.status)
            for key, value in found.headers.items():
                self.send_header(key, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/hook?team=1"
    try:
        yield found
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@pytest.fixture
def listener() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


Register = Callable[[str], Webhook]


@pytest.fixture
def register(clients: LocalClients) -> Register:
    """Where the owner of the submitted job is told."""

    def put(url: str) -> Webhook:
        webhook = Webhook("ada", url, new_secret())
        clients.webhooks.put(webhook)
        return webhook

    return put


def delivery(clients: LocalClients, job: Job, state: str = "ready") -> Delivery:
    found = clients.documents.collection("deliveries").document(f"{job.id}-a1-{state}").get()
    return Delivery.read(found.to_dict())


def ready(clients: LocalClients, job: Job) -> None:
    clients.jobs.advance(job.id, 1, State.READY, by="test")


def later(clients: LocalClients, job: Job) -> None:
    """As if the wait were over."""
    clients.documents.collection("deliveries").document(f"{job.id}-a1-ready").update({"due": now()})


def test_who_wants_to_hear_of_a_ready_job_is_told_once(
    clients: LocalClients, submitted: Job, register: Register, listener: Receiver
) -> None:
    register(listener.url)
    ready(clients, submitted)

    first, second = sweep(clients), sweep(clients)

    ((_, body),) = listener.told
    told = json.loads(body)
    assert (first["told"], second["told"]) == (1, 0)
    assert told["type"] == "job.ready"
    assert told["data"] == {"jobId": submitted.id, "state": "ready", "url": f"https://portal.example.com/v1/jobs/{submitted.id}"}
    assert delivery(clients, submitted).outcome == "answered 204"


def test_a_failure_is_told_too(clients: LocalClients, submitted: Job, register: Register, listener: Receiver) -> None:
    register(listener.url)
    clients.jobs.advance(submitted.id, 1, State.FAILED, by="test", failure=Failure("X", "It broke."))

    sweep(clients)

    assert [json.loads(body)["type"] for _, body in listener.told] == ["job.failed"]


def test_what_is_told_is_signed_as_the_standard_says(
    clients: LocalClients, submitted: Job, register: Register, listener: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    webhook = register(listener.url)
    ready(clients, submitted)

    sweep(clients)

    ((headers, body),) = listener.told
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert webhook.secret not in capsys.readouterr().out


def test_it_is_tried_again_later_and_given_up_in_the_end(
    clients: LocalClients, submitted: Job, register: Register, listener: Receiver
) -> None:
    register(listener.url)
    listener.status = 500
    ready(clients, submitted)
    waits = []

    for _ in range(6):
        sweep(clients)
        due = delivery(clients, submitted).due
        waits.append(round((due - now()).total_seconds() / 60) if due else None)
        later(clients, submitted) if due else None
    sweep(clients)

    assert waits == [1, 5, 30, 120, 480, None]
    assert len(listener.told) == 6
    assert len({headers["webhook-id"] for headers, _ in listener.told}) == 1
    assert delivery(clients, submitted).outcome == "answered 500"


def test_it_is_not_tried_before_its_time(clients: LocalClients, submitted: Job, register: Register, listener: Receiver) -> None:
    register(listener.url)
    listener.status = 500
    ready(clients, submitted)

    for _ in range(3):
        sweep(clients)

    assert len(listener.told) == 1


def test_a_redirect_is_not_followed(clients: LocalClients, submitted: Job, register: Register, listener: Receiver) -> None:
    register(listener.url)
    with receiver() as elsewhere:
        listener.status, listener.headers = 307, {"Location": elsewhere.url}
        ready(clients, submitted)

        sweep(clients)

    assert elsewhere.told == []
    assert delivery(clients, submitted).outcome == "answered 307"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://169.254.169.254/computeMetadata/v1/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://2130706433/",
        "https://user:word@example.com/",
    ],
)
def test_no_address_is_called_that_only_we_can_reach(url: str) -> None:
    with pytest.raises(NotCallable):
        calls.post(url, b"{}", {})


def test_a_name_is_looked_up_once_and_the_call_goes_there(listener: Receiver) -> None:
    """A name that changes its meaning between the check and the call reaches nothing else than what was checked."""
    port = listener.url.rpartition(":")[2].partition("/")[0]
    looked_up = []

    def look_up(url: str, _: bool) -> list[str]:
        looked_up.append(url)
        return ["127.0.0.1"]

    answer = calls.post(f"http://a-name-that-nobody-knows.invalid:{port}/hook", b"{}", {}, look_up=look_up)

    assert answer.status == 204
    assert len(looked_up) == 1
    assert listener.told[0][0]["host"] == f"a-name-that-nobody-knows.invalid:{port}"


def test_a_certificate_must_be_the_name_s(tls: str) -> None:
    with pytest.raises(OSError, match="certificate"):
        calls.post(f"https://{tls}/", b"{}", {}, private=True)


def test_an_answer_that_drips_ends_in_time() -> None:
    began = time.monotonic()

    with _dripping() as url, pytest.raises(OSError, match=r"HTTP|timed out|reset"):
        calls.post(url, b"{}", {}, private=True, seconds=0.5)

    assert time.monotonic() - began < 3


def test_an_owner_without_a_webhook_any_more_is_owed_nothing(
    clients: LocalClients, submitted: Job, register: Register, listener: Receiver
) -> None:
    register(listener.url)
    ready(clients, submitted)
    clients.webhooks.remove("ada")

    sweep(clients)

    assert listener.told == []
    assert delivery(clients, submitted).due is None


def test_one_whose_address_is_dead_keeps_no_other_from_hearing(
    clients: LocalClients, submitted: Job, register: Register, listener: Receiver
) -> None:
    register("http://127.0.0.1:1/")
    ready(clients, submitted)
    clients.webhooks.put(Webhook("grace", listener.url, new_secret()))
    other = clients.jobs.create(Job(id="0" * 26, owner="grace", name="Cup", subject="sks", class_word="cup"), by="test")
    clients.jobs.submit(other.id, 5, by="test")
    ready(clients, other)

    sweep(clients)

    assert [json.loads(body)["data"]["jobId"] for _, body in listener.told] == [other.id]
    assert delivery(clients, submitted).outcome.startswith("no answer: ConnectionRefusedError")


def test_of_one_owner_only_some_are_told_in_one_sweep(
    clients: LocalClients, submitted: Job, register: Register, listener: Receiver
) -> None:
    register(listener.url)
    for number in range(6):
        owed = {"id": f"d{number}", "jobId": submitted.id, "owner": "ada", "event": "job.ready", "at": now(), "tries": 0}
        clients.documents.collection("deliveries").document(f"d{number}").set({**owed, "due": now() - timedelta(minutes=1)})

    done = [sweep(clients)["told"] for _ in range(2)]

    assert done == [4, 2]


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[str]:
    """A server on this machine whose certificate nobody has signed."""
    context = Authority(Layout(tmp_path)).leaf(["localhost"]).context([])
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"localhost:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@contextmanager
def _dripping() -> Iterator[str]:
    """Accepts, and sends a byte of a header now and then."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            while not over.wait(0.1):
                try:
                    connection.send(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        over.set()
        thread.join(10)
        listening.close()
