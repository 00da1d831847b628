"""A training job that is taken down at any moment learns, in the end, what one that nobody disturbed learns."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest
from google.cloud import storage
from safetensors.torch import load

from images.trainer.buckets import Buckets
from images.trainer.claim import Claim
from tests.trainer.conftest import BUCKET
from tests.trainer.test_training import FLAGS, REPOSITORY

STEPS = 30
KILLS = 30
AT_MOST_S = 5.0
"""from a SIGTERM to the end of the process"""


class Containers:
    """Of the trainer, one at a time, each of which is there at once."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment, self.log = environment, log
        command = [sys.executable, "-m", "tests.trainer.zygote"]
        quiet = {**os.environ, "OMP_NUM_THREADS": "1"}
        self.zygote = subprocess.Popen(command, cwd=REPOSITORY, env=quiet, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, job: str, steps: int = STEPS) -> int:
        uris = {name: f"gs://{BUCKET}/{job}/{name}" for name in ("output", "classes")}
        flags = {
            "pictures": f"gs://{BUCKET}/pictures",
            "base": f"gs://{BUCKET}/base",
            **uris,
            **FLAGS,
            "steps": steps,
            "sample-every": 15,
            "checkpoint-every": 10,
        }
        asked = {"arguments": [f"--{name}={value}" for name, value in flags.items()], "environment": self.environment, "log": str(self.log)}
        self._pipe(self.zygote.stdin).write(json.dumps(asked) + "\n")
        self._pipe(self.zygote.stdin).flush()
        return int(self._pipe(self.zygote.stdout).readline())

    def code(self) -> int:
        """Of the one that was started last, once it has ended."""
        return int(self._pipe(self.zygote.stdout).readline())

    def close(self) -> None:
        self._pipe(self.zygote.stdin).close()
        self.zygote.wait()
        self._pipe(self.zygote.stdout).close()

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


@pytest.fixture
def containers(address: str, bucket: storage.Bucket, pictures: Path, tmp_path: Path) -> Iterator[Containers]:
    for path in pictures.iterdir():
        bucket.blob(f"pictures/{path.name}").upload_from_filename(str(path))
    made = Containers({"STORAGE_EMULATOR_HOST": address}, tmp_path / "log.txt")
    yield made
    made.close()


def learnt(bucket: storage.Bucket, job: str) -> dict[str, bytes]:
    found = load(bucket.blob(f"{job}/output/model/unet/diffusion_pytorch_model.safetensors").download_as_bytes())
    return {name: tensor.numpy().tobytes() for name, tensor in found.items()}


@pytest.mark.timeout(600)
def test_jobs_that_are_killed_at_random_moments_learn_bit_for_bit_what_an_undisturbed_one_learns(
    bucket: storage.Bucket, containers: Containers
) -> None:
    containers.start("straight")
    started = time.monotonic()
    assert containers.code() == 0, containers.log.read_text()
    whole = time.monotonic() - started
    straight, dice, kills, jobs, slowest = learnt(bucket, "straight"), random.Random(8), 0, 0, 0.0

    while kills < KILLS:
        jobs += 1
        for _ in range(4):
            how = dice.choice((signal.SIGTERM, signal.SIGKILL))
            process = containers.start(f"job-{jobs}")
            time.sleep(dice.uniform(0, whole))
            asked = time.monotonic()
            with suppress(ProcessLookupError):  # it was quicker
                os.kill(process, how)
            code = containers.code()
            took = time.monotonic() - asked
            kills += 1
            if code == 0:
                break
            assert code in {143, -how}, containers.log.read_text()[-3000:]  # -15 before it listens
            slowest = max(slowest, took if how == signal.SIGTERM else 0.0)
        else:
            containers.start(f"job-{jobs}")
            assert containers.code() == 0, containers.log.read_text()[-3000:]
        assert learnt(bucket, f"job-{jobs}") == straight

    assert slowest < AT_MOST_S
    assert "resumed after step" in containers.log.read_text()


def test_a_copy_that_another_has_taken_over_stops_itself_and_leaves_everything_to_it(
    bucket: storage.Bucket, containers: Containers, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
    containers.start("twice", steps=100_000)
    until(lambda: any(bucket.list_blobs(prefix="twice/output/checkpoints/step-")))

    Claim(f"gs://{BUCKET}/twice/output").take(Buckets())
    code = containers.code()

    kept = {blob.name for blob in bucket.list_blobs(prefix="twice/output/checkpoints/step-")}
    progress = json.loads(bucket.blob("twice/output/progress.json").download_as_bytes())
    assert code == 143
    assert "another process has taken this run over" in containers.log.read_text()
    assert progress["stage"] == "training", containers.log.read_text()[-1500:]
    assert all(int(name.rpartition("step-")[2].split(".")[0]) % 10 == 0 for name in kept), "a last checkpoint was left"


def until(found: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not found():
        assert time.monotonic() < end
        time.sleep(0.1)
