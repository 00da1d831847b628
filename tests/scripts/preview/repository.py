"""A small git repository with a small program, for the real engine and the real provider."""

import subprocess
import textwrap
from pathlib import Path

from scripts.preview.look import StackPreview, look

PRELUDE = """
import pulumi
from pulumi import Output, ResourceOptions


class thing(pulumi.CustomResource):
    def __init__(self, kind, logical, options, properties):
        super().__init__(kind, logical, {"selfLink": None, **properties}, options)


def Bucket(logical, options=None, **properties):
    return thing("gcp:storage/bucket:Bucket", logical, options, {"name": f"team-{logical}", "location": "us-central1", **properties})


def Topic(logical, options=None, **properties):
    return thing("gcp:pubsub/topic:Topic", logical, options, {"name": logical, **properties})


def Service(logical, options=None, **properties):
    return thing("gcp:cloudrunv2/service:Service", logical, options, {"name": logical, "location": "us-central1", **properties})


class Group(pulumi.ComponentResource):
    def __init__(self, name, options=None):
        super().__init__("demo:index:Group", name, {}, options)
"""


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.write("Pulumi.yaml", "name: demo\nruntime: python\n")
        self.write("Pulumi.dev.yaml", "config:\n  gcp:project: team-dev\n  gcp:region: us-central1\n")
        self.write(".gitignore", ".local/\n__pycache__\n")
        self.write("things.py", PRELUDE)

    def git(self, *words: str) -> str:
        return subprocess.run(["git", *words], cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def program(self, body: str) -> None:
        self.write("__main__.py", "from things import *\n" + textwrap.dedent(body))

    def commit(self, body: str | None = None) -> None:
        if body is not None:
            self.program(body)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a change")

    def preview(self, body: str | None = None, base: str | None = "main") -> StackPreview:
        """Of stack dev, with `body` in the working tree."""
        if body is not None:
            self.program(body)
        return look(self.folder, base, ["dev"]).stacks[0]
