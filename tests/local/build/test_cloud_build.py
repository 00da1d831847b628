"""scripts/cloud_build.py as Pulumi runs it: a process with the deployer's identity, behind the gateway."""

import asyncio
import io
import os
import re
import sys
import tarfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.gateway.server import Upstream
from local.iam.apis import ASKS_ITSELF
from tests.local.build.conftest import ACCOUNT, BUCKET, DOCKERFILE, IMAGE, Shop
from tests.local.gateway.cloud import running

DEPLOYER = "deployer@sd-local.iam.gserviceaccount.com"
PUSH = "artifactregistry.repositories.uploadArtifacts"
REPOSITORY = Path(__file__).parents[3]


@dataclass(frozen=True)
class Ended:
    code: int
    said: str
    told: str


Run = Callable[..., Awaitable[Ended]]


@pytest.fixture
async def run(shop: Shop, tmp_path: Path) -> AsyncIterator[Run]:
    """Builds a folder."""
    upstreams = {
        "storage.googleapis.com": Upstream(http=shop.storage.address, api=ASKS_ITSELF),
        "cloudbuild.googleapis.com": Upstream(http=shop.build.address, api=ASKS_ITSELF),
        "logging.googleapis.com": Upstream(http=shop.build.address, api=ASKS_ITSELF),
    }
    async with running(tmp_path / "gateway", upstreams=upstreams) as cloud:
        environment = {**os.environ, **await cloud.environment(DEPLOYER), "PYTHONPATH": str(REPOSITORY)}

        async def process(context: Path, patience: int = 0) -> Ended:
            options = ["--context", str(context), "--dockerfile", "app/Dockerfile", "--image", IMAGE, "--bucket", BUCKET]
            options += ["--account", ACCOUNT, "--project", "sd-local", "--region", "us-central1", "--patience", str(patience)]
            started = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "scripts.cloud_build", *options), env=environment, stdout=asyncio.subprocess.PIPE, stderr=-1
            )
            said, told = await started.communicate()
            return Ended(started.returncode or 0, said.decode(), told.decode())

        yield process


@pytest.fixture
def context(tmp_path: Path) -> Path:
    folder = tmp_path / "context"
    (folder / "app").mkdir(parents=True)
    (folder / "app/Dockerfile").write_text(DOCKERFILE.replace("main.py .", "app/main.py ."))
    # hides the Dockerfile as well, as those of this repository do
    (folder / "app/Dockerfile.dockerignore").write_text("*\n!app/*.py\n")
    (folder / "app/main.py").write_text("print('hello')")
    (folder / "README.md").write_text("Hello")
    return folder


async def test_the_only_line_on_standard_output_is_the_images_digest(shop: Shop, run: Run, context: Path) -> None:
    ended = await run(context)

    image = shop.images.image(ended.said.strip())
    assert (ended.code, ended.said.count("\n")) == (0, 1)
    assert ended.said.startswith(f"{IMAGE}@sha256:")
    assert (image.root / "app/main.py").is_file()
    assert "SUCCESS" in ended.told


async def test_only_what_the_ignore_file_lets_in_is_sent_and_only_once(shop: Shop, run: Run, context: Path) -> None:
    first = await run(context)
    (context / "README.md").write_text("Changed")

    second = await run(context)

    kept = re.search(rf"gs://{BUCKET}/(\S+) is there already", second.told)
    assert kept, second.told
    with tarfile.open(fileobj=io.BytesIO(shop.storage.store.read(BUCKET, kept[1]))) as archive:
        assert archive.getnames() == ["app/Dockerfile", "app/Dockerfile.dockerignore", "app/main.py"]
    assert second.said == first.said


async def test_a_failed_build_tells_its_reason_its_logs_address_and_its_last_lines(run: Run, context: Path) -> None:
    (context / "app/Dockerfile").write_text("FROM a\nRUN python -c \"print('out of luck'); raise SystemExit(3)\"\n")

    ended = await run(context)

    assert (ended.code, ended.said) == (1, "")
    assert "the build ended with FAILURE" in ended.told
    assert "its log is at file:///" in ended.told
    assert "  Step #0: app/Dockerfile:2: " in ended.told


async def test_a_build_account_that_may_not_push_is_named(shop: Shop, run: Run, context: Path) -> None:
    shop.denied.add(PUSH)

    ended = await run(context)

    assert ended.code == 1
    assert f"{ACCOUNT}: Permission 'artifactregistry.repositories.uploadArtifacts' denied" in ended.told


async def test_a_grant_that_comes_late_is_waited_for(shop: Shop, run: Run, context: Path) -> None:
    shop.denied_once.add(PUSH)

    ended = await run(context, patience=20)

    assert ended.code == 0, ended.told
    assert "again in 1 s" in ended.told


async def test_the_deployer_is_who_orders_the_build(shop: Shop, run: Run, context: Path) -> None:
    await run(context)

    assert (DEPLOYER, "iam.serviceAccounts.actAs", f"projects/sd-local/serviceAccounts/{ACCOUNT}") in shop.asked


async def test_a_bucket_that_is_not_there_is_named(shop: Shop, run: Run, context: Path) -> None:
    shop.storage.store.delete_bucket(BUCKET, force=True)

    ended = await run(context)

    assert ended.code == 1
    assert BUCKET in ended.told
    assert "Traceback" not in ended.told
