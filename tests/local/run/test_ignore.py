from pathlib import Path

import pytest

from local.run.ignore import IgnoreFile

DENY_ALL = "*\n!jobs\n!services/upload\n**/__pycache__\n**/*.pyc\n!services/upload/keep.pyc\n"


@pytest.mark.parametrize(
    ("text", "path", "ignored"),
    [
        ("*.md", "README.md", True),
        ("*.md", "docs/README.md", False),
        ("**/*.md", "docs/deep/README.md", True),
        ("**/*.md", "README.md", True),
        ("docs", "docs/deep/README.md", True),
        ("/docs/", "docs/a", True),
        ("docs/**", "docs/a/b", True),
        ("do?s", "docs/a", True),
        ("[a-d]ocs", "docs/a", True),
        ("*\n!docs/*.md\ndocs/secret.md", "docs/a.md", False),
        ("*\n!docs/*.md\ndocs/secret.md", "docs/secret.md", True),
        ("docs/secret.md\n!docs", "docs/secret.md", False),
        ("# docs\n\n", "docs", False),
        ("a.c", "abc", False),
        (DENY_ALL, "jobs/deep/job.py", False),
        (DENY_ALL, "services/upload/app.py", False),
        (DENY_ALL, "services/portal/app.py", True),
        (DENY_ALL, "jobs/__pycache__/job.cpython-311.pyc", True),
        (DENY_ALL, "services/upload/keep.pyc", False),
    ],
)
def test_the_last_line_that_matches_decides(text: str, path: str, ignored: bool) -> None:
    assert IgnoreFile(text).ignores(path) is ignored


def test_the_walk_finds_what_the_lines_let_in_and_enters_no_other_folder(tmp_path: Path) -> None:
    for name in ("jobs/a.py", "services/upload/app.py", "services/portal/app.py", "node_modules/x/y.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "node_modules").chmod(0)

    found = list(IgnoreFile(DENY_ALL).files(tmp_path))
    (tmp_path / "node_modules").chmod(0o700)

    assert found == ["jobs/a.py", "services/upload/app.py"]


def test_the_ignore_file_beside_the_dockerfile_goes_first(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text("a\n")
    (tmp_path / "Dockerfile.dockerignore").write_text("b\n")

    beside = IgnoreFile.of(tmp_path, tmp_path / "Dockerfile")
    of_context = IgnoreFile.of(tmp_path, tmp_path / "Other")

    assert (beside.ignores("a"), beside.ignores("b")) == (False, True)
    assert (of_context.ignores("a"), of_context.ignores("b")) == (True, False)
