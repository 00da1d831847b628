"""What a request needs that came by the gateway, which names its principal."""

import pytest
import requests
from google.cloud import storage

NOBODY = {"X-Forwarded-Proto": "https"}
SOMEBODY = {**NOBODY, "x-local-principal": "upload@sd-local.iam.gserviceaccount.com"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/storage/v1/b"),
        ("GET", "/storage/v1/b/B/o/one?alt=media"),
        ("GET", "/storage/v1/b/B/o/one?upload_id=x"),
        ("DELETE", "/storage/v1/b/B/o/one?upload_id=x"),
        ("GET", "/storage/v1/b/B/o/one?alt=media&X-Goog-Signature=00"),
        ("GET", "/download/storage/v1/b/B/o/one?alt=media"),
        ("POST", "/upload/storage/v1/b/B/o?uploadType=media&name=x&upload_id=x"),
        ("POST", "/upload/storage/v1/b/B/o?uploadType=resumable&name=x"),
        ("POST", "/batch/storage/v1"),
        ("GET", "/B/one"),
        ("GET", "/B/one?upload_id=x"),
        ("PUT", "/B/one"),
        ("DELETE", "/B/one"),
    ],
)
def test_nobody_gets_in(url: str, bucket: storage.Bucket, method: str, path: str) -> None:
    bucket.blob("one").upload_from_string("1")

    answer = requests.request(method, url + path.replace("B", bucket.name), data=b"x", headers=NOBODY, timeout=5)

    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers
    assert bucket.blob("one").download_as_text() == "1"


def test_a_named_principal_gets_in(url: str, bucket: storage.Bucket) -> None:
    bucket.blob("one").upload_from_string("1")

    assert requests.get(f"{url}/storage/v1/b/{bucket.name}/o/one?alt=media", headers=SOMEBODY, timeout=5).text == "1"
    assert requests.get(f"{url}/{bucket.name}/one", headers=SOMEBODY, timeout=5).text == "1"


def test_a_session_needs_nobody_but_its_identifier(url: str, bucket: storage.Bucket) -> None:
    session = bucket.blob("one").create_resumable_upload_session()

    assert requests.put(session, data=b"1", headers=NOBODY, timeout=5).status_code == 200
    assert requests.put(session[:-1], data=b"1", headers=NOBODY, timeout=5).status_code == 404
