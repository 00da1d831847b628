"""The loop: steps, events, checkpoints. It knows neither the model nor the method."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from images.trainer.checkpoint import Progress, newest_valid, restore, write_checkpoint
from images.trainer.config import TrainConfig
from images.trainer.dreambooth import Method
from images.trainer.events import Checkpoint, Report, Step, Stop, Stopped


class Trainer:
    def __init__(self, method: Method, config: TrainConfig, run: str, checkpoints: Path | None, report: Report, stop: Stop) -> None:
        self.method, self.config, self.run, self.checkpoints, self.report, self.stop = method, config, run, checkpoints, report, stop
        self.parameters = method.parameters()
        self.optimizer = torch.optim.AdamW(self.parameters.values(), lr=config.learning_rate, fused=True)
        self.losses: list[Tensor] = []

    def resume(self) -> int:
        """The step to begin at: behind the newest valid checkpoint of this very run, else 0."""
        manifest = newest_valid(self.checkpoints, self.run) if self.checkpoints else None
        if manifest is None or self.checkpoints is None:
            return 0
        self.losses = list(restore(self.checkpoints, manifest, self.parameters, self.optimizer).losses)
        return manifest.step

    def fit(self, sample: Callable[[int], None]) -> list[float]:
        """Losses of all steps, those before a resume included. Stopped leaves a checkpoint, wherever it comes up."""
        try:
            self._fit(self.resume(), sample)
        except Stopped:
            self._checkpoint(len(self.losses))
            raise
        return [float(loss) for loss in torch.stack(self.losses)]

    def _fit(self, first: int, sample: Callable[[int], None]) -> None:
        started = time.monotonic()
        for step in range(first, self.config.steps):
            self.stop.check()
            self.losses.append(self._step(step))
            self._tell(step + 1, first, started)
            if _due(step + 1, self.config.checkpoint_every, self.config.steps):
                self._checkpoint(step + 1)
            if _due(step + 1, self.config.sample_every, self.config.steps):
                sample(step + 1)

    def _step(self, step: int) -> Tensor:
        loss = self.method.loss(step)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters.values(), self.config.max_gradient_norm)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.detach()  # stays on its device: reading it each step would make a GPU wait

    def _tell(self, done: int, first: int, started: float) -> None:
        if done % self.config.report_every == 0 or done in {first + 1, self.config.steps}:
            pace = (time.monotonic() - started) / (done - first)
            self.report(Step(done, self.config.steps, float(self.losses[-1]), pace * (self.config.steps - done)))

    def _checkpoint(self, done: int) -> None:
        if self.checkpoints is None or not self.losses:
            return
        write_checkpoint(self.checkpoints, self.run, Progress(done, torch.stack(self.losses)), self.parameters, self.optimizer)
        self.report(Checkpoint(done, self.checkpoints))


def _due(done: int, every: int, last: int) -> bool:
    return every > 0 and done % every == 0 and done < last
