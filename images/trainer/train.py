"""One training run: folders in, folder out.

load -> read -> measure the base -> draw class -> cache -> train, and measure now and then -> choose the best step -> save
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import torch
from PIL import Image

from images.trainer import heap
from images.trainer.base_files import check_pinned
from images.trainer.batches import Examples
from images.trainer.captions import read_captions
from images.trainer.card import model_card
from images.trainer.choice import Choice
from images.trainer.config import Contradiction, TrainConfig
from images.trainer.dreambooth import DreamBooth
from images.trainer.events import Done, NotLearnt, Report, Stage, Stop
from images.trainer.family import Family, Moments
from images.trainer.fit import Trainer
from images.trainer.intake import Intake, read_pictures
from images.trainer.learnt import Learnt
from images.trainer.likeness import load_likeness
from images.trainer.lineage import lineage
from images.trainer.masks import latent_masks
from images.trainer.measuring import Gauge, contexts
from images.trainer.model_spec import model_spec
from images.trainer.onlooker import Onlooker, UntunedModel
from images.trainer.plots import draw_learning
from images.trainer.prior import class_folder, class_pictures
from images.trainer.record import Record
from images.trainer.results import Failure, Metrics, measure
from images.trainer.stable_diffusion import FILES, StableDiffusion, weights_of
from images.trainer.vision import Clip

METRICS = "metrics.json"
ENCODED_AT_ONCE = 4


@dataclass(frozen=True)
class Places:
    """The folders of a run."""

    base: Path
    """a diffusers folder, with a feature network under likeness/ if likeness is to be measured"""
    pictures: Path
    """of the subject, in any number of subfolders"""
    output: Path
    """receives model/, samples/, before.png, after.png, the same of other surroundings, metrics.json, model_card.md"""
    checkpoints: Path | None = None
    """and what was measured; None trains without checkpoints"""
    classes: Path | None = None
    """class pictures of this and other runs; None is class/ under the output"""
    captions: Path | None = None
    """a JSON file, from the names of pictures to what is said of each; None says nothing"""


def train(config: TrainConfig, places: Places, report: Report = lambda event: None, stop: Stop | None = None) -> Metrics:
    """Raises Stopped after a checkpoint, NoPictures, UnknownModel; and NotLearnt, with metrics.json saying so, where there is no model to
    keep."""
    return _Run(config, places, report, stop or Stop()).run()


class _Run:
    def __init__(self, config: TrainConfig, places: Places, report: Report, stop: Stop) -> None:
        self.config, self.places, self.report, self.stop = config, places, report, stop
        self.seconds: dict[str, float] = {}
        self.learnt: Learnt | None = None

    def run(self) -> Metrics:
        with self._stage("loading"):
            check_pinned(self.places.base)
            device = _device(self.config.device)
            family: Family = StableDiffusion.load(self.places.base, device)
        with self._stage("reading"):
            intake = self._read(family)
            base = self._base()
        record = self._record(family, intake, base)
        try:
            return self._learn(family, intake, base, device, record)
        except NotLearnt as error:
            Failure.of(error, record.measurements).save(self.places.output / METRICS)
            raise

    def _learn(self, family: Family, intake: Intake, base: str, device: torch.device, record: Record) -> Metrics:
        with self._stage("drawing before"):
            record.enter(0, {})
        method = self._method(family, intake, base, device)
        self.learnt = method.learnt
        if not self._clip.is_dir():
            self.learnt.remember()
        run = _identity(self.config.fingerprint(), intake, base)
        trainer = Trainer(method, self.config, run, self.places.checkpoints, self.report, self.stop)
        with trainer.kept():
            with self._stage("training"):
                heap.keep()
                losses = trainer.fit(lambda step: record.enter(step, trainer.parameters))
            with self._stage("drawing after"):
                record.enter(len(losses), trainer.parameters)
                choice = record.choice(len(losses))
            with self._stage("saving"):
                if choice.step != len(losses):
                    trainer.checkpoint()
                    record.restore(choice.step, trainer.parameters)
                about = model_spec(self.config, family, lineage(self.places.base), run)
                method.settle(self.places.output, about)
                family.save(self.places.output / "model", method.trained, about)
        return self._finish(intake, losses, record, choice)

    def _read(self, family: Family) -> Intake:
        side = self.config.resolution or family.resolution
        if side % family.grain:
            raise Contradiction(f"resolution is {side}; this base needs a multiple of {family.grain}")
        grain = family.grain if self.config.buckets else None
        return read_pictures(self.places.pictures, side, read_captions(self.places.captions), grain)

    def _record(self, family: Family, intake: Intake, base: str) -> Record:
        surroundings, likeness = contexts(self.config, self.places.base), load_likeness(self.places.base)
        gauge = Gauge(self.config, surroundings, intake.pictures, likeness, self._onlooker(family))
        folder = self.places.checkpoints or self.places.output / "measured"
        run = _identity(self.config.whole_fingerprint(), intake, base)
        return Record(folder, self.places.output / "samples", run, self.config, gauge, family, self.report, self.stop)

    def _onlooker(self, family: Family) -> Onlooker:
        """CLIP where the base brings it, else the base itself."""
        return Clip(self._clip) if self._clip.is_dir() else UntunedModel(lambda: self._untuned(family))

    @property
    def _clip(self) -> Path:
        return self.places.base / "onlooker"

    @contextmanager
    def _untuned(self, family: Family) -> Iterator[Family]:
        with self.learnt.untuned() if self.learnt else nullcontext():
            yield family

    def _method(self, family: Family, intake: Intake, base: str, device: torch.device) -> DreamBooth:
        prior: Sequence[Image.Image] = ()
        if self.config.prior_weight > 0:
            with self._stage("drawing class"):
                folder = class_folder(self.places.classes or self.places.output / "class", self.config, base)
                prior = class_pictures(family, self.config, folder, self.stop.check, self.report)
        with self._stage("caching"):
            instance, *others = (
                self._encode(family, list(alike)) for _, alike in groupby(intake.pictures, key=lambda picture: picture.size)
            )
            masks = latent_masks(intake.masks, [moments.mean for moments in (instance, *others)])
            examples = Examples(instance, self._encode(family, prior) if prior else None, intake.captions, masks, tuple(others))
            return DreamBooth(family, self.config, examples, device)

    def _encode(self, family: Family, pictures: Sequence[Image.Image]) -> Moments:
        """Once: what the picture encoder says is kept, and sampled anew at each step."""
        parts = []
        for start in range(0, len(pictures), ENCODED_AT_ONCE):
            self.stop.check()
            parts.append(family.encode_pictures(pictures[start : start + ENCODED_AT_ONCE]))
        return Moments(torch.cat([part.mean for part in parts]), torch.cat([part.deviation for part in parts]))

    def _finish(self, intake: Intake, losses: list[float], record: Record, choice: Choice) -> Metrics:
        output = self.places.output
        for name, step in (("before", 0), ("after", choice.step)):
            shutil.copyfile(record.grid(step), output / f"{name}.png")
            shutil.copyfile(record.surroundings(step), output / f"{name}-elsewhere.png")
        metrics = measure(self.config, intake, losses, record, choice, self.seconds)
        draw_learning(losses, metrics, output / "learning.png")
        metrics.save(output / METRICS)
        (output / "model_card.md").write_text(model_card(self.config, metrics, lineage(self.places.base)))
        self.report(Done(output))
        return metrics

    def _base(self) -> str:
        """The checksum of all that the base has learnt."""
        parts = [_sha256(weights_of(self.places.base, part)) for part in FILES]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        self.stop.check()
        self.report(Stage(name))
        started = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - started


def _identity(settings: str, intake: Intake, base: str) -> str:
    """Of a run: only what has the same is gone on from."""
    return hashlib.sha256(json.dumps([settings, intake.digest, base]).encode()).hexdigest()[:16]


def _device(name: str) -> torch.device:
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
