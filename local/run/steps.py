"""RUN: what is done, what is left to this machine, and what is refused."""

import asyncio
import re
import shlex
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from local.run.environment import dies_with_parent, image_environment, localised

# Packages, users and permissions are this machine's: its locked environment has what the image would install.
_MACHINE = {
    *("pip", "pip3", "uv", "apt-get", "apt", "dpkg", "useradd", "groupadd", "adduser", "addgroup", "usermod", "chown", "chmod"),
    *("rm", "ln", "set", "true", ":", "corepack", "ldconfig", "update-ca-certificates"),
}
_MACHINE_MODULES = {"pip", "venv", "ensurepip", "compileall", "uv", "virtualenv"}
_EXECUTED = {"node", "npx", "python", "python3", "sh", "bash", "tsc", "vite"}


class HasFiles(Protocol):
    """The stage that a RUN belongs to."""

    folder: Path
    workdir: str
    env: dict[str, str]
    origins: dict[str, Path]
    skipped: list[str]

    def inside(self, path: str) -> Path: ...

    def variables(self) -> dict[str, str]: ...


class Shell:
    """The commands of one RUN, one after the other; `cd` holds to the end of that RUN."""

    def __init__(self, stage: HasFiles, base: dict[str, str], scratch: Path) -> None:
        self._stage, self._base = stage, base
        self._log = scratch / "build.log"
        self._folder = "."

    async def run(self, text: str) -> None:
        """Raises ValueError with what failed."""
        script = re.sub(r"^(--\w+(=\S+)?\s+)+", "", text)
        words = shlex.split(script[1:-1].replace(",", " ")) if script.startswith("[") else None
        for line in [shlex.join(words)] if words else _commands(script):
            await self._command(line)

    async def _command(self, line: str) -> None:
        words = [word for word in shlex.split(line) if not re.fullmatch(r"[A-Z_][A-Z0-9_]*=.*", word)]
        if words and "/" in words[0]:
            # /venv/bin/pip: the image's tools are this machine's, by their names
            line = line.replace(words[0], PurePosixPath(words[0]).name, 1)
            words[0] = PurePosixPath(words[0]).name
        if not words or self._is_machines(words):
            self._stage.skipped.append(line)
        elif words[0] == "cd":
            self._folder = str(PurePosixPath(self._folder) / words[1])
        elif words[0] == "mkdir":
            self._make_folders(words[1:])
        elif words[0] == "npm" and _npm_verb(words) in ("ci", "install", "i"):
            self._link_node_modules(words)
        elif words[0] in _EXECUTED or (words[0] == "npm" and _npm_verb(words) in ("run", "run-script", "exec", "test")):
            await self._execute(line)
        else:
            raise ValueError(
                f"the local cloud does not run {words[0]!r} in a build: it knows pip, uv, apt-get, useradd (this machine's matter), "
                f"mkdir, npm ci, npm run, node and python"
            )

    def _is_machines(self, words: list[str]) -> bool:
        is_module = words[0].startswith("python") and words[1:2] == ["-m"] and words[2] in _MACHINE_MODULES
        return is_module or words[0] in _MACHINE or words[:2] == ["npm", "cache"]

    def _make_folders(self, words: list[str]) -> None:
        for path in (word for word in words if not word.startswith("-")):
            self._here(path).mkdir(parents=True, exist_ok=True)

    def _here(self, path: str) -> Path:
        return self._stage.inside(str(PurePosixPath(self._folder) / path))

    def _link_node_modules(self, words: list[str]) -> None:
        """The packages stand already beside the package.json that was copied here."""
        prefix = next((words[place + 1] for place, word in enumerate(words) if word == "--prefix"), ".")
        folder = self._here(prefix)
        manifest = "/" + str(folder.relative_to(self._stage.folder) / "package.json")
        origin = self._stage.origins.get(manifest)
        if origin is None:
            raise ValueError(f"npm finds no {manifest}; COPY package.json first")
        modules = origin.parent / "node_modules"
        if not modules.is_dir():
            raise ValueError(f"{modules} is missing; run `npm ci` in {origin.parent} (or `make setup`)")
        link = folder / "node_modules"
        if not link.is_symlink():
            link.symlink_to(modules.absolute())

    async def _execute(self, line: str) -> None:
        env = image_environment(self._stage.variables(), self._stage.folder, self._base)
        folder = self._here(".")
        folder.mkdir(parents=True, exist_ok=True)
        arguments = dies_with_parent(["/bin/sh", "-c", localised(line, self._stage.folder)])
        with self._log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *arguments, cwd=folder, env=env, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
            try:
                code = await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
        if code:
            tail = "\n  ".join(self._log.read_text(errors="replace").splitlines()[-20:])
            raise ValueError(f"`{line}` failed with exit code {code}:\n  {tail}")


def _npm_verb(words: list[str]) -> str:
    """The first word that is neither an option nor the folder of --prefix."""
    rest = iter(words[1:])
    for word in rest:
        if word == "--prefix":
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return ""


def _commands(script: str) -> Iterator[str]:
    """Split at &&, ; and line ends outside quotes. What follows || is the way out when this machine lacks something: left out."""
    pieces = re.findall(r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\"'&;|\n]|&(?!&)|\|(?!\|))+|&&|\|\||;|\n", script)
    after_or = False
    for piece in pieces:
        if piece in ("&&", "||", ";", "\n"):
            after_or = piece == "||"
        elif piece.strip() and not after_or:
            yield piece.strip()
