import secrets

import pytest
import requests
from google.api_core.exceptions import BadRequest, Conflict, NotFound, PreconditionFailed
from google.cloud import storage


def fresh() -> str:
    return f"test-{secrets.token_hex(6)}"


def test_every_option_of_a_bucket_is_kept(client: storage.Client) -> None:
    bucket = client.bucket(fresh())
    bucket.labels = {"stack": "local", "part": "uploads"}
    bucket.cors = [{"origin": ["http://portal"], "method": ["PUT"], "responseHeader": ["Content-Type", "Range"], "maxAgeSeconds": 60}]
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.versioning_enabled = True
    bucket.storage_class = "NEARLINE"
    bucket.add_lifecycle_delete_rule(age=30)
    bucket.soft_delete_policy.retention_duration_seconds = 0

    client.create_bucket(bucket, location="europe-west4")

    found = client.get_bucket(bucket.name)
    assert found.location == "EUROPE-WEST4"
    assert found.location_type == "region"
    assert found.labels == {"stack": "local", "part": "uploads"}
    assert found.cors == bucket.cors
    assert found.iam_configuration.uniform_bucket_level_access_enabled
    assert found.iam_configuration.public_access_prevention == "enforced"
    assert found.versioning_enabled
    assert found.storage_class == "NEARLINE"
    assert [dict(rule) for rule in found.lifecycle_rules] == [{"action": {"type": "Delete"}, "condition": {"age": 30}}]
    assert found.soft_delete_policy.retention_duration_seconds == 0
    assert found.project_number == 100000000001
    assert found.metageneration == 1
    assert found.time_created is not None


def test_a_second_create_answers_conflict(client: storage.Client, bucket: storage.Bucket) -> None:
    with pytest.raises(Conflict) as refused:
        client.create_bucket(bucket.name)

    assert refused.value.errors[0]["reason"] == "conflict"


def test_a_patch_changes_what_it_names_and_nothing_else(client: storage.Client) -> None:
    bucket = client.bucket(fresh())
    bucket.labels = {"keep": "1", "drop": "2"}
    bucket.cors = [{"origin": ["*"], "method": ["GET"]}]
    client.create_bucket(bucket)

    bucket.labels = {"keep": "1", "more": "3"}
    bucket.patch()

    found = client.get_bucket(bucket.name)
    assert found.labels == {"keep": "1", "more": "3"}
    assert found.cors == [{"origin": ["*"], "method": ["GET"]}]
    assert found.metageneration == 2


def test_a_setting_can_be_taken_away(client: storage.Client, bucket: storage.Bucket) -> None:
    bucket.cors = [{"origin": ["*"], "method": ["GET"]}]
    bucket.patch()

    bucket.cors = []
    bucket.patch()

    assert client.get_bucket(bucket.name).cors == []


def test_what_must_be_there_goes_back_to_its_default(url: str, bucket: storage.Bucket) -> None:
    answer = requests.patch(f"{url}/storage/v1/b/{bucket.name}", json={"storageClass": None, "softDeletePolicy": None}, timeout=5)

    assert answer.json()["storageClass"] == "STANDARD"
    assert answer.json()["softDeletePolicy"]["retentionDurationSeconds"] == "0"


def test_the_location_of_a_bucket_does_not_change(url: str, bucket: storage.Bucket) -> None:
    answer = requests.patch(f"{url}/storage/v1/b/{bucket.name}", json={"location": "EU"}, timeout=5)

    assert answer.status_code == 400
    assert "cannot change from US to EU" in answer.json()["error"]["message"]


def test_a_bucket_that_is_not_there_is_not_found(client: storage.Client) -> None:
    with pytest.raises(NotFound) as refused:
        client.get_bucket(fresh())

    assert refused.value.errors[0]["reason"] == "notFound"
    assert client.lookup_bucket(fresh()) is None
    assert not client.bucket(fresh()).exists()


def test_a_bucket_with_objects_is_not_deleted(client: storage.Client, bucket: storage.Bucket) -> None:
    bucket.blob("one").upload_from_string("1")

    with pytest.raises(Conflict):
        bucket.delete()
    bucket.delete(force=True)

    assert client.lookup_bucket(bucket.name) is None


def test_preconditions_on_a_bucket_hold(client: storage.Client, bucket: storage.Bucket) -> None:
    with pytest.raises(PreconditionFailed):
        client.get_bucket(bucket.name, if_metageneration_match=9)
    bucket.labels = {"a": "b"}
    with pytest.raises(PreconditionFailed):
        bucket.patch(if_metageneration_match=9)
    bucket.patch(if_metageneration_match=1)

    assert client.get_bucket(bucket.name).labels == {"a": "b"}


def test_buckets_are_listed_in_pages_and_by_prefix(client: storage.Client) -> None:
    prefix = fresh()
    for letter in "cab":
        client.create_bucket(f"{prefix}-{letter}")

    pages = client.list_buckets(prefix=prefix, page_size=2)

    assert [bucket.name for bucket in pages] == [f"{prefix}-a", f"{prefix}-b", f"{prefix}-c"]


@pytest.mark.parametrize(
    "name",
    ["Bad_Name!!", "ab", "-abc", "abc-", "a" * 64, "192.168.5.4", "goog-x", "my-google-x", "g00gle1", "a..b", "a.-b", "äöü", "../etc", ""],
)
def test_names_that_google_refuses_are_refused(url: str, name: str) -> None:
    answer = requests.post(f"{url}/storage/v1/b", json={"name": name}, timeout=5)

    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["reason"] in {"invalid", "required"}


@pytest.mark.parametrize("name", ["a-b_c", "abc", "a" * 63, "example.com", "0-0", "1.2.3.4.5"])
def test_names_that_google_takes_are_taken(url: str, name: str) -> None:
    answer = requests.post(f"{url}/storage/v1/b", json={"name": name}, timeout=5)

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"lifecycle": {"rule": [{"action": {"type": "Vanish"}, "condition": {"age": 1}}]}}, "Vanish"),
        ({"lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"mood": 1}}]}}, "mood"),
        ({"lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"age": -1}}]}}, "age"),
        ({"lifecycle": {"rule": [{"action": {"type": "SetStorageClass", "storageClass": "WARM"}, "condition": {"age": 1}}]}}, "WARM"),
        ({"lifecycle": "x"}, "lifecycle"),
        ({"location": "Mars"}, "MARS"),
        ({"storageClass": "WARM"}, "WARM"),
        ({"labels": {"Big": "x"}}, "Big"),
        ({"cors": [{"origin": "*"}]}, "cors.origin"),
        ({"cors": [{"responseHeader": ["a\nb"]}]}, "cors.responseHeader"),
        ({"iamConfiguration": {"publicAccessPrevention": "maybe"}}, "maybe"),
        ({"softDeletePolicy": {"retentionDurationSeconds": "60"}}, "60"),
        ({"versioning": {"enabled": "yes"}}, "versioning"),
    ],
)
def test_settings_that_google_refuses_are_refused_by_name(url: str, settings: dict, named: str) -> None:
    answer = requests.post(f"{url}/storage/v1/b", json={"name": fresh(), **settings}, timeout=5)

    assert answer.status_code == 400
    assert named in answer.json()["error"]["message"]


def test_a_policy_is_kept_and_its_etag_guards_it(client: storage.Client, bucket: storage.Bucket) -> None:
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.version = 3
    policy.bindings.append(
        {"role": "roles/storage.objectViewer", "members": {"allUsers"}, "condition": {"title": "x", "expression": "true"}}
    )
    bucket.set_iam_policy(policy)
    stale = policy

    found = bucket.get_iam_policy(requested_policy_version=3)

    assert found.version == 3
    assert found.bindings[0]["role"] == "roles/storage.objectViewer"
    assert found.bindings[0]["condition"]["title"] == "x"
    with pytest.raises(PreconditionFailed):
        bucket.set_iam_policy(stale)


def test_permissions_can_be_asked_for(bucket: storage.Bucket) -> None:
    wanted = ["storage.objects.get", "storage.objects.create"]

    assert bucket.test_iam_permissions(wanted) == wanted


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'"x"'])
def test_a_body_that_is_no_json_object_is_refused(url: str, body: bytes) -> None:
    answer = requests.post(f"{url}/storage/v1/b", data=body, timeout=5)

    assert answer.status_code == 400


def test_the_bucket_may_be_named_in_any_method_but_must_be_there(client: storage.Client) -> None:
    missing = client.bucket(fresh())

    for act in (
        lambda: missing.blob("x").upload_from_string("x"),
        lambda: missing.blob("x").download_as_bytes(),
        lambda: missing.blob("x").delete(),
        lambda: list(client.list_blobs(missing)),
        lambda: missing.blob("x").create_resumable_upload_session(),
        missing.get_iam_policy,
        missing.delete,
    ):
        with pytest.raises(NotFound):
            act()


def test_what_is_not_served_is_said_at_once(url: str) -> None:
    unknown = requests.get(f"{url}/storage/v1/hmm", timeout=5)
    wrong_method = requests.delete(f"{url}/storage/v1/b", timeout=5)

    assert (unknown.status_code, wrong_method.status_code) == (404, 405)


def test_an_undecodable_name_is_a_bad_request(url: str, bucket: storage.Bucket) -> None:
    answer = requests.get(f"{url}/storage/v1/b/{bucket.name}/o/%FF", timeout=5)

    assert answer.status_code == 400


def test_bad_request_is_what_the_client_raises(client: storage.Client) -> None:
    with pytest.raises(BadRequest):
        client.create_bucket("google-x")
