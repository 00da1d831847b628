import pytest
from pulumi.runtime.proto import provider_pb2

from local.provider.wire import UNKNOWN, Secret
from tests.local.provider.engine import Engine, Resource

BUCKET = "gcp:storage/bucket:Bucket"
SERVICE = "gcp:cloudrunv2/service:Service"
TOPIC = "gcp:pubsub/topic:Topic"
ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole"

NONE, SOME = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME


def _kinds(answer: object) -> dict[str, str]:
    return {path: provider_pb2.PropertyDiff.Kind.Name(diff.kind) for path, diff in answer.detailedDiff.items()}


async def _made(engine: Engine, token: str, /, **inputs: object) -> Resource:
    """As it would be in the state, without a cloud."""
    checked = await engine.check(token, "thing", inputs)
    return Resource(token, "thing", str(checked.get("name", "id")), checked, checked)


async def test_the_same_inputs_are_no_change(preview: Engine) -> None:
    bucket = await _made(preview, BUCKET, location="EU", cors=[{"origins": ["*"], "methods": ["GET"]}])

    answer = await preview.diff(bucket, location="eu", cors=[{"origins": ["*"], "methods": ["GET"]}])

    assert answer.changes == NONE
    assert answer.hasDetailedDiff


async def test_a_change_inside_a_block_has_its_path(preview: Engine) -> None:
    def template(value: str) -> dict[str, object]:
        return {"containers": [{"image": "portal", "envs": [{"name": "MODE", "value": value}]}], "timeout": "30s"}

    service = await _made(preview, SERVICE, location="us-central1", template=template("a"))

    answer = await preview.diff(service, location="us-central1", template=template("b"))

    assert _kinds(answer) == {"template.containers[0].envs[0].value": "UPDATE"}
    assert list(answer.replaces) == []
    assert list(answer.diffs) == ["template"]


async def test_the_order_of_a_set_says_nothing(preview: Engine) -> None:
    one, two = {"name": "A", "value": "1"}, {"name": "B", "value": "2"}
    service = await _made(preview, SERVICE, location="us-east1", template={"containers": [{"image": "portal", "envs": [one, two]}]})

    same = await preview.diff(service, location="us-east1", template={"containers": [{"image": "portal", "envs": [two, one]}]})
    role = await _made(preview, ROLE, title="r", roleId="reader", permissions=["a.b.c", "d.e.f"])
    more = await preview.diff(role, title="r", roleId="reader", permissions=["g.h.i", "d.e.f", "a.b.c"])

    assert same.changes == NONE
    assert _kinds(more) == {"permissions[0]": "ADD"}


async def test_labels_are_compared_one_by_one(preview: Engine) -> None:
    bucket = await _made(preview, BUCKET, location="EU", labels={"team": "a", "old": "x"})

    answer = await preview.diff(bucket, location="EU", labels={"team": "b", "new": "y"})

    assert _kinds(answer) == {"labels.team": "UPDATE", "labels.old": "DELETE", "labels.new": "ADD"}


async def test_what_the_service_fills_in_may_be_left_out_later(preview: Engine) -> None:
    bucket = await _made(preview, BUCKET, location="EU", publicAccessPrevention="enforced", forceDestroy=True)

    answer = await preview.diff(bucket, location="EU")

    assert _kinds(answer) == {"forceDestroy": "UPDATE"}


async def test_a_fixed_property_replaces_and_an_automatic_name_lets_the_new_one_come_first(preview: Engine) -> None:
    bucket = await _made(preview, BUCKET, location="EU")

    answer = await preview.diff(bucket, location="US")

    assert _kinds(answer) == {"location": "UPDATE_REPLACE"}
    assert list(answer.replaces) == ["location"]
    assert not answer.deleteBeforeReplace


async def test_a_fixed_name_makes_the_old_one_go_first(preview: Engine) -> None:
    bucket = await _made(preview, BUCKET, name="sd-models", location="EU")

    moved = await preview.diff(bucket, name="sd-models", location="US")
    renamed = await preview.diff(bucket, name="sd-weights", location="EU")

    assert moved.deleteBeforeReplace
    assert list(renamed.replaces) == ["name"]
    assert not renamed.deleteBeforeReplace


async def test_a_fixed_property_that_is_not_known_yet_replaces(preview: Engine) -> None:
    bucket = await _made(preview, BUCKET, location="EU")

    answer = await preview.diff(bucket, location=UNKNOWN)

    assert _kinds(answer) == {"location": "UPDATE_REPLACE"}


async def test_giving_a_block_with_a_fixed_property_replaces(preview: Engine) -> None:
    bucket = await _made(preview, BUCKET, location="EU")

    answer = await preview.diff(bucket, location="EU", customPlacementConfig={"dataLocations": ["europe-west1", "europe-west4"]})

    assert _kinds(answer) == {"customPlacementConfig": "ADD_REPLACE"}


async def test_ignored_changes_are_ignored_with_all_below_them(preview: Engine) -> None:
    bucket = await _made(preview, BUCKET, location="EU", labels={"team": "a"})

    answer = await preview.diff(bucket, ("labels",), location="EU", labels={"team": "b"})

    assert answer.changes == NONE


async def test_a_topic_by_id_or_by_path_is_the_same(preview: Engine) -> None:
    subscription = await _made(preview, "gcp:pubsub/subscription:Subscription", topic="uploads")

    answer = await preview.diff(subscription, topic="projects/shop-prod/topics/uploads")

    assert answer.changes == NONE


async def test_a_value_that_becomes_secret_is_no_change(preview: Engine) -> None:
    topic = await _made(preview, TOPIC, labels={"team": "a"})

    answer = await preview.diff(topic, labels={"team": Secret("a")})

    assert answer.changes == NONE


@pytest.mark.parametrize("text", ['{"displayName": "sd", "gridLayout": {}}', '{"gridLayout":{},"displayName":"sd"}'])
async def test_two_texts_of_one_dashboard_are_no_change(preview: Engine, text: str) -> None:
    dashboard = await _made(preview, "gcp:monitoring/dashboard:Dashboard", dashboardJson='{"displayName":"sd","gridLayout":{}}')

    answer = await preview.diff(dashboard, dashboardJson=text)

    assert answer.changes == NONE
