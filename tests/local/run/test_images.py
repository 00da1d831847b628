import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from local.layout import Layout
from local.run.errors import BuildFailed, NoSuchImage
from local.run.images import Image, ImageStore

Write = Callable[[Mapping[str, str]], Path]
UPLOAD = """
    ARG PYTHON=3.11
    FROM python:${PYTHON}-slim AS packages
    RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt || true
    RUN apt-get update && apt-get install -y libmagic1 && rm -rf /var/lib/apt/lists/*

    FROM python:${PYTHON}-slim
    ARG REVISION=7
    ENV PATH="/venv/bin:$PATH" REVISION=${REVISION} MODEL=/app/models/base.bin DATA=/data
    WORKDIR /app
    COPY --from=packages /venv /venv
    COPY --chown=app:app jobs jobs
    COPY services/upload/*.py services/upload/
    COPY models/base.bin models/
    RUN useradd --uid 1000 app
    USER app
    EXPOSE 8080
    LABEL team=sd
    CMD ["python", "-m", "services.upload", "--model", "/app/models/base.bin"]
"""
FILES = {
    "Dockerfile": UPLOAD,
    "Dockerfile.dockerignore": "*\n!jobs\n!services/upload\n!models\n**/*.md\n",
    "jobs/__init__.py": "",
    "jobs/deep/job.py": "JOB = 1\n",
    "jobs/README.md": "a job\n",
    "services/upload/app.py": "",
    "services/upload/views.py": "",
    "services/portal/app.py": "",
    "models/base.bin": "weights",
}


@pytest.fixture
def store(layout: Layout) -> ImageStore:
    return ImageStore(layout)


async def built(store: ImageStore, context: Path, dockerfile: str = "Dockerfile") -> Image:
    return store.image(await store.build("image", context, context / dockerfile))


def files_of(image: Image) -> list[str]:
    return sorted(str(path.relative_to(image.root)) for path in image.root.rglob("*") if not path.is_dir())


async def test_an_image_holds_what_copy_took_and_what_the_dockerfile_says(store: ImageStore, write: Write) -> None:
    image = await built(store, write(FILES))

    assert files_of(image) == [
        "app/jobs/__init__.py",
        "app/jobs/deep/job.py",
        "app/models/base.bin",
        "app/services/upload/app.py",
        "app/services/upload/views.py",
    ]
    assert (image.workdir, image.user, image.ports) == ("/app", "app", ("8080",))
    assert (image.env["REVISION"], image.env["MODEL"]) == ("7", "/app/models/base.bin")
    assert image.command[:3] == ("python", "-m", "services.upload")


async def test_the_digest_is_the_same_in_another_folder_and_after_a_touch(store: ImageStore, write: Write) -> None:
    one, other = write(FILES), write(FILES)
    os.utime(other / "jobs/deep/job.py", (1, 1))
    (other / "jobs/deep/job.py").chmod(0o755)
    (other / "jobs/README.md").write_text("ignored, so it changes nothing")

    assert store.digest(one, one / "Dockerfile") == store.digest(other, other / "Dockerfile")


@pytest.mark.parametrize("changed", ["Dockerfile", "jobs/deep/job.py", "services/upload/new.py"])
async def test_the_digest_changes_with_what_the_build_can_see(store: ImageStore, write: Write, changed: str) -> None:
    one, other = write(FILES), write(FILES)
    (other / changed).write_text("FROM scratch\n")

    assert store.digest(one, one / "Dockerfile") != store.digest(other, other / "Dockerfile")


async def test_a_second_build_of_the_same_files_is_instant(store: ImageStore, write: Write) -> None:
    slow = {**FILES, "Dockerfile": FILES["Dockerfile"] + '    RUN python -c "import time; time.sleep(0.5)"\n'}
    first = await store.build("image", context := write(slow), context / "Dockerfile")
    start = time.monotonic()

    second = await store.build("image", context, context / "Dockerfile")

    assert second == first
    assert time.monotonic() - start < 0.5


async def test_a_copy_of_something_missing_names_the_line(store: ImageStore, write: Write) -> None:
    context = write({"Dockerfile": "FROM a\nWORKDIR /app\n\nCOPY nothing.py .\n", "Dockerfile.dockerignore": "x\n"})

    with pytest.raises(BuildFailed, match=r"Dockerfile:4: COPY of nothing\.py: no such file") as failure:
        await built(store, context)

    assert failure.value.line == 4


async def test_a_copy_of_something_ignored_is_missing(store: ImageStore, write: Write) -> None:
    context = write({**FILES, "Dockerfile": "FROM a\nCOPY services/portal /app/\n"})

    with pytest.raises(BuildFailed, match="its ignore file hides it"):
        await built(store, context)


async def test_a_failed_build_leaves_nothing(store: ImageStore, layout: Layout, write: Write) -> None:
    context = write({"Dockerfile": "FROM a\nRUN python -c \"print('no luck'); raise SystemExit(3)\"\n"})

    with pytest.raises(BuildFailed, match=r"(?s)Dockerfile:2: .*exit code 3.*no luck"):
        await built(store, context)

    assert list(layout.folder("run/images").iterdir()) == []


async def test_what_the_local_cloud_cannot_do_is_refused_by_name(store: ImageStore, write: Write) -> None:
    with pytest.raises(BuildFailed, match="does not run 'make' in a build"):
        await built(store, write({"Dockerfile": "FROM a\nRUN make all\n"}))
    with pytest.raises(BuildFailed, match="does not interpret ONBUILD"):
        await built(store, write({"Dockerfile": "FROM a\nONBUILD RUN x\n"}))


async def test_copies_land_where_docker_puts_them(store: ImageStore, write: Write) -> None:
    dockerfile = """
        FROM scratch AS one
        WORKDIR /src
        COPY . .
        COPY tree /whole
        FROM one AS two
        COPY a.txt b.txt
        COPY tree/x.txt tree/y.txt /both/
        COPY ["a.txt", "/json/"]
        FROM scratch
        COPY --from=two /both /src/b.txt /out/
        COPY --from=0 /whole/deep /out/deep
    """
    context = write({"Dockerfile": dockerfile, "a.txt": "a", "tree/x.txt": "x", "tree/y.txt": "y", "tree/deep/z.txt": "z"})

    image = await built(store, context)

    assert files_of(image) == ["out/b.txt", "out/deep/z.txt", "out/x.txt", "out/y.txt"]


async def test_npm_links_the_laptops_packages_and_runs_the_build(store: ImageStore, write: Write) -> None:
    dockerfile = """
        FROM node:24-slim AS build
        WORKDIR /portal
        COPY frontend/package.json frontend/package-lock.json ./
        RUN --mount=type=cache,target=/root/.npm npm ci
        COPY frontend/ ./
        RUN npm run build
        FROM node:24-slim
        WORKDIR /srv
        COPY --from=build /portal/dist ./public
        COPY --from=build /portal/node_modules ./node_modules
    """
    manifest = """{"scripts": {"build": "mkdir dist && node -p \\"require('said').word\\" > dist/word.txt"}}"""
    context = write(
        {
            "Dockerfile": dockerfile,
            "Dockerfile.dockerignore": "**/node_modules\n",
            "frontend/package.json": manifest,
            "frontend/package-lock.json": "{}",
            "frontend/node_modules/said/index.js": "exports.word = 'hello'",
        }
    )

    image = await built(store, context)

    assert (image.root / "srv/public/word.txt").read_text() == "hello\n"
    assert (image.root / "srv/node_modules").readlink() == context / "frontend/node_modules"


async def test_missing_packages_of_the_laptop_are_named(store: ImageStore, write: Write) -> None:
    context = write({"Dockerfile": "FROM a\nCOPY package.json .\nRUN npm ci\n", "package.json": "{}"})

    with pytest.raises(BuildFailed, match="node_modules is missing; run `npm ci`"):
        await built(store, context)


async def test_what_a_killed_build_left_is_swept_and_images_stay(store: ImageStore, layout: Layout, write: Write) -> None:
    image = await built(store, write(FILES))
    (layout.folder("run/images") / ".half" / "stage-0").mkdir(parents=True)

    store.sweep()

    assert [path.name for path in layout.folder("run/images").iterdir()] == [image.digest.removeprefix("sha256:")]


def test_an_unknown_digest_is_an_error_that_says_what_to_do(store: ImageStore) -> None:
    with pytest.raises(NoSuchImage, match="pulumi up"):
        store.image("upload@sha256:" + "0" * 64)
