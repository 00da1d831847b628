from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.oauth2 import service_account

from jobs.methods import Method
from services.upload.identifiers import crc32c
from services.upload.weights import Weights, file_name
from tests.upload import trained
from tests.upload.conftest import Service

ACCOUNT = "sd-test-upload@sd-test.iam.gserviceaccount.com"
UNET = b"unet" * 100


@pytest.fixture(scope="module")
def signer() -> service_account.Credentials:
    """With a key at hand, where Google would sign."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    info = {"client_email": ACCOUNT, "private_key": pem, "token_uri": "http://127.0.0.1/token"}
    return service_account.Credentials.from_service_account_info(info)


@pytest.fixture
def job_id(service: Service, signer: service_account.Credentials) -> str:
    job_id = trained.job(service)
    metrics = b'{"steps": 250, "loss_first": 0.2, "loss_last": 0.05, "likeness_after": 0.84}'
    files = {"model__unet__weights.safetensors": UNET, "model__model_index.json": b"{}", "metrics.json": metrics}
    trained.weights(service, job_id, **files)
    bucket = service.objects.bucket(service.parts.settings.models_bucket)
    trained.with_parts(service, weights=Weights(bucket, lambda: signer))
    return job_id


def test_the_files_of_a_version_are_listed(service: Service, job_id: str) -> None:
    listed = service.call("GET", f"/v1/models/{job_id}/versions/1/weights").json

    assert listed["minutes"] == 10
    assert listed["files"] == [
        {
            "name": "model_index.json",
            "size": 2,
            "crc32c": crc32c(b"{}"),
            "url": f"/v1/models/{job_id}/versions/1/weights/model_index.json",
        },
        {
            "name": "unet/weights.safetensors",
            "size": len(UNET),
            "crc32c": crc32c(UNET),
            "url": f"/v1/models/{job_id}/versions/1/weights/unet/weights.safetensors",
        },
    ]


def test_a_file_is_answered_by_a_link_to_cloud_storage(service: Service, job_id: str) -> None:
    answer = service.call("GET", f"/v1/models/{job_id}/versions/1/weights/unet/weights.safetensors")

    link = urlsplit(answer.headers["Location"])
    query = parse_qs(link.query)
    assert (answer.status_code, link.scheme, link.netloc) == (302, "https", "storage.googleapis.com")
    assert link.path == f"/{service.parts.settings.models_bucket}/runs/{job_id}/a1/model/unet/weights.safetensors"
    assert (query["X-Goog-Algorithm"], query["X-Goog-Expires"]) == (["GOOG4-RSA-SHA256"], ["600"])
    assert query["X-Goog-Credential"][0].startswith(f"{ACCOUNT}/")
    assert query["response-content-disposition"] == ['attachment; filename="Cat-v1-unet-weights.safetensors"']
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_adapter_is_answered_by_a_link_too(service: Service, job_id: str) -> None:
    service.parts.jobs.note(job_id, method=Method.LORA)
    name = "adapters/kohya_lora_weights.safetensors"
    trained.weights(service, job_id, **{name: b"adapters"})

    answer = service.call("GET", f"/v1/models/{job_id}/versions/1/weights/{name}")

    link = urlsplit(answer.headers["Location"])
    assert (answer.status_code, link.path) == (302, f"/{service.parts.settings.models_bucket}/runs/{job_id}/a1/{name}")
    assert 'filename="Cat-v1-adapters-kohya-lora-weights.safetensors"' in parse_qs(link.query)["response-content-disposition"][0]


@pytest.mark.parametrize(
    "name",
    [
        "other.safetensors",
        "../metrics.json",
        "unet",
        "%2e%2e/metrics.json",
        "unet/weights.safetensors/",
        "adapters/kohya_lora_weights.safetensors",
        "a%0d%0ab",
        "x" * 1100,
    ],
)
def test_only_files_of_the_version_are_linked(service: Service, job_id: str, name: str) -> None:
    answer = service.call("GET", f"/v1/models/{job_id}/versions/1/weights/{name}")

    assert (answer.status_code, answer.json["code"]) == (404, "NOT_FOUND")


def test_nobody_gets_a_link_to_anothers_weights(service: Service, job_id: str) -> None:
    path = f"/v1/models/{job_id}/versions/1/weights/model_index.json"

    assert service.call("GET", path, as_="bob@example.com").status_code == 404


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ('My "cat"\r\nSet-Cookie: a=b', "My-cat-Set-Cookie-a-b-v1-card.md"),
        ("Кот", "v1-card.md"),
        ("../../etc/passwd", "etc-passwd-v1-card.md"),
        ("a.b", "a.b-v1-card.md"),
    ],
)
def test_a_file_is_named_plainly(service: Service, name: str, plain: str) -> None:
    job = service.parts.jobs.get(service.create().json["id"])

    assert file_name(type(job)(**{**vars(job), "name": name}), "card.md") == plain


def test_the_card_tells_what_the_model_is_and_where_it_comes_from(service: Service, job_id: str) -> None:
    answer = service.call("GET", f"/v1/models/{job_id}/versions/1/card")

    text = answer.text
    assert (answer.status_code, answer.content_type) == (200, "text/markdown; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Cat-v1-card.md"'
    for line in ("# Cat", "- Pictures: 5", "- Steps: 250", "- Loss: 0.2 to 0.05", f"- Base model: `{trained.BASE}`", "0.31 to 0.84"):
        assert line in text
    assert f"| `unet/weights.safetensors` | {len(UNET)} | `{crc32c(UNET)}` |" in text
    assert "## Licence and use" in text
    assert "## Limits" in text


def test_a_card_leaves_out_what_nobody_measured(service: Service, job_id: str) -> None:
    service.objects.bucket(service.parts.settings.models_bucket).blob(f"runs/{job_id}/a1/metrics.json").delete()

    text = service.call("GET", f"/v1/models/{job_id}/versions/1/card").text

    assert "Steps" not in text
    assert "Loss" not in text


def test_a_name_is_no_markdown_of_ours(service: Service, job_id: str) -> None:
    service.parts.jobs.note(job_id, name="[cat](https://evil) <b>")

    assert "# \\[cat\\]\\(https://evil\\) \\<b\\>" in service.call("GET", f"/v1/models/{job_id}/versions/1/card").text
