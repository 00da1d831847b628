"""The measurements of a run, one for each sample step, and the weights of the best of them: kept in a folder that outlives the process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from images.trainer.choice import Choice, Standing, check_progress, choose, standing
from images.trainer.config import TrainConfig
from images.trainer.events import Measured, Report, Sample, Stop
from images.trainer.family import Family
from images.trainer.grids import draw_rows, save_grid
from images.trainer.halves import save_halves
from images.trainer.heap import give_back
from images.trainer.measuring import Gauge, Measurement


class Record:
    def __init__(
        self, folder: Path, samples: Path, run: str, config: TrainConfig, gauge: Gauge, family: Family, report: Report, stop: Stop
    ) -> None:
        """Of this run alone: what another has left in the folder is measured anew. Grids of the sample pictures are shown in `samples`."""
        self.folder, self.samples, self.run, self.config, self.gauge, self.family = folder, samples, run, config, gauge, family
        self.report, self.stop = report, stop
        self.measurements: list[Measurement] = []

    def enter(self, step: int, parameters: Mapping[str, nn.Parameter]) -> None:
        """In the order of steps; one that is there already, from before a restart, is taken as it is. Raises LearntNothing."""
        known = self._known(step)
        self.measurements.append(known or self._measure(step))
        if not known:
            self._write(self.measurements[-1], parameters)
        self._show(step)
        check_progress(self._standing(self.measurements[-1]), self.config.steps, self.config.least_gain)

    def choice(self, last: int) -> Choice:
        return choose(self._standings(), last)

    def at(self, step: int) -> Measurement:
        return next(measurement for measurement in self.measurements if measurement.step == step)

    def grid(self, step: int) -> Path:
        """Of the sample pictures."""
        return self.folder / f"measured-{step:06d}.png"

    def surroundings(self, step: int) -> Path:
        """A grid, too: of the pictures that were measured beside them."""
        return self.folder / f"elsewhere-{step:06d}.png"

    def restore(self, step: int, parameters: Mapping[str, nn.Parameter]) -> None:
        """Of the best step, in the half precision in which it will be served."""
        tensors = load_file(self._weights(step))
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(tensors[name])

    def _show(self, step: int) -> None:
        self.samples.mkdir(parents=True, exist_ok=True)
        shown = self.samples / f"step-{step:06d}.png"
        shutil.copyfile(self.grid(step), shown)
        self.report(Sample(step, shown))

    def _measure(self, step: int) -> Measurement:
        """Between training, drawing and looking, what one has left in the heap is given back, lest it adds to what the next needs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        give_back()
        samples = draw_rows(self.family, self.config, self.stop.check)
        drawn = self.gauge.draw(self.family, self.stop.check)
        save_grid(samples, self.grid(step))
        save_grid(drawn, self.surroundings(step))
        give_back()
        measured = self.gauge.measure(step, samples, drawn, self.stop.check)
        give_back()
        return measured

    def _write(self, measured: Measurement, parameters: Mapping[str, nn.Parameter]) -> None:
        """The figures last: where they are, all is."""
        names = [self.surroundings(measured.step).name, self.grid(measured.step).name, self._figures(measured.step).name]
        best = self.choice(measured.step).step == measured.step and self._standing(measured) is not None
        if best:
            save_halves(parameters, self._weights(measured.step), {})
            names.insert(0, self._weights(measured.step).name)
        partial = self.folder / ".measured.partial"
        partial.write_text(json.dumps({"run": self.run, **asdict(measured)}, indent=2) + "\n")
        partial.replace(self._figures(measured.step))
        self.report(Measured(measured.step, self.folder, tuple(names)))
        if best:
            self._drop_other_weights(measured.step)

    def _drop_other_weights(self, best: int) -> None:
        for path in self.folder.glob("best-*.safetensors"):
            if path != self._weights(best):
                path.unlink()

    def _known(self, step: int) -> Measurement | None:
        path = self._figures(step)
        try:
            told = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):
            return None
        if told.pop("run", None) != self.run:
            return None
        return Measurement(**{**told, "by_prompt": tuple(told["by_prompt"])})

    def _standings(self) -> list[Standing]:
        return [stands for measurement in self.measurements if (stands := self._standing(measurement))]

    def _standing(self, measurement: Measurement) -> Standing | None:
        untuned = self.measurements[0]
        return standing(measurement, untuned, self.gauge.ceiling) if measurement is not untuned else None

    def _figures(self, step: int) -> Path:
        return self.folder / f"measured-{step:06d}.json"

    def _weights(self, step: int) -> Path:
        return self.folder / f"best-{step:06d}.safetensors"
