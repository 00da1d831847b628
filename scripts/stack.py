"""Drive a stack with Pulumi's CLI where it is installed, with the embedded engine where it is not.

The stack `local` is served by the local cloud, which `up` starts first and `down` stops last. Every other stack is on Google Cloud and
is the CLI's alone.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LOCAL = "local"
ROOT = Path(".local")
PYTHON = sys.executable
_SALT = "encryptionsalt:"
# whose providers the local cloud answers for
_PACKAGES = ("gcp", "docker", "command", "time")
_POLICY = "infra/policy"
# who types `make up` has agreed already
_AGREED = ("--yes", "--skip-preview")


class Engine:
    """The commands of a stack on the local cloud whose state is in `root`."""

    name = "embedded engine"

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root

    def run(self, command: str, stack: str, *flags: str) -> int:
        call = [PYTHON, "-m", "local.engine", command, "--stack", stack, "--root", str(self.root), *_AGREED, *flags]
        return _run(call, self.environment())

    def outputs(self, stack: str) -> dict[str, str]:
        text = _read([PYTHON, "-m", "local.engine", "outputs", "--stack", stack, "--root", str(self.root), "--json"], self.environment())
        return dict(json.loads(text))

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PULUMI_CONFIG_PASSPHRASE": passphrase(self.root)}


class Cli(Engine):
    """Pulumi's CLI, attached to the provider server of the local cloud; its state lies beside the embedded engine's."""

    name = "Pulumi CLI"

    def run(self, command: str, stack: str, *flags: str) -> int:
        self._select(stack)
        return _run(["pulumi", command, "--stack", stack, "--config-file", str(self._config(stack)), *_AGREED, *flags], self.environment())

    def outputs(self, stack: str) -> dict[str, str]:
        return dict(json.loads(_read(["pulumi", "stack", "output", "--stack", stack, "--json"], self.environment())))

    def _select(self, stack: str) -> None:
        """The first time, the state that the embedded engine has written is taken over."""
        known = _read(["pulumi", "stack", "ls", "--json"], self.environment())
        if stack in {entry["name"] for entry in json.loads(known)}:
            return
        self._init(stack)
        embedded = self.root / "state" / f"{stack}.json"
        if embedded.exists():
            _run(["pulumi", "stack", "import", "--stack", stack, "--file", str(embedded)], self.environment())

    def _init(self, stack: str) -> None:
        """The CLI writes the salt of this laptop's state into the stack's file; it belongs to the copy, the file is everybody's."""
        file = Path(f"Pulumi.{stack}.yaml")
        before = file.read_text()
        try:
            _run(["pulumi", "stack", "init", stack], self.environment())
            salt = [line for line in file.read_text().splitlines() if line.startswith(_SALT)]
        finally:
            file.write_text(before)
        copy = self._copy(stack)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text("\n".join([*salt, before]))

    def _config(self, stack: str) -> Path:
        """The stack's values as they are now, with the salt of this laptop."""
        copy = self._copy(stack)
        salt = [line for line in copy.read_text().splitlines() if line.startswith(_SALT)] if copy.exists() else []
        copy.write_text("\n".join([*salt, Path(f"Pulumi.{stack}.yaml").read_text()]))
        return copy

    def _copy(self, stack: str) -> Path:
        return self.root / "state" / f"Pulumi.{stack}.yaml"

    def environment(self) -> dict[str, str]:
        backend = self.root / "state" / "pulumi"
        backend.mkdir(parents=True, exist_ok=True)
        provider = json.loads((self.root / "cloud.json").read_text())["provider"].rpartition(":")[2]
        return {
            **super().environment(),
            "PULUMI_BACKEND_URL": f"file://{backend.resolve()}",
            "PULUMI_DEBUG_PROVIDERS": ",".join(f"{package}:{provider}" for package in _PACKAGES),
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }


def engine(root: Path = ROOT) -> Engine:
    return Cli(root) if shutil.which("pulumi") else Engine(root)


def passphrase(root: Path) -> str:
    """Of this laptop's state; made once, readable by its owner alone."""
    file = root / "keys" / "passphrase"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24))
    return file.read_text()


def cloud(command: str, root: Path = ROOT) -> int:
    return _run([PYTHON, "-m", "local", command, "--root", str(root)])


def up(stack: str, root: Path = ROOT) -> int:
    if stack != LOCAL:
        return _google("up", stack)
    failed = cloud("start", root)
    if failed:
        return failed
    driver = engine(root)
    _say(f"{driver.name}: up")
    failed = driver.run("up", stack)
    if not failed:
        _say(f"portal: {driver.outputs(stack)['portal']}")
    return failed


def down(stack: str, root: Path = ROOT) -> int:
    """Destroying needs the cloud, so one that stands still is started for it, if there is anything to destroy."""
    if stack != LOCAL:
        return _google("destroy", stack)
    if not (root / "state").exists():
        return cloud("stop", root)
    failed = cloud("start", root) or engine(root).run("destroy", stack)
    return cloud("stop", root) or failed


def _google(command: str, stack: str) -> int:
    if not shutil.which("pulumi"):
        sys.stderr.write(f"stack {stack} is on Google Cloud and needs Pulumi's CLI: https://www.pulumi.com/docs/install\n")
        return 2
    checked = ["--policy-pack", _POLICY] if command == "up" else []
    return _run(["pulumi", command, "--stack", stack, *checked])


def _run(command: Sequence[str], environment: dict[str, str] | None = None) -> int:
    return subprocess.run(command, env=environment, check=False).returncode


def _read(command: Sequence[str], environment: dict[str, str]) -> str:
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["up", "down", "refresh"])
    parser.add_argument("--stack", default=LOCAL)
    arguments = parser.parse_args()
    if arguments.command == "refresh":
        return engine().run("refresh", arguments.stack)
    return {"up": up, "down": down}[arguments.command](arguments.stack)


if __name__ == "__main__":
    sys.exit(main())
