"""How soon ours draws the subject as well as theirs does at its end, on the small base that knows shapes.

Both train with the prior, the same batch, rate and pictures of the class. What each has learnt every so many steps is drawn from here,
by the same code, prompts and seeds, and compared with the subject's pictures by the base's own likeness network. Time runs from the start
of the process; drawing, writing checkpoints and making the pictures of the class are not in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from statistics import fmean, stdev

import torch
from safetensors.torch import load_file

from images.trainer.config import TrainConfig
from images.trainer.family import Drawing
from images.trainer.intake import read_pictures
from images.trainer.likeness import load_likeness, mean_cosine
from images.trainer.stable_diffusion import FILES, StableDiffusion
from tests.bench.trainer import material
from tests.bench.trainer.pairs import alternately
from tests.bench.trainer.sides import REPOSITORY, Run, Sides, Task, prior_of

BASE, SUBJECTS = REPOSITORY / "samples/base-model", REPOSITORY / "samples/pictures/badge"
SUBJECT, CLASS = "a photo of a sks circle", "a photo of a circle"
PROMPTS = (SUBJECT, f"{SUBJECT} on a pink background", f"{SUBJECT} on a sand background")
SEEDS, GUIDANCE, SAMPLING_STEPS = 16, 3.0, 25
# the script pairs pictures of both kinds, and its last batch of an epoch may be smaller: 48 of the class are 12 batches of 4
SIDE, BATCH, RATE, OF_THE_CLASS = 32, 4, 5e-4, 48


@dataclass(frozen=True)
class Glance:
    step: int
    seconds: float
    likeness: float


@dataclass(frozen=True)
class Fidelity:
    sides: Sides
    root: Path
    pairs: int
    steps: int
    every: int

    def figures(self, also: Sequence[str]) -> dict[str, list[float]]:
        return self._measure("fidelity", SUBJECTS, also)

    def from_photos(self, also: Sequence[str]) -> dict[str, list[float]]:
        """The same pictures as phones would have taken them."""
        return self._measure("fidelity from photos", material.photos_of(self.root / "photos-of-badge", SUBJECTS), also)

    def _measure(self, name: str, pictures: Path, also: Sequence[str]) -> dict[str, list[float]]:
        ours, theirs = alternately(
            self.pairs,
            lambda folder, pair: self._ours(folder, replace(self._task(pair), pictures=pictures), also),
            lambda folder, pair: self._theirs(folder, replace(self._task(pair), pictures=pictures)),
            self.root / "runs",
        )
        return _rows(" ".join((name, *also)), ours, theirs)

    def _ours(self, folder: Path, told: Task, also: Sequence[str]) -> list[Glance]:
        kept = folder / "kept"
        kept.mkdir()
        # as the script is given them, to the pixel
        prior = ("--class-prompt", CLASS, "--class-pictures", str(OF_THE_CLASS))
        drawn = ("--guidance", str(GUIDANCE), "--sampling-steps", str(SAMPLING_STEPS))
        looks = ("--checkpoint-every", str(self.every), "--checkpoints", str(folder / "checkpoints"), "--keep", str(kept))
        task = replace(told, steps=self.steps + 1, ours=(*prior, *drawn, *looks, *also))  # the last step leaves no checkpoint
        return self._glances(self.sides.ours(task, folder), lambda step: kept / f"{step}.safetensors", "parameter/unet.")

    def _theirs(self, folder: Path, told: Task) -> list[Glance]:
        drawn = {"sampling_steps": SAMPLING_STEPS, "guidance": GUIDANCE, "resolution": SIDE, "seed": told.seed}
        config = TrainConfig(SUBJECT, CLASS, class_pictures=OF_THE_CLASS, **drawn)  # type: ignore[arg-type]
        of_the_class = material.of_the_class(self.root / f"class-of-circles-{told.seed}", BASE, config)
        looks = ("--checkpointing_steps", str(self.every))
        task = replace(told, theirs=(*prior_of(CLASS, of_the_class, OF_THE_CLASS), *looks))
        return self._glances(self.sides.theirs(task, folder), lambda step: folder / f"checkpoint-{step}" / "unet" / FILES["unet"], "")

    def _task(self, seed: int) -> Task:
        return Task(BASE, SUBJECTS, SIDE, self.steps, BATCH, RATE, seed=seed, prompt=SUBJECT)

    def _glances(self, run: Run, weights: Callable[[int], Path], prefix: str) -> list[Glance]:
        torch.set_num_threads(self.sides.threads)
        steps = range(self.every, self.steps + 1, self.every)
        return [Glance(step, run.until(step), self._eye.likeness(weights(step), prefix)) for step in steps]

    @cached_property
    def _eye(self) -> "Eye":
        return Eye()


class Eye:
    def __init__(self) -> None:
        self.family = StableDiffusion.load(BASE, torch.device("cpu"))
        network = load_likeness(BASE)
        assert network
        self.network, self.subject = network, network.features(read_pictures(SUBJECTS, SIDE).pictures)

    def likeness(self, weights: Path, prefix: str) -> float:
        """Of what these weights draw, which are all of the UNet's."""
        self.family.unet.load_state_dict({name.removeprefix(prefix): value for name, value in load_file(weights).items() if prefix in name})
        drawings = [
            Drawing(prompt, 5000 + number, steps=SAMPLING_STEPS, guidance=GUIDANCE) for prompt in PROMPTS for number in range(SEEDS)
        ]
        return mean_cosine(self.network.features(self.family.draw(drawings, lambda: None)), self.subject)


def _rows(name: str, ours: list[list[Glance]], theirs: list[list[Glance]]) -> dict[str, list[float]]:
    """A single look is luck to a few hundredths: beside the likeness at its end stands the level that theirs keeps, which is the mean of
    the looks of its last third, less their deviation. Both sides are asked when they get there for the first time."""
    ends = [glances[-1].likeness for glances in theirs]
    kept = [[glance.likeness for glance in glances[-max(2, len(glances) // 3) :]] for glances in theirs]
    rows = {
        f"{name}: ours, time of the same number of steps (s)": [glances[-1].seconds for glances in ours],
        f"{name}: theirs, time of the same number of steps (s)": [glances[-1].seconds for glances in theirs],
        **_reached(f"{name}, likeness of theirs at its end", ours, theirs, ends),
        **_reached(f"{name}, level that theirs keeps", ours, theirs, [fmean(looks) - stdev(looks) for looks in kept]),
    }
    for side, runs in (("ours", ours), ("theirs", theirs)):
        rows |= {f"{name}: {side}, likeness after {at[0].step} steps": [each.likeness for each in at] for at in zip(*runs, strict=True)}
    return rows


def _reached(name: str, ours: list[list[Glance]], theirs: list[list[Glance]], levels: list[float]) -> dict[str, list[float]]:
    """Of pairs in which ours never gets there, there are no times."""
    firsts = [(_first(one, level), _first(other, level), other[-1]) for one, other, level in zip(ours, theirs, levels, strict=True)]
    there = [(one, other, end) for one, other, end in firsts if one and other]
    rows = {f"{name}": levels, f"{name}: pairs in which ours gets there": [float(len(there))]}
    if there:
        rows |= {
            f"{name}: ours, steps": [float(one.step) for one, _, _ in there],
            f"{name}: theirs, steps": [float(other.step) for _, other, _ in there],
            f"{name}: ours, time (s)": [one.seconds for one, _, _ in there],
            f"{name}: theirs, time (s)": [other.seconds for _, other, _ in there],
            f"{name}: ours to theirs, time": [one.seconds / other.seconds for one, other, _ in there],
            f"{name}: ours to all of theirs, time": [one.seconds / end.seconds for one, _, end in there],
        }
    return rows


def _first(glances: list[Glance], level: float) -> Glance | None:
    return next((glance for glance in glances if glance.likeness >= level), None)
