"""The process is killed again and again while pictures come in: whatever it acknowledged stays, and one sweep leaves nothing else."""

import http.client
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from jobs import names
from jobs.job import UploadState
from jobs.settings import TriggerSettings
from services.trigger import orphans
from services.trigger.clients import Clients
from services.upload.identifiers import crc32c
from tests.upload.conftest import Service
from tests.upload.corpus import png_of, scene
from tests.upload.worker import worker

UPLOADS, IN_A_JOB, CLIENTS, SEED = 200, 20, 6, 7
MOST_S = 90.0


@dataclass
class Server:
    """One worker under gunicorn, which starts the next when it dies; the port stays open meanwhile, and who comes then waits."""

    url: str
    master: subprocess.Popen[bytes]
    over: threading.Event = field(default_factory=threading.Event)
    kills: int = 0

    def kill_again_and_again(self, waits: random.Random) -> None:
        while not self.over.is_set():
            if self._answers():
                self.over.wait(waits.uniform(0.05, 0.6))
                for worker in _children(self.master.pid):
                    os.kill(worker, signal.SIGKILL)
                    self.kills += 1

    def _answers(self) -> bool:
        try:
            return _request(self.url, "GET", "/healthz") == 200
        except (OSError, http.client.HTTPException):
            return False


@pytest.fixture
def roomy(service: Service) -> Service:
    settings = replace(service.parts.settings, max_open_jobs=100, daily_pictures=10**4, safety_check=False, max_pictures=IN_A_JOB)
    service.parts = replace(service.parts, settings=settings)
    service.http.application.extensions["parts"] = service.parts
    return service


@pytest.fixture
def server(roomy: Service, firestore_address: str, storage_url: str) -> Iterator[Server]:
    with worker(roomy, firestore_address, storage_url) as (url, master):
        server = Server(url, master)
        yield server
        server.over.set()


def test_nothing_acknowledged_is_lost_and_nothing_else_stays(roomy: Service, server: Server) -> None:
    files = {url: data for job in range(UPLOADS // IN_A_JOB) for url, data in _announced(roomy, job)}
    killer = threading.Thread(target=server.kill_again_and_again, args=(random.Random(SEED),))

    killer.start()
    acknowledged = _sent(roomy, server, files)
    server.over.set()
    killer.join()
    swept = orphans.remove(_sweeper(roomy), age=timedelta())

    assert len(files) == UPLOADS
    assert server.kills >= 10
    assert 0 < len(acknowledged) < UPLOADS
    assert [url for url in acknowledged if not _is_whole(roomy, url, files[url])] == []
    assert _stored(roomy) == _verified(roomy)
    assert swept > 0
    again = _sent(roomy, server, {url: data for url, data in files.items() if url not in acknowledged})
    assert acknowledged | again == set(files)
    assert [url for url in files if not _is_whole(roomy, url, files[url])] == []


def _announced(service: Service, job: int) -> list[tuple[str, bytes]]:
    job_id = service.create().json["id"]
    pictures = [(f"{number}.png", png_of(scene(job * IN_A_JOB + number, (240, 160)))) for number in range(IN_A_JOB)]
    uploads = service.register(job_id, *pictures).json["uploads"]
    return [(upload["url"], data) for upload, (_, data) in zip(uploads, pictures, strict=True)]


def _sent(service: Service, server: Server, files: dict[str, bytes]) -> set[str]:
    """Which were acknowledged, when each is tried once."""
    end = time.monotonic() + MOST_S
    headers = {"Authorization": f"Bearer {service.provider.assertion()}", "X-Requested-With": "XMLHttpRequest"}

    def send(url: str) -> str:
        with suppress(OSError, http.client.HTTPException):
            if time.monotonic() < end and _request(server.url, "PUT", url, files[url], headers) == 200:
                return url
        return ""

    with ThreadPoolExecutor(CLIENTS) as pool:
        return set(pool.map(send, files)) - {""}


def _request(server: str, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> int:
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _sweeper(service: Service) -> Clients:
    own = asdict(service.parts.settings)
    wanted = {item.name: own.get(item.name, "") for item in fields(TriggerSettings) if item.default is MISSING}
    clients = Clients(TriggerSettings(**wanted))
    vars(clients).update(documents=service.documents, objects=service.objects)  # as if they had been made already
    return clients


def _is_whole(service: Service, url: str, data: bytes) -> bool:
    _, _, _, job_id, _, upload_id = url.split("/")
    upload = service.parts.uploads.get(job_id, upload_id)
    raw = service.parts.pictures.read(names.raw(job_id, upload_id))
    clean = service.parts.pictures.read(names.clean(job_id, upload_id))
    return upload.state is UploadState.VERIFIED and upload.crc32c == crc32c(raw) == crc32c(data) and clean.startswith(b"\x89PNG")


def _stored(service: Service) -> set[str]:
    return {blob.name for blob in service.objects.bucket(service.parts.settings.uploads_bucket).list_blobs()}


def _verified(service: Service) -> set[str]:
    found = [each.to_dict() for each in service.documents.collection("uploads").stream()]
    verified = [each for each in found if each["state"] == UploadState.VERIFIED]
    return {place(each["jobId"], each["id"]) for each in verified for place in (names.raw, names.clean)}


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
