"""One training run: folders in, folder out.

load -> read -> draw before -> draw class -> cache -> train -> draw after -> save
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image

from images.trainer.config import Contradiction, TrainConfig
from images.trainer.dreambooth import DreamBooth, Examples
from images.trainer.events import Done, Report, Sample, Stage, Stop
from images.trainer.family import Family, Moments
from images.trainer.fit import Trainer
from images.trainer.grids import Rows, draw_rows, save_grid
from images.trainer.intake import Intake, read_pictures
from images.trainer.likeness import load_likeness
from images.trainer.prior import class_pictures
from images.trainer.results import Metrics, measure, model_card
from images.trainer.stable_diffusion import FILES, StableDiffusion

ENCODED_AT_ONCE = 4


@dataclass(frozen=True)
class Places:
    """The folders of a run."""

    base: Path
    """a diffusers folder, with a feature network under likeness/ if likeness is to be measured"""
    pictures: Path
    """of the subject, in any number of subfolders"""
    output: Path
    """receives model/, samples/, before.png, after.png, metrics.json, model_card.md"""
    checkpoints: Path | None = None
    """None trains without checkpoints"""


def train(config: TrainConfig, places: Places, report: Report = lambda event: None, stop: Stop | None = None) -> Metrics:
    """Raises Stopped after a checkpoint, NoPictures, UnknownModel."""
    return _Run(config, places, report, stop or Stop()).run()


class _Run:
    def __init__(self, config: TrainConfig, places: Places, report: Report, stop: Stop) -> None:
        self.config, self.places, self.report, self.stop = config, places, report, stop
        self.seconds: dict[str, float] = {}

    def run(self) -> Metrics:
        with self._stage("loading"):
            device = _device(self.config.device)
            family: Family = StableDiffusion.load(self.places.base, device)
        with self._stage("reading"):
            side = self.config.resolution or family.resolution
            if side % family.grain:
                raise Contradiction(f"resolution is {side}; this base needs a multiple of {family.grain}")
            intake = read_pictures(self.places.pictures, side)
        with self._stage("drawing before"):
            before = self._draw(family, self.places.output / "before.png", 0)
        identity = self._identity(intake)
        method = self._method(family, intake, identity, device)
        with self._stage("training"):
            trainer = Trainer(method, self.config, identity, self.places.checkpoints, self.report, self.stop)
            losses = trainer.fit(lambda step: self._sample(family, step))
        with self._stage("drawing after"):
            after = self._draw(family, self.places.output / "after.png", self.config.steps)
        with self._stage("saving"):
            family.save(self.places.output / "model", method.trained)
        return self._finish(intake, losses, before, after)

    def _method(self, family: Family, intake: Intake, identity: str, device: torch.device) -> DreamBooth:
        prior: Sequence[Image.Image] = ()
        if self.config.prior_weight > 0:
            with self._stage("drawing class"):
                prior = class_pictures(family, self.config, self.places.output / "class" / identity, self.stop.check)
        with self._stage("caching"):
            examples = Examples(self._encode(family, intake.pictures), self._encode(family, prior) if prior else None)
            return DreamBooth(family, self.config, examples, device)

    def _encode(self, family: Family, pictures: Sequence[Image.Image]) -> Moments:
        """Once: what the picture encoder says is kept, and sampled anew at each step."""
        parts = []
        for start in range(0, len(pictures), ENCODED_AT_ONCE):
            self.stop.check()
            parts.append(family.encode_pictures(pictures[start : start + ENCODED_AT_ONCE]))
        return Moments(torch.cat([part.mean for part in parts]), torch.cat([part.deviation for part in parts]))

    def _sample(self, family: Family, step: int) -> None:
        self._draw(family, self.places.output / "samples" / f"step-{step:06d}.png", step)

    def _draw(self, family: Family, path: Path, step: int) -> Rows:
        rows = draw_rows(family, self.config, self.stop.check)
        save_grid(rows, path)
        self.report(Sample(step, path))
        return rows

    def _finish(self, intake: Intake, losses: list[float], before: Rows, after: Rows) -> Metrics:
        metrics = measure(self.config, intake, losses, before, after, load_likeness(self.places.base), self.seconds)
        metrics.save(self.places.output / "metrics.json")
        (self.places.output / "model_card.md").write_text(model_card(self.config, metrics))
        self.report(Done(self.places.output))
        return metrics

    def _identity(self, intake: Intake) -> str:
        """Of the run: its settings, its pictures and its base. Names what may be used again after a restart."""
        base = [_sha256(self.places.base / part / file) for part, file in FILES.items()]
        return hashlib.sha256(json.dumps([self.config.fingerprint(), intake.digest, base]).encode()).hexdigest()[:16]

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        self.stop.check()
        self.report(Stage(name))
        started = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - started


def _device(name: str) -> torch.device:
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
