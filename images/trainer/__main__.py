"""Trains on a laptop: `python -m images.trainer --base B --pictures P --output O --instance-prompt TEXT --class-prompt TEXT`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from images.trainer.config import Contradiction
from images.trainer.events import Checkpoint, Done, Event, Sample, Stage, Step, Stop, Stopped
from images.trainer.flags import add_config_flags, config_from
from images.trainer.settings import prepare_libraries

STOPPED = 128 + signal.SIGTERM


def main(arguments: list[str] | None = None) -> int:
    flags = _parser().parse_args(arguments)
    stop = stop_on_sigterm()
    try:
        config = config_from(flags)
    except Contradiction as error:
        return fail(error, 2)
    prepare_libraries()
    from images.trainer.train import Places, train  # slow: the models' libraries

    try:
        train(config, Places(flags.base, flags.pictures, flags.output, flags.checkpoints), tell, stop)
    except Stopped as error:
        return fail(error, STOPPED)
    except (ValueError, OSError) as error:
        return fail(error, 1)
    return 0


def stop_on_sigterm() -> Stop:
    stop = Stop()

    def ask(number: int, frame: object) -> None:
        stop.asked = True

    signal.signal(signal.SIGTERM, ask)
    return stop


def tell(event: Event) -> None:
    print(line(event), flush=True)


def line(event: Event) -> str:
    match event:
        case Stage(name):
            return f"stage {name}"
        case Step(step, total, loss, eta):
            return f"step {step}/{total} loss {loss:.4f} eta {eta:.0f} s"
        case Sample(step, path):
            return f"sample of step {step}: {path}"
        case Checkpoint(step, folder):
            return f"checkpoint of step {step} in {folder}"
        case Done(output):
            return f"done: {output}"


def fail(error: Exception, code: int) -> int:
    print(f"error: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m images.trainer", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of the base model")
    parser.add_argument("--pictures", type=Path, required=True, help="folder of the subject's pictures")
    parser.add_argument("--output", type=Path, required=True, help="folder for the tuned model")
    parser.add_argument("--checkpoints", type=Path, help="folder; training resumes from the newest valid checkpoint in it")
    add_config_flags(parser)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
