"""One stack under one of the two engines: the scenarios say what happens to it, not who does it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.engines.folder_cloud import FolderCloud

REPOSITORY = Path(__file__).parents[2]
PASSPHRASE = "open sesame"

PRELUDE = """
import pulumi
from pulumi import Output, ResourceOptions


class Thing(pulumi.CustomResource):
    path: pulumi.Output[str]

    def __init__(self, kind, logical, options, properties):
        super().__init__(f"test:index:{kind}", logical, {"path": None, **properties}, options)


def Folder(logical, options=None, **properties):
    return Thing("Folder", logical, options, properties)


def File(logical, options=None, **properties):
    return Thing("File", logical, options, {"name": logical, **properties})


class Group(pulumi.ComponentResource):
    def __init__(self, name, options=None):
        super().__init__("demo:index:Group", name, {}, options)
"""


@dataclass(frozen=True)
class Run:
    code: int
    text: str

    @property
    def summary(self) -> dict[str, int]:
        """The lines under `Resources:`, such as {"created": 2, "unchanged": 1}."""
        section = self.text.partition("Resources:\n")[2].partition("\n\n")[0]
        found = {words: int(count) for count, words in re.findall(r"(\d+) (\w[\w ]*)", section)}
        found.pop("changes", None)
        return found

    def changes(self) -> dict[str, int]:
        return {words: count for words, count in self.summary.items() if words != "unchanged"}


class Stack:
    engine = ""

    def __init__(self, folder: Path, cloud: FolderCloud, port: int) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        self.cloud = cloud
        self.port = port
        (self.folder / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
        (self.folder / "Pulumi.local.yaml").write_text("config:\n  gcp:project: sd-local\n")
        (self.folder / "things.py").write_text(PRELUDE)

    def configure(self, key: str, value: str) -> None:
        file = self.folder / "Pulumi.local.yaml"
        file.write_text(file.read_text().replace("config:\n", f"config:\n  {key}: {value}\n", 1))

    def program(self, body: str) -> None:
        (self.folder / "__main__.py").write_text("from things import *\n" + textwrap.dedent(body))

    def up(self, body: str | None = None, *flags: str) -> Run:
        if body is not None:
            self.program(body)
        run = self.try_up(None, *flags)
        assert run.code == 0, run.text
        return run

    def try_up(self, body: str | None = None, *flags: str) -> Run:
        if body is not None:
            self.program(body)
        return self._command("up", "--yes", "--skip-preview", *self._continuing, *flags)

    def preview(self, *flags: str) -> Run:
        return self._command("preview", *flags)

    def refresh(self, *flags: str) -> Run:
        return self._command("refresh", *(() if "--preview-only" in flags else self._refreshing), *flags)

    def destroy(self) -> Run:
        return self._command("destroy", "--yes", *self._destroying)

    def export(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self._checked("stack", "export"))
        return document

    def deployment(self) -> dict[str, Any]:
        document: dict[str, Any] = self.export()["deployment"]
        return document

    def resources(self) -> dict[str, dict[str, Any]]:
        """By logical name; what is to be deleted is left out."""
        entries = self.deployment().get("resources", [])
        return {entry["urn"].rpartition("::")[2]: entry for entry in entries if not entry.get("delete")}

    def outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._checked("stack", "output", "--json", "--show-secrets"))
        return found

    def hand_over(self, deployment: dict[str, Any]) -> None:
        file = self.folder / "handed-over.json"
        file.write_text(json.dumps(deployment))
        self._checked("stack", "import", "--file", str(file))

    def start_up(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._arguments("up", "--yes", "--skip-preview"),
            cwd=self.folder,
            env=self._environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    _continuing: tuple[str, ...] = ()
    _refreshing: tuple[str, ...] = ("--yes",)
    _destroying: tuple[str, ...] = ()

    def _checked(self, *arguments: str) -> str:
        run = subprocess.run(
            self._arguments(*arguments), cwd=self.folder, env=self._environment(), text=True, capture_output=True, check=False, timeout=60
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    def _command(self, *arguments: str) -> Run:
        run = subprocess.run(
            self._arguments(*arguments),
            cwd=self.folder,
            env=self._environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=60,
        )
        return Run(run.returncode, run.stdout)

    def _arguments(self, *arguments: str) -> list[str]:
        raise NotImplementedError

    def _environment(self) -> dict[str, str]:
        own = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}
        # a program is rewritten within the second in which it ran: its bytecode would pass for the new one's
        own["PYTHONDONTWRITEBYTECODE"] = "1"
        return {**{key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}, **own}


class Embedded(Stack):
    engine = "embedded"

    def __init__(self, folder: Path, cloud: FolderCloud, port: int) -> None:
        super().__init__(folder, cloud, port)
        self.root = self.folder / ".local"
        self.root.mkdir()
        self.serve(project="sd-local")

    def serve(self, project: str) -> None:
        (self.root / "cloud.json").write_text(json.dumps({"project": project, "provider": f"127.0.0.1:{self.port}"}))

    @property
    def state(self) -> Path:
        return self.root / "state" / "local.json"

    def deployment(self) -> dict[str, Any]:
        # what `export` would print, without another process
        document: dict[str, Any] = json.loads(self.state.read_text())["deployment"]
        return document

    def _arguments(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "local.engine", *arguments, "--stack", "local"]

    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), "PYTHONPATH": str(REPOSITORY)}


class Cli(Stack):
    engine = "cli"
    _continuing = ("--continue-on-error",)
    _refreshing = ("--yes", "--skip-preview")
    _destroying = ("--skip-preview", "--continue-on-error")

    def __init__(self, folder: Path, cloud: FolderCloud, port: int) -> None:
        super().__init__(folder, cloud, port)
        self.backend = folder / "backend"
        self.backend.mkdir()
        self._checked("stack", "init", "local")

    def _arguments(self, *arguments: str) -> list[str]:
        return ["pulumi", "--non-interactive", *arguments]

    def _environment(self) -> dict[str, str]:
        attach = ",".join(f"{package}:{self.port}" for package in ("test", "gcp"))
        return {
            **super()._environment(),
            "PULUMI_HOME": str(self.backend.parent / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.backend}",
            "PULUMI_DEBUG_PROVIDERS": attach,
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }


def cli_is_present() -> bool:
    return shutil.which("pulumi") is not None


def interrupt(process: subprocess.Popen[str], number: signal.Signals) -> str:
    process.send_signal(number)
    text, _ = process.communicate(timeout=30)
    return text
