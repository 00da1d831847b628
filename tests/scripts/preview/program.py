"""This repository's program as it is in the working tree, committed to a repository of its own; each patch in a worktree of that."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from scripts.preview.look import Preview, look
from tests.scripts.preview.patches import Patch

ROOT = Path(__file__).parents[3]
_Made = TypeVar("_Made")
_AUTHOR = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")


def copied(folder: Path) -> Path:
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    _commit(folder)
    return folder


def previewed(copy: Path, folder: Path, patch: Patch, made: Callable[[Preview], _Made]) -> _Made:
    """What `made` makes of the preview of a patch, while its folder is there."""
    git(copy, "worktree", "add", "--quiet", "--detach", str(folder), "main")
    for edit in patch.before:
        edit.apply(folder)
    if patch.before:
        _commit(folder)
    for edit in patch.edits:
        edit.apply(folder)
    for name in patch.gone:
        (folder / name).unlink()
    try:
        return made(look(folder, "HEAD", patch.stacks))
    finally:
        git(copy, "worktree", "remove", "--force", str(folder))


def _commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, *_AUTHOR, "commit", "--quiet", "--message", "as it is")


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout
