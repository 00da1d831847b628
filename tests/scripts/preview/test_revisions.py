"""BASE comes as a worktree and goes again, with the packages of its own lock."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.preview.broken import Broken
from scripts.preview.environments import with_own_packages
from scripts.preview.evaluate import Evaluated
from scripts.preview.revisions import PreviewError, Revision, checked_out, working_tree
from tests.scripts.preview.repository import Repository

ROOT = Path(__file__).parents[3]


def test_base_is_there_while_it_is_needed_and_then_gone(repository: Repository) -> None:
    repository.commit("pass")
    repository.write("__main__.py", "changed")
    head = working_tree(repository.folder)

    with checked_out("main", head) as base:
        text = (base.folder / "__main__.py").read_text()

    assert text == "from things import *\npass"
    assert head.dirty
    assert not base.folder.exists()
    assert len(repository.git("worktree", "list").splitlines()) == 1


def test_a_project_below_the_repositorys_root_is_found_in_base_too(repository: Repository) -> None:
    repository.write("infra/Pulumi.yaml", "name: inner\nruntime: python\n")
    repository.commit("pass")

    with checked_out("main", working_tree(repository.folder / "infra")) as base:
        found = (base.folder / "Pulumi.yaml").read_text()

    assert found.startswith("name: inner")


def test_a_revision_that_git_does_not_know_is_refused_with_a_way_out(repository: Repository) -> None:
    repository.commit("pass")

    with (
        pytest.raises(PreviewError, match="knows no revision 'nonsense' here: fetch it"),
        checked_out("nonsense", working_tree(repository.folder)),
    ):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_preview_leaves_nothing_behind(repository: Repository, number: signal.Signals) -> None:
    repository.commit("import time\ntime.sleep(60)")
    command = [sys.executable, "-m", "scripts.preview", "--base", "main"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=repository.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    trees = repository.folder / ".local" / "preview" / "trees"
    while not (trees.exists() and any(trees.glob("*/__main__.py"))):
        time.sleep(0.05)
    time.sleep(0.5)

    process.send_signal(number)
    process.communicate(timeout=20)

    assert process.returncode == 130
    assert list(trees.iterdir()) == []
    assert list((repository.folder / ".local" / "preview").glob("states-*")) == []
    assert len(repository.git("worktree", "list").splitlines()) == 1


def test_what_a_killed_preview_left_is_cleared_by_the_next(repository: Repository) -> None:
    repository.commit("pass")
    left = repository.folder / ".local" / "preview" / "trees" / f"{2**22 + 1}-0123456789ab"
    repository.git("worktree", "add", "--detach", "--quiet", str(left), "main")

    with checked_out("main", working_tree(repository.folder)):
        there = left.exists()

    assert not there


def test_the_same_lock_needs_no_packages_of_its_own(repository: Repository) -> None:
    repository.write("requirements.txt", "# nothing\n")
    repository.commit("pass")
    head = working_tree(repository.folder)

    with checked_out("main", head) as base:
        assert with_own_packages(base, head).python is None


def test_another_lock_has_an_environment_that_is_kept(repository: Repository) -> None:
    repository.write("requirements.txt", "# nothing\n")
    repository.commit("pass")
    repository.write("requirements.txt", "# nothing else\n")
    head = working_tree(repository.folder)

    first, again = (_environment(head) for _ in range(2))

    done = subprocess.run([str(first), "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(first.parents[1])
    assert again == first


def test_the_program_of_base_runs_with_the_packages_of_its_lock(repository: Repository) -> None:
    repository.write("requirements.txt", "# not even pulumi\n")
    repository.commit("pass")
    repository.write("requirements.txt", "# nothing else\n")

    found = repository.preview().evaluation

    assert isinstance(found.head, Evaluated)
    assert isinstance(found.base, Broken)
    assert "No module named 'pulumi'" in found.base.text


def _environment(head: Revision) -> Path:
    with checked_out("main", head) as base:
        python = with_own_packages(base, head).python
    assert python is not None
    return python
