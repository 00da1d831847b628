"""Trains with the trainer of this repository, and records it: `python -m tests.bench.trainer.ours RECORD --base B ...`."""

import argparse
import shutil
import sys
import time
from pathlib import Path

from images.trainer.events import Checkpoint, Event, Stage, Step
from images.trainer.flags import add_config_flags, config_from
from images.trainer.settings import prepare_libraries
from tests.bench.trainer.record import Record

# the pictures of the class are made beforehand on the other side, too
NOT_TRAINING = {"drawing before", "drawing class"}


def main() -> None:
    prepare_libraries()
    from images.trainer.train import Places, train

    record = Record()
    try:
        flags = _parser().parse_args(sys.argv[2:])
        train(config_from(flags), Places(flags.base, flags.pictures, flags.output, flags.checkpoints), Witness(record, flags.keep))
    finally:
        record.save(Path(sys.argv[1]))


class Witness:
    def __init__(self, record: Record, keep: Path | None) -> None:
        self.record, self.keep = record, keep
        self.stage, self.at = "", 0.0

    def __call__(self, event: Event) -> None:
        match event:
            case Stage(name):
                if self.stage in NOT_TRAINING:
                    self.record.pass_over(self.at)
                self.stage, self.at = name, time.monotonic()
            case Step(_, _, loss, _):
                self.record.step()
                self.record.losses.append(loss)
                self.at = time.monotonic()
            case Checkpoint(step, folder) if self.keep:
                shutil.copy(folder / f"step-{step:06d}.safetensors", self.keep / f"{step}.safetensors")
                self.record.pass_over(self.at)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("base", "pictures", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--checkpoints", type=Path)
    parser.add_argument("--keep", type=Path, help="folder; each checkpoint is copied there, and the time of both is not counted")
    add_config_flags(parser)
    return parser


if __name__ == "__main__":
    main()
