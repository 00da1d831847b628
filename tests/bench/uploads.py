"""How many pictures a second the upload service takes, beside raw PUTs of the same bytes to the same store plus the same decode.

`python -m tests.bench.uploads`; a part of `make bench`. One worker as the Dockerfile starts it, Google's Firestore emulator, the local
cloud's storage server and the clients share the machine, on both sides of the comparison.
"""

import argparse
import http.client
import io
import json
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from PIL import Image

from jobs.settings import UploadSettings
from services.upload import pictures
from services.upload.bodies import Held
from services.upload.identifiers import crc32c
from tests.upload import cloud

CLIENTS, PICTURES, IN_A_JOB, BYTES, RESOLUTION = 16, 160, 20, 1_600_000, 512
_BYTES = {"Content-Type": "application/octet-stream"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    for name, values in figures(parser.parse_args().runs).items():
        sys.stdout.write(f"{statistics.median(values):8.2f}  {name}  {[round(value, 2) for value in values]}\n")


@dataclass(frozen=True)
class Ground:
    """What both sides stand on."""

    firestore: str
    storage: str
    provider: cloud.IdentityProvider

    def raw(self, picture: bytes, also_clean: bool) -> float:
        """Pictures a second, of CLIENTS that send each to the store, then look at it as the service does, and may send the clean copy."""

        def send(number: int, connection: http.client.HTTPConnection) -> None:
            path = f"/upload/storage/v1/b/raw/o?uploadType=media&name={secrets.token_hex(8)}-{number}"
            _answer(connection, "POST", path, picture, _BYTES)
            with Held() as held:
                held.write(picture)
                with pictures.check(held, "picture", RESOLUTION).png as clean:
                    if also_clean:
                        _answer(connection, "POST", f"{path}.png", clean.read(), _BYTES)

        return PICTURES / _seconds(self.storage, send)


@dataclass(frozen=True)
class Service:
    ground: Ground
    url: str
    watch: "Watch"

    def round(self, picture: bytes) -> tuple[float, list[float]]:
        """Pictures a second, and each one's seconds. They are announced before the clock starts, as a page does for a whole job."""
        urls = [url for number in range(PICTURES // IN_A_JOB) for url in self._announced(number, picture)]
        took: list[float] = []

        def send(number: int, connection: http.client.HTTPConnection) -> None:
            began = time.monotonic()
            upload = _answer(connection, "PUT", urls[number], picture, self._headers())
            if upload["state"] != "verified":
                raise RuntimeError(f"the picture is {upload['state']}")
            took.append(time.monotonic() - began)

        return PICTURES / _seconds(self.url, send), took

    def _announced(self, number: int, picture: bytes) -> list[str]:
        connection = _connected(self.url)
        headers = {**self._headers(), "Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(8)}
        asked = json.dumps({"name": f"Bench {number}", "subject": "sks", "classWord": "cat"}).encode()
        job = _answer(connection, "POST", "/v1/jobs", asked, headers)
        one = {"size": len(picture), "crc32c": crc32c(picture), "contentType": "image/jpeg"}
        announced = json.dumps({"uploads": [{"fileName": f"{place}.jpg", **one} for place in range(IN_A_JOB)]}).encode()
        uploads = _answer(connection, "POST", f"/v1/jobs/{job['id']}/uploads", announced, headers)["uploads"]
        connection.close()
        return [upload["url"] for upload in uploads]

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.ground.provider.assertion()}", "X-Requested-With": "XMLHttpRequest"}


class Watch(threading.Thread):
    """The most memory that the worker, and the worker with its children, were seen to take. Shared pages count once."""

    def __init__(self, master: int) -> None:
        super().__init__(daemon=True)
        self.worker = self.all = 0.0
        self._master, self._over = master, threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.5):
            (worker, *_), family = _children(self._master), _family(self._master)
            self.worker = max(self.worker, _mebibytes(worker, "Pss"))
            self.all = max(self.all, sum(_mebibytes(each, "Pss") for each in family))

    def stop(self) -> None:
        self._over.set()
        self.join(10)


def figures(runs: int) -> dict[str, list[float]]:
    picture = photo()
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, _ground(Path(folder)) as ground:
        for name, checked in (("uploads", False), ("uploads, safety checked", True)):
            with _service(ground, checked) as service:
                service.round(picture)  # both sides warm
                ground.raw(picture, False)
                each = [_beside(service, ground, picture) for _ in range(runs)]
                service.watch.stop()
            rows |= _rows(name, each)
            rows[f"{name}: memory of the worker, at most (MiB)"] = [service.watch.worker]
            rows[f"{name}: memory of the worker and its children, at most (MiB)"] = [service.watch.all]
    return rows


@dataclass(frozen=True)
class Beside:
    """One turn of each, one after the other: a machine that slows down slows all three."""

    rate: float
    took: list[float]
    raw: float
    raw_and_clean: float


def _beside(service: Service, ground: Ground, picture: bytes) -> Beside:
    rate, took = service.round(picture)
    return Beside(rate, took, ground.raw(picture, False), ground.raw(picture, True))


def _rows(name: str, turns: list[Beside]) -> dict[str, list[float]]:
    return {
        f"{name}: pictures a second": [turn.rate for turn in turns],
        f"{name}: without the service, the same PUT and decode, a second": [turn.raw for turn in turns],
        f"{name}: ratio of the two": [turn.rate / turn.raw for turn in turns],
        f"{name}: without the service, the PUTs of both objects and decode, a second": [turn.raw_and_clean for turn in turns],
        f"{name}: ratio to that": [turn.rate / turn.raw_and_clean for turn in turns],
        f"{name}: half of them within (s)": [statistics.median(turn.took) for turn in turns],
        f"{name}: 95 of 100 within (s)": [statistics.quantiles(turn.took, n=20)[-1] for turn in turns],
    }


@contextmanager
def _ground(folder: Path) -> Iterator[Ground]:
    command = [sys.executable, "-m", "tests.bench.store", str(folder)]
    with ExitStack() as held:
        firestore = held.enter_context(cloud.firestore())
        provider = held.enter_context(cloud.identity_provider())
        store = held.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        held.callback(store.terminate)
        url = (store.stdout.readline() if store.stdout else "").strip()
        objects = storage.Client(project="bench", credentials=AnonymousCredentials(), client_options=ClientOptions(api_endpoint=url))
        for bucket in ("raw", "uploads", "models"):
            objects.create_bucket(bucket)
        yield Ground(firestore, url, provider)


@contextmanager
def _service(ground: Ground, checked: bool) -> Iterator[Service]:
    port = cloud.free_port()
    own = {"FIRESTORE_EMULATOR_HOST": ground.firestore, "TEST_STORAGE_URL": ground.storage, "TEST_KEYS_URL": ground.provider.url}
    settings = cloud.environment(_settings(checked))
    serving = ["--config", "python:services.upload.serving", "tests.upload.served:create()"]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *serving]
    environment = {"PATH": os.environ["PATH"], "MALLOC_ARENA_MAX": "2", **own, **settings}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as master:
        try:
            cloud.wait_for(port, master)
            watch = Watch(master.pid)
            watch.start()
            yield Service(ground, f"http://127.0.0.1:{port}", watch)
        finally:
            master.terminate()


def _settings(checked: bool) -> UploadSettings:
    return UploadSettings(
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
        max_open_jobs=10**6,
        daily_pictures=10**6,
        daily_bytes=10**15,
        picture_size=RESOLUTION,
        safety_check=checked,
    )


def _seconds(url: str, send: Callable[[int, http.client.HTTPConnection], None]) -> float:
    """Of all PICTURES, by CLIENTS that keep their connections."""
    numbers = iter(range(PICTURES))
    lock = threading.Lock()

    def client() -> None:
        connection = _connected(url)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                connection.close()
                return
            send(number, connection)

    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(client) for _ in range(CLIENTS)]:
            done.result()
    return time.monotonic() - began


def _connected(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)


def _answer(connection: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]!r}")
    return json.loads(text)


def _family(pid: int) -> list[int]:
    children = _children(pid)
    return [pid, *(each for child in children for each in _family(child))]


def _children(pid: int) -> list[int]:
    try:
        threads = Path(f"/proc/{pid}/task").iterdir()
        return sorted(int(child) for thread in threads for child in (thread / "children").read_text().split())
    except FileNotFoundError:
        return []


def _mebibytes(pid: int, what: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # a child that has done its work
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / 1024


def photo() -> bytes:
    """A JPEG of BYTES whose pixels are about as hard to pack as a camera's: noise that is fainter the finer it is, more of light than of
    colour. Whatever its encoder leaves of BYTES follows its end, as it does in phones' JPEGs."""
    chance = random.Random(7)
    light, *colours = (_noise(chance, finest) for finest in (11, 7, 7))
    picture = Image.merge("YCbCr", [light, *(Image.blend(Image.new("L", light.size, 128), colour, 0.6) for colour in colours)])
    for quality in range(98, 20, -1):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() <= BYTES:
            break
    return out.getvalue() + bytes(BYTES - out.tell())


def _noise(chance: random.Random, finest: int) -> Image.Image:
    width, height = 2400, 1600
    picture = Image.new("L", (width, height), 128)
    for octave in range(finest, 1, -1):
        side = 2**octave
        grain = Image.frombytes("L", (side, side), chance.randbytes(side * side))
        picture = Image.blend(picture, grain.resize((width, height), Image.Resampling.BICUBIC), 0.2)
    return picture


if __name__ == "__main__":
    main()
