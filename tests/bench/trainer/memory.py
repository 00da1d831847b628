"""The most memory that each side holds while it trains a larger UNet, above what its imports alone need."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.trainer import material
from tests.bench.trainer.pairs import alternately
from tests.bench.trainer.sides import Run, Sides, Task
from tests.bench.trainer.speed import LORA, RANK, RATE, WITHOUT_PRIOR

BATCH, STEPS = 2, 12


@dataclass(frozen=True)
class Memory:
    sides: Sides
    root: Path
    pairs: int

    def figures(self, also: Sequence[str]) -> dict[str, list[float]]:
        base, pictures = material.model(self.root, material.LARGE), material.pictures(self.root)
        full = Task(base, pictures, material.SIDE, STEPS, BATCH, RATE, ours=WITHOUT_PRIOR)
        script, rank = "train_dreambooth_lora.py", ("--rank", str(RANK))
        lora = replace(full, ours=(*WITHOUT_PRIOR, *LORA), script=script, theirs=rank)
        return self._measure("full", full, also) | self._measure("LoRA of attention", lora, also)

    def _measure(self, name: str, task: Task, also: Sequence[str]) -> dict[str, list[float]]:
        more = replace(task, ours=(*task.ours, *also))
        ours, theirs = alternately(
            self.pairs,
            lambda folder, _: self.sides.ours(more, folder),
            lambda folder, _: self.sides.theirs(task, folder),
            self.root / "runs",
        )
        floors = self.sides.floors(task)
        named = " ".join(("memory", name, *also))
        above = [_above(runs, floor) for runs, floor in zip((ours, theirs), floors, strict=True)]
        return {
            f"{named}: ours, imports alone (MiB)": [floors[0] / 1024],
            f"{named}: theirs, imports alone (MiB)": [floors[1] / 1024],
            f"{named}: ours, above that (MiB)": above[0],
            f"{named}: theirs, above that (MiB)": above[1],
            f"{named}: ours to theirs, above imports": [one / other for one, other in zip(*above, strict=True)],
        }


def _above(runs: list[Run], floor: int) -> list[float]:
    return [(run.record.peak_kib - floor) / 1024 for run in runs]
