"""The container's entry for a Vertex AI CustomJob: buckets in, bucket out, the same run in between.

    python -m images.trainer.vertex --pictures gs://... --base gs://... --output gs://... --instance-prompt ... --class-prompt ...

Leaves model/, samples/, before.png, after.png, metrics.json, model_card.md and progress.json under the output, and adapters/ of lora.
Vertex AI starts a failed or displaced worker again with the same flags; it goes on from the newest valid checkpoint.
An object named finish under the output ends the training at its next step; the rest goes on as usual.
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from images.trainer.__main__ import STOPPED, fail, sigterm_asks
from images.trainer.buckets import SCHEME, Buckets, StorageFailed
from images.trainer.claim import Claim
from images.trainer.config import Contradiction, TrainConfig
from images.trainer.events import Checkpoint, ClassDrawn, Event, Measured, NotLearnt, Resumed, Sample, Stage, Step, Stop, Stopped
from images.trainer.flags import add_config_flags, config_from
from images.trainer.mirror import Mirror
from images.trainer.progress import ProgressWriter
from images.trainer.settings import TrainSettings, prepare_libraries
from images.trainer.watch import RunWatch

if TYPE_CHECKING:  # it imports torch
    from images.trainer.train import Places

PICTURES = ("before.png", "after.png", "before-elsewhere.png", "after-elsewhere.png", "learning.png", "samples")
RESULTS = (*PICTURES, "model_card.md", "adapters", "model", "metrics.json")
"""in this order: who finds the metrics finds all; only lora leaves adapters"""


def main(arguments: list[str] | None = None) -> int:
    flags = _parser().parse_args(arguments)
    try:
        config = config_from(flags)
    except Contradiction as error:
        return fail(error, 2)
    prepare_libraries()
    stop, uris = Stop(), _uris(flags)
    claim, watched, asked = Claim(uris.output), Buckets(), Buckets()  # each of one thread alone: a client is not for two

    def tell(text: str) -> None:
        if not stop.superseded:
            watched.put_text(text, f"{uris.output}/progress.json")

    if _is_done(watched, uris):
        return 0
    with (
        sigterm_asks(stop),
        ProgressWriter(tell, _complain) as progress,
        RunWatch(lambda: asked.has(f"{uris.output}/finish"), lambda: claim.taken and claim.lost(asked), stop, _cannot_look),
    ):
        return _ended(Job(config, uris, claim, stop), progress)


def _is_done(buckets: Buckets, uris: Uris) -> bool:
    """Killed between its last result and its end. Where the bucket cannot be asked, the run itself says what is wrong with it."""
    try:
        return buckets.has(f"{uris.output}/{RESULTS[-1]}")
    except StorageFailed:
        return False


def _ended(job: Job, progress: ProgressWriter) -> int:
    """The process's edge: how the job ended is told in one line, to the log and to who watches."""
    try:
        with job.stop.at_once():
            job.run(progress)
    except Stopped as error:
        progress.update(stage="stopped", error=str(error))
        return fail(error, STOPPED)
    except NotLearnt as error:  # nothing that another try would change: metrics.json says it to whoever comes next
        progress.update(stage="failed", error=str(error))
        return fail(error, 0)
    except Exception as error:
        progress.update(stage="failed", error=str(error))
        return fail(error, 1)
    progress.update(stage="done", eta_s=0.0)
    return 0


@dataclass(frozen=True)
class Uris:
    """Where a job's things are: gs:// prefixes, or folders; `captions` is one object, or nothing."""

    pictures: str
    base: str
    output: str
    checkpoints: str
    classes: str
    captions: str


class Job:
    def __init__(self, config: TrainConfig, uris: Uris, claim: Claim, stop: Stop) -> None:
        self.config, self.uris, self.claim, self.stop = config, uris, claim, stop
        self.buckets = Buckets(stop.check)

    def run(self, progress: ProgressWriter) -> None:
        self.progress = progress
        with tempfile.TemporaryDirectory(prefix="training-") as name:
            self._tell(Stage("downloading"))
            self.claim.take(self.buckets)
            work = Path(name)
            places = self._places(work)
            with self._mirrored(work / "checkpoints") as self.mirror:
                from images.trainer.train import train  # slow: the models' libraries

                try:
                    train(self.config, places, self._tell, self.stop)
                except NotLearnt:
                    self._bring_home(places.output)
                    raise
            self._bring_home(places.output)

    def _places(self, work: Path) -> Places:
        from images.trainer.train import Places

        uris = self.uris
        return Places(
            base=self.buckets.fetch(uris.base, work / "base"),
            pictures=self.buckets.fetch(uris.pictures, work / "pictures"),
            output=work / "output",
            checkpoints=self.buckets.fetch_any(uris.checkpoints, work / "checkpoints"),
            classes=self.buckets.fetch_any(uris.classes, work / "class") if uris.classes else None,
            captions=self.buckets.fetch_file(uris.captions, work / "captions.json") if uris.captions else None,
        )

    def _mirrored(self, folder: Path) -> AbstractContextManager[Mirror | None]:
        """The checkpoints, unless they are in a folder that stays."""
        if not self.uris.checkpoints.startswith(SCHEME):
            return nullcontext()
        return Mirror(folder, self.uris.checkpoints, lambda: not self.claim.lost(Buckets()), _not_kept)

    def _bring_home(self, output: Path) -> None:
        """All of it, though a stop be asked: a last checkpoint would take longer."""
        self._tell(Stage("uploading"))
        unstopped = Buckets()
        if self.claim.lost(unstopped):
            self.stop.superseded = True
            self.stop.check()
        unstopped.put_all(output, RESULTS, self.uris.output)
        if self.uris.checkpoints.startswith(SCHEME):
            unstopped.keep_only((), self.uris.checkpoints)

    def _tell(self, event: Event) -> None:
        print(event, flush=True)
        match event:
            case Stage(name):
                self.progress.update(stage=name)
            case ClassDrawn(paths, _, _) if self.uris.classes:
                for path in paths:
                    self.buckets.put(path, f"{self.uris.classes.rstrip('/')}/{path.parent.name}/{path.name}")
            case Resumed(step, losses):
                self.progress.update(step=step, losses=losses)
            case Step(step, total, loss, eta):
                before = [point for point in self.progress.now.losses if point[0] < step]  # the last step of a cut run comes twice
                self.progress.update(step=step, total=total, loss=loss, eta_s=eta, losses=(*before, (step, loss)))
            case Sample(step, path):
                self._show(step, path)
            case Checkpoint(_, _, names) | Measured(_, _, names) if self.mirror:
                self.mirror.put(names)

    def _show(self, step: int, path: Path) -> None:
        name = f"samples/step-{step:06d}.png"
        self.buckets.put(path, f"{self.uris.output}/{name}")
        self.progress.update(samples=(*self.progress.now.samples, f"{self.uris.output}/{name}"))


def _complain(error: Exception) -> None:
    print(f"progress could not be written: {error}", flush=True)


def _cannot_look(error: Exception) -> None:
    print(f"whether to finish could not be asked: {error}", flush=True)


def _not_kept(error: Exception) -> None:
    print(f"a checkpoint could not be kept: {error}", flush=True)


def _uris(flags: argparse.Namespace) -> Uris:
    output = flags.output.rstrip("/")
    checkpoints = TrainSettings.from_env().checkpoint_dir or f"{output}/checkpoints"
    return Uris(flags.pictures, flags.base, output, checkpoints, flags.classes, flags.captions)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m images.trainer.vertex", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pictures", required=True, help="gs:// prefix of the subject's pictures")
    parser.add_argument("--base", required=True, help="gs:// prefix of the base model")
    parser.add_argument("--output", required=True, help="gs:// prefix for the tuned model and all that goes with it")
    parser.add_argument("--classes", default="", help="gs:// prefix of class pictures, kept from run to run")
    parser.add_argument("--captions", default="", help="gs:// object: JSON, from the names of pictures to what is said of each")
    add_config_flags(parser)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
