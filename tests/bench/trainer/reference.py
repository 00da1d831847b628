"""Runs one of diffusers' training scripts as it is, and records it: `python -m tests.bench.trainer.reference RECORD SCRIPT [its flags]`.

Its progress bar moves when a step has ended, is told the loss after that, and saves checkpoints in between. Where torchvision is not
installed, `transforms` stands in for it.
"""

import importlib.util
import runpy
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.bench.trainer.record import Record


def main() -> None:
    record = Record()
    path, *sys.argv = sys.argv[1:]
    _provide_torchvision()
    _watch_progress(record)
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        record.save(Path(path))


def _provide_torchvision() -> None:
    if importlib.util.find_spec("torchvision"):
        return
    # these ask once, at their import, whether torchvision is there, and would want all of it
    import diffusers  # noqa: F401
    import transformers  # noqa: F401

    from tests.bench.trainer import transforms

    package: Any = ModuleType("torchvision")
    package.transforms = transforms
    sys.modules |= {"torchvision": package, "torchvision.transforms": transforms}


def _watch_progress(record: Record) -> None:
    import tqdm.auto

    class Watched(tqdm.auto.tqdm):
        moved = 0.0

        def update(self, n: float | None = 1) -> Any:
            shown = super().update(n)
            if getattr(self, "desc", "").startswith("Steps"):  # a bar that is switched off has none
                record.step()
                self.moved = time.monotonic()
            return shown

        def set_postfix(self, *args: Any, **told: Any) -> None:
            record.pass_over(self.moved)
            record.losses.append(told["loss"])
            super().set_postfix(*args, **told)

    tqdm.auto.tqdm = Watched


if __name__ == "__main__":
    main()
