"""How many times a second a job is read, and how long the slowest of many waits who submit one job at once.

`python -m tests.bench.reads`; a part of `make bench`. One worker as the Dockerfile starts it, Google's Firestore emulator and the clients
share the machine.
"""

import argparse
import http.client
import io
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from urllib.parse import urlsplit

from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from jobs.documents import Job, Upload, new_id, now
from jobs.job import State, UploadState
from jobs.settings import UploadSettings
from jobs.store import Jobs, Uploads
from tests.upload import cloud

CLIENTS, READS, PICTURES, SUBMITTERS = 16, 1000, 20, 64
_OWNER = "accounts.google.com:ada@example.com"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    for name, values in figures(parser.parse_args().runs).items():
        sys.stdout.write(f"{statistics.median(values):8.3f}  {name}  {[round(value, 3) for value in values]}\n")


def figures(runs: int) -> dict[str, list[float]]:
    rows: dict[str, list[float]] = {}
    with cloud.identity_provider() as provider, cloud.firestore() as address, _service(address, provider) as service:
        for _ in range(runs):
            for name, value in service.round().items():
                rows.setdefault(name, []).append(value)
    return rows


@dataclass(frozen=True)
class Service:
    url: str
    documents: firestore.Client
    provider: cloud.IdentityProvider

    def round(self) -> dict[str, float]:
        with redirect_stdout(io.StringIO()):  # the stores log each step
            draft, training = self._job(), self._job()
            Jobs(self.documents).submit(training, lambda _: [each.id for each in Uploads(self.documents).of_job(training)], by="bench")
            Jobs(self.documents).advance(training, 1, State.TRAINING, by="bench")
        same = {"If-None-Match": self._asked("GET", f"/v1/jobs/{training}")[1]}
        rows: dict[str, float] = {}
        for name, path, headers in (
            ("reads of a job that trains", f"/v1/jobs/{training}", {}),
            ("reads of a job that has not changed", f"/v1/jobs/{training}", same),
            ("reads of a job that takes pictures", f"/v1/jobs/{draft}", {}),
            ("reads of the list", "/v1/jobs", {}),
        ):
            took, seconds = self._many("GET", path, headers, CLIENTS, READS)
            rows |= {f"{name}, a second": READS / seconds, f"{name}: 95 of 100 within (s)": statistics.quantiles(took, n=20)[-1]}
        took, _ = self._many("POST", f"/v1/jobs/{draft}/submit", {}, SUBMITTERS, SUBMITTERS)
        return {**rows, f"{SUBMITTERS} submits of one job at once: the slowest (s)": max(took)}

    def _job(self) -> str:
        job = Jobs(self.documents).create(Job(new_id(), _OWNER, "Bench", "sks", "cat", consented=now()), by="bench")
        uploads = Uploads(self.documents)
        announced = [Upload(new_id(), job.id, _OWNER, f"{n}.png", "image/png", 9, "AAAAAA==") for n in range(PICTURES)]
        for upload in uploads.register(announced):
            uploads.settle(upload, UploadState.VERIFIED, width=512, height=512, look="00ff00ff00ff00ff")
        return job.id

    def _many(self, method: str, path: str, headers: dict[str, str], clients: int, times: int) -> tuple[list[float], float]:
        """Each one's seconds, and those of all; the clients keep their connections."""
        took: list[float] = []
        at_once = threading.Barrier(clients)

        def client(_: int) -> None:
            connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
            at_once.wait()
            for _ in range(times // clients):
                began = time.monotonic()
                self._asked(method, path, headers, connection)
                took.append(time.monotonic() - began)
            connection.close()

        began = time.monotonic()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(client, range(clients)))
        return took, time.monotonic() - began

    def _asked(
        self, method: str, path: str, more: dict[str, str] | None = None, connection: http.client.HTTPConnection | None = None
    ) -> tuple[int, str]:
        """The status and the version."""
        connection = connection or http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        own = {"Authorization": f"Bearer {self._token()}", "X-Requested-With": "XMLHttpRequest"}
        connection.request(method, path, headers={**own, **(more or {})})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 400 or (more and answer.status != 304):
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]!r}")
        return answer.status, answer.headers.get("ETag", "")

    def _token(self) -> str:
        return _TOKENS.setdefault(self.provider.url, self.provider.assertion())


# to sign one takes as long as to answer it
_TOKENS: dict[str, str] = {}


@contextmanager
def _service(address: str, provider: cloud.IdentityProvider) -> Iterator[Service]:
    port = cloud.free_port()
    own = {"FIRESTORE_EMULATOR_HOST": address, "TEST_STORAGE_URL": "http://127.0.0.1:9", "TEST_KEYS_URL": provider.url}
    settings = cloud.environment(_SETTINGS)
    serving = ["--config", "python:services.upload.serving", "tests.upload.served:create()"]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *serving]
    os.environ["FIRESTORE_EMULATOR_HOST"] = address
    with subprocess.Popen(command, env={"PATH": os.environ["PATH"], **own, **settings}, stdout=subprocess.DEVNULL) as master:
        try:
            cloud.wait_for(port, master)
            yield Service(f"http://127.0.0.1:{port}", firestore.Client(project="bench", credentials=AnonymousCredentials()), provider)
        finally:
            master.terminate()


_SETTINGS = UploadSettings(
    project="bench",
    region="us-central1",
    stack="bench",
    database="(default)",
    uploads_bucket="uploads",
    models_bucket="models",
    topic="projects/bench/topics/jobs",
    generations_topic="projects/bench/topics/generations",
    push_account=cloud.PUSH_ACCOUNT,
    iap_audience=cloud.AUDIENCE,
    daily_gpu_minutes=10**6,
    safety_check=False,
)


if __name__ == "__main__":
    main()
