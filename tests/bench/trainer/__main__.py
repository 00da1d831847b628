"""The trainer beside diffusers' own training scripts: `make bench-trainer REFERENCE=folder`.

The folder holds train_dreambooth.py and train_dreambooth_lora.py, as in examples/dreambooth of diffusers; they are run as they are. Runs
of both sides take turns. Writes `.local/bench-trainer/report.json`.
"""

import argparse
import hashlib
import json
import os
import re
import statistics
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from images.trainer.settings import prepare_libraries
from tests.bench.trainer.sides import REPOSITORY, Sides

ROOT = REPOSITORY / ".local/bench-trainer"
PACKAGES = ("torch", "diffusers", "transformers", "accelerate", "peft", "pillow", "torchvision")
SCRIPTS = ("train_dreambooth.py", "train_dreambooth_lora.py")
CASES = ("full", "lora", "prior", "photos", "memory", "fidelity", "fidelity-photos")

Figures = dict[str, list[float]]
Measure = Callable[[Sequence[str]], Figures]


def main() -> int:
    flags = _flags()
    machine = _machine(flags)
    prepare_libraries()
    figures: Figures = {}
    measures = _measures(flags)
    for name in flags.only:
        for also in [[], *([more.split() for case, more in flags.also if case == name])]:
            figures |= _told(measures[name](also))
            ROOT.joinpath("report.json").write_text(json.dumps({"machine": machine, "figures": _rows(figures)}, indent=2) + "\n")
    return 0


def _measures(flags: argparse.Namespace) -> dict[str, Measure]:
    from tests.bench.trainer.fidelity import Fidelity
    from tests.bench.trainer.memory import Memory
    from tests.bench.trainer.speed import Speed

    sides = Sides(flags.reference.resolve(), flags.python, flags.threads)
    speed = Speed(sides, ROOT, flags.pairs, flags.steps)
    memory = Memory(sides, ROOT, flags.pairs)
    fidelity = Fidelity(sides, ROOT, flags.pairs, flags.fidelity_steps, flags.fidelity_every)
    measures = (speed.full, speed.lora, speed.prior, speed.photos, memory.figures, fidelity.figures, fidelity.from_photos)
    return dict(zip(CASES, measures, strict=True))


def _told(figures: Figures) -> Figures:
    for name, row in _rows(figures).items():
        sys.stdout.write(f"{row['median']:12.3f}  {name}  {row['all']}\n")
    sys.stdout.flush()
    return figures


def _rows(figures: Figures) -> dict[str, dict[str, float | list[float]]]:
    return {name: {"median": statistics.median(values), "all": [round(v, 4) for v in values]} for name, values in figures.items()}


def _machine(flags: argparse.Namespace) -> dict[str, object]:
    """Told before anything is measured, since what is measured loads the machine."""
    return {
        "processor": re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())[0],
        "cores": os.cpu_count(),
        "threads of torch": flags.threads,
        "memory (GiB)": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load": round(os.getloadavg()[0], 1),
        "python": sys.version.split()[0],
        "packages": {name: _version(name) for name in PACKAGES},
        "pairs": flags.pairs,
        "steps": flags.steps,
        "scripts": {name: hashlib.sha256((flags.reference / name).read_bytes()).hexdigest() for name in SCRIPTS},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True, help="folder of diffusers' training scripts")
    parser.add_argument("--python", default=sys.executable, help="that runs them (default: this one)")
    parser.add_argument("--only", type=lambda names: names.split(","), default=CASES, help=f"some of {','.join(CASES)}")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--steps", type=int, default=60, help="of the runs whose speed is measured")
    parser.add_argument("--fidelity-steps", type=int, default=300)
    parser.add_argument("--fidelity-every", type=int, default=20, help="steps between two looks")
    parser.add_argument("--threads", type=int, default=1, help="of each side (default: 1, as the trainer's image says for a CPU)")
    parser.add_argument("--also", type=_case_and_flags, action="append", default=[], metavar="CASE=FLAGS", help=_ALSO)
    flags = parser.parse_args()
    if missing := [name for name in SCRIPTS if not (flags.reference / name).is_file()]:
        parser.error(f"{flags.reference} lacks {', '.join(missing)}: copy them there from examples/dreambooth of huggingface/diffusers")
    if unknown := {*flags.only, *(case for case, _ in flags.also)} - {*CASES}:
        parser.error(f"{', '.join(sorted(unknown))}: the cases are {', '.join(CASES)}")
    return flags


def _case_and_flags(told: str) -> tuple[str, str]:
    case, _, flags = told.partition("=")
    return case, flags


_ALSO = "measure a case once more, with these flags for ours, as in 'memory=--train-text-encoder'"


if __name__ == "__main__":
    sys.exit(main())
