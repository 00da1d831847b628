"""How soon the watchers of jobs are shown what changes: WATCHERS event streams of one process while jobs change RATE times a second.

`python -m tests.bench.watchers`; a part of `make bench`. Beside it one watcher who listens to the Firestore emulator himself. The time
of a change runs from before it is written to when its state, or one that overtook it, is read. All share the machine.
"""

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests
from google.cloud import firestore

from jobs.documents import Job, Progress, new_id
from jobs.settings import UploadSettings
from jobs.store import Jobs
from tests.upload import cloud

WATCHERS, RATE, SECONDS, WRITERS = 500, 50, 10, 8
# until all streams stand, and until the service has noticed that they are gone
COMING_S, GOING_S = 8, 6
OWNER = "ada@example.com"
_STEP = re.compile(rb'"step":(\d+)')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    for name, values in figures(parser.parse_args().runs).items():
        sys.stdout.write(f"{statistics.median(values):8.3f}  {name}  {[round(value, 3) for value in values]}\n")


def figures(runs: int) -> dict[str, list[float]]:
    rows: dict[str, list[float]] = {}
    with _service() as service:
        for _ in range(runs):
            for name, jobs in (("of 50 jobs", 50), ("of one job", 1)):
                for figure, value in service.round(jobs).items():
                    rows.setdefault(f"{WATCHERS} watchers {name}, {RATE} changes a second: {figure}", []).append(value)
            for figure, value in service.raw().items():
                rows.setdefault(f"one watcher of the emulator itself, {RATE} changes a second: {figure}", []).append(value)
    return rows


@dataclass
class Watched:
    """One job: when each step of its progress was written, and how long until each watcher had it."""

    job_id: str
    written: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    def seen(self, before: int, step: int) -> None:
        at = time.monotonic()
        self.took += [at - self.written[number] for number in range(before + 1, step + 1)]


@dataclass
class Service:
    url: str
    master: int
    provider: cloud.IdentityProvider
    documents: firestore.Client
    alone: float = 0

    def __post_init__(self) -> None:
        self.alone = self._memory()

    def round(self, count: int) -> dict[str, float]:
        jobs = self._jobs(count)
        time.sleep(GOING_S)
        took = asyncio.run(self._watched(jobs))
        return {**_within(took), "memory of the worker for each of them (KiB)": (self._most - self.alone) / WATCHERS}

    def raw(self) -> dict[str, float]:
        (job,) = self._jobs(1)
        last = -1

        def heard(documents: list[firestore.DocumentSnapshot], *_: object) -> None:
            nonlocal last
            step = documents[0].get("progress.step") - 1
            job.seen(last, step)
            last = max(last, step)

        watch = self.documents.collection("jobs").document(job.job_id).on_snapshot(heard)
        time.sleep(1)
        self._write([job])
        time.sleep(1)
        watch.unsubscribe()
        return _within(job.took)

    def _jobs(self, count: int) -> list[Watched]:
        jobs = Jobs(self.documents)
        made = [Job(new_id(), f"accounts.google.com:{OWNER}", "Cat", "sks", "cat") for _ in range(count)]
        return [Watched(jobs.create(job, by="bench").id) for job in made]

    async def _watched(self, jobs: list[Watched]) -> list[float]:
        everybody = [asyncio.create_task(self._watch(jobs[number % len(jobs)])) for number in range(WATCHERS)]
        await asyncio.sleep(COMING_S)
        await asyncio.to_thread(self._write, jobs)
        await asyncio.sleep(2)
        self._most = self._memory()
        for watcher in everybody:
            watcher.cancel()
        ended = await asyncio.gather(*everybody, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended
        took = [each for job in jobs for each in job.took]
        wanted = RATE * SECONDS * WATCHERS // len(jobs)
        assert len(took) == wanted, f"{len(took)} of {wanted} changes were shown"
        return took

    async def _watch(self, job: Watched) -> None:
        host, port = self.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"GET /v1/jobs/{job.job_id}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.provider.assertion(OWNER)}\r\n\r\n"
        writer.write(head.encode())
        event, last = b"", -1
        try:
            if b" 200 " not in (status := await reader.readline()):
                raise ConnectionError(f"{status!r} is the answer")
            while line := await reader.readline():
                event = line if line.startswith(b"event:") else event
                if line.startswith(b"data:") and event == b"event: progress\n" and (found := _STEP.search(line)):
                    step = int(found[1]) - 1
                    job.seen(last, step)
                    last = max(last, step)
            raise ConnectionError("the stream ended")
        finally:
            writer.close()

    def _write(self, jobs: list[Watched]) -> None:
        """In turn, at an even pace. What `written` holds is set before the write, in order."""
        store, began = Jobs(self.documents), time.monotonic()
        with ThreadPoolExecutor(WRITERS) as pool:
            done = []
            for number in range(RATE * SECONDS):
                time.sleep(max(0.0, began + number / RATE - time.monotonic()))
                job = jobs[number % len(jobs)]
                job.written.append(time.monotonic())
                progress = Progress("training", len(job.written), RATE * SECONDS, loss=0.1)
                done.append(pool.submit(store.note, job.job_id, progress=progress))
            for each in done:
                each.result()

    def _memory(self) -> float:
        """Of the worker, in KiB."""
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        return max(int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{child}/status").read_text())[0]) for child in children)


def _within(took: list[float]) -> dict[str, float]:
    return {"half within (s)": statistics.median(took), "95 of 100 within (s)": statistics.quantiles(took, n=20)[-1]}


@contextmanager
def _service() -> Iterator[Service]:
    with ExitStack() as held:
        address = held.enter_context(cloud.firestore())
        provider = held.enter_context(cloud.identity_provider())
        os.environ["FIRESTORE_EMULATOR_HOST"] = address
        port = cloud.free_port()
        own = {"FIRESTORE_EMULATOR_HOST": address, "TEST_STORAGE_URL": "http://127.0.0.1:9", "TEST_KEYS_URL": provider.url}
        gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--config", "python:services.upload.serving"]
        environment = {"PATH": os.environ["PATH"], **own, **_settings()}
        master = subprocess.Popen([*gunicorn, "tests.upload.served:create()"], env=environment, stdout=subprocess.DEVNULL)
        held.callback(master.wait)
        held.callback(master.terminate)
        cloud.wait_for(port, master)
        requests.get(f"http://127.0.0.1:{port}/healthz", timeout=60).raise_for_status()
        documents = firestore.Client(project="bench")
        held.callback(documents.close)
        yield Service(f"http://127.0.0.1:{port}", master.pid, provider, documents)


def _settings() -> dict[str, str]:
    settings = UploadSettings.env(
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
    )
    return {name: str(value) for name, value in settings.items()}


if __name__ == "__main__":
    main()
