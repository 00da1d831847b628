"""What an image is built from: as Pulumi's Docker provider reads it, and as it is sent to Cloud Build."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from infra.containers import FOLDERS
from infra.context import Context
from local.provider.server import serve
from local.run.dockerfile import parse, words_of
from local.run.ignore import pattern_of
from tests.infra.conftest import ROOT
from tests.local.provider.engine import Engine

SOURCES = ("frontend", "images", "jobs", "services")
NOISE = (
    "README.md",
    "docs/surprises.md",
    ".git/index",
    ".dockerignored",
    "requirements.txt",
    "infra/stack.py",
    "tests/jobs/test_job.py",
    "jobs/__pycache__/job.cpython-311.pyc",
    "jobs/README.md",
    "services/trigger/main.py",
    "services/upload/__pycache__/app.cpython-311.pyc",
    "services/upload/client/calls.py",
    "services/upload/openapi.json",
    "services/upload/requirements.in",
    "images/README.md",
    "images/pipeline/__pycache__/step.cpython-311.pyc",
    "images/pipeline/requirements.in",
    "images/trainer/README.md",
    "images/trainer/requirements.in",
    "frontend/README.md",
    "frontend/node_modules/react/index.js",
    "frontend/dist/index.html",
    "frontend/src/job/timeline.test.ts",
    "frontend/server/test/proxy.test.js",
    "frontend/scripts/generate.mjs",
    "frontend/biome.json",
)
MATTERS = {
    "jobs/job.py": {"upload", "pipeline"},
    "services/upload/app.py": {"upload"},
    "services/upload/requirements.txt": {"upload"},
    "services/upload/Dockerfile": {"upload"},
    "images/pipeline/step.py": {"pipeline"},
    "images/pipeline/requirements.txt": {"pipeline"},
    "images/trainer/fit.py": {"trainer"},
    "images/trainer/Dockerfile": {"trainer"},
    "images/trainer/requirements.txt": {"trainer"},
    "frontend/src/main.tsx": {"portal"},
    "frontend/server/server.js": {"portal"},
    "frontend/package-lock.json": {"portal"},
    "frontend/public/mark.svg": {"portal"},
}

LARGEST_BYTES = 2 * 2**20

Digests = Callable[[Path], Awaitable[dict[str, str]]]


@pytest.fixture
def repository(tmp_path: Path) -> Callable[[], Path]:
    """A copy of what images are made of, with other times than the original's."""
    folders = iter(tmp_path / f"copy-{number}" for number in range(10))
    made = shutil.ignore_patterns("node_modules", "dist")

    def copied() -> Path:
        folder = next(folders)
        for name in SOURCES:
            shutil.copytree(ROOT / name, folder / name, copy_function=shutil.copyfile, ignore=made)
        return folder

    return copied


@pytest.fixture(params=["docker", "cloud-build"])
async def digests(request: pytest.FixtureRequest) -> AsyncIterator[Digests]:
    """Of every image's context, in a folder: the provider's Check of docker.Image, or what a build in the cloud is triggered by."""
    server, port = await serve(None)
    engine = Engine(port)

    async def checked(folder: Path) -> dict[str, str]:
        await engine.attach(folder)
        found = {}
        for name, place in FOLDERS.items():
            inputs = {"imageName": f"registry.example/{name}", "build": {"context": ".", "dockerfile": f"{place}/Dockerfile"}}
            found[name] = (await engine.check("docker:index/image:Image", name, inputs))["build"]["contextDigest"]
        return found

    async def packed(folder: Path) -> dict[str, str]:
        return {name: Context(folder, Path(place, "Dockerfile")).digest() for name, place in FOLDERS.items()}

    yield checked if request.param == "docker" else packed
    await engine.channel.close()
    await server.stop(None)


async def test_two_evaluations_give_one_digest(digests: Digests, repository: Callable[[], Path]) -> None:
    one, other = repository(), repository()
    for file in other.rglob("*"):
        os.utime(file, (1, 1))

    assert await digests(one) == await digests(other) == await digests(one)


async def test_what_no_image_is_made_of_changes_none(digests: Digests, repository: Callable[[], Path]) -> None:
    folder = repository()
    before = await digests(folder)

    for name in NOISE:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("changed")

    assert await digests(folder) == before


async def test_a_changed_source_changes_the_images_that_copy_it_and_no_other(digests: Digests, repository: Callable[[], Path]) -> None:
    folder = repository()
    before, found = await digests(folder), {}

    for name in MATTERS:
        original = (folder / name).read_bytes()
        (folder / name).write_bytes(original + b"\n")
        after = await digests(folder)
        found[name] = {image for image in FOLDERS if after[image] != before[image]}
        (folder / name).write_bytes(original)

    assert found == MATTERS


@pytest.mark.parametrize("name", FOLDERS)
def test_every_file_of_a_context_is_copied_into_the_image_or_builds_it(name: str) -> None:
    context = Context(ROOT, Path(FOLDERS[name], "Dockerfile"))
    copies = [words_of(step.value) for step in parse(ROOT / context.dockerfile) if step.name == "COPY" and "--from" not in step.value]
    patterns = [pattern_of(source) for words in copies for source in words[:-1]]

    recipe = {str(context.dockerfile), f"{context.dockerfile}.dockerignore"}
    copied = {file for file in context.names() for pattern in patterns if pattern and pattern.matches(file)}
    assert set(context.names()) - recipe - copied == set()


@pytest.mark.parametrize("name", FOLDERS)
def test_a_context_is_small_enough_to_be_sent_again_and_again(name: str) -> None:
    assert len(Context(ROOT, Path(FOLDERS[name], "Dockerfile")).archive()) < LARGEST_BYTES


def test_an_archive_is_the_same_bytes_from_any_folder_and_keeps_what_can_be_run(tmp_path: Path) -> None:
    archives = []
    for owner in ("one", "two"):
        folder = tmp_path / owner
        folder.mkdir()
        (folder / "Dockerfile").write_text("FROM a\nCOPY . .\n")
        (folder / "run.sh").write_text("true")
        (folder / "link").symlink_to("run.sh")
        (folder / "run.sh").chmod(0o700 if owner == "one" else 0o755)
        archives.append(Context(folder, Path("Dockerfile")))

    assert archives[0].archive() == archives[1].archive()
    (tmp_path / "two/run.sh").chmod(0o644)
    assert archives[0].digest() != archives[1].digest()
