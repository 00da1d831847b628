"""Steps a second of both sides, in turn: the models' libraries, loading, caching and saving are not in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from safetensors import safe_open

from images.trainer.adapter_files import PEFT
from images.trainer.config import TrainConfig
from tests.bench.trainer import material
from tests.bench.trainer.pairs import alternately
from tests.bench.trainer.sides import CLASS, SUBJECT, Run, Sides, Task, prior_of

BATCH, RATE, RANK = 4, 1e-4, 4
WITHOUT_PRIOR = ("--prior-weight", "0")
# the script adapts attention alone, and scales what it learns by 1
LORA = ("--method", "lora", "--rank", str(RANK), "--alpha", str(RANK), "--no-adapt-convolutions")


@dataclass(frozen=True)
class Speed:
    sides: Sides
    root: Path
    pairs: int
    steps: int

    def full(self, also: Sequence[str]) -> dict[str, list[float]]:
        return self._measure("full", self._task(material.pictures(self.root)), also)

    def photos(self, also: Sequence[str]) -> dict[str, list[float]]:
        return self._measure("full, photos of 12 megapixels", self._task(material.photos(self.root)), also)

    def lora(self, also: Sequence[str]) -> dict[str, list[float]]:
        task = replace(
            self._task(material.pictures(self.root)),
            ours=(*WITHOUT_PRIOR, *LORA),
            script="train_dreambooth_lora.py",
            theirs=("--rank", str(RANK)),
        )
        rows = self._measure("LoRA of attention", task, also)
        return rows | {f"LoRA of attention: numbers that learn, {side}": [learnt] for side, learnt in self._learnt().items()}

    def prior(self, also: Sequence[str]) -> dict[str, list[float]]:
        task = self._task(material.pictures(self.root))
        config = TrainConfig(SUBJECT, CLASS, class_pictures=material.PICTURES, sampling_steps=1, resolution=material.SIDE)
        folder = material.of_the_class(self.root / "class", task.base, config)
        prior = replace(
            task,
            ours=("--class-prompt", CLASS, "--class-pictures", str(material.PICTURES)),
            theirs=prior_of(CLASS, folder, material.PICTURES),
        )
        return self._measure("full with prior", prior, also)

    def _task(self, pictures: Path) -> Task:
        base = material.model(self.root, material.SMALL)
        return Task(base, pictures, material.SIDE, self.steps, BATCH, RATE, ours=WITHOUT_PRIOR)

    def _measure(self, name: str, task: Task, also: Sequence[str]) -> dict[str, list[float]]:
        more = replace(task, ours=(*task.ours, *also))
        ours, theirs = alternately(
            self.pairs,
            lambda folder, _: self.sides.ours(more, folder),
            lambda folder, _: self.sides.theirs(task, folder),
            self.root / "runs",
        )
        return _rows(" ".join((name, *also)), ours, theirs)

    def _learnt(self) -> dict[str, float]:
        files = {"ours": Path("ours/adapters") / PEFT, "theirs": Path("theirs/pytorch_lora_weights.safetensors")}
        return {side: _numbers(self.root / "runs" / file) for side, file in files.items()}


def _rows(name: str, ours: list[Run], theirs: list[Run]) -> dict[str, list[float]]:
    return {
        f"{name}: ours, steps a second": [run.pace for run in ours],
        f"{name}: theirs, steps a second": [run.pace for run in theirs],
        f"{name}: times as fast": [one.pace / other.pace for one, other in zip(ours, theirs, strict=True)],
        f"{name}: theirs to ours, seconds of processors a step": [other.work / one.work for one, other in zip(ours, theirs, strict=True)],
        f"{name}: ours, mean of the last 10 losses": [run.loss for run in ours],
        f"{name}: theirs, mean of the last 10 losses": [run.loss for run in theirs],
    }


def _numbers(path: Path) -> float:
    with safe_open(path, "pt") as file:
        shapes = [file.get_slice(name).get_shape() for name in file.keys()]  # noqa: SIM118  it is no dict
    return float(sum(rows * columns for rows, columns in shapes))
