"""What the service writes to its log: lines that a machine can read and join, and nothing that opens a door or that a designer wrote."""

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from google.api_core.exceptions import InvalidArgument

from jobs.job import State
from services.upload.identifiers import crc32c
from services.upload.weights import Weights
from tests.upload import cloud, trained
from tests.upload.conftest import Service
from tests.upload.signing import signer
from tests.upload.test_matrix import ROUTES
from tests.upload.worker import worker

CANARY = "c4n4ry"
# a word for each place that a caller can write to
PLACES = (
    *("cookie", "authorization", "key", "trace", "query", "agent", "name", "subject", "file", "caption", "prompt", "negative"),
    *("webhook", "garbage", "path", "header", "email"),
)
WORDS = {place: f"{CANARY}-{place}" for place in PLACES}
TRACE = "X-Cloud-Trace-Context"


def _headers() -> dict[str, str]:
    return {
        "Cookie": f"GCP_IAP_UID={WORDS['cookie']}; session={WORDS['cookie']}",
        "Authorization": f"Bearer {WORDS['authorization']}",
        "User-Agent": WORDS["agent"],
        "X-Goog-Authenticated-User-Email": f"{WORDS['header']}@example.com",
        "Referer": f"https://portal/?{WORDS['header']}",
    }


class Teller:
    """Sends requests, each with a trace of its own, and keeps what must not be found again."""

    def __init__(self, service: Service) -> None:
        self.service, self.sent, self.secrets = service, {}, set()  # type: tuple[Service, dict[str, str], set[str]]
        service.email = f"{WORDS['email']}@example.com"

    def __call__(self, method: str, path: str, job_id: str = "", **options: Any) -> Any:
        trace = f"{len(self.sent):032x}"
        self.sent[trace] = job_id
        headers = {**_headers(), TRACE: f"{trace}/1;o=1", "Idempotency-Key": f"{WORDS['key']}-{trace}", **options.pop("headers", {})}
        return self.service.call(method, path, headers=headers, **options)


def _a_life(tell: Teller) -> str:
    """Of a job, with a secret or a canary wherever there is room for one."""
    service = tell.service
    asked = {"name": WORDS["name"], "subject": WORDS["subject"], "classWord": "cat"}
    made = tell("POST", "/v1/jobs", json=asked)
    job_id: str = made.json["id"]
    path = f"/v1/jobs/{job_id}"
    files = [(f"{WORDS['file']}-{number}.png", cloud.picture(number)) for number in range(5)] + [(f"{WORDS['file']}.pdf", b"%PDF-1.7")]
    announced = [{"fileName": name, "size": len(data), "crc32c": crc32c(data), "contentType": WORDS["file"]} for name, data in files]
    uploads = tell("POST", f"{path}/uploads", job_id, json={"uploads": announced}).json["uploads"]
    for upload, (_, data) in zip(uploads, files, strict=True):
        tell("PUT", upload["url"], job_id, data=data)
    tell("PUT", uploads[0]["url"], job_id, data=b"x" * len(files[0][1]))
    tell("PATCH", uploads[0]["url"], job_id, json={"caption": WORDS["caption"]})
    tell("PATCH", path, job_id, json={"name": WORDS["name"] * 2}, headers={"If-Match": "*"})
    tell("DELETE", uploads[5]["url"], job_id)
    tell("POST", f"{path}/submit", job_id)
    tell("POST", f"{path}/cancel", job_id)
    service.parts.jobs.advance(job_id, 1, State.CANCELLED, by="test")
    tell("POST", f"{path}/retry", job_id)
    return job_id


def _a_model(tell: Teller) -> str:
    service = tell.service
    job_id = trained.job(service)
    trained.weights(service, job_id, **{"model__unet.bin": b"weights"})
    trained.with_parts(service, weights=Weights(service.objects.bucket(service.parts.settings.models_bucket), signer))
    wish = {"prompt": WORDS["prompt"], "negativePrompt": WORDS["negative"], "count": 2}
    made = [tell("POST", f"/v1/models/{job_id}/generations", job_id, json=wish).json["id"] for _ in range(2)]
    service.endpoint.faults.append(InvalidArgument(f"cannot draw {WORDS['prompt']}"))
    for generation_id in made:
        trained.push(service, generation_id)
    link = tell("GET", f"/v1/models/{job_id}/versions/1/weights/unet.bin", job_id).headers["Location"]
    tell.secrets |= {link, link.rpartition("X-Goog-Signature=")[2]}
    tell("GET", f"/v1/models/{job_id}/versions/1/card", job_id)
    tell("DELETE", f"/v1/models/{job_id}/deployment", job_id)
    tell("DELETE", f"/v1/models/{job_id}", job_id)
    return job_id


def _what_goes_wrong(tell: Teller) -> None:
    service = tell.service
    tell("POST", "/v1/jobs", data=f'{{"{WORDS["garbage"]}', headers={"Content-Type": "application/json"})
    tell("POST", "/v1/jobs", json={"name": 1, WORDS["garbage"]: WORDS["garbage"]})
    tell("GET", f"/v1/jobs?cursor={WORDS['query']}&token={WORDS['query']}")
    tell("GET", f"/v1/jobs/{WORDS['path']}")
    tell("GET", f"/{WORDS['path']}")
    tell("POST", "/v1/jobs", headers={"X-Goog-IAP-JWT-Assertion": WORDS["authorization"]})
    tell("GET", "/v1/me", headers={TRACE: f"{WORDS['trace']}/1"})
    form = {"name": WORDS["name"], "images": [(io.BytesIO(b"GIF89a"), f"{WORDS['file']}.gif") for _ in range(5)]}
    tell("POST", "/upload", data=form)
    webhook = tell("PUT", "/v1/me/webhook", json={"url": f"https://1.1.1.1/{WORDS['webhook']}"}).json
    tell.secrets |= {webhook["secret"], webhook["secret"].removeprefix("whsec_")}
    broken = trained.job(service)
    service.parts.jobs.note(broken, name=WORDS["name"], state="no such state")
    assert tell("GET", f"/v1/jobs/{broken}", broken).status_code == 500


@pytest.fixture
def told(service: Service, capsys: pytest.CaptureFixture[str]) -> tuple[Teller, str]:
    """A run of requests, and all that was printed meanwhile. A canary that is stored came through: else there is nothing to be found."""
    tell = Teller(service)
    assertion = service.provider.assertion(service.email)
    tell.secrets |= {assertion.rpartition(".")[2], assertion.split(".")[1]}
    job_id = _a_life(tell)
    _a_model(tell)
    _what_goes_wrong(tell)
    assert service.parts.jobs.get(job_id).name == WORDS["name"] * 2
    printed = capsys.readouterr()
    return tell, printed.out + printed.err


def test_nothing_secret_and_nothing_that_a_designer_wrote_is_in_the_log(told: tuple[Teller, str]) -> None:
    tell, text = told
    encoded = base64.b64encode(CANARY.encode()).decode().rstrip("=")

    assert len(text.splitlines()) > 40
    assert [line for line in text.splitlines() if CANARY in line or encoded in line] == []
    assert [secret for secret in tell.secrets if secret in text] == []


def test_every_line_is_json_and_says_which_request_it_was_for(told: tuple[Teller, str]) -> None:
    tell, text = told
    project = tell.service.parts.settings.project
    lines = [json.loads(line) for line in text.splitlines()]

    for line in lines:
        assert {"severity", "message", "time", "traceId"} <= line.keys(), line
        assert line["logging.googleapis.com/trace"] == f"projects/{project}/traces/{line['traceId']}"
        assert line["severity"] in {"INFO", "WARNING", "ERROR"}
    assert {line["traceId"] for line in lines} & tell.sent.keys(), "a trace that came is kept"


def test_every_line_about_a_job_names_it(told: tuple[Teller, str]) -> None:
    tell, text = told
    lines = [json.loads(line) for line in text.splitlines()]

    about = [line for line in lines if {"uploadId", "generationId", "attempt"} & line.keys() or tell.sent.get(line["traceId"])]
    assert len(about) > 30
    assert [line for line in about if not line.get("jobId")] == []
    assert [line for line in lines if tell.sent.get(line["traceId"], "") not in {"", line.get("jobId")}] == []


@pytest.fixture
def log(service: Service, firestore_address: str, storage_url: str, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Where it is served, and all that its server prints."""
    with worker(service, firestore_address, storage_url, tmp_path / "log", "stream_s=0.2") as (url, _):
        yield url, tmp_path / "log"


def test_the_server_beneath_writes_no_more(service: Service, log: tuple[str, Path]) -> None:
    url, written = log
    token = service.provider.assertion(f"{WORDS['email']}@example.com")
    ids = dict.fromkeys(("job_id", "model_id", "upload_id", "generation_id", "receipt_id"), WORDS["path"])
    ids |= {"picture": WORDS["path"], "file": WORDS["path"], "number": "1", "slug": WORDS["path"]}

    for route in ROUTES:
        asked = route.request(ids)
        headers = {**_headers(), **asked["headers"], "Authorization": f"Bearer {token}"}
        requests.request(route.method, f"{url}{asked['path']}?{WORDS['query']}", json=asked.get("json"), headers=headers, timeout=60)
    requests.get(f"{url}/{WORDS['path']}", headers={"X-Bad": "é".encode("latin-1")}, timeout=20)

    text = written.read_text()
    assert CANARY not in text
    assert token.rpartition(".")[2] not in text
