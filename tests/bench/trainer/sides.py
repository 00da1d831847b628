"""Both sides, each as a process of its own: the same base, pictures, steps, batch, rate and threads, and precision float32 on the CPU."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import fmean

from tests.bench.trainer import record

REPOSITORY = Path(__file__).parents[3]
Told = dict[str, object]

SUBJECT, CLASS = "a photo of a sks dog", "a photo of a dog"


@dataclass(frozen=True)
class Task:
    """One thing to learn, as both sides are told it."""

    base: Path
    pictures: Path
    side: int
    steps: int
    batch: int
    rate: float
    seed: int = 0
    prompt: str = SUBJECT
    ours: tuple[str, ...] = ()
    script: str = "train_dreambooth.py"
    theirs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    began: float
    record: record.Record

    @cached_property
    def pace(self) -> float:
        """Steps a second, from the end of the first to the end of the last."""
        ended = self.record.ended
        return (len(ended) - 1) / (ended[-1] - ended[0])

    @cached_property
    def work(self) -> float:
        """Seconds of processors a step, between the same two moments."""
        busy = self.record.busy
        return (busy[-1] - busy[0]) / (len(busy) - 1)

    @cached_property
    def loss(self) -> float:
        return fmean(self.record.losses[-10:])

    def until(self, step: int) -> float:
        """Seconds from the start of the process to the end of the step, the first being 1."""
        return self.record.ended[step - 1] - self.began


@dataclass(frozen=True)
class Sides:
    scripts: Path
    """folder of diffusers' training scripts"""
    python: str
    """that runs them"""
    threads: int

    def ours(self, task: Task, output: Path) -> Run:
        told: Told = {"base": task.base, "pictures": task.pictures, "output": output, "instance-prompt": task.prompt}
        told |= {"steps": task.steps, "batch-size": task.batch, "learning-rate": task.rate, "resolution": task.side, "seed": task.seed}
        told |= {"device": "cpu", "precision": "float32", "max-gradient-norm": 1.0, "report-every": 1, "checkpoint-every": 0}
        # what a run draws to be looked at is none of training
        told |= {"samples-per-prompt": 1, "sample-every": 0, "sampling-steps": 1}
        return self._run([sys.executable, "-m", "tests.bench.trainer.ours"], [*_flags(told), *task.ours])

    def theirs(self, task: Task, output: Path) -> Run:
        told: Told = {"pretrained_model_name_or_path": task.base, "instance_data_dir": task.pictures, "output_dir": output}
        told |= {"instance_prompt": task.prompt, "max_train_steps": task.steps, "train_batch_size": task.batch}
        told |= {"learning_rate": task.rate, "resolution": task.side, "seed": task.seed}
        told |= {"mixed_precision": "no", "max_grad_norm": 1.0, "checkpointing_steps": 10**9}
        return self._run(self._reference(task), [*_flags(told), "--center_crop", *task.theirs])

    def floors(self, task: Task) -> tuple[int, int]:
        """Ours and theirs: the memory of a process that has imported what it needs, and does nothing with it; in KiB."""
        commands = ([sys.executable, "-m", "tests.bench.trainer.ours"], self._reference(task))
        ours, theirs = (self._run(command, ["--help"]).record.peak_kib for command in commands)
        return ours, theirs

    def _reference(self, task: Task) -> list[str]:
        return [self.python, "-m", "tests.bench.trainer.reference", str(self.scripts / task.script)]

    def _run(self, command: list[str], flags: list[str]) -> Run:
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "record.json"
            interpreter, module = command[:3], command[3:]
            began = time.monotonic()
            arguments = [*interpreter, str(path), *module, *flags]
            done = subprocess.run(arguments, cwd=REPOSITORY, env=self._environment(name), check=False, capture_output=True, text=True)
            if done.returncode:
                raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-4000:]}")
            run = Run(began, record.read(path))
            assert run.record.threads == self.threads, f"{run.record.threads} threads"
            return run

    def _environment(self, home: str) -> dict[str, str]:
        threads = {name: str(self.threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        # as the trainer sets it for itself: threads that spin while they wait are slower on a machine that does other things
        waiting = {"OMP_WAIT_POLICY": "PASSIVE"}
        offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": home, "HF_HUB_DISABLE_TELEMETRY": "1"}
        return {"PATH": os.environ["PATH"], "HOME": home, "CUDA_VISIBLE_DEVICES": "", **threads, **waiting, **offline}


def prior_of(prompt: str, pictures: Path, count: int) -> tuple[str, ...]:
    """As the script is told of pictures of the class that are there already."""
    return ("--with_prior_preservation", *_flags({"class_prompt": prompt, "class_data_dir": pictures, "num_class_images": count}))


def _flags(told: Told) -> list[str]:
    return [part for name, value in told.items() for part in (f"--{name}", str(value))]
