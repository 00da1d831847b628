"""The two revisions: BASE in a worktree of its own, HEAD as the working tree is."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

WORKPLACE = Path(".local/preview")


class PreviewError(Exception):
    """The preview cannot be made; the text says what to do about it."""


@dataclass(frozen=True)
class Revision:
    """`folder` is where Pulumi.yaml is; `python` the interpreter of its own lock, None where that is ours."""

    name: str
    commit: str
    folder: Path
    python: Path | None = None
    # written to: there are changes that are not committed
    dirty: bool = False

    @property
    def stacks(self) -> frozenset[str]:
        return frozenset(path.name[len("Pulumi.") : -len(".yaml")] for path in self.folder.glob("Pulumi.*.yaml"))


def working_tree(folder: Path) -> Revision:
    """HEAD. A folder outside git can be previewed too, against nothing."""
    folder = folder.resolve()
    if not (folder / "Pulumi.yaml").exists():
        raise PreviewError(f"there is no Pulumi.yaml in {folder}: run this in a Pulumi project")
    inside = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=False)
    if inside.returncode:
        return Revision("working tree", "", folder, dirty=True)
    return Revision("working tree", inside.stdout.strip(), folder, dirty=bool(_git(folder, "status", "--porcelain")))


@contextlib.contextmanager
def checked_out(base: str, head: Revision) -> Iterator[Revision]:
    """BASE, for as long as the context lasts; it goes however that ends, but for a kill -9, after which the next one clears up."""
    commit = _commit(head.folder, base)
    trees = head.folder / WORKPLACE / "trees"
    trees.mkdir(parents=True, exist_ok=True)
    _clear(head.folder, trees)
    tree = trees / f"{os.getpid()}-{commit[:12]}"
    with _ended_by_signals():
        try:
            _git(head.folder, "worktree", "add", "--quiet", "--detach", "--force", str(tree), commit)
            yield Revision(base, commit, tree / _git(head.folder, "rev-parse", "--show-prefix"))
        finally:
            _remove(head.folder, tree)


def _commit(folder: Path, base: str) -> str:
    try:
        return _git(folder, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}")
    except PreviewError:
        raise PreviewError(f"git knows no revision {base!r} here: fetch it first (in CI: fetch-depth 0), or name another BASE") from None


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PreviewError(f"git {words[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _clear(folder: Path, trees: Path) -> None:
    """What previews have left that were killed: they are named by their processes."""
    for tree in trees.iterdir():
        owner = tree.name.partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            _remove(folder, tree)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(folder: Path, tree: Path) -> None:
    subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=folder, capture_output=True, check=False)
    shutil.rmtree(tree, ignore_errors=True)
    subprocess.run(["git", "worktree", "prune"], cwd=folder, capture_output=True, check=False)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM, as CI sends when a newer commit comes, unwinds as an interrupt does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
