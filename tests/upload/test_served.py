"""The service under gunicorn, over real sockets, by its own client."""

import os
import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from jobs.job import State
from services.upload.client import Client, Failed, pictures_in
from services.upload.identifiers import crc32c
from tests.upload import cloud
from tests.upload.conftest import Service


@pytest.fixture
def url(service: Service, firestore_address: str, storage_url: str) -> Iterator[str]:
    port = cloud.free_port()
    own = {"FIRESTORE_EMULATOR_HOST": firestore_address, "TEST_STORAGE_URL": storage_url, "TEST_KEYS_URL": service.provider.url}
    settings = {name.upper(): str(value) for name, value in asdict(service.parts.settings).items()}
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    command = [*gunicorn, "--no-control-socket", "tests.upload.served:create()"]
    with cloud.process(command, port, env={"PATH": os.environ["PATH"], **own, **settings}):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(cloud.picture(number))
    (tmp_path / "notes.txt").write_text("not a picture")
    return tmp_path


def test_a_folder_becomes_a_job_and_its_prints(service: Service, url: str, folder: Path) -> None:
    client = Client(url, service.provider.assertion)
    heard: list[tuple[str, int, int]] = []

    job = client.create("Folder", "a cat", key="one")
    again = client.create("Folder", "a cat", key="one")
    client.upload(job.id, pictures_in(folder), lambda path, sent, size: heard.append((path.name, sent, size)))
    client.submit(job.id)
    seen = client.watch(job.id, every_s=0.05, timeout_s=20)
    first = next(seen)
    threading.Timer(0.2, lambda: service.parts.jobs.advance(job.id, 1, State.READY, by="test")).start()
    last = list(seen)[-1]
    made = client.generate(job.id, "a photo of sks cat", seed=3, count=2)

    assert again.id == job.id
    assert sorted(name for name, sent, size in heard if sent == size) == [f"{number}.png" for number in range(5)]
    assert (first.state, first.pictures, last.state) == (State.UPLOADED, 5, State.READY)
    assert [picture[:4] for picture in map(client.download, made.pictures)] == [b"\x89PNG"] * 2
    assert [each.id for each in client.jobs()] == [job.id]
    with pytest.raises(Failed, match="NOT_ALLOWED"):
        client.cancel(job.id)


def test_a_body_that_is_cut_off_stores_nothing(service: Service, url: str) -> None:
    data = cloud.picture(1)
    job_id = service.create().json["id"]
    upload = service.register(job_id, ("one.png", data)).json["uploads"][0]
    head = f"PUT {upload['url']} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.provider.assertion()}\r\n"
    head += f"X-Requested-With: XMLHttpRequest\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"

    with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), 10) as connection:
        connection.sendall(head.encode() + data[:10])
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()

    assert not answer.startswith("HTTP/1.1 2")
    assert service.objects_of(job_id) == service.objects_of(job_id, "raw") == []
    assert service.call("GET", f"/v1/jobs/{job_id}").json["counts"] == {"pending": 1, "verified": 0, "rejected": 0}


def test_a_bad_picture_does_not_stop_its_siblings(service: Service, url: str, folder: Path) -> None:
    (folder / "3.png").write_bytes(b"%PDF-1.7 " + secrets.token_bytes(8))
    client = Client(url, service.provider.assertion)
    job = client.create("Folder", "cat")

    with pytest.raises(Failed, match=r"3\.png is not a picture"):
        client.upload(job.id, pictures_in(folder))

    now = client.job(job.id)
    assert (now.counts.verified, now.counts.rejected) == (4, 1)
    assert {upload.crc32c for upload in service.parts.uploads.of_job(job.id)} == {crc32c(p.read_bytes()) for p in pictures_in(folder)}
