"""The container's entry against the local Cloud Storage, through Google's own client."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from images.trainer.buckets import Buckets, StorageFailed
from images.trainer.progress import Progress, ProgressWriter
from images.trainer.vertex import main
from local.layout import Layout, Ports
from local.storage.server import StorageServer
from tests.trainer.test_training import CONFIG, FLAGS, LONGER, REPOSITORY

BUCKET = "training"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    layout = Layout(tmp_path_factory.mktemp("cloud"))
    server = StorageServer(layout, Ports(layout))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    yield f"http://{server.address}"
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="module")
def bucket(address: str, base: Path) -> storage.Bucket:
    client = storage.Client(project="p", credentials=AnonymousCredentials(), client_options={"api_endpoint": address})
    made = client.create_bucket(BUCKET)
    for path in base.rglob("*"):
        if path.is_file():
            made.blob(f"base/{path.relative_to(base)}").upload_from_filename(str(path))
    return made


def arguments(job: str) -> list[str]:
    uris = {"pictures": f"gs://{BUCKET}/{job}/clean/", "base": f"gs://{BUCKET}/base", "output": f"gs://{BUCKET}/{job}/output"}
    return [f"--{name}={value}" for name, value in (uris | FLAGS).items()]


Here = Callable[..., int]


@pytest.fixture
def here(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    """The entry, called in this process: the models' libraries are loaded already."""
    handler = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
    monkeypatch.setenv("AIP_CHECKPOINT_DIR", f"gs://{BUCKET}/one/checkpoints")
    yield lambda job, *more: main([*arguments(job), *more])
    signal.signal(signal.SIGTERM, handler)


def names(bucket: storage.Bucket, prefix: str) -> set[str]:
    return {blob.name.removeprefix(prefix) for blob in bucket.list_blobs(prefix=prefix)}


def test_a_job_that_is_displaced_goes_on_and_leaves_all_results(
    bucket: storage.Bucket, pictures: Path, here: Here, capfd: pytest.CaptureFixture[str]
) -> None:
    for path in pictures.iterdir():
        bucket.blob(f"one/clean/{path.name}").upload_from_filename(str(path))
    command = [sys.executable, "-m", "images.trainer.vertex", *arguments("one"), f"--steps={LONGER}"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}

    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("step 2/"):
                process.send_signal(signal.SIGTERM)
    kept = names(bucket, "one/checkpoints/")
    stopped = json.loads(bucket.blob("one/output/progress.json").download_as_bytes())
    code = here("one", f"--steps={LONGER}")
    printed = capfd.readouterr().out

    assert (process.returncode, stopped["stage"]) == (143, "stopped")
    manifest, tensors = sorted(kept)
    assert Path(manifest).stem == Path(tensors).stem
    assert code == 0
    assert "step 2/" not in printed
    assert f"step {LONGER}/{LONGER}" in printed
    results = names(bucket, "one/output/")
    assert results >= {
        "metrics.json",
        "model_card.md",
        "before.png",
        "after.png",
        f"samples/step-{LONGER:06d}.png",
        "model/model_index.json",
    }
    assert "model/unet/diffusion_pytorch_model.safetensors" in results
    assert names(bucket, "one/checkpoints/") == set()
    progress = json.loads(bucket.blob("one/output/progress.json").download_as_bytes())
    assert (progress["stage"], progress["step"], progress["total"], progress["etaSeconds"]) == ("done", LONGER, LONGER, 0)
    assert progress["samples"][0] == f"gs://{BUCKET}/one/output/samples/step-000000.png"
    assert progress["samples"][-1] == f"gs://{BUCKET}/one/output/samples/step-{LONGER:06d}.png"


def test_a_job_without_pictures_fails_with_one_clear_line(bucket: storage.Bucket, here: Here, capfd: pytest.CaptureFixture[str]) -> None:
    code = here("none")

    assert code == 1
    assert capfd.readouterr().err == f"error: StorageFailed: nothing is under gs://{BUCKET}/none/clean/\n"
    progress = json.loads(bucket.blob("none/output/progress.json").download_as_bytes())
    assert (progress["stage"], progress["error"]) == ("failed", f"nothing is under gs://{BUCKET}/none/clean/")


def test_a_contradiction_fails_before_anything_is_read(here: Here, capfd: pytest.CaptureFixture[str]) -> None:
    code = here("none", "--steps=0")

    assert (code, capfd.readouterr().err) == (2, "error: Contradiction: steps is 0; it must be 1 or more\n")


def test_an_object_name_cannot_lead_out_of_its_folder(
    address: str, bucket: storage.Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
    bucket.blob("evil/../../escaped").upload_from_string("x")

    with pytest.raises(StorageFailed, match="leads out of its folder"):
        Buckets().fetch(f"gs://{BUCKET}/evil", tmp_path / "in")

    assert not (tmp_path.parent / "escaped").exists()


def test_a_watcher_is_told_at_most_once_a_second_and_always_the_end() -> None:
    written: list[str] = []

    with ProgressWriter(written.append, print) as progress:
        for step in range(200):
            progress.update(stage="training", step=step)
        progress.update(stage="done")

    assert len(written) <= 3
    assert json.loads(written[-1])["stage"] == "done"
    assert json.loads(written[-1])["step"] == 199


def test_a_watcher_that_cannot_be_reached_does_not_end_the_training() -> None:
    complaints: list[Exception] = []

    def write(text: str) -> None:
        raise StorageFailed("no route")

    with ProgressWriter(write, complaints.append) as progress:
        progress.update(step=1)

    assert complaints
    assert progress.now == Progress(step=1)


def test_the_flags_here_are_those_of_the_library_runs() -> None:
    assert all(getattr(CONFIG, name.replace("-", "_")) == value for name, value in FLAGS.items())
