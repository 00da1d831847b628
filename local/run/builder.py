"""Interprets a Dockerfile: what COPY and ENV say is done, what installs packages is this machine's matter."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from local.run.copying import Source, copied
from local.run.dockerfile import Instruction, assignments, command, expand, parse, words_of
from local.run.errors import BuildFailed
from local.run.ignore import IgnoreFile
from local.run.steps import Shell


@dataclass
class Stage:
    """What one FROM has become so far. `folder` is its root file system."""

    folder: Path
    workdir: str = "/"
    env: dict[str, str] = field(default_factory=dict)
    args: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    user: str = ""
    ports: tuple[str, ...] = ()
    # image path -> file of the context; tells where a package.json came from
    origins: dict[str, Path] = field(default_factory=dict)
    # commands that were left to this machine; what they would have made cannot be copied from here
    skipped: list[str] = field(default_factory=list)

    def variables(self) -> dict[str, str]:
        return {**self.args, **self.env}

    def inside(self, path: str) -> Path:
        """An image path, relative ones below WORKDIR, as a path of this machine."""
        return self.folder / str(PurePosixPath(self.workdir) / path).lstrip("/")


class Build:
    """One run over a Dockerfile. Stages are made below `scratch`."""

    def __init__(self, context: Path, dockerfile: Path, scratch: Path, base: dict[str, str]) -> None:
        self._context, self._dockerfile, self._scratch = context, dockerfile, scratch
        self._base = base
        self._files = list(IgnoreFile.of(context, dockerfile).files(context))
        self._stages: dict[str, Stage] = {}
        self._global_args: dict[str, str] = {}
        self._stage: Stage | None = None
        self._does: dict[str, Callable[[Stage, Instruction], Awaitable[None]]] = {
            "COPY": self._copy,
            "ADD": self._copy,
            "RUN": self._run,
        }

    async def run(self) -> Stage:
        for instruction in parse(self._dockerfile):
            try:
                await self._step(instruction)
            except OSError as error:
                raise self._failed(instruction, str(error)) from error
        if self._stage is None:
            raise BuildFailed(self._dockerfile, 1, "there is no FROM")
        return self._stage

    async def _step(self, instruction: Instruction) -> None:
        if instruction.name == "FROM":
            self._stage = await asyncio.to_thread(self._from, instruction)
        elif self._stage is None:
            self._before_from(instruction)
        elif instruction.name in self._does:
            await self._does[instruction.name](self._stage, instruction)
        elif not _declare(self._stage, instruction):
            raise self._failed(instruction, f"the local cloud does not interpret {instruction.name}")

    def _before_from(self, instruction: Instruction) -> None:
        if instruction.name != "ARG":
            raise self._failed(instruction, f"{instruction.name} before the first FROM")
        self._global_args.update(_argument(instruction.value, self._global_args))

    def _from(self, instruction: Instruction) -> Stage:
        words = [expand(word, self._global_args) for word in words_of(instruction.value) if not word.startswith("--")]
        number = sum(name.isdigit() for name in self._stages)
        folder = self._scratch / f"stage-{number}"
        base = self._stages.get(words[0].lower()) if words else None
        if base:
            shutil.copytree(base.folder, folder, symlinks=True)
            stage = replace(base, folder=folder, env=dict(base.env), origins=dict(base.origins), args={}, skipped=list(base.skipped))
        else:
            folder.mkdir(parents=True)
            stage = Stage(folder)
        stage.args = dict(self._global_args)
        self._stages[str(number)] = stage
        if len(words) == 3 and words[1].upper() == "AS":
            self._stages[words[2].lower()] = stage
        return stage

    async def _copy(self, stage: Stage, instruction: Instruction) -> None:
        words = words_of(instruction.value)
        if instruction.value.startswith("["):
            words = list(command(instruction.value))
        flags = dict(word.removeprefix("--").partition("=")[::2] for word in words if word.startswith("--"))
        paths = [expand(word, stage.variables()) for word in words if not word.startswith("--")]
        if len(paths) < 2:
            raise self._failed(instruction, f"{instruction.name} needs a source and a destination")
        source = self._source(flags.get("from"))
        if source is None:
            stage.skipped.append(instruction.value)
            return
        missing = await asyncio.to_thread(copied, source, stage.folder, stage.workdir, paths, stage.origins)
        if missing:
            raise self._failed(instruction, f"{instruction.name} of {', '.join(missing)}: {source.where_missing}")

    def _source(self, stage_name: str | None) -> Source | None:
        """None is an image of the outside world (a tool to be copied in), whose files are this machine's matter."""
        if stage_name is None:
            return Source(self._context, self._files, f"no such file in {self._context}, or its ignore file hides it")
        stage = self._stages.get(stage_name.lower())
        if stage is None:
            return None
        files = list(IgnoreFile().files(stage.folder))
        made_here = " ".join([*stage.skipped, *stage.env.values()])
        return Source(stage.folder, files, f"no such file in stage {stage_name}", may_lack=made_here)

    async def _run(self, stage: Stage, instruction: Instruction) -> None:
        try:
            await Shell(stage, self._base, self._scratch).run(instruction.value)
        except ValueError as error:
            raise self._failed(instruction, str(error)) from error

    def _failed(self, instruction: Instruction, text: str) -> BuildFailed:
        return BuildFailed(self._dockerfile, instruction.line, text)


def _argument(value: str, variables: dict[str, str]) -> dict[str, str]:
    """`ARG NAME` without a default takes what an ARG before the first FROM said."""
    name, _, default = value.partition("=")
    text = _plain(default)
    return {name: expand(text, variables) if text else variables.get(name, "")}


def _plain(value: str) -> str:
    words = words_of(value)
    return words[0] if words else ""


def _declare(stage: Stage, instruction: Instruction) -> bool:
    """Instructions that only describe the image."""
    value = expand(instruction.value, stage.variables())
    match instruction.name:
        case "ENV":
            stage.env.update({name: expand(text, stage.variables()) for name, text in assignments(instruction.value).items()})
        case "ARG":
            stage.args.update(_argument(instruction.value, stage.variables()))
        case "WORKDIR":
            stage.workdir = str(PurePosixPath(stage.workdir) / _plain(value))
            stage.inside(".").mkdir(parents=True, exist_ok=True)
        case "CMD":
            stage.command = command(instruction.value)
        case "ENTRYPOINT":
            stage.entrypoint, stage.command = command(instruction.value), ()
        case "USER":
            stage.user = value
        case "EXPOSE":
            stage.ports = (*stage.ports, *value.split())
    return instruction.name in _DECLARATIONS


_DECLARATIONS = {
    *("ENV", "ARG", "WORKDIR", "CMD", "ENTRYPOINT", "USER", "EXPOSE"),
    *("LABEL", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER", "VOLUME"),
}
