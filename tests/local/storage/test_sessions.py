import secrets
import socket
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from google.cloud import storage

KIB = 1 << 10
CHUNK = 256 * KIB


def put(session: str, data: bytes, content_range: str) -> requests.Response:
    return requests.put(session, data=data, headers={"Content-Range": content_range}, timeout=10)


def offset(session: str, total: int | str = "*") -> tuple[int, str | None]:
    answer = put(session, b"", f"bytes */{total}")
    return answer.status_code, answer.headers.get("Range")


def test_an_upload_is_resumed_where_it_stopped(bucket: storage.Bucket) -> None:
    data = secrets.token_bytes(3 * CHUNK + 100)
    session = bucket.blob("pic").create_resumable_upload_session(content_type="image/png", size=len(data))

    assert offset(session, len(data)) == (308, None)
    first = put(session, data[:CHUNK], f"bytes 0-{CHUNK - 1}/{len(data)}")
    assert (first.status_code, first.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")
    assert offset(session, len(data)) == (308, f"bytes=0-{CHUNK - 1}")
    assert bucket.get_blob("pic") is None
    last = put(session, data[CHUNK:], f"bytes {CHUNK}-{len(data) - 1}/{len(data)}")

    assert last.status_code == 200
    assert last.json()["contentType"] == "image/png"
    assert last.json()["mediaLink"].startswith("http://127.0.0.1")
    assert bucket.blob("pic").download_as_bytes() == data


def test_a_chunk_out_of_order_changes_nothing_and_names_the_offset(bucket: storage.Bucket) -> None:
    data = secrets.token_bytes(3 * CHUNK)
    session = bucket.blob("pic").create_resumable_upload_session()
    put(session, data[:CHUNK], f"bytes 0-{CHUNK - 1}/*")

    early = put(session, data[2 * CHUNK :], f"bytes {2 * CHUNK}-{3 * CHUNK - 1}/{3 * CHUNK}")

    assert (early.status_code, early.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")
    assert put(session, data[CHUNK:], f"bytes {CHUNK}-{3 * CHUNK - 1}/{3 * CHUNK}").status_code == 200
    assert bucket.blob("pic").download_as_bytes() == data


def test_a_chunk_sent_twice_counts_once(bucket: storage.Bucket) -> None:
    data = secrets.token_bytes(2 * CHUNK)
    session = bucket.blob("pic").create_resumable_upload_session()
    put(session, data[:CHUNK], f"bytes 0-{CHUNK - 1}/*")

    again = put(session, data[:CHUNK], f"bytes 0-{CHUNK - 1}/*")
    everything = put(session, data, f"bytes 0-{2 * CHUNK - 1}/{2 * CHUNK}")

    assert again.headers["Range"] == f"bytes=0-{CHUNK - 1}"
    assert everything.status_code == 200
    assert bucket.blob("pic").download_as_bytes() == data


def test_only_whole_granules_of_an_unfinished_upload_stay(bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session()

    small = put(session, b"x" * 100, "bytes 0-99/*")
    uneven = put(session, b"x" * (CHUNK + 1), f"bytes 0-{CHUNK}/*")

    assert (small.status_code, small.headers.get("Range")) == (308, None)
    assert (uneven.status_code, uneven.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")


def test_the_whole_body_may_come_at_once(bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session(size=3)

    assert requests.put(session, data=b"abc", timeout=5).status_code == 200
    assert bucket.blob("pic").download_as_bytes() == b"abc"


def test_a_body_of_unknown_length_may_come_at_once(bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session()

    assert requests.put(session, data=iter([b"abc", b"def"]), timeout=5).status_code == 200
    assert bucket.blob("pic").download_as_bytes() == b"abcdef"


def test_an_empty_object_is_finished_by_its_length(bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session()

    assert offset(session, 0)[0] == 200
    assert bucket.blob("pic").download_as_bytes() == b""


def test_the_length_may_be_told_at_the_end(bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session()
    put(session, b"x" * CHUNK, f"bytes 0-{CHUNK - 1}/*")

    assert offset(session, CHUNK)[0] == 200
    assert bucket.get_blob("pic").size == CHUNK


def test_a_finished_session_answers_with_its_object_and_takes_no_more(bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session()
    made = requests.put(session, data=b"abc", timeout=5).json()

    again = requests.put(session, data=b"other", timeout=5)

    assert offset(session, 3)[0] == 200
    assert again.json()["generation"] == made["generation"]
    assert bucket.blob("pic").download_as_bytes() == b"abc"


def test_a_cancelled_session_is_gone(bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session()
    put(session, b"x" * CHUNK, f"bytes 0-{CHUNK - 1}/*")

    assert requests.delete(session, timeout=5).status_code == 499
    assert offset(session)[0] == 404


@pytest.mark.parametrize(
    ("content_range", "length"),
    [("bytes 0-9/5", 10), ("bytes 5-4/10", 0), ("bytes 0-9/20", 5), ("bytes 0-9/*", 11), ("octets 0-9/10", 10), ("bytes */x", 0), ("", 3)],
)
def test_a_content_range_that_cannot_be_is_refused(bucket: storage.Bucket, content_range: str, length: int) -> None:
    session = bucket.blob("pic").create_resumable_upload_session()

    answer = put(session, b"x" * length, content_range)

    assert answer.status_code == 400
    assert "A fault" not in answer.text
    assert bucket.get_blob("pic") is None


def test_a_body_longer_than_announced_is_refused(bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session(size=5)

    assert requests.put(session, data=b"123456", timeout=5).status_code == 400
    assert requests.put(session, data=iter([b"123456"]), timeout=5).status_code == 400
    assert put(session, b"123456", "bytes 0-5/6").status_code == 400
    assert bucket.get_blob("pic") is None
    assert requests.put(session, data=b"12345", timeout=5).status_code == 200


def test_the_length_of_a_session_does_not_change(bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session()
    put(session, b"x" * CHUNK, f"bytes 0-{CHUNK - 1}/{2 * CHUNK}")

    assert put(session, b"x", f"bytes {CHUNK}-{CHUNK}/{CHUNK + 1}").status_code == 400


@pytest.mark.parametrize("identifier", ["", "x", "../../../etc/passwd", "..%2F..%2Fx", "%00"])
def test_an_invented_session_is_not_found(url: str, bucket: storage.Bucket, identifier: str) -> None:
    answer = requests.put(f"{url}/upload/storage/v1/b/{bucket.name}/o?upload_id={identifier}", data=b"x", timeout=5)

    assert answer.status_code == 404


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def stored_offset(root: Path) -> int:
    """As the server has put it on disk."""
    database = sqlite3.connect(root / "storage" / "metadata.sqlite")
    try:
        return int(database.execute("SELECT received FROM sessions").fetchone()[0])
    finally:
        database.close()


def begin(session: str, headers: str, body: bytes) -> socket.socket:
    """A request that hangs in the middle of its body."""
    host, _, rest = session.removeprefix("http://").partition("/")
    name, port = host.split(":")
    connection = socket.create_connection((name, int(port)))
    connection.sendall(f"PUT /{rest} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n\r\n".encode() + body)
    return connection


def test_what_came_before_a_broken_connection_is_kept(running, bucket: storage.Bucket) -> None:
    data = secrets.token_bytes(6 * CHUNK)
    session = bucket.blob("pic").create_resumable_upload_session(size=len(data))

    begin(session, f"Content-Length: {len(data)}", data[: 5 * CHUNK + 99]).close()

    identifier = session.partition("upload_id=")[2]
    wait_until(lambda: running.server.store.sessions.load(identifier).received > 0)
    status, found = offset(session, len(data))
    start = int(found.removeprefix("bytes=0-")) + 1
    rest = put(session, data[start:], f"bytes {start}-{len(data) - 1}/{len(data)}")
    assert (status, start % CHUNK) == (308, 0)
    assert rest.status_code == 200
    assert bucket.blob("pic").download_as_bytes() == data


def test_a_newer_request_takes_over_from_one_that_hangs(running, bucket: storage.Bucket) -> None:
    data = secrets.token_bytes(6 * CHUNK)
    session = bucket.blob("pic").create_resumable_upload_session(size=len(data))

    arrived = running.server.store.content.incoming(session.partition("upload_id=")[2])
    with begin(session, f"Content-Length: {len(data)}", data[: 5 * CHUNK]) as hanging:
        wait_until(lambda: arrived.stat().st_size > 0)
        status, found = offset(session, len(data))
        start = 0 if found is None else int(found.removeprefix("bytes=0-")) + 1
        assert status == 308
        assert put(session, data[start:], f"bytes {start}-{len(data) - 1}/{len(data)}").status_code == 200
        hanging.sendall(secrets.token_bytes(CHUNK))
        assert hanging.recv(100).startswith(b"HTTP/1.1 409 ")

    assert bucket.blob("pic").download_as_bytes() == data


def test_a_session_survives_the_kill_of_the_server(killable, tmp_path: Path, connect: Callable[[str], storage.Client]) -> None:
    bucket = connect(killable.url).create_bucket("survivor")
    data = secrets.token_bytes(40 * CHUNK + 100)
    session = bucket.blob("pic", chunk_size=CHUNK).create_resumable_upload_session(content_type="image/png", size=len(data))
    put(session, data[:CHUNK], f"bytes 0-{CHUNK - 1}/{len(data)}")
    with begin(
        session, f"Content-Length: {len(data) - CHUNK}\r\nContent-Range: bytes {CHUNK}-{len(data) - 1}/{len(data)}", data[CHUNK:-1000]
    ):
        wait_until(lambda: stored_offset(tmp_path) > CHUNK)
        killable.kill()
    killable.start()

    status, found = offset(session, len(data))

    # a request of its own was answered; of the one that was cut, at least the last checkpoint of 8 MiB is there
    start = int(found.removeprefix("bytes=0-")) + 1
    assert status == 308
    assert start >= 33 * CHUNK
    assert bucket.get_blob("pic") is None
    assert put(session, data[start:], f"bytes {start}-{len(data) - 1}/{len(data)}").status_code == 200
    killable.kill()
    killable.start()
    assert bucket.blob("pic").download_as_bytes() == data
    assert bucket.get_blob("pic").content_type == "image/png"
    assert offset(session, len(data))[0] == 200


def test_googles_client_resumes_over_a_restart_by_itself(killable, connect: Callable[[str], storage.Client]) -> None:
    bucket = connect(killable.url).create_bucket("survivor")
    data = secrets.token_bytes(8 * CHUNK)

    class Source:
        """A file in whose middle the server dies."""

        position = 0

        def read(self, size: int) -> bytes:
            block = data[self.position : self.position + size]
            self.position += size
            if self.position == 4 * CHUNK:
                killable.kill()
                killable.start()
            return block

        def seek(self, position: int) -> None:
            self.position = position

        def tell(self) -> int:
            return self.position

    bucket.blob("pic", chunk_size=CHUNK).upload_from_file(Source(), size=len(data))

    assert bucket.blob("pic").download_as_bytes() == data


def test_a_deleted_bucket_takes_its_sessions_along(client: storage.Client, bucket: storage.Bucket) -> None:
    session = bucket.blob("pic").create_resumable_upload_session()

    bucket.delete()

    assert offset(session)[0] == 404


def test_the_session_url_is_where_the_client_reached_the_server(url: str, bucket: storage.Bucket) -> None:
    headers = {
        "Host": "storage.googleapis.com",
        "X-Forwarded-Proto": "https",
        "x-local-principal": "upload@sd-local.iam.gserviceaccount.com",
    }

    answer = requests.post(
        f"{url}/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&name=a%2Fb",
        json={"contentType": "image/png"},
        headers=headers,
        timeout=5,
    )

    prefix = f"https://storage.googleapis.com/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&upload_id="
    assert answer.headers["Location"].startswith(prefix)
    assert len(answer.headers["Location"]) > len(prefix) + 40
