"""The service under gunicorn, over real sockets: what a client of ours would never do."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.upload import cloud
from tests.upload.conftest import Service
from tests.upload.worker import worker


@pytest.fixture
def url(service: Service, firestore_address: str, storage_url: str) -> Iterator[str]:
    with worker(service, firestore_address, storage_url) as (url, _):
        yield url


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

    assert (answer[:12], '"CUT_SHORT"' in answer) == ("HTTP/1.1 400", True)
    assert service.objects_of(job_id) == service.objects_of(job_id, "raw") == []
    assert service.call("GET", f"/v1/jobs/{job_id}").json["counts"] == {"pending": 1, "verified": 0, "rejected": 0}
