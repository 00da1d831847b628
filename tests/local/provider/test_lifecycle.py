import json
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from local.interfaces import Cloud
from local.provider.server import serve
from local.provider.wire import UNKNOWN, Secret, Unknown
from tests.local.provider.engine import CheckFailed, Engine

BUCKET = "gcp:storage/bucket:Bucket"
ACCOUNT = "gcp:serviceaccount/account:Account"
DATABASE = "gcp:firestore/database:Database"
TOPIC = "gcp:pubsub/topic:Topic"
GHOST = "serviceAccount:ghost@sd-local.iam.gserviceaccount.com"
SUBSCRIPTION = "gcp:pubsub/subscription:Subscription"


async def test_a_created_bucket_has_googles_outputs(engine: Engine, cloud: Cloud) -> None:
    bucket = await engine.create(BUCKET, "uploads", location="us-central1", labels={"team": "a"}, cors=[{"origins": ["*"]}])

    assert bucket.id == bucket.outputs["name"]
    assert bucket.outputs["url"] == f"gs://{bucket.id}"
    assert bucket.outputs["selfLink"].endswith(f"/b/{bucket.id}")
    assert bucket.outputs["project"] == "sd-local"
    assert bucket.outputs["effectiveLabels"]["team"] == "a"
    assert cloud.storage.bucket(bucket.id)["cors"] == [{"origin": ["*"]}]


async def test_a_second_create_answers_already_exists(engine: Engine) -> None:
    await engine.create(BUCKET, "one", location="EU", name="sd-uploads")

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create(BUCKET, "two", location="EU", name="sd-uploads")

    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS
    assert "Error 409" in refused.value.details()


async def test_a_bucket_that_somebody_else_made_is_not_taken_over(engine: Engine, cloud: Cloud) -> None:
    cloud.storage.put_bucket("sd-uploads", {})

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create(BUCKET, "uploads", location="EU", name="sd-uploads")

    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS


async def test_a_bucket_deleted_behind_pulumis_back_is_gone_for_read(engine: Engine, cloud: Cloud) -> None:
    bucket = await engine.create(BUCKET, "uploads", location="EU")
    cloud.storage.delete_bucket(bucket.id, force=True)

    assert await engine.read(bucket) is None


async def test_an_untouched_resource_reads_as_it_was_made(engine: Engine) -> None:
    bucket = await engine.create(BUCKET, "uploads", location="EU", labels={"team": "a"})

    read = await engine.read(bucket)

    assert read == bucket


async def test_a_changed_bucket_shows_as_drift(engine: Engine, cloud: Cloud) -> None:
    bucket = await engine.create(BUCKET, "uploads", location="EU", publicAccessPrevention="enforced")
    cloud.storage.bucket(bucket.id)["iamConfiguration"]["publicAccessPrevention"] = "inherited"

    read = await engine.read(bucket)
    answer = await engine.diff(read, location="EU", publicAccessPrevention="enforced")

    assert read.inputs["publicAccessPrevention"] == "inherited"
    assert list(answer.diffs) == ["publicAccessPrevention"]


async def test_a_bucket_with_objects_is_deleted_only_by_force(engine: Engine, cloud: Cloud) -> None:
    careful = await engine.create(BUCKET, "models", location="EU")
    careless = await engine.create(BUCKET, "scratch", location="EU", forceDestroy=True)
    for bucket in (careful, careless):
        cloud.storage.write(bucket.id, "picture.png", b"png", "image/png", {})

    await engine.delete(careless)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.delete(careful)

    assert cloud.storage.bucket(careless.id) is None
    assert "not empty" in refused.value.details()


async def test_an_update_keeps_what_it_does_not_touch(engine: Engine) -> None:
    account = await engine.create(ACCOUNT, "trainer", accountId="trainer", displayName="Trains")

    changed = await engine.update(account, accountId="trainer", displayName="Trains models")

    assert changed.outputs["uniqueId"] == account.outputs["uniqueId"]
    assert changed.outputs["displayName"] == "Trains models"


async def test_an_accounts_address_is_known_in_a_preview_and_its_number_is_not(preview: Engine) -> None:
    outputs = await preview.preview(ACCOUNT, "trainer", accountId="trainer")

    assert outputs["email"] == "trainer@shop-prod.iam.gserviceaccount.com"
    assert outputs["member"] == "serviceAccount:trainer@shop-prod.iam.gserviceaccount.com"
    assert isinstance(outputs["uniqueId"], Unknown)


async def test_a_preview_makes_nothing(engine: Engine, cloud: Cloud) -> None:
    outputs = await engine.preview(TOPIC, "uploads", name="uploads")

    assert outputs["name"] == "uploads"
    assert cloud.pubsub.topics() == []


async def test_a_server_without_a_cloud_refuses_to_make_anything(preview: Engine) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await preview.create(TOPIC, "uploads")

    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "only previews" in refused.value.details()


async def test_an_unknown_value_is_refused_outside_a_preview(engine: Engine) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create(TOPIC, "uploads", labels={"team": UNKNOWN})

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "labels" in refused.value.details()


async def test_a_type_that_is_not_in_the_catalog_is_named(engine: Engine) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create("gcp:sql/user:User", "ada")

    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert "gcp:sql/user:User" in refused.value.details()


async def test_a_protected_database_is_not_deleted(engine: Engine, cloud: Cloud) -> None:
    settings = {"name": "sd-prod", "locationId": "nam5", "type": "FIRESTORE_NATIVE", "deleteProtectionState": "DELETE_PROTECTION_ENABLED"}
    database = await engine.create(DATABASE, "jobs", **settings, deletionPolicy="DELETE")

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.delete(database)

    assert "DELETE_PROTECTION_ENABLED" in refused.value.details()
    assert cloud.firestore.databases == {"sd-prod"}


async def test_an_abandoned_database_is_only_forgotten(engine: Engine, cloud: Cloud) -> None:
    database = await engine.create(DATABASE, "jobs", name="sd-dev", locationId="nam5", type="FIRESTORE_NATIVE")

    await engine.delete(database)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create(DATABASE, "jobs", name="sd-dev", locationId="nam5", type="FIRESTORE_NATIVE")

    assert cloud.firestore.databases == {"sd-dev"}
    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS


async def test_what_a_resource_refers_to_must_exist(engine: Engine) -> None:
    member = {"role": "roles/storage.objectViewer", "member": "allUsers"}

    for token, inputs in [
        (SUBSCRIPTION, {"topic": "nowhere"}),
        ("gcp:storage/bucketIAMMember:BucketIAMMember", {"bucket": "nowhere", **member}),
        (
            "gcp:projects/iAMMember:IAMMember",
            {"project": "sd-local", **member, "member": GHOST},
        ),
    ]:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await engine.create(token, "thing", **inputs)

        assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_records_outlive_the_server_and_are_their_owners_alone(cloud: Cloud, tmp_path: Path) -> None:
    file = tmp_path / "records.json"
    first, port = await serve(cloud, records=file)
    engine = Engine(port)
    await engine.attach(project="sd-local")
    account = await engine.create(ACCOUNT, "trainer", accountId="trainer")
    await engine.channel.close()
    await first.stop(None)

    second, port = await serve(cloud, records=file)
    again = Engine(port)
    await again.attach(project="sd-local")
    read = await again.read(account)
    await again.channel.close()
    await second.stop(None)

    assert read == account
    assert file.stat().st_mode & 0o077 == 0


async def test_a_deleted_resource_is_gone_and_deleting_it_again_is_silent(engine: Engine) -> None:
    account = await engine.create(ACCOUNT, "trainer", accountId="trainer")

    await engine.delete(account)
    await engine.delete(account)

    assert await engine.read(account) is None


async def test_an_update_of_what_is_gone_answers_not_found(engine: Engine) -> None:
    account = await engine.create(ACCOUNT, "trainer", accountId="trainer")
    await engine.delete(account)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.update(account, accountId="trainer", displayName="Ghost")

    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_an_update_in_a_preview_leaves_open_what_it_may_change(engine: Engine) -> None:
    inputs = {"name": "portal", "location": "us-central1"}
    service = await engine.create("gcp:cloudrunv2/service:Service", "portal", **inputs, template={"containers": [{"image": "a@sha256:1"}]})

    planned = await engine.update(service, preview=True, **inputs, template={"containers": [{"image": "a@sha256:2"}]})

    assert isinstance(planned.outputs["latestReadyRevision"], Unknown)
    assert planned.outputs["uid"] == service.outputs["uid"]


async def test_labels_of_the_provider_are_on_every_resource(cloud: Cloud) -> None:
    server, port = await serve(cloud)
    engine = Engine(port)
    await engine.attach(project="sd-local", defaultLabels=json.dumps({"stack": "dev"}))

    topic = await engine.create(TOPIC, "uploads", labels={"team": "a"})

    assert topic.outputs["pulumiLabels"] == {"stack": "dev", "team": "a"}
    await engine.channel.close()
    await server.stop(None)


async def test_outputs_made_of_a_secret_are_secret(engine: Engine) -> None:
    account = await engine.create(ACCOUNT, "trainer", accountId=Secret("trainer"))

    assert account.outputs["accountId"] == Secret("trainer")
    assert account.outputs["email"] == Secret("trainer@sd-local.iam.gserviceaccount.com")


async def test_reading_by_id_alone_finds_the_inputs(engine: Engine) -> None:
    account = await engine.create(ACCOUNT, "trainer", accountId="trainer", displayName="Trains")

    request = provider_pb2.ReadRequest(id=account.id, urn=f"urn:pulumi:test::project::{ACCOUNT}::trainer")
    answer = await engine.stub.Read(request)

    assert answer.inputs.fields["displayName"].string_value == "Trains"


async def test_a_key_ring_is_for_ever(engine: Engine) -> None:
    ring = await engine.create("gcp:kms/keyRing:KeyRing", "sd", name="sd", location="us-central1")
    await engine.delete(ring)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create("gcp:kms/keyRing:KeyRing", "sd", name="sd", location="us-central1")

    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS
    assert "take another name" in refused.value.details()


async def test_a_database_has_one_daily_backup_schedule_and_a_collection_one_time_to_live(engine: Engine) -> None:
    await engine.create(DATABASE, "jobs", name="sd-dev", locationId="nam5", type="FIRESTORE_NATIVE")
    daily = {"database": "sd-dev", "retention": "604800s", "dailyRecurrence": {}}
    expires = {"database": "sd-dev", "collection": "uploads", "ttlConfig": {}}
    await engine.create("gcp:firestore/backupSchedule:BackupSchedule", "daily", **daily)
    await engine.create("gcp:firestore/field:Field", "expires", field="expires", **expires)

    second = {**expires, "field": "purgeAt"}
    for token, inputs in (("gcp:firestore/backupSchedule:BackupSchedule", daily), ("gcp:firestore/field:Field", second)):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await engine.create(token, "another", **inputs)

        assert refused.value.code() in (grpc.StatusCode.ALREADY_EXISTS, grpc.StatusCode.INVALID_ARGUMENT)


async def test_a_region_that_is_none_is_refused_with_the_providers_settings(cloud: Cloud) -> None:
    server, port = await serve(cloud)
    engine = Engine(port)

    with pytest.raises(CheckFailed) as refused:
        await engine.attach(project="sd-local", region="us-central")

    assert "did you mean 'us-central1'?" in str(refused.value)
    await engine.channel.close()
    await server.stop(None)
