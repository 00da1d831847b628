"""The loop: steps, events, checkpoints. It knows neither the model nor the method."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor

from images.trainer.checkpoint import newest_valid, read_checkpoint, write_checkpoint
from images.trainer.config import TrainConfig
from images.trainer.dreambooth import Method
from images.trainer.events import Checkpoint, Diverged, PassedOver, Report, Resumed, Step, Stop, Stopped, Superseded
from images.trainer.optimizer import Descent

WINDOW = 50
"""losses whose mean is compared"""
GROWTH = 3.0
"""of the loss over that of the first window, from which on a run is given up"""


class Trainer:
    def __init__(self, method: Method, config: TrainConfig, run: str, checkpoints: Path | None, report: Report, stop: Stop) -> None:
        self.method, self.config, self.run, self.checkpoints, self.report, self.stop = method, config, run, checkpoints, report, stop
        self.parameters = method.parameters()
        self.descent = Descent(self.parameters, method.rate, config)
        self.losses: list[Tensor] = []
        self.in_file = 0

    def resume(self) -> int:
        """The step to begin at: behind the newest valid checkpoint of this very run, else 0."""
        manifest = newest_valid(self.checkpoints, self.run, self._pass_over) if self.checkpoints else None
        if manifest is None or self.checkpoints is None:
            return 0
        tensors = read_checkpoint(self.checkpoints, manifest)
        self.descent.load(tensors)
        losses = tensors["losses"]
        told = [(step, loss) for step, loss in enumerate(losses.tolist(), 1) if step % self.config.report_every == 0 or step == 1]
        self.report(Resumed(manifest.step, tuple(told)))
        self.losses, self.in_file = list(losses), manifest.step
        return manifest.step

    @contextmanager
    def kept(self) -> Iterator[None]:
        """If Stopped comes up within, it leaves a checkpoint of the last step."""
        self.stop.interrupts = False
        try:
            yield
        except Superseded:
            raise
        except Stopped:
            self.checkpoint()
            raise

    def fit(self, sample: Callable[[int], None]) -> list[float]:
        """Losses of all steps, those before a resume included; of fewer than were planned, but of one, if that is enough. Within `kept`."""
        first = self.resume()
        started = time.monotonic()
        for step in range(first, self.config.steps):
            self.stop.check()
            if self.stop.enough and self.losses:
                self.report(Step(step, step, float(self.losses[-1]), 0.0))
                break
            if _due(step, self.config.sample_every):
                sample(step)
            self.losses.append(self._step(step))
            self._tell(step + 1, first, started)
            if _due(step + 1, self.config.checkpoint_every) and step + 1 < self.config.steps:
                self._checkpoint(step + 1)
        return [float(loss) for loss in torch.stack(self.losses)]

    def _step(self, step: int) -> Tensor:
        losses = []
        for part in range(self.config.accumulate):
            loss = self.method.loss(step, part)
            self.descent.backward(loss)
            losses.append(loss.detach())
        self.descent.step()
        return torch.stack(losses).sum()  # stays on its device: reading it each step would make a GPU wait

    def _tell(self, done: int, first: int, started: float) -> None:
        if done % self.config.report_every == 0 or done in {first + 1, self.config.steps}:
            pace = (time.monotonic() - started) / (done - first)
            self.report(Step(done, self.config.steps, float(self.losses[-1]), pace * (self.config.steps - done)))
            self._refuse_divergence(done)

    def _refuse_divergence(self, done: int) -> None:
        """Where losses are read anyway. Single losses differ much, with the timestep that each drew: means do not."""
        first, last = torch.stack(self.losses[:WINDOW]).mean(), torch.stack(self.losses[-WINDOW:]).mean()
        too_high = f"the learning rate of {self.config.learning_rate:g} is too high"
        if not torch.isfinite(last):
            raise Diverged(f"after {done} steps the loss is no longer a number: {too_high}")
        if done >= 2 * WINDOW and last > GROWTH * first:
            raise Diverged(f"after {done} steps the loss has grown from {first:.3f} to {last:.3f}: {too_high}")

    def checkpoint(self) -> None:
        """Of the last step. To be called before the parameters are changed by anybody else."""
        self._checkpoint(len(self.losses))

    def _checkpoint(self, done: int) -> None:
        if self.checkpoints is None or done == self.in_file:
            return
        tensors = {"losses": torch.stack(self.losses), **self.descent.tensors()}
        names = write_checkpoint(self.checkpoints, self.run, done, tensors)
        self.in_file = done
        self.report(Checkpoint(done, self.checkpoints, names))

    def _pass_over(self, step: int, reason: str) -> None:
        self.report(PassedOver(step, reason))


def _due(done: int, every: int) -> bool:
    return every > 0 and done > 0 and done % every == 0
