"""COPY: which files of a source go where."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from local.run.ignore import Pattern, pattern_of


@dataclass(frozen=True)
class Source:
    """The context, or an earlier stage. `may_lack`: text of the steps that this machine stands in for."""

    root: Path
    files: list[str]
    where_missing: str
    may_lack: str = ""

    def matches(self, path: str) -> Iterator[tuple[str, PurePosixPath]]:
        """Each file that `path` names, and its name below the folder that `path` stands for ("." for a file itself)."""
        pattern = pattern_of(path)
        depth = len(pattern.parts) if pattern else 0
        for file in self.files:
            parts = PurePosixPath(file).parts
            if _names(pattern, "/".join(parts[:depth]), len(parts) >= depth):
                yield file, PurePosixPath(*parts[depth:])

    def lacks_rightly(self, path: str) -> bool:
        """Whether a skipped step (pip install, apt-get) would have made it: a virtual environment, a tool in /usr."""
        return bool(self.may_lack) and path.startswith("/") and (path.startswith("/usr/") or path.rstrip("/") in self.may_lack)


def _names(pattern: Pattern | None, head: str, deep_enough: bool) -> bool:
    return pattern is None or (deep_enough and pattern.matches(head))


def copied(source: Source, folder: Path, workdir: str, paths: list[str], origins: dict[str, Path]) -> list[str]:
    """Copies `paths[:-1]` to `paths[-1]` below `folder`; answers what is missing. Remembers in `origins` what came from where."""
    *wanted, target = paths
    destination = PurePosixPath(workdir) / target
    into = target.endswith(("/", ".")) or len(wanted) > 1 or (folder / str(destination).lstrip("/")).is_dir()
    missing = []
    for path in wanted:
        found = list(source.matches(path))
        for file, below in found:
            inside = destination / below if below.parts else destination / PurePosixPath(file).name if into else destination
            _place(source.root / file, folder, inside)
            origins[str(inside)] = source.root / file
        if not found and not source.lacks_rightly(path):
            missing.append(path)
    return missing


def _place(file: Path, folder: Path, inside: PurePosixPath) -> None:
    target = folder / str(inside).lstrip("/")
    # node_modules is a link to the laptop's: a copy must not write through it
    if target.is_symlink() or any(parent.is_symlink() for parent in target.parents if folder in parent.parents):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, target, follow_symlinks=False)
