import datetime
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.cloud import storage
from google.oauth2 import service_account

ACCOUNT = "upload@sd-local.iam.gserviceaccount.com"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
PRIVATE = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
GATEWAY = {"X-Forwarded-Proto": "http"}


def signer(account: str = ACCOUNT) -> service_account.Credentials:
    info = {"client_email": account, "private_key": PRIVATE, "token_uri": "http://127.0.0.1/token"}
    return service_account.Credentials.from_service_account_info(info)


@pytest.fixture
def bucket(start_server: Callable, connect: Callable[[str], storage.Client]) -> Iterator[storage.Bucket]:
    server = start_server(public_key=lambda account: PUBLIC if account == ACCOUNT else None)
    bucket = connect(server.url).create_bucket("signed")
    bucket.url = server.url
    return bucket


def sign(bucket: storage.Bucket, name: str, method: str, seconds: int = 60, account: str = ACCOUNT, **arguments) -> str:
    return bucket.blob(name).generate_signed_url(
        version="v4",
        expiration=datetime.timedelta(seconds=seconds),
        method=method,
        credentials=signer(account),
        api_access_endpoint=bucket.url,
        **arguments,
    )


def test_a_signed_url_puts_and_gets_without_a_token(bucket: storage.Bucket) -> None:
    name = "a b/ü~+%2F.png"

    written = requests.put(
        sign(bucket, name, "PUT", content_type="image/png"), data=b"data", headers={**GATEWAY, "Content-Type": "image/png"}, timeout=5
    )
    read = requests.get(sign(bucket, name, "GET", response_disposition='attachment; filename="x y.png"'), headers=GATEWAY, timeout=5)
    head = requests.head(sign(bucket, name, "HEAD"), headers=GATEWAY, timeout=5)

    assert written.status_code == 200, written.text
    assert (read.content, read.headers["Content-Type"]) == (b"data", "image/png")
    assert read.headers["Content-Disposition"] == 'attachment; filename="x y.png"'
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, "4", b"")
    assert bucket.get_blob(name).content_type == "image/png"
    assert requests.delete(sign(bucket, name, "DELETE"), headers=GATEWAY, timeout=5).status_code == 204
    assert bucket.get_blob(name) is None


@pytest.mark.parametrize(
    "tamper",
    [
        lambda url: url.replace("/signed/one", "/signed/two"),
        lambda url: url.replace("X-Goog-Expires=60", "X-Goog-Expires=600"),
        lambda url: url[:-2] + ("00" if not url.endswith("00") else "11"),
        lambda url: url + "&generation=1",
        lambda url: url.partition("&X-Goog-Signature")[0] + "&X-Goog-Signature=zz",
        lambda url: url.partition("&X-Goog-Signature")[0] + "&X-Goog-Signature=",
    ],
)
def test_a_tampered_url_is_refused(bucket: storage.Bucket, tamper: Callable[[str], str]) -> None:
    bucket.blob("one").upload_from_string("1")
    bucket.blob("two").upload_from_string("2")

    answer = requests.get(tamper(sign(bucket, "one", "GET")), headers=GATEWAY, timeout=5)

    assert answer.status_code == 403
    assert "<Code>SignatureDoesNotMatch</Code>" in answer.text


def test_a_url_serves_its_method_only(bucket: storage.Bucket) -> None:
    assert requests.put(sign(bucket, "one", "GET"), data=b"x", headers=GATEWAY, timeout=5).status_code == 403
    assert bucket.get_blob("one") is None


def test_an_expired_url_is_refused(bucket: storage.Bucket) -> None:
    url = sign(bucket, "one", "GET", seconds=1)
    time.sleep(1.1)

    answer = requests.get(url, headers=GATEWAY, timeout=5)

    assert answer.status_code == 400
    assert "<Code>ExpiredToken</Code>" in answer.text


def test_a_url_does_not_last_longer_than_a_week(bucket: storage.Bucket) -> None:
    key = sign(bucket, "one", "GET", seconds=7 * 86_400)

    assert requests.get(key, headers=GATEWAY, timeout=5).status_code == 404
    assert requests.get(sign(bucket, "one", "GET", seconds=-1), headers=GATEWAY, timeout=5).status_code == 400


def test_a_url_of_another_account_is_refused(bucket: storage.Bucket) -> None:
    answer = requests.get(sign(bucket, "one", "GET", account="stranger@x.iam.gserviceaccount.com"), headers=GATEWAY, timeout=5)

    assert answer.status_code == 403
    assert "stranger" in answer.text


@pytest.mark.parametrize(
    "query", ["X-Goog-Signature=00", "GoogleAccessId=x&Signature=y&Expires=1", "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Signature=00"]
)
def test_what_only_looks_signed_is_refused(bucket: storage.Bucket, query: str) -> None:
    bucket.blob("one").upload_from_string("1")

    answer = requests.get(f"{bucket.url}/signed/one?{query}", headers=GATEWAY, timeout=5)

    assert answer.status_code in {400, 403}
    assert "A fault" not in answer.text


def test_the_size_that_was_signed_is_held(bucket: storage.Bucket) -> None:
    headers = {"x-goog-content-length-range": "2,5"}
    url = sign(bucket, "one", "PUT", headers=dict(headers))

    assert requests.put(url, data=b"123456", headers={**GATEWAY, **headers}, timeout=5).status_code == 400
    assert requests.put(url, data=b"1", headers={**GATEWAY, **headers}, timeout=5).status_code == 400
    assert requests.put(url, data=b"123", headers=GATEWAY, timeout=5).status_code == 403
    assert requests.put(url, data=b"123", headers={**GATEWAY, "x-goog-content-length-range": "0,99"}, timeout=5).status_code == 403
    assert requests.put(url, data=b"123", headers={**GATEWAY, **headers}, timeout=5).status_code == 200


def test_a_condition_that_was_signed_is_held(bucket: storage.Bucket) -> None:
    headers = {"x-goog-if-generation-match": "0"}
    url = sign(bucket, "one", "PUT", headers=dict(headers))

    statuses = [requests.put(url, data=b"x", headers={**GATEWAY, **headers}, timeout=5).status_code for _ in range(2)]

    assert statuses == [200, 412]


def test_a_header_that_was_not_signed_is_refused(bucket: storage.Bucket) -> None:
    answer = requests.put(sign(bucket, "one", "PUT"), data=b"x", headers={**GATEWAY, "x-goog-meta-owner": "me"}, timeout=5)

    assert answer.status_code == 400
    assert "x-goog-meta-owner" in answer.text


def test_a_browser_starts_a_session_with_a_signed_url(bucket: storage.Bucket) -> None:
    headers = {"x-goog-resumable": "start", "x-goog-content-length-range": "0,1000"}
    url = sign(bucket, "a/b", "RESUMABLE", headers={"x-goog-content-length-range": "0,1000"})

    started = requests.post(url, headers={**GATEWAY, **headers}, timeout=5)
    session = started.headers["Location"]
    status = requests.put(session, headers={**GATEWAY, "Content-Range": "bytes */4"}, timeout=5)
    done = requests.put(session, data=b"data", headers={**GATEWAY, "Content-Range": "bytes 0-3/4"}, timeout=5)
    second = requests.post(url, headers={**GATEWAY, **headers}, timeout=5).headers["Location"]
    too_long = requests.put(second, data=b"x" * 1001, headers=GATEWAY, timeout=5)

    assert (started.status_code, status.status_code, done.status_code, too_long.status_code) == (201, 308, 200, 400)
    assert session.startswith(f"{bucket.url}/signed/a/b?upload_id=")
    assert bucket.blob("a/b").download_as_bytes() == b"data"


def test_without_keys_signed_urls_are_refused_in_plain_words(running) -> None:
    running.server.store.put_bucket("unsigned", {})

    answer = requests.get(f"{running.url}/unsigned/x?X-Goog-Signature=00", timeout=5)

    assert answer.status_code == 403
    assert "public keys" in answer.text
