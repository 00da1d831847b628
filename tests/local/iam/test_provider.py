"""What a program binds is what holds: the provider over its real connection, with the real IAM behind it."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest

from local.iam import storage
from local.iam.needs import Need, project
from local.iam.server import Iam
from local.provider.server import serve
from tests.local.iam.conftest import PROJECT
from tests.local.provider.engine import Engine
from tests.local.provider.rooms import memory_cloud

MEMBER = "gcp:projects/iAMMember:IAMMember"
BUCKET_MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole"
ADA = "ada@example.com"
READ = storage.need(PROJECT, "storage.objects.get", "models", "runs/a.png")
PREDICT = Need("aiplatform.endpoints.predict", project(PROJECT))


@pytest.fixture
async def engine(iam: Iam, tmp_path: Path) -> AsyncIterator[Engine]:
    cloud = dataclasses.replace(memory_cloud(), iam=iam)
    server, port = await serve(cloud, records=tmp_path / "records.json")
    engine = Engine(port)
    await engine.attach(tmp_path, project="sd-local", region="us-central1")
    yield engine
    await engine.channel.close()
    await server.stop(None)


async def test_a_binding_holds_from_its_creation_to_its_deletion(engine: Engine, iam: Iam) -> None:
    await engine.create("gcp:storage/bucket:Bucket", "models", name="models", location="EU")

    bound = await engine.create(BUCKET_MEMBER, "reads", bucket="models", role="roles/storage.objectViewer", member="user:Ada@example.com")
    between = iam.allows(ADA, READ)
    await engine.delete(bound)

    assert between
    assert [row["id"] for row in iam.rows()] == []
    assert not iam.allows(ADA, READ)


async def test_a_condition_of_the_program_holds(engine: Engine, iam: Iam) -> None:
    await engine.create("gcp:storage/bucket:Bucket", "models", name="models", location="EU")
    condition = {"title": "only-base", "expression": 'resource.name.startsWith("projects/_/buckets/models/objects/base/")'}

    await engine.create(
        BUCKET_MEMBER, "reads", bucket="models", role="roles/storage.objectViewer", member=f"user:{ADA}", condition=condition
    )

    assert not iam.allows(ADA, READ)
    assert iam.allows(ADA, storage.need(PROJECT, "storage.objects.get", "models", "base/unet.bin"))


async def test_a_role_that_nobody_knows_stops_the_up(engine: Engine) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create(MEMBER, "odd", project="sd-local", role="roles/storage.superUser", member=f"user:{ADA}")

    assert "'roles/storage.superUser' is no role that the local cloud knows" in refused.value.details()


async def test_a_condition_that_does_not_compile_stops_the_up(engine: Engine) -> None:
    condition = {"title": "odd", "expression": "resource.name.beginsWith('x')"}

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create(MEMBER, "odd", project="sd-local", role="roles/datastore.user", member=f"user:{ADA}", condition=condition)

    assert "uses beginsWith" in refused.value.details()


async def test_a_change_of_a_role_reaches_its_bindings_at_once(engine: Engine, iam: Iam) -> None:
    role = await engine.create(ROLE, "draw", roleId="draw", title="Draw", permissions=["aiplatform.endpoints.get"])
    await engine.create(MEMBER, "draws", project="sd-local", role=role.outputs["name"], member=f"user:{ADA}")

    before = iam.allows(ADA, PREDICT)
    await engine.update(role, roleId="draw", title="Draw", permissions=["aiplatform.endpoints.predict"])

    assert (before, iam.allows(ADA, PREDICT)) == (False, True)
