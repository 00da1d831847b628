"""The store of built images: a folder for each digest."""

import asyncio
import hashlib
import json
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.layout import Layout
from local.run.builder import Build, Stage
from local.run.environment import base_environment
from local.run.errors import NoSuchImage
from local.run.ignore import IgnoreFile
from local.run.records import write_whole

# Part of every digest: raised when the interpreter comes to build something else from the same files.
_FORMAT = "1"


@dataclass(frozen=True)
class Image:
    """What a process is started from. `root` stands for the image's /."""

    digest: str
    root: Path
    workdir: str
    env: Mapping[str, str]
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    user: str = ""
    ports: tuple[str, ...] = ()

    def words(self, command: tuple[str, ...], args: tuple[str, ...]) -> tuple[str, ...]:
        """As in Kubernetes: `command` replaces ENTRYPOINT and forgets CMD, `args` replaces CMD."""
        if command:
            return (*command, *args)
        return (*self.entrypoint, *(args or self.command))


class ImageStore:
    """Satisfies `interfaces.Images`."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._folder = layout.folder("run/images").resolve()
        self._locks: dict[str, asyncio.Lock] = {}

    def digest(self, context: Path, dockerfile: Path) -> str:
        total = hashlib.sha256(f"{_FORMAT}\0".encode() + dockerfile.read_bytes())
        for name in IgnoreFile.of(context, dockerfile).files(context):
            total.update(f"\0{name}\0".encode() + _content(context / name))
        return f"sha256:{total.hexdigest()}"

    async def build(self, name: str, context: Path, dockerfile: Path) -> str:
        digest = await asyncio.to_thread(self.digest, context, dockerfile)
        async with self._locks.setdefault(digest, asyncio.Lock()):
            if not self._record(digest).exists():
                await self._build(digest, context, dockerfile)
        return f"{name}@{digest}"

    def image(self, ref: str) -> Image:
        """`NAME@sha256:...`; the digest alone decides."""
        digest = ref.rpartition("@")[2]
        record = self._record(digest)
        if not digest.startswith("sha256:") or not record.exists():
            raise NoSuchImage(ref)
        found = json.loads(record.read_text())
        root = Path(found.get("root") or record.parent / "fs")
        entrypoint, command, ports = (tuple(found.get(name, ())) for name in ("entrypoint", "command", "ports"))
        return Image(digest, root, found["workdir"], found["env"], entrypoint, command, found.get("user", ""), ports)

    def sweep(self) -> None:
        """Remove what builds left that were cut off by a kill. For a daemon's start, when no build runs."""
        for folder in self._folder.glob(".*"):
            shutil.rmtree(folder, ignore_errors=True)

    def adopt(self, name: str, folder: Path, command: tuple[str, ...], env: Mapping[str, str]) -> str:
        """An image of a folder as it stands: nothing is copied, and the folder must stay."""
        text = json.dumps({"root": str(folder), "workdir": "/", "env": dict(env), "entrypoint": [], "command": command})
        digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
        record = self._record(digest)
        record.parent.mkdir(parents=True, exist_ok=True)
        write_whole(record, text)
        return f"{name}@{digest}"

    async def _build(self, digest: str, context: Path, dockerfile: Path) -> None:
        scratch = self._folder / f".{uuid.uuid4().hex}"
        scratch.mkdir()
        try:
            stage = await Build(context, dockerfile, scratch, base_environment(self._layout, "build")).run()
            await asyncio.to_thread(self._keep, digest, stage)
        finally:
            await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)

    def _keep(self, digest: str, stage: Stage) -> None:
        """The record inside the folder is written before the folder gets its name: a half image is never found."""
        finished = stage.folder.parent / "finished"
        finished.mkdir()
        stage.folder.rename(finished / "fs")
        about = {
            "workdir": stage.workdir,
            "env": stage.env,
            "entrypoint": stage.entrypoint,
            "command": stage.command,
            "user": stage.user,
            "ports": stage.ports,
        }
        write_whole(finished / "image.json", json.dumps(about, indent=2))
        shutil.rmtree(self._record(digest).parent, ignore_errors=True)
        finished.rename(self._record(digest).parent)

    def _record(self, digest: str) -> Path:
        return self._folder / digest.removeprefix("sha256:") / "image.json"


def _content(path: Path) -> bytes:
    if path.is_symlink():
        return b"link\0" + str(path.readlink()).encode()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
