"""The packages of a revision whose lock is another one than ours."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from scripts.preview.revisions import WORKPLACE, PreviewError, Revision

LOCK = "requirements.txt"
_TOOLS = Path(__file__).parents[2] / ".tools" / "bin"
"""where `make setup` puts what this machine lacks"""


def with_own_packages(revision: Revision, head: Revision) -> Revision:
    """The environment is kept for the next time: making one takes a minute, and locks change rarely."""
    lock = revision.folder / LOCK
    if not lock.exists() or _same(lock, head.folder / LOCK):
        return revision
    python = ".".join(map(str, sys.version_info[:2]))
    digest = hashlib.sha256(lock.read_bytes() + python.encode()).hexdigest()[:16]
    folder = head.folder / WORKPLACE / "environments" / digest
    if not folder.exists():
        _make(folder, lock)
    return replace(revision, python=folder / "bin" / "python")


def _same(lock: Path, ours: Path) -> bool:
    return ours.exists() and ours.read_bytes() == lock.read_bytes()


def _make(folder: Path, lock: Path) -> None:
    """Beside its place first, so that what was interrupted is never taken for whole."""
    uv = shutil.which("uv", path=f"{_TOOLS}:{_search_path()}")
    if uv is None:
        raise PreviewError(
            f"the lock of the other revision differs ({lock}), and `uv`, which would install it, is missing: run `make setup`"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as made:
        fresh = Path(made) / "venv"
        _run([uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(fresh)])
        _run([uv, "pip", "install", "--quiet", "--python", str(fresh / "bin" / "python"), "--requirement", str(lock)])
        fresh.replace(folder)


def _search_path() -> str:
    return subprocess.run(["/bin/sh", "-c", 'printf %s "$PATH"'], capture_output=True, text=True, check=True).stdout


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PreviewError(f"the packages of the other revision could not be installed:\n{done.stderr.strip()}")
