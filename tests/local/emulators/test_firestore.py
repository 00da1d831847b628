import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.emulators.process import EmulatorError
from tests.local.gateway.cloud import TestCloud, running, workload_of
from tests.local.gateway.workload import Workload

pytestmark = pytest.mark.asyncio(loop_scope="module")

DATABASE = "sd-local"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cloud(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TestCloud]:
    async with running(tmp_path_factory.mktemp("cloud"), firestore=True) as cloud:
        await cloud.firestore.put_database(DATABASE)
        yield cloud


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workload(cloud: TestCloud) -> AsyncIterator[Workload]:
    async with workload_of(cloud) as workload:
        yield workload


def client(database: str = DATABASE) -> Any:
    from google.cloud import firestore

    return firestore.Client(database=database)


def set_and_get() -> Any:
    job = client().collection("jobs").document("set-and-get")
    job.set({"state": "draft", "images": [1, 2]}, timeout=10)
    return job.get(timeout=10).to_dict()


async def test_a_document_is_read_as_it_was_written(workload: Workload) -> None:
    assert await workload(set_and_get) == {"state": "draft", "images": [1, 2]}


def create_twice() -> str:
    from google.api_core.exceptions import AlreadyExists

    job = client().collection("jobs").document("created-twice")
    job.create({"n": 1}, timeout=10)
    try:
        job.create({"n": 2}, timeout=10)
    except AlreadyExists:
        return str(job.get().to_dict())
    return "created twice"


async def test_a_second_create_answers_already_exists(workload: Workload) -> None:
    assert await workload(create_twice) == "{'n': 1}"


def update_after_a_change() -> str:
    from google.api_core.exceptions import FailedPrecondition

    job = client().collection("jobs").document("guarded")
    job.set({"rank": 1})
    seen = job.get()
    job.update({"rank": 2})
    try:
        job.update({"rank": 3}, option=client().write_option(last_update_time=seen.update_time))
    except FailedPrecondition:
        return str(job.get().to_dict())
    return "overwritten"


async def test_an_update_of_what_has_changed_fails(workload: Workload) -> None:
    assert await workload(update_after_a_change) == "{'rank': 2}"


def query() -> tuple[list[str], int]:
    from google.cloud.firestore_v1.base_query import FieldFilter

    uploads = client().collection("uploads")
    batch = client().batch()
    for number in range(10):
        batch.set(uploads.document(f"u{number}"), {"job": "a" if number % 2 else "b", "n": number})
    batch.commit()
    chosen = uploads.where(filter=FieldFilter("job", "==", "a")).order_by("n", direction="DESCENDING").limit(3)
    return [upload.id for upload in chosen.stream()], int(uploads.count().get()[0][0].value)


async def test_queries_and_counts_answer(workload: Workload) -> None:
    assert await workload(query) == (["u9", "u7", "u5"], 10)


def watch() -> tuple[list[str], float]:
    import queue

    states: queue.Queue[str] = queue.Queue()
    job = client().collection("jobs").document("watched")
    job.set({"state": "draft"})
    watcher = job.on_snapshot(lambda documents, *_: states.put(documents[0].to_dict()["state"]))
    seen = [states.get(timeout=10)]
    since = time.monotonic()
    job.update({"state": "ready"})
    seen.append(states.get(timeout=10))
    latency = time.monotonic() - since
    watcher.unsubscribe()
    return seen, latency


async def test_a_listener_hears_of_a_change(workload: Workload) -> None:
    states, latency = await workload(watch)

    assert states == ["draft", "ready"]
    assert latency < 1


def read_database(name: str) -> list[str]:
    return [document.id for document in client(name).collection("jobs").list_documents(timeout=10)]


def write_database(name: str, document: str) -> None:
    client(name).collection("jobs").document(document).set({"at": document, "data": b"\x00\xff"}, timeout=10)


async def test_a_deleted_database_takes_its_documents_with_it(cloud: TestCloud, workload: Workload) -> None:
    await cloud.firestore.put_database("short-lived")
    await workload(write_database, "short-lived", "gone")
    await workload(write_database, DATABASE, "stays")

    await cloud.firestore.delete_database("short-lived")
    await cloud.firestore.delete_database("short-lived")

    assert await workload(read_database, "short-lived") == []
    assert "stays" in await workload(read_database, DATABASE)


def unauthenticated() -> tuple[str, float]:
    from google.api_core.exceptions import Unauthenticated
    from google.cloud import firestore
    from google.oauth2.credentials import Credentials

    since = time.monotonic()
    try:
        firestore.Client(project="sd-local", database=DATABASE, credentials=Credentials(token="owner")).document("jobs/x").get(timeout=10)
    except Unauthenticated as error:
        return error.message, time.monotonic() - since
    return "", 0


async def test_an_unauthenticated_call_is_refused_at_once(workload: Workload) -> None:
    message, seconds = await workload(unauthenticated)

    assert "cannot be read" in message
    assert seconds < 2


def late() -> str:
    from google.api_core.exceptions import DeadlineExceeded

    try:
        client().document("jobs/x").get(timeout=0.001, retry=None)
    except DeadlineExceeded as error:
        return type(error).__name__
    return ""


async def test_a_deadline_holds_through_the_gateway(workload: Workload) -> None:
    assert await workload(late) == "DeadlineExceeded"


async def write(address: str, document: str, database: str = DATABASE) -> None:
    url = f"http://{address}/v1/projects/sd-local/databases/{database}/documents/jobs?documentId={document}"
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer owner"}) as http, http.post(url, json={"fields": {}}) as answer:
        assert answer.ok


async def documents(address: str, database: str = DATABASE) -> list[str]:
    url = f"http://{address}/v1/projects/sd-local/databases/{database}/documents/jobs"
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer owner"}) as http, http.get(url) as answer:
        return [document["name"].rpartition("/")[2] for document in (await answer.json()).get("documents", [])]


async def eventually(holds: Callable[[], bool], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        await asyncio.sleep(0.05)


async def two_more_exports(pointer: Path) -> None:
    """The first may have begun before the test's last write."""
    names: set[str] = set()

    def seen() -> int:
        names.add(pointer.read_text() if pointer.exists() else "")
        return len(names)

    await eventually(lambda: seen() >= 3)


async def test_every_database_is_kept_over_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path, firestore=True) as before:
        for database in (DATABASE, "(default)"):
            await before.firestore.put_database(database)
            await write(before.firestore.address, f"kept-in-{database}", database)

    async with running(tmp_path, firestore=True) as after:
        for database in (DATABASE, "(default)"):
            assert await documents(after.firestore.address, database) == [f"kept-in-{database}"]


def gone(pid: str) -> bool:
    """Ended, whether or not somebody has read its exit status."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


async def test_kill_9_leaves_no_process_and_loses_only_the_last_seconds(tmp_path: Path) -> None:
    daemon = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.local.emulators.daemon", str(tmp_path), stdout=-1)
    try:
        assert daemon.stdout
        firestore, pubsub, address = (await daemon.stdout.readline()).decode().split()
        await write(address, "saved")
        await two_more_exports(tmp_path / "firestore" / DATABASE / "latest")
    finally:
        daemon.kill()
        await daemon.wait()

    await eventually(lambda: gone(firestore) and gone(pubsub), 5)
    async with running(tmp_path, firestore=True) as again:
        assert (again.firestore.address, await documents(again.firestore.address)) == (address, ["saved"])


async def test_an_emulator_that_falls_comes_back_with_the_last_export(cloud: TestCloud, caplog: pytest.LogCaptureFixture) -> None:
    await write(cloud.firestore.address, "saved")
    await cloud.firestore.save()
    first = cloud.firestore.pid
    assert first

    os.kill(first, signal.SIGKILL)
    await eventually(lambda: not cloud.firestore.ready)
    with pytest.raises((EmulatorError, aiohttp.ClientError)):
        await cloud.firestore.save()
    await eventually(lambda: cloud.firestore.ready)

    assert "saved" in await documents(cloud.firestore.address)
    assert cloud.firestore.pid != first
    assert "the Firestore emulator ended with -9: starting it again" in caplog.text
