"""Bad input at the front door: a typed answer, and nothing lost."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from jobs.documents import new_id
from jobs.job import State, UploadState
from services.upload import wire
from services.upload.client import Client, Failed, pictures_in
from services.upload.identifiers import crc32c
from services.upload.wire import JobDetail
from tests.e2e.conftest import PICTURES, System

BADGE = pictures_in(PICTURES / "badge")


@pytest.fixture(scope="module")
def ada(system: System) -> Client:
    return system.client()


@pytest.fixture(scope="module")
def job(ada: Client) -> JobDetail:
    return ada.create("Refusals", "circle")


def _register(client: Client, job: JobDetail, name: str, data: bytes, size: int | None = None, crc: str | None = None) -> wire.Upload:
    announced = wire.NewUpload(file_name=name, size=size or len(data), crc32c=crc or crc32c(data), content_type="image/png")
    return client.register(job.id, [announced])[0]


def _put(system: System, url: str, data: Any, **headers: str) -> requests.Response:
    sent = {"Authorization": f"Bearer {system.token('ada@example.com')()}", "X-Requested-With": "XMLHttpRequest", **headers}
    return requests.put(system.portal + url, data=data, headers=sent, timeout=60)


def _is_problem(answer: requests.Response, status: int) -> bool:
    problem = answer.json()
    return answer.status_code == status and problem["status"] == status and bool(problem["code"] and problem["detail"])


def test_what_is_no_picture_is_refused_by_name(system: System, ada: Client, job: JobDetail) -> None:
    upload = _register(ada, job, "notes.png", b"These are notes, not a picture.")

    answer = _put(system, upload.url, b"These are notes, not a picture.")

    assert _is_problem(answer, 422)
    assert ada.job(job.id).counts.verified == 0


def test_bytes_that_are_not_the_ones_announced_are_not_stored(system: System, ada: Client, job: JobDetail) -> None:
    data = BADGE[0].read_bytes()
    upload = _register(ada, job, "badge.png", data)
    other = data[:-1] + bytes([data[-1] ^ 1])

    wrong = _put(system, upload.url, other)
    short = _put(system, upload.url, data[: len(data) // 2])
    right = _put(system, upload.url, data)

    assert wrong.status_code in {400, 422}
    assert short.status_code in {400, 422}
    assert right.status_code == 200
    assert right.json()["state"] == UploadState.VERIFIED


def test_a_picture_sent_twice_is_one_picture(system: System, ada: Client, job: JobDetail) -> None:
    data = BADGE[1].read_bytes()
    upload = _register(ada, job, "again.png", data)

    first, second = (_put(system, upload.url, data) for _ in range(2))

    assert first.json() == second.json()


def test_too_many_pictures_are_refused_together(ada: Client, job: JobDetail) -> None:
    many = [wire.NewUpload(file_name=f"{n}.png", size=100 + n, crc32c="AAAAAA==", content_type="image/png") for n in range(60)]

    with pytest.raises(Failed) as refused:
        ada.register(job.id, many)

    assert refused.value.problem.status == 422


def test_a_picture_that_is_too_large_is_refused_before_it_is_sent(ada: Client, job: JobDetail) -> None:
    with pytest.raises(Failed) as refused:
        _register(ada, job, "huge.png", b"x", size=200 * 2**20)

    assert refused.value.problem.status in {413, 422}


def test_a_job_with_too_few_pictures_is_not_started(ada: Client, job: JobDetail) -> None:
    with pytest.raises(Failed) as refused:
        ada.submit(job.id)

    assert refused.value.problem.status == 409
    assert ada.job(job.id).state is not State.UPLOADED


def test_another_designer_s_job_and_one_that_does_not_exist_look_the_same(system: System, ada: Client, job: JobDetail) -> None:
    grace = system.client("grace@example.com")

    answers = []
    for client, identity in ((grace, job.id), (ada, new_id())):
        with pytest.raises(Failed) as refused:
            client.job(identity)
        answers.append((refused.value.problem.status, refused.value.problem.code))

    assert answers == [answers[0]] * 2
    assert answers[0][0] == 404


def test_nobody_gets_in_without_signing_in(system: System) -> None:
    page = requests.get(system.portal, timeout=10, allow_redirects=False)
    call = requests.get(f"{system.portal}/v1/jobs", headers={"X-Requested-With": "XMLHttpRequest"}, timeout=10, allow_redirects=False)
    behind = requests.get(f"{system.outputs['uploadService']}/v1/jobs", timeout=10)

    assert (page.status_code, call.status_code) == (302, 401)
    assert behind.status_code == 403


def test_a_token_for_another_service_does_not_open_the_portal(system: System) -> None:
    token = system.token("ada@example.com", "https://elsewhere.example.com")()

    answer = requests.get(f"{system.portal}/v1/jobs", headers={"Authorization": f"Bearer {token}"}, timeout=10, allow_redirects=False)

    assert answer.status_code in {302, 401}


def test_a_picture_leaves_its_metadata_behind(system: System, ada: Client, job: JobDetail, tmp_path: Path) -> None:
    picture = Image.new("RGB", (120, 80), "teal")
    exif = picture.getexif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Ada"
    file = tmp_path / "turned.jpg"
    picture.save(file, exif=exif)
    (upload,) = ada.upload(job.id, [file])

    clean = Image.open(io.BytesIO(ada.download(upload.picture or "")))

    # a clean copy is no larger than training has use for
    assert clean.height == pytest.approx(1.5 * clean.width, rel=0.05)
    assert not clean.getexif()


def test_twenty_creations_with_one_key_are_one_job(ada: Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        jobs = list(pool.map(lambda _: ada.create("Once", "circle", key="the-same-key-20"), range(20)))

    assert len({job.id for job in jobs}) == 1
    ada.cancel(jobs[0].id)
