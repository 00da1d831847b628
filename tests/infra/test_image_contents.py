"""The images of this repository, built by the local cloud's builder from their own Dockerfiles."""

import asyncio
import sys
from pathlib import Path

import pytest

from infra.containers import FOLDERS
from local.layout import Layout
from local.run.images import Image, ImageStore
from tests.infra.conftest import ROOT

PYTHON_IMAGES = [name for name, folder in FOLDERS.items() if folder != "frontend"]


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    return ImageStore(Layout(tmp_path))


async def built(store: ImageStore, name: str) -> Image:
    return store.image(await store.build(name, ROOT, ROOT / FOLDERS[name] / "Dockerfile"))


def files_of(image: Image) -> list[str]:
    return sorted(str(path.relative_to(image.root)) for path in image.root.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", PYTHON_IMAGES)
async def test_every_module_of_an_image_finds_what_it_imports_in_the_image(store: ImageStore, name: str) -> None:
    image = await built(store, name)
    modules = [Path(file).relative_to("app").with_suffix("") for file in files_of(image) if file.startswith(f"app/{FOLDERS[name]}/")]
    imports = "; ".join(f"import {'.'.join(module.parts)}" for module in modules if module.name != "__main__")

    started = await asyncio.create_subprocess_exec(sys.executable, "-c", imports, cwd=image.root / "app", env={}, stderr=-1)
    _, told = await started.communicate()

    assert len(modules) > 3
    assert started.returncode == 0, told.decode()


@pytest.mark.parametrize("name", PYTHON_IMAGES)
async def test_a_python_image_holds_modules_alone(store: ImageStore, name: str) -> None:
    files = files_of(await built(store, name))

    assert {Path(file).suffix for file in files} == {".py"}
    assert not [file for file in files if "test" in file]


async def test_the_portal_holds_what_was_built_and_its_server_and_no_source(store: ImageStore) -> None:
    files = files_of(await built(store, "portal"))

    assert {"app/dist/index.html", "app/package.json", "app/server/main.js"} <= set(files)
    assert {file.split("/")[1] for file in files} == {"dist", "package.json", "server"}
    assert not [file for file in files if file.endswith((".ts", ".tsx", ".test.js"))]


@pytest.mark.parametrize("name", FOLDERS)
async def test_an_image_says_who_runs_it_and_where(store: ImageStore, name: str) -> None:
    image = await built(store, name)

    assert image.workdir == "/app"
    assert image.user in {"10001", "1000:1000"}
    assert image.command
