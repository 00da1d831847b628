"""Promote: stack TO runs the very images that stack FROM runs.

They are copied from FROM's registry into TO's own, by digest, and TO's file is changed to name them. Nothing is built, nothing is brought
up: the changed file is reviewed and committed, and `pulumi up` of TO does the rest.
"""

import argparse
import difflib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import google.auth
import yaml
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession

from scripts.registry import Copier, Reference, RegistryError
from scripts.stack import LOCAL, ROOT, Engine
from scripts.stack_file import CannotEdit, with_values

OUTPUT = "imageDigests"
IMAGES, DIGESTS = "sd-for-designers:images", "sd-for-designers:imageDigests"
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class CannotPromote(Exception):
    """The text says what is missing and how to get it."""


def digests_of(stack: str, root: Path = ROOT) -> Mapping[str, str]:
    """What `stack` runs, from its state: the embedded engine's below `root`, else that of Pulumi's CLI. Raises CannotPromote."""
    found = Engine(root).outputs(stack) if (root / "state" / f"{stack}.json").exists() else _cli_outputs(stack)
    digests = found.get(OUTPUT)
    if not isinstance(digests, Mapping) or not digests:
        raise CannotPromote(f"stack {stack} has no output {OUTPUT}: bring it up with this version of the program first")
    return digests


def registry_of(stack: str, file: Path) -> str:
    """The registry that the program gives `stack`. Raises CannotPromote."""
    if not file.exists():
        raise CannotPromote(f"{file} is not there: `pulumi stack init {stack}` and its configuration come first")
    config = yaml.safe_load(file.read_text()).get("config") or {}
    missing = [key for key in ("gcp:project", "gcp:region") if key not in config]
    if missing:
        raise CannotPromote(f"{file} says nothing of {', '.join(missing)}: where {stack}'s registry is cannot be known")
    return f"{config['gcp:region']}-docker.pkg.dev/{config['gcp:project']}/sd-{stack}"


def promote(digests: Mapping[str, str], registry: str, file: Path, copier: Copier) -> str:
    """Copies what `registry` lacks, rewrites `file`, answers the difference. A second time there is none."""
    promoted = {}
    for name, text in digests.items():
        source = Reference.parse(text)
        target = source.within(registry)
        if source != target:
            copier.copy(source, target, tag=f"promoted-{source.digest.removeprefix('sha256:')[:16]}")
        promoted[name] = str(target)
    before = file.read_text()
    after = with_values(before, {IMAGES: "prebuilt", DIGESTS: promoted})
    file.write_text(after)
    return "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), f"a/{file.name}", f"b/{file.name}"))


def _cli_outputs(stack: str) -> Mapping[str, object]:
    if not shutil.which("pulumi"):
        raise CannotPromote(f"the state of stack {stack} is read with Pulumi's CLI: https://www.pulumi.com/docs/install")
    done = subprocess.run(
        ["pulumi", "stack", "output", "--stack", stack, "--json", "--non-interactive"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotPromote(f"stack {stack}: {done.stderr.strip()}")
    return dict(json.loads(done.stdout))


def _session() -> AuthorizedSession:
    credentials, _ = google.auth.default([_SCOPE])
    return AuthorizedSession(credentials)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _run(source: str, target: str) -> None:
    if LOCAL in {source, target}:
        raise CannotPromote(f"the images of stack {LOCAL} are on this laptop and in no registry: promote between stacks on Google Cloud")
    file = Path(f"Pulumi.{target}.yaml")
    registry = registry_of(target, file)
    difference = promote(digests_of(source), registry, file, Copier(_session(), _say))
    _say(difference or f"{file} names these images already")
    _say(f"Next: commit {file}, then `pulumi up --stack {target}`. To go back, revert that commit and bring {target} up again.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", required=True, help="the stack whose images were tested")
    parser.add_argument("--to", dest="target", required=True, help="the stack that shall run them")
    arguments = parser.parse_args()
    try:
        _run(arguments.source, arguments.target)
    except (CannotPromote, CannotEdit, RegistryError, GoogleAuthError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
