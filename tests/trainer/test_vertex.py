"""The container's entry against the local Cloud Storage, through Google's own client."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from google.cloud import storage

from images.trainer.adapter_files import KOHYA, PEFT
from images.trainer.buckets import Buckets, StorageFailed
from images.trainer.progress import Progress, ProgressWriter
from images.trainer.vertex import main
from tests.trainer.conftest import BUCKET
from tests.trainer.test_training import CONFIG, FLAGS, LONGER, REPOSITORY


def arguments(job: str) -> list[str]:
    uris = {"pictures": f"gs://{BUCKET}/{job}/clean/", "base": f"gs://{BUCKET}/base", "output": f"gs://{BUCKET}/{job}/output"}
    return [f"--{name}={value}" for name, value in (uris | FLAGS).items()]


Here = Callable[..., int]


@pytest.fixture
def here(address: str, monkeypatch: pytest.MonkeyPatch) -> Here:
    """The entry, called in this process: the models' libraries are loaded already."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
    monkeypatch.setenv("AIP_CHECKPOINT_DIR", f"gs://{BUCKET}/one/checkpoints")
    return lambda job, *more: main([*arguments(job), *more])


def names(bucket: storage.Bucket, prefix: str) -> set[str]:
    return {blob.name.removeprefix(prefix) for blob in bucket.list_blobs(prefix=prefix)}


def test_a_job_that_is_displaced_goes_on_and_leaves_all_results(
    bucket: storage.Bucket, pictures: Path, here: Here, capfd: pytest.CaptureFixture[str]
) -> None:
    for path in pictures.iterdir():
        bucket.blob(f"one/clean/{path.name}").upload_from_filename(str(path))
    longer = (f"--steps={LONGER}", f"--sample-every={LONGER}")
    command = [sys.executable, "-m", "images.trainer.vertex", *arguments("one"), *longer]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}

    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("step 2/"):
                process.send_signal(signal.SIGTERM)
    kept = names(bucket, "one/checkpoints/step-")
    stopped = json.loads(bucket.blob("one/output/progress.json").download_as_bytes())
    code = here("one", *longer)
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
    assert not [name for name in results if name.startswith("adapters/")]
    assert names(bucket, "one/checkpoints/") == set()
    progress = json.loads(bucket.blob("one/output/progress.json").download_as_bytes())
    assert (progress["stage"], progress["step"], progress["total"], progress["etaSeconds"]) == ("done", LONGER, LONGER, 0)
    assert progress["lossSteps"] == list(range(1, LONGER + 1))
    assert len(progress["losses"]) == LONGER
    assert progress["samples"][0] == f"gs://{BUCKET}/one/output/samples/step-000000.png"
    assert progress["samples"][-1] == f"gs://{BUCKET}/one/output/samples/step-{LONGER:06d}.png"


def test_a_job_that_is_asked_to_stop_before_it_has_learnt_anything_stops_at_once(
    address: str, bucket: storage.Bucket, pictures: Path
) -> None:
    """While it imports, which no loop of its own could notice."""
    for path in pictures.iterdir():
        bucket.blob(f"unborn/clean/{path.name}").upload_from_filename(str(path))
    command = [sys.executable, "-X", "importtime", "-m", "images.trainer.vertex", *arguments("unborn")]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}

    with subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, "STORAGE_EMULATOR_HOST": address}, **streams) as process:
        for line in process.stderr:
            if line.split("|")[-1].strip() == "torch.types":
                process.send_signal(signal.SIGTERM)
                break
        rest, printed = process.stderr.read(), process.stdout.read()

    assert process.returncode == 143
    assert "stopped on request" in rest
    assert "stage loading" not in printed


def test_a_job_whose_results_are_all_there_is_not_begun_again(
    bucket: storage.Bucket, here: Here, capfd: pytest.CaptureFixture[str]
) -> None:
    bucket.blob("done/output/metrics.json").upload_from_string("{}")

    code = here("done")

    assert (code, capfd.readouterr().out) == (0, "")
    assert names(bucket, "done/output/") == {"metrics.json"}


def test_a_word_in_the_bucket_ends_a_job_early_and_its_captions_are_learnt(
    bucket: storage.Bucket, pictures: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIP_CHECKPOINT_DIR", f"gs://{BUCKET}/two/checkpoints")
    for path in pictures.iterdir():
        bucket.blob(f"two/clean/{path.name}").upload_from_filename(str(path))
    bucket.blob("two/output/captions.json").upload_from_string('{"0.png": "a photo", "gone.png": "a circle"}')
    bucket.blob("two/output/finish").upload_from_string("{}")

    code = here("two", "--steps=100000", f"--captions=gs://{BUCKET}/two/output/captions.json")

    progress = json.loads(bucket.blob("two/output/progress.json").download_as_bytes())
    metrics = json.loads(bucket.blob("two/output/metrics.json").download_as_bytes())
    assert (code, progress["stage"]) == (0, "done")
    assert 1 <= metrics["steps"] == progress["step"] == progress["total"] < 100000
    assert progress["lossSteps"][-1] == metrics["steps"]
    assert metrics["pictures_skipped"] == {"gone.png": "it has a caption, but there is no such picture"}


def test_a_job_of_lora_leaves_its_adapters_beside_the_model(
    bucket: storage.Bucket, pictures: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIP_CHECKPOINT_DIR", f"gs://{BUCKET}/three/checkpoints")
    for path in pictures.iterdir():
        bucket.blob(f"three/clean/{path.name}").upload_from_filename(str(path))

    code = here("three", "--method=lora")

    assert code == 0
    assert names(bucket, "three/output/adapters/") == {KOHYA, PEFT}
    assert "model/unet/diffusion_pytorch_model.safetensors" in names(bucket, "three/output/")


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
