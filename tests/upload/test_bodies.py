"""Bodies that are not what they say, over real sockets, and what bounds the memory of those that are."""

import gzip
import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from services.upload import arriving
from services.upload.bodies import Budget, Full, Held
from services.upload.identifiers import crc32c
from tests.upload import cloud
from tests.upload.conftest import Service
from tests.upload.worker import worker

DATA = cloud.picture(1, (640, 480)) + bytes(40_000)


@dataclass(frozen=True)
class Line:
    """To one upload of DATA, that has not come yet."""

    service: Service
    url: str
    path: str
    job_id: str

    def say(self, head: str, *pieces: bytes, pause_s: float = 0.0) -> int:
        """The status of the answer; 0 if the server hung up without one."""
        own = f"Host: x\r\nAuthorization: Bearer {self.service.provider.assertion()}\r\nX-Requested-With: XMLHttpRequest\r\n"
        with socket.create_connection(("127.0.0.1", urlsplit(self.url).port or 0), 20) as connection:
            connection.sendall(f"PUT {self.path} HTTP/1.1\r\n{own}{head}\r\nConnection: close\r\n\r\n".encode())
            answer = io.BytesIO()
            with suppress(OSError):  # it may answer and hang up before it has heard all
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause_s)
                connection.shutdown(socket.SHUT_WR)
            with suppress(OSError):
                while received := connection.recv(65536):
                    answer.write(received)
        text = answer.getvalue().partition(b"\r\n")[0].split()
        return int(text[1]) if len(text) > 1 else 0

    def nothing_is_stored(self) -> bool:
        return self.service.objects_of(self.job_id) == self.service.objects_of(self.job_id, "raw") == []


@pytest.fixture
def line(service: Service, firestore_address: str, storage_url: str) -> Iterator[Line]:
    job_id = service.create().json["id"]
    path = service.register(job_id, ("one.png", DATA)).json["uploads"][0]["url"]
    with worker(service, firestore_address, storage_url) as (url, _):
        yield Line(service, url, path, job_id)


def test_a_body_is_taken_only_if_its_length_its_size_and_its_checksum_agree(line: Line) -> None:
    size = len(DATA)
    length = f"Content-Length: {size}"
    cut = [line.say(length, DATA[: size * share // 12]) for share in range(12)]
    other_lengths = [line.say(f"Content-Length: {length}", DATA[:length]) for length in (0, 1, size - 1, size // 2)]
    more = [line.say(f"Content-Length: {size + extra}", DATA + bytes(extra)) for extra in (1, 100, 2**20)]
    too_large = line.say(f"Content-Length: {26 * 2**20}", DATA)
    wrong = [line.say(length, DATA[:place] + b"\x55" + DATA[place + 1 :]) for place in (0, 100, size // 2, size - 1)]
    packed = gzip.compress(DATA)
    packed_answers = [line.say(f"Content-Length: {len(packed)}\r\nContent-Encoding: gzip", packed), line.say(length, packed)]
    chunked = [
        line.say("Transfer-Encoding: chunked", b"%x\r\n" % size, DATA, b"\r\n0\r\n\r\n"),
        line.say("Transfer-Encoding: chunked", b"%x\r\n" % size, DATA[:100]),
        line.say("Transfer-Encoding: chunked", b"zz\r\n", DATA),
    ]
    malformed = [
        line.say(head, DATA)
        for head in (
            "Content-Length: -1",
            "Content-Length: +1",
            "Content-Length: 1e3",
            f"Content-Length: {size}\r\nContent-Length: {size + 1}",
            f"Content-Length: {size}\r\nTransfer-Encoding: chunked",
            "Content-Length: 99999999999999999999",
            "Content-Length:",
            "Transfer-Encoding: gzip, chunked, chunked",
        )
    ]
    none = line.say("X-Nothing: 1")

    assert set(cut) == {400}
    assert (set(other_lengths), set(more), too_large) == ({422}, {422}, 413)
    assert set(wrong) == {422}
    assert set(packed_answers) <= {400, 422}
    assert (chunked[0], none) == (411, 411)
    assert all(400 <= answer < 500 or answer in {0, 501} for answer in [*chunked, *malformed])
    assert line.nothing_is_stored()
    assert line.say(length, *(DATA[start : start + 1000] for start in range(0, size, 1000))) == 200
    assert line.service.parts.pictures.read(line.service.objects_of(line.job_id, "raw")[0]) == DATA


def test_a_sender_who_stalls_is_hung_up_on(line: Line) -> None:
    began = time.monotonic()

    answer = line.say(f"Content-Length: {len(DATA)}", DATA[:100], pause_s=arriving._STALL_S + 1)

    assert answer == 400
    assert time.monotonic() - began < arriving._STALL_S + 5
    assert line.nothing_is_stored()


def test_held_bytes_are_what_was_written_and_nobody_changes_them() -> None:
    with Held() as held:
        for piece in (b"one ", b"", b"two"):
            held.write(piece)
        held.seal()

        assert (held.read(), held.size, held.crc32c) == (b"one two", 7, crc32c(b"one two"))
        with pytest.raises(PermissionError):
            held.write(b"!")


def test_the_budget_lets_wait_whom_it_can_serve_soon_and_refuses_the_others() -> None:
    budget = Budget(100, patience_s=0.3)
    order: list[str] = []

    def second() -> None:
        with budget.hold(60):
            order.append("second")

    waiting = threading.Thread(target=second)
    with budget.hold(60):
        waiting.start()
        time.sleep(0.05)
        order.append("first")
    waiting.join()

    assert order == ["first", "second"]
    with budget.hold(60), pytest.raises(Full), budget.hold(60):
        pass
    with budget.hold(100):
        pass


def test_too_many_bytes_at_once_are_refused_for_a_moment(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "ROOM", Budget(1000, patience_s=0.01))
    job_id = service.create().json["id"]

    answer = service.put(job_id, "one.png", cloud.picture(1))

    assert (answer.status_code, answer.json["code"], answer.json["retryable"]) == (503, "BUSY", True)
    assert int(answer.headers["Retry-After"]) > 0
    assert service.objects_of(job_id, "raw") == []
