import pytest
import requests
from google.cloud import storage

PORTAL = "http://portal.test"


@pytest.fixture
def shared(bucket: storage.Bucket) -> storage.Bucket:
    bucket.cors = [
        {"origin": [PORTAL], "method": ["PUT", "GET"], "responseHeader": ["Content-Type", "Content-Range", "Range"], "maxAgeSeconds": 60},
        {"origin": ["*"], "method": ["GET"], "responseHeader": ["ETag"]},
    ]
    bucket.patch()
    return bucket


def preflight(url: str, origin: str, method: str, headers: str = "content-type,content-range") -> requests.Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
        "X-Forwarded-Proto": "http",
    }
    return requests.options(url, headers=asked, timeout=5)


def test_a_browser_of_the_portal_may_use_a_session(shared: storage.Bucket) -> None:
    session = shared.blob("one").create_resumable_upload_session(origin=PORTAL)

    allowed = preflight(session, PORTAL, "PUT")
    asked = requests.put(session, headers={"Origin": PORTAL, "Content-Range": "bytes */3"}, timeout=5)
    done = requests.put(session, data=b"123", headers={"Origin": PORTAL}, timeout=5)

    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == PORTAL
    assert "PUT" in allowed.headers["Access-Control-Allow-Methods"]
    assert allowed.headers["Access-Control-Allow-Headers"] == "content-type, content-range"
    assert allowed.headers["Access-Control-Max-Age"] == "60"
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (308, PORTAL)
    assert "Range" in asked.headers["Access-Control-Expose-Headers"].split(", ")
    assert (done.status_code, done.headers["Access-Control-Allow-Origin"]) == (200, PORTAL)


def test_the_origin_that_started_a_session_decides(shared: storage.Bucket) -> None:
    without = shared.blob("one").create_resumable_upload_session()
    stranger = shared.blob("one").create_resumable_upload_session(origin="http://stranger.test")

    for session in (without, stranger):
        assert "Access-Control-Allow-Origin" not in preflight(session, PORTAL, "PUT").headers
        assert "Access-Control-Allow-Origin" not in requests.put(session, data=b"1", headers={"Origin": PORTAL}, timeout=5).headers


def test_a_header_that_the_bucket_does_not_name_is_not_allowed(shared: storage.Bucket) -> None:
    session = shared.blob("one").create_resumable_upload_session(origin=PORTAL)

    assert "Access-Control-Allow-Origin" not in preflight(session, PORTAL, "PUT", "x-evil").headers
    assert "Access-Control-Allow-Origin" not in preflight(session, PORTAL, "DELETE").headers


def test_pictures_may_be_shown_anywhere(url: str, shared: storage.Bucket) -> None:
    shared.blob("one").upload_from_string("1")

    answer = requests.get(f"{url}/{shared.name}/one", headers={"Origin": "http://anywhere.test"}, timeout=5)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "ETag"


def test_an_error_can_be_read_across_origins_too(url: str, shared: storage.Bucket) -> None:
    answer = requests.get(f"{url}/{shared.name}/missing", headers={"Origin": PORTAL}, timeout=5)

    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, PORTAL)


def test_a_bucket_without_cors_allows_none(url: str, bucket: storage.Bucket) -> None:
    session = bucket.blob("one").create_resumable_upload_session(origin=PORTAL)

    for target in (session, f"{url}/{bucket.name}/one", f"{url}/no-such-bucket/one", f"{url}/storage/v1/hmm", f"{session}x"):
        answer = preflight(target, PORTAL, "PUT")
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.status_code in {200, 404}
