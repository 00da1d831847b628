"""What the rooms of the cloud are told when a resource becomes real."""

import base64
import io
import zipfile
from pathlib import Path

import grpc
import pytest

from local.iam.bindings import Binding
from local.interfaces import Cloud
from local.provider.wire import Archive, Asset, Secret, Unknown
from tests.local.provider.engine import CheckFailed, Engine, Resource

BUCKET = "gcp:storage/bucket:Bucket"
OBJECT = "gcp:storage/bucketObject:BucketObject"
TOPIC = "gcp:pubsub/topic:Topic"
SUBSCRIPTION = "gcp:pubsub/subscription:Subscription"
SERVICE = "gcp:cloudrunv2/service:Service"
FUNCTION = "gcp:cloudfunctionsv2/function:Function"
JOB = "gcp:cloudscheduler/job:Job"
ACCOUNT = "gcp:serviceaccount/account:Account"
IMAGE = "docker:index/image:Image"
SECRET = "gcp:secretmanager/secret:Secret"
VERSION = "gcp:secretmanager/secretVersion:SecretVersion"
PLACE = {"location": "us-central1"}


async def _account(engine: Engine, name: str) -> str:
    made = await engine.create(ACCOUNT, name, accountId=name)
    return str(made.outputs["email"])


async def _service(engine: Engine, **template: object) -> Resource:
    return await engine.create(
        SERVICE, "portal", name="portal", **PLACE, template={"containers": [{"image": "portal@sha256:1"}], **template}
    )


async def test_an_object_is_uploaded_with_its_checksums(engine: Engine, cloud: Cloud) -> None:
    bucket = await engine.create(BUCKET, "pipeline", location="EU")

    made = await engine.create(OBJECT, "graph", name="graphs/a.yaml", bucket=bucket.id, source=Asset({"text": "steps: []"}))

    assert cloud.storage.read(bucket.id, "graphs/a.yaml") == b"steps: []"
    assert made.outputs["md5hash"] == cloud.storage.object(bucket.id, "graphs/a.yaml")["md5Hash"]
    assert made.outputs["crc32c"]
    assert made.outputs["generation"] == 1
    assert made.outputs["outputName"] == "graphs/a.yaml"
    assert made.outputs["selfLink"].endswith("/o/graphs/a.yaml")


async def test_a_files_path_is_relative_to_the_program(engine: Engine, cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "graph.yaml").write_text("steps: [train]")
    bucket = await engine.create(BUCKET, "pipeline", location="EU")

    await engine.create(OBJECT, "graph", name="a.yaml", bucket=bucket.id, source=Asset({"path": "graph.yaml"}))

    assert cloud.storage.read(bucket.id, "a.yaml") == b"steps: [train]"


async def test_content_becomes_an_object_of_text_and_stays_secret(engine: Engine, cloud: Cloud) -> None:
    bucket = await engine.create(BUCKET, "pipeline", location="EU")

    made = await engine.create(OBJECT, "note", name="note", bucket=bucket.id, content="hello")

    assert cloud.storage.object(bucket.id, "note")["contentType"].startswith("text/plain")
    assert made.outputs["content"] == Secret("hello")


async def test_an_overwritten_object_is_written_again(engine: Engine, cloud: Cloud) -> None:
    bucket = await engine.create(BUCKET, "pipeline", location="EU")
    inputs = {"name": "note", "bucket": bucket.id, "content": "hello"}
    made = await engine.create(OBJECT, "note", **inputs)
    cloud.storage.write(bucket.id, "note", b"somebody else's", "text/plain", {})

    read = await engine.read(made)
    answer = await engine.diff(read, **inputs)
    mended = await engine.update(read, **inputs)

    assert list(answer.diffs) == ["detectMd5hash"]
    assert cloud.storage.read(bucket.id, "note") == b"hello"
    assert mended.outputs["md5hash"] == made.outputs["md5hash"]


async def test_a_changed_source_shows_by_its_hash(engine: Engine) -> None:
    bucket = await engine.create(BUCKET, "pipeline", location="EU")
    made = await engine.create(OBJECT, "graph", name="a", bucket=bucket.id, source=Asset({"text": "one"}))

    same = await engine.diff(made, name="a", bucket=bucket.id, source=Asset({"text": "one"}))
    other = await engine.diff(made, name="a", bucket=bucket.id, source=Asset({"text": "two"}))

    assert not same.diffs
    assert list(other.replaces) == ["source"]
    assert other.deleteBeforeReplace


async def test_a_subscription_pushes_with_an_identity_and_has_a_dead_letter_topic(engine: Engine, cloud: Cloud) -> None:
    email = await _account(engine, "pusher")
    for topic in ("uploads", "dead"):
        await engine.create(TOPIC, topic, name=topic)

    made = await engine.create(
        SUBSCRIPTION,
        "start",
        name="start",
        topic="uploads",
        ackDeadlineSeconds=60,
        pushConfig={"pushEndpoint": "http://127.0.0.1:1/start", "oidcToken": {"serviceAccountEmail": email, "audience": "start"}},
        deadLetterPolicy={"deadLetterTopic": "projects/sd-local/topics/dead", "maxDeliveryAttempts": 7},
        retryPolicy={"minimumBackoff": "5s"},
    )

    spec = cloud.pubsub.kept_subscriptions["start"]
    assert (spec.topic, spec.ack_deadline_s, spec.push_endpoint) == ("uploads", 60, "http://127.0.0.1:1/start")
    assert (spec.push_account, spec.push_audience) == (email, "start")
    assert (spec.dead_letter_topic, spec.max_delivery_attempts, spec.minimum_backoff) == ("dead", 7, "5s")
    assert made.outputs["topic"] == "projects/sd-local/topics/uploads"
    assert made.outputs["expirationPolicy"] == {"ttl": "2678400s"}


async def test_a_service_is_started_as_its_template_says(engine: Engine, cloud: Cloud) -> None:
    email = await _account(engine, "portal-runs")
    await engine.create(SECRET, "key", secretId="key", replication={"auto": {}})
    await engine.create(VERSION, "key", secret="projects/sd-local/secrets/key", secretDataWo=Secret("hush"), secretDataWoVersion="1")
    container = {
        "image": "portal@sha256:1",
        "args": ["--verbose"],
        "envs": [
            {"name": "MODE", "value": "plain"},
            {"name": "KEY", "valueSource": {"secretKeyRef": {"secret": "key", "version": "latest"}}},
        ],
        "startupProbe": {"httpGet": {"path": "/ready"}},
        "livenessProbe": {"httpGet": {"path": "/alive"}},
    }
    template = {"serviceAccount": email, "timeout": "30s", "scaling": {"maxInstanceCount": 3}, "containers": [container]}

    made = await engine.create(SERVICE, "portal", name="portal", **PLACE, iapEnabled=True, template=template)

    spec = cloud.services.running["portal"]
    assert spec.container.env == {"MODE": "plain", "KEY": "hush"}
    assert (spec.container.account, spec.container.image, spec.container.args) == (email, "portal@sha256:1", ("--verbose",))
    assert (spec.iap, spec.timeout_s, spec.max_instances) == (True, 30.0, 3)
    assert (spec.startup_path, spec.liveness_path) == ("/ready", "/alive")
    assert made.outputs["uri"] == "http://127.0.0.1:1/portal"
    assert made.outputs["latestReadyRevision"].startswith("projects/sd-local/locations/us-central1/services/portal/revisions/portal-00001-")


async def test_a_changed_service_gets_another_revision(engine: Engine) -> None:
    made = await _service(engine)
    containers = [{"image": "portal@sha256:2"}]

    changed = await engine.update(made, name="portal", **PLACE, template={"containers": containers})

    assert "/portal-00002-" in changed.outputs["latestReadyRevision"]
    assert changed.outputs["generation"] == "2"


async def test_a_service_that_does_not_start_fails_with_its_own_words(engine: Engine) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create(SERVICE, "portal", name="portal", **PLACE, template={"containers": [{"image": "broken"}]})

    assert refused.value.details() == "portal did not start: exit code 1"


async def test_a_protected_service_is_deleted_only_after_an_update(engine: Engine, cloud: Cloud) -> None:
    made = await _service(engine)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.delete(made)
    free = await engine.update(made, name="portal", **PLACE, deletionProtection=False, template=made.inputs["template"])
    await engine.delete(free)

    assert "deletionProtection" in refused.value.details()
    assert cloud.services.running == {}


async def test_a_service_of_two_containers_is_refused_in_words(engine: Engine) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await _service(engine, containers=[{"image": "a"}, {"image": "b"}])

    assert "services of one container" in refused.value.details()


async def test_a_binding_is_told_to_the_cloud_with_the_full_name_of_its_resource(engine: Engine, cloud: Cloud) -> None:
    await _service(engine)
    member = "serviceAccount:caller@elsewhere.iam.gserviceaccount.com"
    token = "gcp:cloudrunv2/serviceIamMember:ServiceIamMember"

    invoker = await engine.create(token, "calls", name="portal", **PLACE, role="roles/run.invoker", member=member)

    service = "projects/sd-local/locations/us-central1/services/portal"
    assert invoker.id == f"{service}/roles/run.invoker/{member}"
    assert cloud.iam.bindings == {invoker.id: Binding(invoker.id, "roles/run.invoker", member, service)}
    await engine.delete(invoker)
    assert cloud.iam.bindings == {}


async def test_a_function_runs_from_the_archive_in_the_bucket(engine: Engine, cloud: Cloud) -> None:
    email = await _account(engine, "starts-jobs")
    bucket = await engine.create(BUCKET, "sources", location="EU")
    source = Archive({}, {"main.py": Asset({"text": "def start(request): ..."}), "jobs/job.py": Asset({"text": ""})})
    archive = await engine.create(OBJECT, "start", name="start.zip", bucket=bucket.id, source=source)
    build = {
        "runtime": "python311",
        "entryPoint": "start",
        "source": {"storageSource": {"bucket": bucket.id, "object": archive.outputs["outputName"]}},
    }

    made = await engine.create(
        FUNCTION,
        "start",
        name="start",
        **PLACE,
        buildConfig=build,
        serviceConfig={"serviceAccountEmail": email, "timeoutSeconds": 30, "environmentVariables": {"MODE": "plain"}},
    )

    spec = cloud.functions.running["start"]
    assert sorted(zipfile.ZipFile(io.BytesIO(spec.archive)).namelist()) == ["jobs/job.py", "main.py"]
    assert (spec.entry_point, spec.account, spec.timeout_s, spec.signature) == ("start", email, 30.0, "http")
    assert spec.env == {"MODE": "plain"}
    assert made.outputs["url"] == "http://127.0.0.1:2/start"
    assert made.outputs["serviceConfig"]["uri"] == made.outputs["url"]
    assert made.outputs["serviceConfig"]["service"].endswith("/services/start")


async def test_a_function_without_its_archive_is_refused(engine: Engine) -> None:
    source = {"storageSource": {"bucket": "nowhere", "object": "start.zip"}}

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create(FUNCTION, "start", **PLACE, buildConfig={"runtime": "python311", "source": source})

    assert "gs://nowhere/start.zip" in refused.value.details()


async def test_a_function_with_a_trigger_gets_events_of_its_topic(engine: Engine, cloud: Cloud) -> None:
    await engine.create(TOPIC, "uploads", name="uploads")
    bucket = await engine.create(BUCKET, "sources", location="EU")
    await engine.create(OBJECT, "start", name="start.zip", bucket=bucket.id, source=Archive({}, {"main.py": Asset({"text": ""})}))
    trigger = {"eventType": "google.cloud.pubsub.topic.v1.messagePublished", "pubsubTopic": "projects/sd-local/topics/uploads"}
    build = {"runtime": "python311", "source": {"storageSource": {"bucket": bucket.id, "object": "start.zip"}}}

    made = await engine.create(FUNCTION, "start", name="start", **PLACE, buildConfig=build, eventTrigger=trigger)

    assert cloud.functions.running["start"].signature == "cloudevent"
    assert cloud.pubsub.kept_subscriptions["eventarc-start"].push_endpoint == made.outputs["url"]
    await engine.delete(made)
    assert cloud.pubsub.subscriptions() == []


async def test_a_scheduled_job_calls_with_an_identity(engine: Engine, cloud: Cloud) -> None:
    email = await _account(engine, "sweeps")
    body = base64.b64encode(b"{}").decode()
    target = {"uri": "http://127.0.0.1:2/sweep", "body": body, "oidcToken": {"serviceAccountEmail": email}}
    inputs = {"name": "sweep", "region": "us-central1", "schedule": "* * * * *", "timeZone": "Europe/Berlin", "httpTarget": target}

    made = await engine.create(JOB, "sweep", **inputs)
    spec = cloud.scheduler.jobs["sweep"]
    paused = await engine.update(made, **inputs, paused=True)

    assert (spec.cron, spec.time_zone, spec.method, spec.body) == ("* * * * *", "Europe/Berlin", "POST", b"{}")
    assert (spec.account, spec.audience, spec.attempt_deadline_s) == (email, "http://127.0.0.1:2/sweep", 180.0)
    assert made.outputs["state"] == "ENABLED"
    assert paused.outputs["state"] == "PAUSED"
    assert cloud.scheduler.jobs == {}


async def test_a_changed_source_of_an_image_shows_before_it_is_built(engine: Engine, cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\nCOPY main.py .\n")
    (tmp_path / "app" / "main.py").write_text("one")
    inputs = {"imageName": "us-central1-docker.pkg.dev/sd-local/images/portal:latest", "build": {"context": "app"}}
    image = await engine.create(IMAGE, "portal", **inputs)

    unchanged = await engine.diff(image, **inputs)
    (tmp_path / "app" / "main.py").write_text("two")
    changed = await engine.diff(image, **inputs)
    planned = await engine.update(image, preview=True, **inputs)

    assert image.outputs["repoDigest"].startswith("us-central1-docker.pkg.dev/sd-local/images/portal@sha256:")
    assert image.outputs["registryServer"] == "us-central1-docker.pkg.dev"
    assert image.outputs["baseImageName"] == image.id == inputs["imageName"]
    assert not unchanged.diffs
    assert list(changed.detailedDiff) == ["build.contextDigest"]
    assert isinstance(planned.outputs["repoDigest"], Unknown)
    assert len(cloud.images.built) == 1


async def test_a_missing_dockerfile_is_named_with_a_better_place(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.check(
            IMAGE, "portal", {"imageName": "eu-docker.pkg.dev/a/b/c", "build": {"context": "app", "dockerfile": "Dockerfile"}}
        )

    assert f"did you mean '{tmp_path}/app/Dockerfile'" in refused.value.details()


async def test_an_image_without_a_registry_is_refused(engine: Engine) -> None:
    with pytest.raises(CheckFailed) as refused:
        await engine.check(IMAGE, "portal", {"imageName": "portal"})

    assert refused.value.properties == ["imageName"]


async def test_a_secrets_value_is_in_no_output(engine: Engine) -> None:
    await engine.create(SECRET, "key", secretId="key", replication={"auto": {}})

    written = await engine.create(VERSION, "one", secret="projects/sd-local/secrets/key", secretDataWo="hush", secretDataWoVersion="1")
    second = await engine.create(VERSION, "two", secret="projects/sd-local/secrets/key", secretData="tush")

    assert "hush" not in str(written.outputs)
    assert written.id == "projects/100000000001/secrets/key/versions/1"
    assert second.outputs["version"] == "2"
    assert second.outputs["secretData"] == Secret("tush")


async def test_secrets_lie_in_the_records_of_versions_alone(engine: Engine, tmp_path: Path) -> None:
    envs = [{"name": "KEY", "value": Secret("hush")}]
    made = await engine.create(SERVICE, "portal", name="portal", **PLACE, template={"containers": [{"image": "a", "envs": envs}]})

    read = await engine.read(made)

    assert "hush" not in (tmp_path / "records.json").read_text()
    assert read == made


async def test_the_same_index_is_made_only_once(engine: Engine) -> None:
    await engine.create("gcp:firestore/database:Database", "sd", name="sd-dev", locationId="nam5", type="FIRESTORE_NATIVE")
    fields = [{"fieldPath": "owner", "order": "ASCENDING"}, {"fieldPath": "created", "order": "DESCENDING"}]
    index = {"database": "sd-dev", "collection": "jobs", "fields": fields}

    made = await engine.create("gcp:firestore/index:Index", "by-owner", **index)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await engine.create("gcp:firestore/index:Index", "again", **index)

    assert made.id == made.outputs["name"]
    assert made.id.startswith("projects/sd-local/databases/sd-dev/collectionGroups/jobs/indexes/")
    assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS


async def test_a_binding_on_an_account_and_one_on_the_project_have_googles_ids(engine: Engine) -> None:
    email = await _account(engine, "trainer")
    member = f"serviceAccount:{email}"

    on_account = await engine.create(
        "gcp:serviceaccount/iAMMember:IAMMember",
        "acts",
        serviceAccountId=f"projects/sd-local/serviceAccounts/{email}",
        role="roles/iam.serviceAccountUser",
        member=member,
    )
    on_project = await engine.create(
        "gcp:projects/iAMMember:IAMMember", "logs", project="sd-local", role="roles/logging.logWriter", member=member
    )

    assert on_account.id == f"projects/sd-local/serviceAccounts/{email}/roles/iam.serviceAccountUser/{member}"
    assert on_project.id == f"sd-local/roles/logging.logWriter/{member}"
