import secrets

import pytest
import requests
from google.api_core.exceptions import BadRequest, Forbidden, NotFound
from google.cloud import storage


def test_objects_are_composed_in_order(bucket: storage.Bucket) -> None:
    for name in "abc":
        bucket.blob(name).upload_from_string(name * 3, content_type="text/x")
    whole = bucket.blob("whole")
    whole.content_type = "text/plain"

    whole.compose([bucket.blob(name) for name in "cab"])

    found = bucket.get_blob("whole")
    assert found.download_as_text() == "cccaaabbb"
    assert (found.content_type, found.component_count, found.md5_hash) == ("text/plain", 3, None)


def test_an_object_may_be_composed_onto_itself(bucket: storage.Bucket) -> None:
    log = bucket.blob("log")
    log.upload_from_string("one ")
    bucket.blob("more").upload_from_string("two")

    log.compose([log, bucket.blob("more")])

    assert log.download_as_text() == "one two"


def test_a_compose_checks_the_generations_of_its_sources(bucket: storage.Bucket) -> None:
    first = bucket.blob("first")
    first.upload_from_string("1")

    bucket.blob("whole").compose([first], if_source_generation_match=[first.generation])
    with pytest.raises(Exception, match="pre-conditions"):
        bucket.blob("whole").compose([first], if_source_generation_match=[7])
    with pytest.raises(NotFound):
        bucket.blob("whole").compose([first, bucket.blob("missing")])


def test_a_compose_of_too_many_or_none_is_refused(bucket: storage.Bucket) -> None:
    bucket.blob("a").upload_from_string("a")

    for number in (0, 33):
        with pytest.raises(BadRequest, match="source components"):
            bucket.blob("whole").compose([bucket.blob("a")] * number)


def test_a_copy_takes_content_and_attributes_along(client: storage.Client, bucket: storage.Bucket) -> None:
    other = client.create_bucket(f"test-{secrets.token_hex(6)}")
    blob = bucket.blob("a/b")
    blob.metadata = {"job": "j1"}
    blob.upload_from_string(b"data", content_type="image/png")

    copied = bucket.copy_blob(blob, other, "c/d")
    bucket.blob("a/b").delete()

    found = other.get_blob("c/d")
    assert found.download_as_bytes() == b"data"
    assert (found.metadata, found.content_type, found.md5_hash) == ({"job": "j1"}, "image/png", copied.md5_hash)


def test_a_rewrite_answers_that_it_is_done(bucket: storage.Bucket) -> None:
    bucket.blob("a").upload_from_string("data")

    assert bucket.blob("b").rewrite(bucket.blob("a")) == (None, 4, 4)
    assert bucket.blob("b").download_as_text() == "data"


def test_a_storage_class_is_changed_by_rewriting(bucket: storage.Bucket) -> None:
    blob = bucket.blob("a")
    blob.upload_from_string("data", content_type="image/png")

    bucket.blob("a").update_storage_class("NEARLINE")

    assert (bucket.get_blob("a").storage_class, bucket.get_blob("a").content_type) == ("NEARLINE", "image/png")


def test_an_object_is_moved_by_renaming(bucket: storage.Bucket) -> None:
    bucket.blob("old").upload_from_string("data")

    bucket.rename_blob(bucket.blob("old"), "new")

    assert [blob.name for blob in bucket.list_blobs()] == ["new"]


def test_a_patch_merges_and_an_update_replaces(bucket: storage.Bucket) -> None:
    blob = bucket.blob("a")
    blob.metadata = {"keep": "1", "drop": "2"}
    blob.upload_from_string("x", content_type="image/png")

    blob.metadata = {"drop": None, "more": "3"}
    blob.patch()
    patched = bucket.get_blob("a")
    assert (patched.metadata, patched.content_type, patched.metageneration) == ({"keep": "1", "more": "3"}, "image/png", 2)

    patched.metadata = {"only": "4"}
    patched.content_type = None
    patched.update()
    assert (bucket.get_blob("a").metadata, bucket.get_blob("a").content_type) == ({"only": "4"}, None)
    assert bucket.get_blob("a").storage_class == "STANDARD"


@pytest.mark.parametrize("body", [{"metadata": "x"}, {"contentType": 3}, {"contentType": "a\nb"}, {"temporaryHold": "yes"}])
def test_an_attribute_of_a_wrong_kind_is_refused(url: str, bucket: storage.Bucket, body: dict) -> None:
    bucket.blob("a").upload_from_string("x")

    answer = requests.patch(f"{url}/storage/v1/b/{bucket.name}/o/a", json=body, timeout=5)

    assert answer.status_code == 400
    assert next(iter(body)) in answer.json()["error"]["message"]


def test_what_is_ours_to_say_cannot_be_set(url: str, bucket: storage.Bucket) -> None:
    bucket.blob("a").upload_from_string("x")

    answer = requests.patch(f"{url}/storage/v1/b/{bucket.name}/o/a", json={"size": "99", "generation": "1", "name": "b"}, timeout=5)

    assert (answer.json()["size"], answer.json()["name"]) == ("1", "a")
    assert bucket.get_blob("a").generation > 1


def test_an_object_on_hold_stays(bucket: storage.Bucket) -> None:
    blob = bucket.blob("a")
    blob.upload_from_string("x")
    blob.temporary_hold = True
    blob.patch()

    with pytest.raises(Forbidden):
        blob.delete()
    with pytest.raises(Forbidden):
        bucket.blob("a").upload_from_string("y")
    blob.temporary_hold = False
    blob.patch()
    blob.delete()


def test_a_batch_deletes_and_reports_each_call(client: storage.Client, bucket: storage.Bucket) -> None:
    names = ["a/b", "ü", "c d"]
    for name in names:
        bucket.blob(name).upload_from_string(name)

    with client.batch(raise_exception=False) as batch:
        for name in [*names, "missing"]:
            bucket.blob(name).delete()

    assert [response.status_code for response in batch._responses] == [204, 204, 204, 404]
    assert list(bucket.list_blobs()) == []


def test_a_batch_patches(client: storage.Client, bucket: storage.Bucket) -> None:
    blobs = [bucket.blob(name) for name in "ab"]
    for blob in blobs:
        blob.upload_from_string("x")

    with client.batch():
        for blob in blobs:
            blob.metadata = {"größe": "ü"}
            blob.patch()

    assert [blob.metadata for blob in bucket.list_blobs()] == [{"größe": "ü"}] * 2


def test_a_batch_honours_conditions(client: storage.Client, bucket: storage.Bucket) -> None:
    bucket.blob("a").upload_from_string("x")

    with client.batch(raise_exception=False) as batch:
        bucket.blob("a").delete(if_generation_match=7)

    assert [response.status_code for response in batch._responses] == [412]
    assert bucket.get_blob("a") is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"--B\r\n\r\n--B--",
        b"--B\r\nContent-Type: application/http\r\n\r\n\r\n--B--",
        b"--B\r\nContent-Type: application/http\r\n\r\nGET\r\n--B--",
    ],
)
def test_a_malformed_batch_is_no_fault(url: str, body: bytes) -> None:
    answer = requests.post(f"{url}/batch/storage/v1", data=body, headers={"Content-Type": "multipart/mixed; boundary=B"}, timeout=5)

    assert answer.status_code in {200, 400}
    assert "A fault" not in answer.text


def test_many_objects_are_deleted_at_once(bucket: storage.Bucket) -> None:
    for number in range(5):
        bucket.blob(str(number)).upload_from_string("x")

    bucket.delete_blobs(list(bucket.list_blobs()))

    assert list(bucket.list_blobs()) == []


@pytest.fixture
def versioned(client: storage.Client) -> storage.Bucket:
    bucket = client.bucket(f"test-{secrets.token_hex(6)}")
    bucket.versioning_enabled = True
    return client.create_bucket(bucket)


def test_old_generations_can_be_read_and_brought_back(versioned: storage.Bucket) -> None:
    blob = versioned.blob("a")
    generations = []
    for text in ("one", "two"):
        blob.upload_from_string(text)
        generations.append(blob.generation)

    old = versioned.blob("a", generation=generations[0])

    assert old.download_as_text() == "one"
    assert versioned.get_blob("a", generation=generations[0]).time_deleted is not None
    assert [each.generation for each in versioned.list_blobs(versions=True)] == generations
    versioned.copy_blob(versioned.blob("a"), versioned, "a", source_generation=generations[0])
    assert versioned.blob("a").download_as_text() == "one"


def test_a_deleted_object_of_a_versioned_bucket_stays_as_a_generation(versioned: storage.Bucket) -> None:
    blob = versioned.blob("a")
    blob.upload_from_string("one")
    generation = blob.generation

    versioned.blob("a").delete()

    assert versioned.get_blob("a") is None
    assert list(versioned.list_blobs()) == []
    assert versioned.blob("a", generation=generation).download_as_text() == "one"
    versioned.blob("a", generation=generation).delete()
    assert list(versioned.list_blobs(versions=True)) == []
    versioned.delete()


def test_without_versions_a_replaced_generation_is_gone(bucket: storage.Bucket) -> None:
    blob = bucket.blob("a")
    blob.upload_from_string("one")
    old = blob.generation
    bucket.blob("a").upload_from_string("two")

    with pytest.raises(NotFound):
        bucket.blob("a", generation=old).download_as_bytes()
