"""The end of a stack, in four steps: say what goes and ask, let go of what its jobs made, destroy what Pulumi made, say what is left.

Each step may be broken off, and all of it run again. What Pulumi does not know (endpoints, models, runs) goes first: it costs most, and the
accounts and the sweep that could still stop it go with the rest.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.client import NotRunning
from scripts import stack
from scripts.command_line import say, stack_parser
from scripts.target import Target, UnknownStack

DONE, FAILED, REFUSED, BROKEN_OFF = 0, 1, 2, 130
_DATABASE = "gcp:firestore/database:Database"
_HOLDS_DATA = ("gcp:storage/bucket:Bucket", _DATABASE)
# what a provider or an engine refuses to delete, as the state writes it
_LOCKS: Mapping[str, Any] = {
    "deletionProtection": True,
    "deletionPolicy": "PREVENT",
    "deleteProtectionState": "DELETE_PROTECTION_ENABLED",
}
_UNPROTECT = """
To destroy it, lift the protection first; Pulumi and Google read it from the last `up`, not from the file:
  1. in Pulumi.{name}.yaml:  sd-for-designers:protectData: false
  2. make up STACK={name}       (lifts protect, PREVENT, deletion protection; changes nothing else)
  3. make destroy STACK={name}
"""
_STAYS = """\
  stays         {base}the bootstrap project (state, keys, deployer); APIs that were switched on; logs until their retention ends
                what soft delete and backups keep, for as long as they do (docs/operations.md)
"""
_WHY_NOT = """
Pulumi's destroy is not run: it would take the accounts, the sweep and the alerts that can still stop what stays above.
Mend it, then run the same command again. To keep the stack instead: python -m scripts.intake open --stack {name}
"""


class Refused(Exception):
    """Nothing was changed; the text says why, and what to do."""


@dataclass(frozen=True)
class Recorded:
    """A resource as the state has it."""

    urn: str
    type: str
    protect: bool
    outputs: Mapping[str, Any]

    @property
    def locks(self) -> list[str]:
        found = [f"{key}: {value}" for key, value in _LOCKS.items() if self.outputs.get(key) == value]
        return ["protect", *found] if self.protect else found

    def __str__(self) -> str:
        return str(self.outputs.get("name") or self.urn.rpartition("::")[2])


def main() -> int:
    given = _arguments()
    try:
        return destroy(Target.read(given.stack, given.root), asks=not given.yes, patience=given.patience)
    except (UnknownStack, Refused, NotRunning) as refused:
        sys.stderr.write(f"{refused}\n")
        return REFUSED
    except KeyboardInterrupt:
        sys.stderr.write("\nbroken off. What is gone is gone; run the same command again to go on.\n")
        return BROKEN_OFF


def destroy(target: Target, asks: bool, patience: float) -> int:
    """The exit code. Raises Refused, with nothing changed."""
    if target.protected:
        raise Refused(
            f"stack {target.name} is protected: protectData is true in Pulumi.{target.name}.yaml.\n{_UNPROTECT.format(name=target.name)}"
        )
    if not _can_begin(target):
        return FAILED
    recorded = read_state(target)
    refuse_locked(target, recorded)
    if _announce(target, recorded) != DONE:
        return FAILED
    if asks:
        _ask(target)
    return _end(target, recorded, patience)


def _can_begin(target: Target) -> bool:
    if target.is_local:
        return stack.cloud("start", target.root) == DONE
    if not shutil.which("pulumi"):
        raise Refused(f"stack {target.name} is on Google Cloud and needs Pulumi's CLI: https://www.pulumi.com/docs/install")
    return True


def read_state(target: Target) -> Sequence[Recorded]:
    """Raises Refused where it cannot be read: what is protected would not be known."""
    document = _exported(target)
    resources = (document.get("deployment") or {}).get("resources") or []
    return [
        Recorded(entry["urn"], entry["type"], bool(entry.get("protect")), entry.get("outputs") or {})
        for entry in resources
        if entry.get("custom") and not entry["type"].startswith("pulumi:")
    ]


def _exported(target: Target) -> dict[str, Any]:
    embedded = target.root / "state" / f"{target.name}.json"
    driver = stack.engine(target.root) if target.is_local else None
    if driver is None or isinstance(driver, stack.Cli):
        command = ["pulumi", "stack", "export", "--stack", target.name]
        done = subprocess.run(command, env=driver.environment() if driver else None, check=False, capture_output=True, text=True)
        if done.returncode == 0:
            return dict(json.loads(done.stdout))
        if driver is None:
            raise Refused(f"the state of stack {target.name} cannot be read:\n{done.stderr.strip()}")
    # on the local stack the CLI may not have taken the embedded engine's state over yet
    return dict(json.loads(embedded.read_text())) if embedded.exists() else {}


def refuse_locked(target: Target, recorded: Sequence[Recorded]) -> None:
    """The file says that nothing is protected; what counts is what the last `up` made of it."""
    locked = [f"  {resource}: {', '.join(resource.locks)}" for resource in recorded if resource.locks]
    if locked:
        said = f"stack {target.name} is still protected: protectData is false in its file, but no `up` has lifted it yet."
        raise Refused("\n".join([said, *locked, _UNPROTECT.format(name=target.name)]))


def _announce(target: Target, recorded: Sequence[Recorded]) -> int:
    say(f"destroy {target.name}: project {target.project}, region {target.region}\n")
    if failed := _child(target, "scripts.retire", "--list"):
        return failed
    data = [f"{resource.type.rpartition(':')[2].lower()} {resource}" for resource in recorded if resource.type in _HOLDS_DATA]
    say(f"  by Pulumi     {len(recorded)} resources" + (", these with all that they hold:" if data else ""))
    for each in data:
        say(f"                {each}")
    if not target.is_local:
        say(_STAYS.format(base=f"{target.base_model}; " if target.base_model.startswith("gs://") else ""))
    return DONE


def _ask(target: Target) -> None:
    sys.stdout.write("\nType the stack's name to destroy it: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != target.name:
        raise Refused("\nNothing was changed: that is not the stack's name. (--yes does not ask.)")


def _end(target: Target, recorded: Sequence[Recorded], patience: float) -> int:
    say("1  what jobs made")
    has_database = any(resource.type == _DATABASE for resource in recorded)
    if _child(target, "scripts.retire", "--patience", str(patience), *([] if has_database else ["--without-database"])):
        say(_WHY_NOT.format(name=target.name))
        return FAILED
    say("\n2  what Pulumi made")
    if _destroyed(target) != DONE:
        say("\nPulumi's destroy did not finish; the lines above say why. Run the same command again.")
        return FAILED
    say("3  what is left")
    left = _child(target, "scripts.remains")
    stopped = stack.cloud("stop", target.root) if target.is_local else DONE
    return left or stopped


def _destroyed(target: Target) -> int:
    if target.is_local:
        return stack.engine(target.root).run("destroy", target.name)
    # the name has been typed: Pulumi need not ask again
    return subprocess.run(["pulumi", "destroy", "--stack", target.name, "--yes", "--skip-preview"], check=False).returncode


def _child(target: Target, module: str, *flags: str) -> int:
    """In a process of its own: Google's libraries read who they are when they are imported."""
    command = [stack.PYTHON, "-m", module, "--stack", target.name, "--root", str(target.root), *flags]
    return subprocess.run(command, env=target.environment(), check=False).returncode


def _arguments() -> argparse.Namespace:
    parser = stack_parser(__doc__)
    parser.add_argument("--yes", action="store_true", help="do not ask for the stack's name")
    parser.add_argument("--patience", type=float, default=20.0, metavar="MINUTES", help="how long one object of Vertex AI may take")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
