import pytest
from pulumi.runtime.proto import provider_pb2

from local.provider.wire import UNKNOWN, Secret
from tests.local.provider.engine import CheckFailed, Engine

BUCKET = "gcp:storage/bucket:Bucket"
SUBSCRIPTION = "gcp:pubsub/subscription:Subscription"
SERVICE = "gcp:cloudrunv2/service:Service"
JOB = "gcp:cloudscheduler/job:Job"
INDEX = "gcp:firestore/index:Index"
AGED = {"age": 1}
OBJECT = "gcp:storage/bucketObject:BucketObject"


async def _refusal(engine: Engine, token: str, **inputs: object) -> CheckFailed:
    with pytest.raises(CheckFailed) as refused:
        await engine.check(token, "thing", inputs)
    return refused.value


async def test_a_missing_required_property_is_named(preview: Engine) -> None:
    refused = await _refusal(preview, BUCKET)

    assert refused.properties == ["location"]
    assert "missing required property 'location'" in refused.reasons[0]


async def test_an_unknown_property_is_named_with_the_nearest_known_one(preview: Engine) -> None:
    refused = await _refusal(preview, BUCKET, location="EU", versionning={"enabled": True})

    assert refused.properties == ["versionning"]
    assert "did you mean 'versioning'?" in refused.reasons[0]


async def test_an_unknown_property_inside_a_list_of_blocks_has_its_path(preview: Engine) -> None:
    refused = await _refusal(preview, BUCKET, location="EU", cors=[{"origin": ["*"]}])

    assert refused.properties == ["cors[0].origin"]
    assert "did you mean 'origins'?" in refused.reasons[0]


async def test_a_value_of_the_wrong_kind_is_refused(preview: Engine) -> None:
    refused = await _refusal(preview, BUCKET, location="EU", forceDestroy="yes", labels={"team": 3}, cors={"origins": ["*"]})

    assert sorted(refused.properties) == ["cors", "forceDestroy", "labels.team"]


async def test_a_wrong_enumeration_lists_the_allowed_values(preview: Engine) -> None:
    refused = await _refusal(preview, SERVICE, location="us-central1", template={}, ingress="INGRESS_ALL")

    assert refused.properties == ["ingress"]
    assert "INGRESS_TRAFFIC_INTERNAL_ONLY" in refused.reasons[0]


async def test_conflicting_blocks_are_refused_by_both_names(preview: Engine) -> None:
    refused = await _refusal(
        preview, SUBSCRIPTION, topic="uploads", pushConfig={"pushEndpoint": "https://a.example"}, bigqueryConfig={"table": "a.b.c"}
    )

    assert "pushConfig" in refused.reasons[0]
    assert "bigqueryConfig" in refused.reasons[0]


async def test_exactly_one_of_several_must_be_given(preview: Engine) -> None:
    neither = await _refusal(preview, OBJECT, bucket="models-bucket")
    both = await _refusal(
        preview, JOB, schedule="* * * * *", httpTarget={"uri": "https://a.example"}, pubsubTarget={"topicName": "projects/p/topics/t"}
    )

    assert "exactly one of content, source" in neither.reasons[0]
    assert "httpTarget" in both.reasons[0]


async def test_a_mistake_beside_an_unknown_value_shows_in_the_preview(preview: Engine) -> None:
    refused = await _refusal(
        preview, SUBSCRIPTION, topic=UNKNOWN, pushConfig={"pushEndpoint": UNKNOWN, "oidcToken": {"serviceAccountMail": UNKNOWN}}
    )

    assert sorted(refused.properties) == ["pushConfig.oidcToken.serviceAccountEmail", "pushConfig.oidcToken.serviceAccountMail"]


@pytest.mark.parametrize(
    ("token", "inputs", "path"),
    [
        ("gcp:artifactregistry/repository:Repository", {"repositoryId": "images", "format": "DOCKR", "location": "europe"}, "format"),
        (SUBSCRIPTION, {"topic": "uploads", "ackDeadlineSeconds": 9000}, "ackDeadlineSeconds"),
        (SUBSCRIPTION, {"topic": "uploads", "retryPolicy": {"minimumBackoff": "10"}}, "retryPolicy.minimumBackoff"),
        (SUBSCRIPTION, {"topic": "t", "deadLetterPolicy": {"maxDeliveryAttempts": 3}}, "deadLetterPolicy.maxDeliveryAttempts"),
        (
            BUCKET,
            {"location": "EU", "lifecycleRules": [{"action": {"type": "Vanish"}, "condition": AGED}]},
            "lifecycleRules[0].action.type",
        ),
        (BUCKET, {"location": "EU", "lifecycleRules": [{"action": {"type": "Delete"}, "condition": {}}]}, "lifecycleRules[0].condition"),
        (BUCKET, {"location": "EU", "name": "Bad_Name!!"}, "name"),
        (BUCKET, {"location": "EU", "softDeletePolicy": {"retentionDurationSeconds": 60}}, "softDeletePolicy.retentionDurationSeconds"),
        (JOB, {"schedule": "* * *", "httpTarget": {"uri": "https://a.example"}}, "schedule"),
        (JOB, {"schedule": "* * * * *", "timeZone": "Mars/Olympus", "httpTarget": {"uri": "https://a.example"}}, "timeZone"),
        (SERVICE, {"name": "Portal", "location": "us-central1", "template": {}}, "name"),
        ("gcp:serviceaccount/account:Account", {"accountId": "ab"}, "accountId"),
        ("gcp:firestore/database:Database", {"name": "Sd", "locationId": "nam5", "type": "FIRESTORE_NATIVE"}, "name"),
        ("gcp:storage/bucketIAMMember:BucketIAMMember", {"bucket": "b", "role": "roles/x", "member": "ada@a.example"}, "member"),
        ("gcp:storage/bucketIAMMember:BucketIAMMember", {"bucket": "b", "role": "storage.viewer", "member": "allUsers"}, "role"),
        ("gcp:projects/service:Service", {"service": "storage"}, "service"),
        ("gcp:pubsub/topic:Topic", {"name": "1st"}, "name"),
        ("gcp:cloudfunctionsv2/function:Function", {"location": "us-east1", "buildConfig": {"runtime": "python"}}, "buildConfig.runtime"),
        ("gcp:monitoring/dashboard:Dashboard", {"dashboardJson": "{"}, "dashboardJson"),
        ("gcp:projects/iAMCustomRole:IAMCustomRole", {"roleId": "abc", "title": "r", "permissions": ["storage"]}, "permissions[0]"),
    ],
)
async def test_what_only_google_would_refuse_is_refused_before(preview: Engine, token: str, inputs: dict[str, object], path: str) -> None:
    refused = await _refusal(preview, token, **inputs)

    assert refused.properties == [path]


async def test_a_variable_that_cloud_run_sets_itself_is_refused(preview: Engine) -> None:
    envs = [{"name": "MODE", "value": "a"}, {"name": "PORT", "value": "80"}, {"name": "MODE", "value": "b"}]
    template = {"containers": [{"image": "portal", "envs": envs}]}

    refused = await _refusal(preview, SERVICE, location="us-central1", template=template)

    assert refused.properties == ["template.containers[0].envs[1].name", "template.containers[0].envs[2].name"]


async def test_an_index_over_one_field_is_refused(preview: Engine) -> None:
    refused = await _refusal(preview, INDEX, collection="jobs", fields=[{"fieldPath": "owner", "order": "ASCENDING"}])

    assert "single fields are indexed by themselves" in refused.reasons[0]


async def test_an_automatic_name_is_the_logical_name_and_seven_hex_digits(preview: Engine) -> None:
    checked = await preview.check(BUCKET, "uploads", {"location": "EU"})

    stem, _, digits = checked["name"].rpartition("-")
    assert stem == "uploads"
    assert len(digits) == 7
    assert int(digits, 16) >= 0
    assert "name" in checked["__defaults"]


async def test_an_automatic_name_stays_while_the_resource_does(preview: Engine) -> None:
    first = await preview.check(BUCKET, "uploads", {"location": "EU"})

    again = await preview.check(BUCKET, "uploads", {"location": "EU"}, olds=first, randomSeed=b"another")

    assert again["name"] == first["name"]


async def test_a_name_that_the_program_gives_up_is_replaced_by_an_automatic_one(preview: Engine) -> None:
    named = await preview.check(BUCKET, "uploads", {"location": "EU", "name": "sd-uploads"})

    unnamed = await preview.check(BUCKET, "uploads", {"location": "EU"}, olds=named)

    assert unnamed["name"].startswith("uploads-")


async def test_the_stacks_own_naming_is_honoured(preview: Engine) -> None:
    options = provider_pb2.CheckRequest.AutonamingOptions

    proposed = await preview.check(BUCKET, "uploads", {"location": "EU"}, autonaming=options(proposed_name="uploads-dev"))
    with pytest.raises(CheckFailed) as refused:
        await preview.check(BUCKET, "uploads", {"location": "EU"}, autonaming=options(mode=options.DISABLE))

    assert proposed["name"] == "uploads-dev"
    assert refused.value.properties == ["name"]


async def test_defaults_are_added_inside_blocks_too(preview: Engine) -> None:
    container = {"image": "portal", "startupProbe": {"httpGet": {}}}

    checked = await preview.check(SERVICE, "portal", {"location": "us-central1", "template": {"containers": [container]}})

    assert checked["deletionProtection"] is True
    assert checked["template"]["containers"][0]["startupProbe"]["httpGet"]["path"] == "/"


async def test_a_secret_stays_a_secret(preview: Engine) -> None:
    template = {"containers": [{"image": "portal", "envs": [{"name": "KEY", "value": Secret("hush")}]}]}

    outputs = await preview.preview(SERVICE, "portal", location="us-central1", template=template)

    assert outputs["template"]["containers"][0]["envs"][0]["value"] == Secret("hush")


async def test_a_secret_is_checked_like_any_other_value(preview: Engine) -> None:
    refused = await _refusal(preview, BUCKET, location=Secret("EU"), storageClass=Secret("FROZEN"))

    assert refused.properties == ["storageClass"]
