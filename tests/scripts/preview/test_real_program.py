"""The program of this repository, as it is in the working tree, in a repository of its own."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.preview.changes import Op
from scripts.preview.evaluate import Evaluated
from scripts.preview.look import look

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("copy")
    named = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in filter(None, named.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for words in (["init", "--quiet", "--initial-branch", "main"], ["add", "--all"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", *author, "commit", "--quiet", "--message", "as it is"], cwd=folder, check=True)
    yield folder
    shutil.rmtree(folder)


def test_an_unchanged_program_changes_no_stack(copy: Path) -> None:
    found = look(copy, "main")

    assert {stack.name for stack in found.stacks} >= {"local", "dev", "prod"}
    for stack in found.stacks:
        assert isinstance(stack.evaluation.base, Evaluated), stack.evaluation.base
        assert isinstance(stack.evaluation.head, Evaluated), stack.evaluation.head
        assert stack.evaluation.base.graph == stack.evaluation.head.graph
        assert stack.changes == ()


def test_one_attribute_is_one_update_in_every_stack_that_has_it(copy: Path) -> None:
    program = copy / "infra" / "app.py"
    before = program.read_text()
    program.write_text(before.replace('"period_seconds": 30', '"period_seconds": 20', 1))

    try:
        found = look(copy, "main", ["prod"]).stacks[0]
    finally:
        program.write_text(before)

    assert program.read_text() == before
    assert {change.op for change in found.changes} == {Op.UPDATE}
    assert {change.name for change in found.changes} == {"portal", "upload"}
    assert {(detail.path, detail.before, detail.after) for change in found.changes for detail in change.details} == {
        ("template.containers[0].livenessProbe.periodSeconds", 30, 20)
    }
