"""`python -m scripts.doctor --stack STACK`. The stack `local` needs this machine only, which the local cloud's own doctor looks at."""

import argparse
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.doctor.examination import SignIn, examine
from scripts.doctor.finding import Finding, Verdict
from scripts.doctor.google import Google
from scripts.doctor.stack import Stack

_LOCAL = "local"
_MARGIN = " " * 18


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.doctor", description=__doc__)
    parser.add_argument("--stack", default=_LOCAL)
    name = parser.parse_args().stack
    if name == _LOCAL:
        return subprocess.run([sys.executable, "-m", "local", "doctor"], check=False).returncode
    if not Path(f"Pulumi.{name}.yaml").exists():
        parser.error(f"there is no Pulumi.{name}.yaml; the stacks are {', '.join(_stacks())}")
    with ThreadPoolExecutor(max_workers=1) as pool:
        return report(Stack.open(name, Path(), pool), Google.sign_in)


def _stacks() -> list[str]:
    return sorted(path.stem.removeprefix("Pulumi.") for path in Path().glob("Pulumi.*.yaml"))


def report(stack: Stack, sign_in: SignIn) -> int:
    """The exit code: 1 where something must be fixed."""
    _say(f"{stack.name}: {stack.project} in {stack.region}")
    docker = Path(os.environ.get("DOCKER_CONFIG", "~/.docker")).expanduser()  # noqa: TID251 - Docker's own variable
    counted: Counter[Verdict] = Counter()
    for name, finding in examine(stack, sign_in, docker):
        counted[finding.verdict] += 1
        _say(line(name, finding))
    _say(_summary(stack, counted))
    return 1 if counted[Verdict.FAIL] else 0


def line(name: str, finding: Finding) -> str:
    text = finding.text.replace("\n", f"\n{_MARGIN}")
    shown = f"{finding.verdict:<5}{name:<13}{text}"
    return f"{shown}\n{_MARGIN}fix: {finding.fix}" if finding.fix else shown


def _summary(stack: Stack, counted: Counter[Verdict]) -> str:
    failed, warned = counted[Verdict.FAIL], counted[Verdict.WARN]
    if failed:
        return f"{failed} to fix before `make up STACK={stack.name}`" + (f", {warned} to look at" if warned else "")
    return f"ready for `make up STACK={stack.name}`" + (f"; {warned} to look at" if warned else "")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
