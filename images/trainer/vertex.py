"""The container's entry for a Vertex AI CustomJob: buckets in, bucket out, the same run in between.

    python -m images.trainer.vertex --pictures gs://... --base gs://... --output gs://... --instance-prompt ... --class-prompt ...

Leaves model/, samples/, before.png, after.png, metrics.json, model_card.md and progress.json under the output.
Vertex AI starts a failed or displaced worker again with the same flags; it goes on from the newest valid checkpoint.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from images.trainer.__main__ import STOPPED, fail, line, stop_on_sigterm
from images.trainer.buckets import SCHEME, Buckets
from images.trainer.config import Contradiction, TrainConfig
from images.trainer.events import Checkpoint, Event, Sample, Stage, Step, Stop, Stopped
from images.trainer.flags import add_config_flags, config_from
from images.trainer.progress import ProgressWriter
from images.trainer.settings import TrainSettings, prepare_libraries

RESULTS = ("before.png", "after.png", "samples", "model_card.md", "model", "metrics.json")
"""in this order: who finds the metrics finds all"""


def main(arguments: list[str] | None = None) -> int:
    flags = _parser().parse_args(arguments)
    stop = stop_on_sigterm()
    try:
        config = config_from(flags)
    except Contradiction as error:
        return fail(error, 2)
    prepare_libraries()
    output = flags.output.rstrip("/")
    job = Job(config, flags.pictures, flags.base, output, TrainSettings.from_env().checkpoint_dir or f"{output}/checkpoints", stop)
    watched = Buckets()  # of the writer's thread alone: a client is not for two
    with ProgressWriter(lambda text: watched.put_text(text, f"{output}/progress.json"), _complain) as progress:
        try:
            job.run(progress)
        except Stopped as error:
            progress.update(stage="stopped", error=str(error))
            return fail(error, STOPPED)
        except Exception as error:  # the process's edge: told in one line, to the log and to who watches
            progress.update(stage="failed", error=str(error))
            return fail(error, 1)
        progress.update(stage="done", eta_s=0.0)
    return 0


class Job:
    def __init__(self, config: TrainConfig, pictures: str, base: str, output: str, checkpoints: str, stop: Stop) -> None:
        self.config, self.pictures, self.base, self.output, self.checkpoints = config, pictures, base, output, checkpoints
        self.stop = stop
        self.buckets = Buckets(stop.check)

    def run(self, progress: ProgressWriter) -> None:
        self.progress = progress
        with tempfile.TemporaryDirectory(prefix="training-") as name:
            work = Path(name)
            self._tell(Stage("downloading"))
            from images.trainer.train import Places, train  # slow: the models' libraries

            places = Places(
                base=self.buckets.fetch(self.base, work / "base"),
                pictures=self.buckets.fetch(self.pictures, work / "pictures"),
                output=work / "output",
                checkpoints=self.buckets.fetch_any(self.checkpoints, work / "checkpoints"),
            )
            train(self.config, places, self._tell, self.stop)
            self._tell(Stage("uploading"))
            unstopped = Buckets()  # what is learnt is brought home, even if a stop is asked now
            unstopped.put_all(places.output, RESULTS, self.output)
            if self.checkpoints.startswith(SCHEME):
                unstopped.keep_only((), self.checkpoints)

    def _tell(self, event: Event) -> None:
        print(line(event), flush=True)
        match event:
            case Stage(name):
                self.progress.update(stage=name)
            case Step(step, total, loss, eta):
                self.progress.update(step=step, total=total, loss=loss, eta_s=eta)
            case Sample(step, path):
                self._show(step, path)
            case Checkpoint(_, folder):
                self._keep(folder)

    def _show(self, step: int, path: Path) -> None:
        name = f"samples/step-{step:06d}.png"
        self.buckets.put(path, f"{self.output}/{name}")
        self.progress.update(samples=(*self.progress.now.samples, f"{self.output}/{name}"))

    def _keep(self, folder: Path) -> None:
        if not self.checkpoints.startswith(SCHEME):
            return
        newest = max(folder.glob("step-*.json"))
        unstopped = Buckets()  # the last checkpoint is written when a stop is asked already
        unstopped.put_all(folder, (newest.with_suffix(".safetensors").name, newest.name), self.checkpoints)
        unstopped.keep_only([path.name for path in folder.iterdir()], self.checkpoints)


def _complain(error: Exception) -> None:
    print(f"progress could not be written: {error}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m images.trainer.vertex", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pictures", required=True, help="gs:// prefix of the subject's pictures")
    parser.add_argument("--base", required=True, help="gs:// prefix of the base model")
    parser.add_argument("--output", required=True, help="gs:// prefix for the tuned model and all that goes with it")
    add_config_flags(parser)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
