"""The files of both revisions as git knows them, so that an image can be told by the files that it is made of.

BASE's worktree is gone once the preview is made. Its commit is not.
"""

import hashlib
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from local.run.ignore import IgnoreFile
from scripts.preview.look import Preview, StackPreview

Files = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Tree:
    """A revision, read once; `commit` is "" for what is in the folder."""

    folder: Path
    commit: str = ""

    @cached_property
    def files(self) -> Files:
        """The digest of each, executable ones apart, by its name below the folder."""
        return dict(self._committed() if self.commit else self._present())

    def context(self, dockerfile: str) -> Files:
        """What a build with this Dockerfile sees, as far as git knows it."""
        own = f"{dockerfile}.dockerignore"
        ignored = IgnoreFile(self.text(own if own in self.files else ".dockerignore"))
        recipe = {dockerfile, own}
        return {name: digest for name, digest in self.files.items() if name in recipe or not ignored.ignores(name)}

    def has(self, name: str) -> bool:
        return name in self.files if self.commit else (self.folder / name).is_file()

    def text(self, name: str) -> str:
        """Empty where it is not there."""
        if not self.has(name):
            return ""
        return _git(self.folder, "show", f"{self.commit}:./{name}") if self.commit else (self.folder / name).read_text()

    def _committed(self) -> Iterator[tuple[str, str]]:
        for line in _git(self.folder, "ls-tree", "-r", "-z", self.commit).split("\0"):
            about, _, name = line.partition("\t")
            if name:
                mode, _, digest = about.split(" ")
                yield name, f"{mode} {digest}"

    def _present(self) -> Iterator[tuple[str, str]]:
        for name in _git(self.folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
            path = self.folder / name
            if name and path.is_symlink():
                yield name, f"120000 {_blob(str(path.readlink()).encode())}"
            elif name and path.is_file():
                yield name, f"{'100755' if path.stat().st_mode & 0o100 else '100644'} {_blob(path.read_bytes())}"


@dataclass(frozen=True)
class Sourced(StackPreview):
    """A preview whose revisions' files can be looked into."""

    base: Tree | None
    head: Tree


def with_sources(preview: Preview) -> Preview:
    base = Tree(preview.head.folder, preview.base.commit) if preview.base else None
    head = Tree(preview.head.folder)
    return replace(preview, stacks=tuple(Sourced(stack.evaluation, stack.changes, base, head) for stack in preview.stacks))


def differing(before: Files, after: Files) -> tuple[list[str], list[str], list[str]]:
    """Files that are new, others than they were, and gone."""
    changed = [name for name in before if name in after and before[name] != after[name]]
    return sorted(set(after) - set(before)), sorted(changed), sorted(set(before) - set(after))


def marked(files: tuple[Iterable[str], Iterable[str], Iterable[str]]) -> list[str]:
    """As a coloured diff has them: new, changed, gone."""
    signs = dict(zip("+!-", files, strict=True))
    return [f"{sign} {name}" for sign, names in signs.items() for name in names]


def _blob(content: bytes) -> str:
    """As git calls it."""
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content), usedforsecurity=False).hexdigest()


def _git(folder: Path, *words: str) -> str:
    """Nothing, where there is no git: then there is no BASE either."""
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False).stdout
