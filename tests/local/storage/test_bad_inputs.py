"""Whatever is sent, the answer names what is wrong: no fault of ours, and nothing above 499."""

import json
import socket
from collections.abc import Callable

import pytest
import requests
from google.cloud import storage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = """
    name labels cors lifecycle rule action condition type storageClass location
    versioning enabled metadata iamConfiguration softDeletePolicy retentionDurationSeconds contentType crc32c md5Hash sourceObjects
    destination objectPreconditions ifGenerationMatch generation bindings role etag version age origin
    method publicAccessPrevention
"""
KEYS = st.sampled_from(WORDS.split())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1 << 70) | st.sampled_from(["", "x", "US", "Delete", "1", "a\nb", "ü", "\x00"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
BODIES = st.dictionaries(KEYS, VALUES, max_size=4)
QUERIES = st.dictionaries(
    st.sampled_from(
        [
            "generation",
            "ifGenerationMatch",
            "maxResults",
            "pageToken",
            "uploadType",
            "upload_id",
            "name",
            "alt",
            "matchGlob",
            "sourceGeneration",
        ]
    ),
    st.sampled_from(["", "x", "1", "-1", "media", "multipart", "resumable", "%", "ü", "\x00", "99999999999999999999999"]),
    max_size=3,
)
TARGETS = st.sampled_from(
    [
        "/storage/v1/b",
        "/storage/v1/b/B",
        "/storage/v1/b/B/iam",
        "/storage/v1/b/B/o",
        "/storage/v1/b/B/o/one",
        "/storage/v1/b/B/o/one/compose",
        "/storage/v1/b/B/o/one/copyTo/b/B/o/two",
        "/storage/v1/b/B/o/one/rewriteTo/b/B/o/two",
        "/upload/storage/v1/b/B/o",
        "/download/storage/v1/b/B/o/one",
        "/batch/storage/v1",
        "/B/one",
        "/B/x%00y",
        "/storage/v1/b/%00/o/%E2%80%AE",
        "//",
        "/",
    ]
)


@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"]),
    target=TARGETS,
    query=QUERIES,
    body=BODIES,
)
def test_no_request_is_a_fault(running, method: str, target: str, query: dict, body: dict) -> None:
    running.server.store.put_bucket("fuzzed", {})
    running.server.store.write("fuzzed", "one", b"1", "text/plain", {})

    answer = requests.request(method, running.url + target.replace("B", "fuzzed"), params=query, data=json.dumps(body), timeout=5)

    assert answer.status_code < 500
    assert "A fault" not in answer.text, answer.text


@pytest.mark.parametrize(
    "head",
    [
        "POST {upload} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST {upload} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        "POST {upload} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST {upload} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "GET /storage/v1/b/%ZZ HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /storage/v1/b/" + "x" * 40_000 + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /storage/v1/b/\u00fc?x=\u00fc HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET //[ HTTP/1.1\r\nHost: x\r\n\r\n",
        "nonsense\r\n\r\n",
    ],
)
def test_malformed_http_gets_no_5xx_and_leaves_nothing(url: str, bucket: storage.Bucket, head: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.format(upload=f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=cut").encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(5)
        answer = connection.recv(65536)

    assert not answer.startswith(b"HTTP/1.1 5")
    assert bucket.get_blob("cut") is None


def test_a_client_that_goes_away_in_a_download_harms_nobody(bucket: storage.Bucket, url: str) -> None:
    bucket.blob("big").upload_from_string(b"x" * (8 << 20))

    for _ in range(3):
        with requests.get(f"{url}/{bucket.name}/big", stream=True, timeout=5) as answer:
            next(answer.iter_content(1000))

    assert bucket.blob("big").download_as_bytes(end=3) == b"xxxx"


def test_an_early_refusal_reaches_a_client_that_still_sends(bucket: storage.Bucket, url: str) -> None:
    bucket.blob("one").upload_from_string("1")
    target = f"{url}/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=one&ifGenerationMatch=0"

    answer = requests.post(target, data=b"x" * (25 << 20), timeout=20)

    assert answer.status_code == 412


def test_a_missing_file_of_content_is_said(running, bucket: storage.Bucket, connect: Callable) -> None:
    blob = bucket.blob("lost")
    blob.upload_from_string("1")
    running.server.store.content.remove([blob.generation])

    answer = requests.get(f"{running.url}/{bucket.name}/lost", timeout=5)

    assert 400 <= answer.status_code < 500
