"""What a refresh says of what somebody changed behind Pulumi's back: property by property, in the words of the program."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.interfaces import Cloud, ContainerSpec
from local.layout import Layout, Ports, Project
from local.provider.server import serve
from local.provider.wire import Secret
from local.storage.server import StorageServer
from tests.local.provider.engine import Engine, Resource
from tests.local.provider.rooms import memory_cloud
from tests.local.provider.sound import BUCKET, FUNCTION, JOB, KEY, OBJECT, RING, SERVICE, SUBSCRIPTION, TOPIC

Inputs = dict[str, Any]

PLACE = {"location": "us-central1"}
BUCKET_INPUTS = {
    "name": "sd-models",
    "location": "us-central1",
    "labels": {"app": "sd", "stack": "dev"},
    "versioning": {"enabled": True},
    "lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"numNewerVersions": 3, "withState": "ARCHIVED"}}],
    "softDeletePolicy": {"retentionDurationSeconds": 604_800},
    "uniformBucketLevelAccess": True,
    "publicAccessPrevention": "enforced",
}

BUCKET_DRIFT: list[tuple[Inputs, Inputs]] = [
    ({"versioning": {"enabled": False}}, {"versioning": {"enabled": False}}),
    ({"softDeletePolicy": {"retentionDurationSeconds": "0"}}, {"softDeletePolicy": {"retentionDurationSeconds": 0}}),
    ({"lifecycle": None}, {"lifecycleRules": None}),
    (
        {"lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 1, "isLive": True, "matchesPrefix": ["a"]}}]}},
        {"lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"age": 1, "withState": "LIVE", "matchesPrefixes": ["a"]}}]},
    ),
    ({"cors": [{"origin": ["*"], "method": ["GET"]}]}, {"cors": [{"origins": ["*"], "methods": ["GET"]}]}),
    ({"iamConfiguration": {"publicAccessPrevention": "inherited"}}, {"publicAccessPrevention": "inherited"}),
    ({"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": False}}}, {"uniformBucketLevelAccess": False}),
    ({"storageClass": "NEARLINE"}, {"storageClass": "NEARLINE"}),
    ({"labels": {"app": "other"}}, {"labels": {"app": "other", "stack": "dev"}}),
    ({"labels": {"stack": None}}, {"labels": {"app": "sd"}}),
    ({"retentionPolicy": {"retentionPeriod": "60"}}, {"retentionPolicy": {"retentionPeriod": "60"}}),
    ({"website": {"mainPageSuffix": "index.html"}}, {}),
]


@pytest.fixture
async def real(tmp_path: Path) -> Any:
    """A provider over the local cloud's own Cloud Storage."""
    layout = Layout(tmp_path)
    storage = StorageServer(layout, Ports(layout))
    await storage.start()
    cloud = replace(memory_cloud(), storage=storage.store)
    server, port = await serve(cloud, records=tmp_path / "records.json")
    engine = Engine(port)
    await engine.attach(tmp_path, project=Project().id, region="us-central1")
    yield engine, cloud
    await engine.channel.close()
    await server.stop(None)
    await storage.stop()


@pytest.mark.parametrize(("patch", "expected"), BUCKET_DRIFT)
async def test_a_bucket_that_somebody_changed_shows_what(real: tuple[Engine, Cloud], patch: Inputs, expected: Inputs) -> None:
    engine, cloud = real
    made = await engine.create(BUCKET, "models", **BUCKET_INPUTS)
    cloud.storage.buckets.patch("sd-models", patch)

    read = await engine.read(made)
    answer = await engine.diff(read, **BUCKET_INPUTS)

    assert {name: read.inputs.get(name) for name in expected} == expected
    assert {path.replace("[", ".").split(".")[0] for path in answer.detailedDiff} == set(expected)
    assert list(answer.replaces) == []


async def test_a_bucket_that_nobody_changed_reads_as_it_was_made(real: tuple[Engine, Cloud]) -> None:
    engine, _ = real
    made = await engine.create(BUCKET, "models", **BUCKET_INPUTS)

    assert await engine.read(made) == made


async def test_an_update_puts_a_changed_bucket_right(real: tuple[Engine, Cloud]) -> None:
    engine, cloud = real
    made = await engine.create(BUCKET, "models", **BUCKET_INPUTS)
    cloud.storage.buckets.patch("sd-models", {"versioning": {"enabled": False}, "labels": {"stack": "prod"}})

    mended = await engine.update(await engine.read(made), **BUCKET_INPUTS)

    assert cloud.storage.bucket("sd-models")["versioning"] == {"enabled": True}
    assert cloud.storage.bucket("sd-models")["labels"]["stack"] == "dev"
    assert await engine.read(mended) == mended


async def test_labels_that_a_program_does_not_name_are_none_of_its_business(real: tuple[Engine, Cloud]) -> None:
    engine, cloud = real
    made = await engine.create(BUCKET, "models", **BUCKET_INPUTS)
    cloud.storage.buckets.patch("sd-models", {"labels": {"owner": "ada"}})

    read = await engine.read(made)
    answer = await engine.diff(read, **BUCKET_INPUTS)

    assert read.outputs["effectiveLabels"]["owner"] == "ada"
    assert read.inputs["labels"] == BUCKET_INPUTS["labels"]
    assert list(answer.diffs) == []


async def _topics(engine: Engine) -> None:
    for name in ("jobs", "dead"):
        await engine.create(TOPIC, name, name=name)


SUBSCRIPTION_INPUTS = {
    "name": "start",
    "topic": "jobs",
    "ackDeadlineSeconds": 60,
    "messageRetentionDuration": "604800s",
    "pushConfig": {"pushEndpoint": "https://a.example", "oidcToken": {"serviceAccountEmail": "push@other.example"}},
    "retryPolicy": {"minimumBackoff": "10s"},
    "deadLetterPolicy": {"deadLetterTopic": "projects/sd-local/topics/dead", "maxDeliveryAttempts": 10},
}
SUBSCRIPTION_DRIFT: list[tuple[Inputs, Inputs]] = [
    ({"ack_deadline_s": 10}, {"ackDeadlineSeconds": 10}),
    ({"retention": "600s"}, {"messageRetentionDuration": "600s"}),
    ({"push_endpoint": None}, {"pushConfig": None}),
    ({"push_endpoint": "https://b.example"}, {"pushConfig": {"pushEndpoint": "https://b.example"}}),
    ({"minimum_backoff": "1s"}, {"retryPolicy": {"minimumBackoff": "1s"}}),
    ({"minimum_backoff": None}, {"retryPolicy": None}),
    ({"dead_letter_topic": None}, {"deadLetterPolicy": None}),
    (
        {"max_delivery_attempts": 5},
        {"deadLetterPolicy": {"deadLetterTopic": "projects/sd-local/topics/dead", "maxDeliveryAttempts": 5}},
    ),
]


@pytest.mark.parametrize(("change", "expected"), SUBSCRIPTION_DRIFT)
async def test_a_subscription_that_somebody_changed_shows_what(engine: Engine, cloud: Cloud, change: Inputs, expected: Inputs) -> None:
    await _topics(engine)
    made = await engine.create(SUBSCRIPTION, "start", **SUBSCRIPTION_INPUTS)
    kept = cloud.pubsub.kept_subscriptions
    kept["start"] = replace(kept["start"], **change)

    read = await engine.read(made)
    answer = await engine.diff(read, **SUBSCRIPTION_INPUTS)

    assert {name: read.inputs.get(name) for name in expected} == expected
    assert {path.split(".")[0] for path in answer.detailedDiff} == set(expected)


SERVICE_INPUTS = {
    "name": "portal",
    **PLACE,
    "template": {
        "timeout": "30s",
        "serviceAccount": "portal@other.example",
        "scaling": {"maxInstanceCount": 3},
        "containers": [{"image": "a@sha256:1", "args": ["--quiet"], "envs": [{"name": "MODE", "value": "plain"}]}],
    },
}
SERVICE_DRIFT: list[tuple[Inputs, Inputs, set[str]]] = [
    ({}, {"image": "a@sha256:2"}, {"template.containers[0].image"}),
    ({}, {"args": ["--loud"]}, {"template.containers[0].args[0]"}),
    ({}, {"env": {"MODE": "fast"}}, {"template.containers[0].envs[0].value"}),
    ({}, {"env": {"MODE": "plain", "DEBUG": "1"}}, {"template.containers[0].envs[1]"}),
    ({}, {"env": {}}, {"template.containers[0].envs"}),
    ({}, {"account": "other@other.example"}, {"template.serviceAccount"}),
    ({"timeout_s": 60.0}, {}, {"template.timeout"}),
    ({"max_instances": 9}, {}, {"template.scaling.maxInstanceCount"}),
    ({"iap": True}, {}, {"iapEnabled"}),
]


@pytest.mark.parametrize(("change", "of_container", "paths"), SERVICE_DRIFT)
async def test_a_service_that_somebody_changed_shows_what(
    engine: Engine, cloud: Cloud, change: Inputs, of_container: Inputs, paths: set[str]
) -> None:
    made = await engine.create(SERVICE, "portal", **SERVICE_INPUTS)
    running = cloud.services.running
    running["portal"] = replace(running["portal"], **change, container=replace(running["portal"].container, **of_container))

    answer = await engine.diff(await engine.read(made), **SERVICE_INPUTS)

    assert set(answer.detailedDiff) == paths


async def test_a_function_that_somebody_changed_shows_what(engine: Engine, cloud: Cloud) -> None:
    inputs = await _function(engine)
    made = await engine.create(FUNCTION, "start", **inputs)
    running = cloud.services.running
    running["start"] = replace(
        running["start"], timeout_s=5.0, container=ContainerSpec("start", "source", "a@b.example", env={"MODE": "x"})
    )

    answer = await engine.diff(await engine.read(made), **inputs)

    assert set(answer.detailedDiff) == {
        "serviceConfig.timeoutSeconds",
        "serviceConfig.environmentVariables.MODE",
        "serviceConfig.serviceAccountEmail",
    }


async def _function(engine: Engine) -> Inputs:
    await engine.create(BUCKET, "sources", name="sd-sources", location="EU")
    await engine.create(OBJECT, "start", name="start.zip", bucket="sd-sources", content="zip")
    source = {"storageSource": {"bucket": "sd-sources", "object": "start.zip"}}
    config = {"timeoutSeconds": 60, "environmentVariables": {"MODE": "plain"}, "serviceAccountEmail": "start@other.example"}
    return {"name": "start", **PLACE, "buildConfig": {"runtime": "python311", "source": source}, "serviceConfig": config}


JOB_INPUTS = {
    "name": "sweep",
    "region": "us-central1",
    "schedule": "* * * * *",
    "httpTarget": {"uri": "https://a.example", "oidcToken": {"serviceAccountEmail": "sweep@other.example"}},
}
JOB_DRIFT: list[tuple[Inputs, set[str]]] = [
    ({"cron": "0 * * * *"}, {"schedule"}),
    ({"time_zone": "Europe/Berlin"}, {"timeZone"}),
    ({"attempt_deadline_s": 60.0}, {"attemptDeadline"}),
    ({"uri": "https://b.example"}, {"httpTarget.uri"}),
]


@pytest.mark.parametrize(("change", "paths"), JOB_DRIFT)
async def test_a_schedule_that_somebody_changed_shows_what(engine: Engine, cloud: Cloud, change: Inputs, paths: set[str]) -> None:
    made = await engine.create(JOB, "sweep", **JOB_INPUTS)
    cloud.scheduler.jobs["sweep"] = replace(cloud.scheduler.jobs["sweep"], **change)

    answer = await engine.diff(await engine.read(made), **JOB_INPUTS)

    assert paths <= set(answer.detailedDiff)


async def test_a_paused_job_that_somebody_resumed_shows(engine: Engine, cloud: Cloud) -> None:
    job = await engine.create(JOB, "sweep", **JOB_INPUTS)
    spec = cloud.scheduler.jobs["sweep"]
    paused = await engine.update(job, **JOB_INPUTS, paused=True)

    untouched = await engine.read(paused)
    cloud.scheduler.jobs["sweep"] = spec
    resumed = await engine.read(paused)

    assert untouched == paused
    assert resumed.inputs["paused"] is False


GONE: dict[str, Callable[[Cloud], Awaitable[None]]] = {
    TOPIC: lambda cloud: cloud.pubsub.delete_topic("jobs"),
    SUBSCRIPTION: lambda cloud: cloud.pubsub.delete_subscription("start"),
    SERVICE: lambda cloud: cloud.services.delete("portal"),
    FUNCTION: lambda cloud: cloud.functions.delete("start"),
    JOB: lambda cloud: cloud.scheduler.delete("sweep"),
}


@pytest.mark.parametrize("token", GONE)
async def test_what_somebody_deleted_is_gone_and_can_be_made_again(engine: Engine, cloud: Cloud, token: str) -> None:
    inputs = {SUBSCRIPTION: SUBSCRIPTION_INPUTS, SERVICE: SERVICE_INPUTS, JOB: JOB_INPUTS, TOPIC: {"name": "jobs"}}.get(token)
    inputs = inputs or await _function(engine)
    if token == SUBSCRIPTION:
        await _topics(engine)
    made = await engine.create(token, "thing", **inputs)
    before = await engine.read(made)

    await GONE[token](cloud)

    assert before == made
    assert await engine.read(made) is None
    assert (await engine.create(token, "thing", **inputs)).id == made.id


async def _edited(engine: Engine, cloud: Cloud, tmp_path: Path, made: Resource, **changes: object) -> Resource:
    """As read by a server whose record of `made` was edited."""
    file = tmp_path / "records.json"
    records = json.loads(file.read_text())
    record = records[made.token][made.id]
    records[made.token][made.id] = {name: value for name, value in {**record, **changes}.items() if value is not None}
    file.write_text(json.dumps(records))
    server, port = await serve(cloud, records=file)
    again = Engine(port)
    await again.attach(tmp_path, project="sd-local", region="us-central1")
    read = await again.read(made)
    await again.channel.close()
    await server.stop(None)
    return read


async def test_a_record_that_was_edited_shows_property_by_property(engine: Engine, cloud: Cloud, tmp_path: Path) -> None:
    await engine.create(RING, "sd", name="sd", **PLACE)
    inputs = {"keyRing": "projects/sd-local/locations/us-central1/keyRings/sd", "name": "data", "rotationPeriod": "7776000s"}
    made = await engine.create(KEY, "data", **inputs)

    read = await _edited(
        engine, cloud, tmp_path, made, rotationPeriod="86400s", destroyScheduledDuration="172800s", deletionPolicy="PREVENT"
    )
    lost = await _edited(engine, cloud, tmp_path, made, rotationPeriod=None)

    assert read.inputs == {**made.inputs, "rotationPeriod": "86400s"}
    assert read.outputs["deletionPolicy"] == "PREVENT"
    assert "rotationPeriod" not in lost.inputs
    assert "rotationPeriod" not in lost.outputs


async def test_a_property_that_somebody_added_is_drift_and_one_that_the_service_fills_in_is_not(
    engine: Engine, cloud: Cloud, tmp_path: Path
) -> None:
    made = await engine.create(TOPIC, "jobs", name="jobs")

    read = await _edited(engine, cloud, tmp_path, made, messageRetentionDuration="600s", messageStoragePolicy={"enforceInTransit": True})
    answer = await engine.diff(read, name="jobs")

    assert set(answer.detailedDiff) == {"messageRetentionDuration"}
    assert read.outputs["messageStoragePolicy"] == {"enforceInTransit": True}


async def test_a_secret_stays_one_through_a_refresh(engine: Engine, cloud: Cloud) -> None:
    template = {"containers": [{"image": "a@sha256:1", "envs": [{"name": "KEY", "value": Secret("hush")}]}]}
    made = await engine.create(SERVICE, "portal", name="portal", **PLACE, template=template)

    read = await engine.read(made)

    assert read == made
    assert read.inputs["template"]["containers"][0]["envs"][0]["value"] == Secret("hush")
