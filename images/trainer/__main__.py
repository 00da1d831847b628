"""Trains on a laptop: `python -m images.trainer --base B --pictures P --output O --instance-prompt TEXT --class-prompt TEXT`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from images.trainer.config import Contradiction
from images.trainer.events import Event, Stop, Stopped
from images.trainer.flags import add_config_flags, config_from
from images.trainer.settings import prepare_libraries

STOPPED = 128 + signal.SIGTERM


def main(arguments: list[str] | None = None) -> int:
    flags = _parser().parse_args(arguments)
    try:
        config = config_from(flags)
    except Contradiction as error:
        return fail(error, 2)
    prepare_libraries()
    try:
        with sigterm_asks(Stop()) as stop, stop.at_once():
            from images.trainer.train import Places, train  # slow: the models' libraries

            train(config, Places(flags.base, flags.pictures, flags.output, flags.checkpoints, flags.captions), tell, stop)
    except Stopped as error:
        return fail(error, STOPPED)
    except (ValueError, OSError) as error:
        return fail(error, 1)
    return 0


@contextmanager
def sigterm_asks(stop: Stop) -> Iterator[Stop]:
    """Within, SIGTERM asks the run to stop; before and after, it ends the process."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: stop.ask())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)


def tell(event: Event) -> None:
    print(event, flush=True)


def fail(error: BaseException, code: int) -> int:
    print(f"error: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m images.trainer", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of the base model")
    parser.add_argument("--pictures", type=Path, required=True, help="folder of the subject's pictures")
    parser.add_argument("--output", type=Path, required=True, help="folder for the tuned model")
    parser.add_argument("--checkpoints", type=Path, help="folder; training resumes from the newest valid checkpoint in it")
    parser.add_argument("--captions", type=Path, help="file: JSON, from the names of pictures to what is said of each")
    add_config_flags(parser)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
