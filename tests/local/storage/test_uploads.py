import base64
import gzip
import hashlib
import io
import json
import secrets
import socket

import google_crc32c
import pytest
import requests
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import storage

MIB = 1 << 20


def crc32c(data: bytes) -> str:
    return base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode()


def md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data).digest()).decode()


@pytest.mark.parametrize("size", [0, 1, 256 << 10, 3 * MIB + 17])
@pytest.mark.parametrize("checksum", [None, "md5", "crc32c", "auto"])
def test_what_goes_in_comes_out(bucket: storage.Bucket, size: int, checksum: str | None) -> None:
    data = secrets.token_bytes(size)
    blob = bucket.blob("pictures/a b+ü%2F.png", chunk_size=256 << 10 if size > MIB else None)

    blob.upload_from_string(data, content_type="image/png", checksum=checksum)

    found = bucket.get_blob("pictures/a b+ü%2F.png")
    assert found.size == size
    assert found.content_type == "image/png"
    assert found.crc32c == crc32c(data)
    assert found.md5_hash == md5(data)
    assert found.download_as_bytes(checksum=checksum) == data
    assert blob.download_as_bytes() == data


def test_an_object_of_unknown_size_is_uploaded_in_chunks(bucket: storage.Bucket) -> None:
    data = secrets.token_bytes(MIB + 5)
    blob = bucket.blob("stream", chunk_size=256 << 10)

    with blob.open("wb") as file:
        for start in range(0, len(data), 100_000):
            file.write(data[start : start + 100_000])

    assert bucket.blob("stream").download_as_bytes() == data


def test_a_session_of_unknown_size_may_end_on_a_whole_chunk(bucket: storage.Bucket) -> None:
    data = secrets.token_bytes(512 << 10)
    blob = bucket.blob("stream", chunk_size=256 << 10)

    blob.upload_from_file(io.BytesIO(data), size=None)

    assert bucket.blob("stream").download_as_bytes() == data


def test_all_that_a_client_may_set_is_kept(bucket: storage.Bucket) -> None:
    blob = bucket.blob("one")
    blob.metadata = {"job": "j1", "größe": "ü"}
    blob.cache_control = "no-store"
    blob.content_disposition = 'attachment; filename="x.png"'
    blob.content_language = "de"

    blob.upload_from_string(b"x", content_type="image/png")

    found = bucket.get_blob("one")
    assert found.metadata == {"job": "j1", "größe": "ü"}
    assert (found.cache_control, found.content_language) == ("no-store", "de")
    assert found.content_disposition == 'attachment; filename="x.png"'
    assert found.storage_class == "STANDARD"
    assert found.generation > 0
    assert found.metageneration == 1
    assert found.time_created == found.updated


def test_a_media_upload_keeps_its_type(url: str, bucket: storage.Bucket) -> None:
    target = f"{url}/upload/storage/v1/b/{bucket.name}/o"

    answer = requests.post(
        target, params={"uploadType": "media", "name": "m"}, data=b"abc", headers={"Content-Type": "image/webp"}, timeout=5
    )

    assert answer.json()["contentType"] == "image/webp"
    assert bucket.blob("m").download_as_bytes() == b"abc"


def test_compressed_content_stays_compressed(bucket: storage.Bucket) -> None:
    blob = bucket.blob("z")
    blob.content_encoding = "gzip"

    blob.upload_from_string(gzip.compress(b"hello"), content_type="text/plain")

    assert gzip.decompress(blob.download_as_bytes(raw_download=True)) == b"hello"
    assert blob.download_as_bytes() == b"hello"


@pytest.mark.parametrize("claim", [{"md5Hash": md5(b"other")}, {"crc32c": crc32c(b"other")}])
@pytest.mark.parametrize("size", [10, 9 * MIB])
def test_a_wrong_checksum_in_the_resource_is_refused(bucket: storage.Bucket, claim: dict[str, str], size: int) -> None:
    blob = bucket.blob("bad")
    blob._properties.update(claim)
    blob._changes.update(claim)

    with pytest.raises(BadRequest, match="doesn't match"):
        blob.upload_from_string(b"x" * size, checksum=None)

    assert bucket.get_blob("bad") is None


@pytest.mark.parametrize("header", [f"crc32c={crc32c(b'other')}", f"md5={md5(b'other')}", f"crc32c={crc32c(b'data')},md5={md5(b'other')}"])
def test_a_wrong_checksum_in_the_headers_is_refused(url: str, bucket: storage.Bucket, header: str) -> None:
    target = f"{url}/upload/storage/v1/b/{bucket.name}/o"

    answer = requests.post(target, params={"uploadType": "media", "name": "bad"}, data=b"data", headers={"X-Goog-Hash": header}, timeout=5)

    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["reason"] == "invalid"
    assert bucket.get_blob("bad") is None


def test_a_wrong_checksum_at_the_end_of_a_session_is_refused(bucket: storage.Bucket) -> None:
    session = bucket.blob("bad").create_resumable_upload_session()

    answer = requests.put(session, data=b"data", headers={"X-Goog-Hash": f"crc32c={crc32c(b'other')}"}, timeout=5)

    assert answer.status_code == 400
    assert bucket.get_blob("bad") is None
    assert requests.put(session, data=b"data", timeout=5).status_code == 404


def test_two_claims_that_contradict_each_other_are_refused(url: str, bucket: storage.Bucket) -> None:
    target = f"{url}/upload/storage/v1/b/{bucket.name}/o"
    headers = {"X-Goog-Hash": f"md5={md5(b'data')}", "Content-MD5": md5(b"other")}

    answer = requests.post(target, params={"uploadType": "media", "name": "bad"}, data=b"data", headers=headers, timeout=5)

    assert answer.status_code == 400


def send_raw(url: str, text: bytes) -> None:
    """A request whose client goes away before the end of its body."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(5)
        while connection.recv(65536):
            pass


def test_a_truncated_body_leaves_nothing(url: str, bucket: storage.Bucket) -> None:
    target = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=cut"

    send_raw(url, f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n".encode() + b"x" * 500)

    assert bucket.get_blob("cut") is None


def test_a_truncated_multipart_body_leaves_nothing(url: str, bucket: storage.Bucket) -> None:
    body = b'--B\r\nContent-Type: application/json\r\n\r\n{"name": "cut"}\r\n--B\r\nContent-Type: image/png\r\n\r\n' + b"x" * 500
    target = f"{url}/upload/storage/v1/b/{bucket.name}/o?uploadType=multipart"

    answer = requests.post(target, data=body, headers={"Content-Type": "multipart/related; boundary=B"}, timeout=5)

    assert answer.status_code == 400
    assert bucket.get_blob("cut") is None


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/related", b"--B\r\n\r\n{}"),
        ("text/plain", b"x"),
        ('multipart/related; boundary=""', b"x"),
        ("multipart/related; boundary=B", b""),
        ("multipart/related; boundary=B", b"--B--"),
        ("multipart/related; boundary=B", b'--B\r\n\r\n{"name": "x"\r\n--B\r\n\r\nx\r\n--B--'),
        ("multipart/related; boundary=B", b"--B\r\n\r\n[]\r\n--B\r\n\r\nx\r\n--B--"),
        ("multipart/related; boundary=B", b"--B\r\n\r\n{}\r\n--B\r\n\r\nx\r\n--B--"),
        ("multipart/related; boundary=B", b'--B\r\n\r\n{"name": 3}\r\n--B\r\n\r\nx\r\n--B--'),
        ("multipart/related; boundary=B", b"--B\r\n\r\n" + b"x" * 3 * MIB),
    ],
)
def test_malformed_multipart_bodies_are_bad_requests(url: str, bucket: storage.Bucket, content_type: str, body: bytes) -> None:
    target = f"{url}/upload/storage/v1/b/{bucket.name}/o?uploadType=multipart"

    answer = requests.post(target, data=body, headers={"Content-Type": content_type}, timeout=5)

    assert answer.status_code == 400
    assert "A fault" not in answer.text
    assert list(bucket.list_blobs()) == []


@pytest.mark.parametrize("media", [b"", b"\r\n", b"\r\n--", b"--B", b"\r\n--A", b"x" * (MIB - 3) + b"\r\n--", b"x" * MIB + b"\r\n"])
def test_content_that_looks_like_a_boundary_survives(url: str, bucket: storage.Bucket, media: bytes) -> None:
    body = b'--B--C\r\n\r\n{"name": "x"}\r\n--B--C\r\n\r\n' + media + b"\r\n--B--C--\r\n"
    target = f"{url}/upload/storage/v1/b/{bucket.name}/o?uploadType=multipart"

    requests.post(target, data=body, headers={"Content-Type": 'multipart/related; boundary="B--C"'}, timeout=5).raise_for_status()

    assert bucket.blob("x").download_as_bytes() == media


@pytest.mark.parametrize("name", ["..", ".", "a\nb", "x" * 1025, "ü" * 513, ".well-known/acme-challenge/x", "\ud800"])
def test_object_names_that_google_refuses_are_refused(url: str, bucket: storage.Bucket, name: str) -> None:
    target = f"{url}/upload/storage/v1/b/{bucket.name}/o?uploadType=multipart"
    body = b"--B\r\n\r\n" + json.dumps({"name": name}).encode() + b"\r\n--B\r\n\r\nx\r\n--B--"

    answer = requests.post(target, data=body, headers={"Content-Type": "multipart/related; boundary=B"}, timeout=5)

    assert answer.status_code == 400
    assert "A fault" not in answer.text


@pytest.mark.parametrize("name", ["a/../b", "../../../etc/passwd", "/", "//", "a//b", "x" * 1024, "日本.png", "a\\b", "a\tb", "#?&=%", " "])
def test_odd_names_are_only_names(bucket: storage.Bucket, name: str) -> None:
    bucket.blob(name).upload_from_string(name)

    assert bucket.blob(name).download_as_text() == name
    assert [blob.name for blob in bucket.list_blobs()] == [name]
    bucket.blob(name).delete()
    assert bucket.get_blob(name) is None


@pytest.mark.parametrize("query", ["", "uploadType=media", "uploadType=odd&name=x", "uploadType=media&name="])
def test_an_upload_that_says_too_little_is_refused(url: str, bucket: storage.Bucket, query: str) -> None:
    answer = requests.post(f"{url}/upload/storage/v1/b/{bucket.name}/o?{query}", data=b"x", timeout=5)

    assert answer.status_code in {400, 404}


def test_a_bucket_of_another_default_class_gives_it_to_its_objects(client: storage.Client) -> None:
    bucket = client.bucket(f"test-{secrets.token_hex(6)}")
    bucket.storage_class = "COLDLINE"
    client.create_bucket(bucket)

    bucket.blob("x").upload_from_string("x")

    assert bucket.get_blob("x").storage_class == "COLDLINE"


def test_a_range_is_downloaded(bucket: storage.Bucket) -> None:
    data = secrets.token_bytes(3 * MIB)
    bucket.blob("r").upload_from_string(data)
    blob = bucket.get_blob("r")

    assert blob.download_as_bytes(start=5, end=9) == data[5:10]
    assert blob.download_as_bytes(start=MIB) == data[MIB:]
    blob.chunk_size = 256 << 10
    assert blob.download_as_bytes() == data
    with blob.open("rb") as file:
        file.seek(100)
        assert file.read(7) == data[100:107]


@pytest.mark.parametrize(
    ("header", "status", "content", "content_range"),
    [
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-30", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=8-100", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=-0", 416, None, "bytes */10"),
        ("bytes=5-2", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
    ],
)
def test_ranges_follow_http(
    url: str, bucket: storage.Bucket, header: str, status: int, content: bytes | None, content_range: str | None
) -> None:
    bucket.blob("r").upload_from_string(b"0123456789")

    answer = requests.get(f"{url}/storage/v1/b/{bucket.name}/o/r?alt=media", headers={"Range": header}, timeout=5)

    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, content_range)
    assert content is None or answer.content == content


def test_a_download_says_what_it_is(url: str, bucket: storage.Bucket) -> None:
    blob = bucket.blob("d")
    blob.metadata = {"job": "j1", "odd key": "x", "line": "a\nb"}
    blob.upload_from_string(b"data", content_type="image/png")

    answer = requests.get(f"{url}/download/storage/v1/b/{bucket.name}/o/d?alt=media", timeout=5)

    assert answer.headers["x-goog-hash"] == f"crc32c={crc32c(b'data')},md5={md5(b'data')}"
    assert answer.headers["x-goog-generation"] == str(blob.generation)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["x-goog-meta-job"] == "j1"


def test_what_is_not_there_is_not_downloaded(bucket: storage.Bucket) -> None:
    with pytest.raises(NotFound):
        bucket.blob("none").download_as_bytes()


def test_a_download_ends_well_though_the_object_is_deleted_meanwhile(url: str, bucket: storage.Bucket) -> None:
    data = secrets.token_bytes(16 * MIB)
    bucket.blob("gone").upload_from_string(data)

    with requests.get(f"{url}/storage/v1/b/{bucket.name}/o/gone?alt=media", stream=True, timeout=5) as answer:
        bucket.blob("gone").delete()
        content = answer.content

    assert content == data


def test_a_body_of_unknown_length_is_taken(bucket: storage.Bucket, url: str) -> None:
    target = f"{url}/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=big"

    answer = requests.post(target, data=(b"x" * MIB for _ in range(40)), timeout=20)

    assert answer.json()["size"] == str(40 * MIB)
