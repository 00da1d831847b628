"""`python -m scripts.preview.google [--stack STACK]...`: what Google's real provider says of this program, without an account.

The real provider checks what it can without a call to Google: with any text for a token it plans every resource of an empty state, and
refuses what it would refuse anyway. So no secret is in it, and a stranger's pull request can have it too.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from local.engine.secrets import Crypter, Placeholders
from scripts.preview import page
from scripts.preview.cli import Answer, NoCli, ask
from scripts.preview.escape import code, fenced
from scripts.preview.graph import name_of, short_type, type_of
from scripts.preview.revisions import PreviewError, working_tree
from scripts.preview.section import Line, Section, Weight

TITLE = "Google's provider, without an account"
_LOCAL = "local"
# of the preview's comment, which the page is put into
_MOST = 4_000
_SEALED_UNDER = "none"
# without region validation it asks nobody which regions there are
_OFFLINE = {"GOOGLE_OAUTH_ACCESS_TOKEN": "none", "PULUMI_GCP_SKIP_REGION_VALIDATION": "true", "PULUMI_CONFIG_PASSPHRASE": _SEALED_UNDER}
# the key that secrets lie under is their owner's
_OWNERS = ("secretsprovider:", "encryptedkey:", "encryptionsalt:")
# none of it says anything of the program
_UNREACHED = ("could not download", "no resource plugin", "could not load plugin", "failed to install", "could not find latest version")


def look(folder: Path, stacks: Sequence[str], environment: Mapping[str, str]) -> Section:
    """`environment` is what the CLI runs in, but for what makes it offline."""
    return Section(TITLE, tuple(line for stack in stacks for line in _stack(folder, stack, environment)))


def _stack(folder: Path, stack: str, environment: Mapping[str, str]) -> Iterator[Line]:
    try:
        answer = _asked(folder, stack, environment)
    except NoCli as missing:
        yield Line(f"{code(stack)} was not shown to it. {missing}")
        return
    unreached = next((refusal.text for refusal in answer.refusals if any(sign in refusal.text for sign in _UNREACHED)), "")
    if unreached:
        yield Line(f"{code(stack)} was not shown to it: its plugin cannot be had here.", more=fenced(unreached[:500]))
    elif answer.refusals:
        yield from (_refusal(stack, refusal.urn, refusal.text) for refusal in answer.refusals)
    else:
        planned = sum(step.op == "create" and type_of(step.urn).startswith("gcp:") for step in answer.steps)
        yield Line(f"{code(stack)}: it would create {planned} of Google's resources, and refuses none.")


def _refusal(stack: str, urn: str, text: str) -> Line:
    where = f"{code(name_of(urn))} ({short_type(type_of(urn))})" if urn else "the program"
    first, _, rest = text.removeprefix("error: ").partition("\n")
    return Line(f"{code(stack)}: {where} is refused: {first}", Weight.ALARM, fenced(rest.strip()) if rest.strip() else "")


def _asked(folder: Path, stack: str, environment: Mapping[str, str]) -> Answer:
    """Making a stack writes into its file: that of a copy, in an empty project of the same name."""
    with tempfile.TemporaryDirectory(prefix="google-") as scratch:
        project, states = Path(scratch) / "project", Path(scratch) / "states"
        project.mkdir()
        states.mkdir()
        config = project / f"Pulumi.{stack}.yaml"
        shutil.copy(folder / "Pulumi.yaml", project)
        config.write_text(without_secrets((folder / config.name).read_text()))
        own = {**environment, **_OFFLINE, "PULUMI_BACKEND_URL": f"file://{states}"}
        _make(project, stack, own)
        return ask(folder, own, "preview", "--stack", stack, "--config-file", str(config))


def without_secrets(text: str) -> str:
    """A stack's file with a text that says so in the place of each secret, under a key of our own: nobody's is needed."""
    kept = "\n".join(line for line in text.splitlines() if not line.startswith(_OWNERS)) + "\n"
    crypter = Crypter("", _SEALED_UNDER)
    for sealed in set(_secured(yaml.safe_load(text))):
        placeholder = crypter.encrypt(Placeholders().decrypt(sealed))
        kept = re.sub(rf"(secure: *)[\"']?{re.escape(sealed)}[\"']? *$", rf"\g<1>{placeholder}", kept, flags=re.MULTILINE)
    return f"encryptionsalt: {crypter.salt}\n{kept}" if crypter.salt else kept


def _secured(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value.keys() == {"secure"}:
        yield str(value["secure"])
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _secured(item)


def _make(project: Path, stack: str, environment: Mapping[str, str]) -> None:
    if shutil.which("pulumi", path=environment.get("PATH")) is None:
        raise NoCli("Pulumi's CLI is not installed here: https://www.pulumi.com/docs/install")
    command = ["pulumi", "--non-interactive", "stack", "init", stack, "--no-select"]
    done = subprocess.run(command, cwd=project, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoCli(f"`pulumi stack init` failed: {done.stderr.strip()}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.preview.google", description=__doc__.partition("\n")[0])
    parser.add_argument("--stack", action="append", default=[], help="may be given again; without it, all that are on Google Cloud")
    parser.add_argument("--out", type=Path, default=Path("google.md"))
    given = parser.parse_args()
    try:
        head = working_tree(Path.cwd())
    except PreviewError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    # the laptop's own stack has values that only its own cloud takes
    found = look(head.folder, given.stack or sorted(head.stacks - {_LOCAL}), os.environ)  # noqa: TID251 - what the CLI runs in
    page.write(found, given.out, _MOST)
    sys.stdout.write("\n".join(line.text for line in found.lines) + "\n")
    return 1 if any(line.weight is Weight.ALARM for line in found.lines) else 0


if __name__ == "__main__":
    sys.exit(main())
