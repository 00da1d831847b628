import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from google.api_core.exceptions import NotFound, NotModified, PreconditionFailed
from google.cloud import storage


@pytest.fixture
def blob(bucket: storage.Bucket) -> storage.Blob:
    blob = bucket.blob("one")
    blob.upload_from_string("first")
    return blob


def test_of_64_racing_writers_one_wins(bucket: storage.Bucket) -> None:
    start = threading.Barrier(64)

    def write(number: int) -> bool:
        start.wait()
        try:
            bucket.blob("race").upload_from_string(f"writer {number}", if_generation_match=0)
        except PreconditionFailed:
            return False
        return True

    with ThreadPoolExecutor(64) as pool:
        won = list(pool.map(write, range(64)))

    assert won.count(True) == 1
    assert bucket.blob("race").download_as_text() == f"writer {won.index(True)}"


def test_of_racing_sessions_one_wins(bucket: storage.Bucket) -> None:
    sessions = [bucket.blob("race").create_resumable_upload_session(if_generation_match=0) for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda session: requests.put(session, data=b"x", timeout=10).status_code, sessions))

    assert sorted(statuses) == [200] + [412] * 7


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ({"if_generation_match": 0}, False),
        ({"if_generation_match": "live"}, True),
        ({"if_generation_match": 7}, False),
        ({"if_generation_not_match": 0}, True),
        ({"if_generation_not_match": "live"}, False),
        ({"if_metageneration_match": 1}, True),
        ({"if_metageneration_match": 2}, False),
        ({"if_metageneration_not_match": 1}, False),
        ({"if_metageneration_not_match": 2}, True),
    ],
)
@pytest.mark.parametrize("act", ["insert", "session", "delete", "patch", "rewrite"])
def test_no_write_escapes_its_conditions(bucket: storage.Bucket, blob: storage.Blob, condition: dict, met: bool, act: str) -> None:
    conditions = {key: blob.generation if value == "live" else value for key, value in condition.items()}
    generation = blob.generation
    target = bucket.blob("one")
    target.metadata = {"changed": "yes"}
    other = bucket.blob("other")
    other.upload_from_string("second")
    acts: dict[str, Callable[[], object]] = {
        "insert": lambda: target.upload_from_string("second", **conditions),
        "session": lambda: requests.put(target.create_resumable_upload_session(**conditions), data=b"second", timeout=5).raise_for_status(),
        "delete": lambda: target.delete(**conditions),
        "patch": lambda: target.patch(**conditions),
        "rewrite": lambda: target.rewrite(other, **conditions),
    }

    if met:
        acts[act]()
        return

    with pytest.raises(PreconditionFailed) as refused:
        acts[act]()

    assert refused.value.response.json()["error"]["errors"][0]["reason"] == "conditionNotMet"
    assert bucket.get_blob("one").generation == generation
    assert bucket.get_blob("one").metadata is None
    assert bucket.blob("one").download_as_text() == "first"


@pytest.mark.parametrize(
    ("condition", "met"),
    [({"if_generation_match": 7}, False), ({"if_metageneration_match": 2}, False), ({"if_generation_match": "live"}, True)],
)
def test_no_compose_escapes_its_conditions(bucket: storage.Bucket, blob: storage.Blob, condition: dict, met: bool) -> None:
    conditions = {key: blob.generation if value == "live" else value for key, value in condition.items()}
    bucket.blob("other").upload_from_string("second")

    if not met:
        with pytest.raises(PreconditionFailed):
            bucket.blob("one").compose([bucket.blob("other")], **conditions)
    else:
        bucket.blob("one").compose([bucket.blob("other")], **conditions)

    assert bucket.blob("one").download_as_text() == ("second" if met else "first")


@pytest.mark.parametrize(
    ("condition", "raised"),
    [
        ({"if_generation_match": "live"}, None),
        ({"if_generation_match": 7}, PreconditionFailed),
        ({"if_generation_not_match": "live"}, NotModified),
        ({"if_generation_not_match": 7}, None),
        ({"if_metageneration_match": 2}, PreconditionFailed),
        ({"if_metageneration_not_match": 1}, NotModified),
    ],
)
def test_no_read_escapes_its_conditions(
    bucket: storage.Bucket, blob: storage.Blob, condition: dict, raised: type[Exception] | None
) -> None:
    conditions = {key: blob.generation if value == "live" else value for key, value in condition.items()}

    for act in (lambda: bucket.blob("one").reload(**conditions), lambda: bucket.blob("one").download_as_bytes(**conditions)):
        if raised is None:
            act()
        else:
            with pytest.raises(raised):
                act()


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ({"if_source_generation_match": 7}, False),
        ({"if_source_generation_match": "live"}, True),
        ({"if_source_generation_not_match": "live"}, False),
        ({"if_source_metageneration_match": 5}, False),
    ],
)
def test_conditions_on_the_source_of_a_copy_hold(bucket: storage.Bucket, blob: storage.Blob, condition: dict, met: bool) -> None:
    conditions = {key: blob.generation if value == "live" else value for key, value in condition.items()}

    if met:
        bucket.blob("copy").rewrite(blob, **conditions)
        assert bucket.blob("copy").download_as_text() == "first"
        return

    with pytest.raises((PreconditionFailed, NotModified)):
        bucket.blob("copy").rewrite(blob, **conditions)
    assert bucket.get_blob("copy") is None


def test_a_condition_on_what_is_not_there(bucket: storage.Bucket) -> None:
    with pytest.raises(PreconditionFailed):
        bucket.blob("none").upload_from_string("x", if_generation_match=7)
    with pytest.raises(PreconditionFailed):
        bucket.blob("none").upload_from_string("x", if_generation_not_match=0)
    with pytest.raises(NotFound):
        bucket.blob("none").delete(if_generation_match=7)


def test_a_session_is_refused_at_its_start_when_it_could_never_end(bucket: storage.Bucket, blob: storage.Blob) -> None:
    with pytest.raises(PreconditionFailed):
        bucket.blob("one").create_resumable_upload_session(if_generation_match=0)


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "1e3", "99999999999999999999", "1;2"])
def test_a_condition_that_is_no_number_is_refused(url: str, bucket: storage.Bucket, value: str) -> None:
    answer = requests.get(f"{url}/storage/v1/b/{bucket.name}/o/x", params={"ifGenerationMatch": value}, timeout=5)

    assert answer.status_code == 400
    assert "ifGenerationMatch" in answer.json()["error"]["message"]


def test_generations_only_grow(bucket: storage.Bucket) -> None:
    seen = []
    for _ in range(20):
        blob = bucket.blob(secrets.choice("ab"))
        blob.upload_from_string("x")
        seen.append(blob.generation)

    assert seen == sorted(set(seen))
