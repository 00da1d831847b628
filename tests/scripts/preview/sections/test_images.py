"""Images and sources, told by their files: of a repository with two revisions."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from scripts.preview.graph import Node
from scripts.preview.sections import images
from scripts.preview.sections.sources import Sourced, Tree, differing
from tests.scripts.preview.sections.graphs import SERVICE, node, preview, texts

_REGISTRY = "us-docker.pkg.dev/team/demo"
_OLD, _NEW = "a" * 64, "b" * 64


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files = {
        "trainer/Dockerfile": "FROM python\nCOPY trainer .\n",
        "trainer/Dockerfile.dockerignore": "*\n!trainer/*.py\n",
        "trainer/train.py": "STEPS = 1\n",
        "trainer/plot.py": "",
        "README.md": "As it was.\n",
    }
    for words in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["config", "user.name", "Ada"],
        ["config", "user.email", "ada@example.com"],
    ):
        _git(tmp_path, *words)
    for name, text in files.items():
        _write(tmp_path, name, text)
    _git(tmp_path, "add", "--all")
    _git(tmp_path, "commit", "--quiet", "--message", "as it is")
    return tmp_path


def test_an_image_is_told_by_the_files_of_its_context(repository: Path) -> None:
    _write(repository, "trainer/train.py", "STEPS = 2\n")
    _write(repository, "trainer/data.py", "")
    (repository / "trainer/plot.py").unlink()
    _write(repository, "README.md", "Not in the image.\n")

    found = images.section(_sourced(repository, [_image(_OLD)], [_image(_NEW)]))

    assert texts(found) == [
        "Image `trainer` is built anew: 3 files of it changed, `trainer/data.py`, `trainer/train.py` and `trainer/plot.py`."
    ]
    assert "+ trainer/data.py\n! trainer/train.py\n- trainer/plot.py" in found.lines[0].more
    assert "README" not in found.lines[0].more


def test_an_image_says_who_runs_it(repository: Path) -> None:
    _write(repository, "trainer/train.py", "STEPS = 2\n")
    before, after = ([_image(digest), _service(digest)] for digest in (_OLD, _NEW))

    found = images.section(_sourced(repository, before, after))

    assert texts(found) == [
        "Image `trainer` is built anew (used by `upload`): `trainer/train.py` changed (`aaaaaaaaaaaa` → `bbbbbbbbbbbb`)."
    ]


def test_a_file_that_may_be_run_now_has_changed(repository: Path) -> None:
    (repository / "trainer/train.py").chmod(0o755)

    assert differing(Tree(repository, _head(repository)).files, Tree(repository).files) == ([], ["trainer/train.py"], [])


def test_an_untouched_working_tree_has_the_files_of_its_commit(repository: Path) -> None:
    (repository / "link").symlink_to("README.md")
    _git(repository, "add", "--all")
    _git(repository, "commit", "--quiet", "--message", "a link")

    assert Tree(repository, _head(repository)).files == Tree(repository).files


def test_an_image_that_nobody_builds_here_is_told_by_its_digest() -> None:
    found = images.section(preview([_service(_OLD)], [_service(_NEW)]))

    assert texts(found) == ["Image `trainer` has another digest (used by `upload`): `aaaaaaaaaaaa` → `bbbbbbbbbbbb`."]


def test_an_image_that_the_cloud_builds_is_told_by_the_files_of_its_context(repository: Path) -> None:
    _write(repository, "trainer/train.py", "STEPS = 2\n")
    command = f"python -m scripts.cloud_build --dockerfile trainer/Dockerfile --image {_REGISTRY}/trainer --bucket b"
    before, after = (
        node(
            "command:local:Command", "trainer-build", about={"outputs": {"stdout": f"{_REGISTRY}/trainer@sha256:{digest}"}}, create=command
        )
        for digest in (_OLD, _NEW)
    )

    found = images.section(_sourced(repository, [before], [after]))

    assert texts(found) == ["Image `trainer` is built anew: `trainer/train.py` changed (`aaaaaaaaaaaa` → `bbbbbbbbbbbb`)."]


def test_an_image_that_stays_is_not_mentioned(repository: Path) -> None:
    _write(repository, "trainer/train.py", "STEPS = 2\n")

    found = images.section(_sourced(repository, [_image(_OLD)], [_image(_OLD)]))

    assert found.lines == ()


def test_the_source_of_a_function_is_told_by_its_files() -> None:
    before, after = _archive({"main.py": "1", "jobs/store.py": "1"}), _archive({"main.py": "1", "jobs/store.py": "2", "jobs/new.py": "1"})
    function = node("gcp:cloudfunctionsv2/function:Function", "sweep", about={"dependencies": (after.urn,)})

    found = images.section(preview([before, function], [after, function]))

    assert texts(found) == ["Source `trigger-source` (used by `sweep`): 2 files changed, `jobs/new.py` and `jobs/store.py`."]


def _image(digest: str) -> Node:
    name = f"{_REGISTRY}/trainer"
    return node(
        "docker:index/image:Image",
        "trainer-image",
        about={"outputs": {"repoDigest": f"{name}@sha256:{digest}"}},
        imageName=name,
        build={"context": ".", "dockerfile": "trainer/Dockerfile", "contextDigest": digest},
    )


def _service(digest: str) -> Node:
    return node(SERVICE, "upload", template={"containers": [{"image": f"{_REGISTRY}/trainer@sha256:{digest}"}]})


def _archive(files: Mapping[str, str]) -> Node:
    assets = {name: {"asset": digest, "path": name} for name, digest in files.items()}
    return node("gcp:storage/bucketObject:BucketObject", "trigger-source", source={"archive": "x", "assets": assets})


def _sourced(folder: Path, before: list[Node], after: list[Node]) -> Sourced:
    plain = preview(before, after)
    return Sourced(plain.evaluation, plain.changes, Tree(folder, _head(folder)), Tree(folder))


def _head(folder: Path) -> str:
    return _git(folder, "rev-parse", "HEAD").strip()


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout
