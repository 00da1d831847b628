import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobs.documents import Failure, Job, new_id, now, wire
from jobs.job import State
from services.upload.estimate import formula, quantile
from services.upload.quota import resets
from tests.upload import cloud
from tests.upload.conftest import Service


@pytest.fixture
def limited(service: Service) -> Iterator[Service]:
    """A day has 8 pictures, 4 MiB and 60 minutes of GPU; a job of 800 steps may take 47."""
    parts = service.parts
    settings = replace(parts.settings, daily_pictures=8, daily_bytes=4 * 2**20, daily_gpu_minutes=60, max_open_jobs=50)
    service.parts = replace(parts, settings=settings)
    service.http.application.extensions["parts"] = service.parts
    yield service
    service.http.application.extensions["parts"] = parts


def quota(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = service.call("GET", "/v1/me").json["quota"]
    return found


def announce(service: Service, job_id: str, *sizes: int) -> Any:
    uploads = [
        {"fileName": f"{secrets.token_hex(4)}.png", "size": size, "crc32c": "AAAAAA==", "contentType": "image/png"} for size in sizes
    ]
    return service.call("POST", f"/v1/jobs/{job_id}/uploads", json={"uploads": uploads})


def test_a_day_ends_at_midnight_utc() -> None:
    assert resets(datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)) == datetime(2026, 3, 1, tzinfo=UTC)


def test_what_is_announced_counts_once_however_often_it_is_announced(limited: Service) -> None:
    job_id = limited.create().json["id"]
    pictures = [(f"{number}.png", cloud.picture(number)) for number in range(3)]

    for _ in range(3):
        limited.register(job_id, *pictures)

    assert quota(limited)["pictures"] == {"used": 3, "limit": 8}
    assert quota(limited)["bytes"]["used"] == sum(len(data) for _, data in pictures)


def test_a_day_has_so_many_pictures_and_no_more(limited: Service) -> None:
    job_id = limited.create().json["id"]
    announce(limited, job_id, *[10] * 6)

    over, fits = announce(limited, job_id, *[10] * 3), announce(limited, job_id, *[10] * 2)

    assert (over.status_code, over.json["code"], over.json["retryable"]) == (429, "OVER_QUOTA", True)
    assert 0 < int(over.headers["Retry-After"]) <= 86400
    assert "8 pictures" in over.json["detail"]
    assert fits.status_code == 201
    assert len(limited.parts.uploads.of_job(job_id)) == 8


def test_a_day_has_so_many_bytes_and_no_more(limited: Service) -> None:
    job_id = limited.create().json["id"]
    announce(limited, job_id, 3 * 2**20)

    over = announce(limited, job_id, 2 * 2**20)

    assert (over.status_code, over.json["code"]) == (429, "OVER_QUOTA")
    assert quota(limited)["bytes"]["used"] == 3 * 2**20


def test_who_announces_at_once_cannot_outrun_the_limit(limited: Service) -> None:
    jobs = [limited.create().json["id"] for _ in range(4)]
    at_once = threading.Barrier(12)

    def one(number: int) -> int:
        at_once.wait(30)
        return int(announce(limited, jobs[number % 4], 10).status_code)

    with ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(one, range(12)))

    there = sum(len(limited.parts.uploads.of_job(job_id)) for job_id in jobs)
    assert set(codes) <= {201, 429, 503}
    assert quota(limited)["pictures"]["used"] == there == codes.count(201) <= 8


def test_a_day_of_one_user_is_not_that_of_another(limited: Service) -> None:
    announce(limited, limited.create().json["id"], *[10] * 8)

    limited.email = "grace@example.com"

    assert quota(limited)["pictures"]["used"] == 0
    assert announce(limited, limited.create().json["id"], 10).status_code == 201


def test_yesterday_is_over(limited: Service) -> None:
    announce(limited, limited.create().json["id"], *[10] * 8)
    (row,) = limited.documents.collection("usage").stream()
    yesterday = (now() - timedelta(days=1)).date().isoformat()
    limited.documents.collection("usage").document(row.id[:-10] + yesterday).set(row.to_dict() | {"day": yesterday})
    row.reference.delete()

    assert quota(limited)["pictures"]["used"] == 0


def test_training_counts_once_by_its_estimate(limited: Service) -> None:
    job_id = limited.job_with_pictures()

    for _ in range(3):
        limited.call("POST", f"/v1/jobs/{job_id}/submit")

    assert quota(limited)["gpuMinutes"] == {"used": 47, "limit": 60}


def test_a_retry_counts_again_and_may_be_too_much(limited: Service) -> None:
    job_id = limited.job_with_pictures()
    limited.call("POST", f"/v1/jobs/{job_id}/submit")
    limited.parts.jobs.advance(job_id, 1, State.FAILED, by="test", failure=Failure("X", "It broke.", True))

    answer = limited.call("POST", f"/v1/jobs/{job_id}/retry")

    assert (answer.status_code, answer.json["code"]) == (429, "OVER_QUOTA")
    assert "13 of today's 60 are left" in answer.json["detail"]
    assert limited.parts.jobs.get(job_id).state is State.FAILED
    assert quota(limited)["gpuMinutes"]["used"] == 47


def finished(service: Service, seconds: float, **fields: Any) -> None:
    at = now()
    job = Job(new_id(), "grace", "Old", "sks", "cat", state=State.READY, steps=800, submitted=at - timedelta(seconds=seconds), finished=at)
    service.documents.collection("jobs").document(job.id).set(wire(replace(job, **fields)))


def test_without_history_the_estimate_is_a_formula_of_the_steps(service: Service) -> None:
    job_id = service.create().json["id"]
    for _ in range(4):
        finished(service, 600)

    answer = service.call("POST", f"/v1/jobs/{job_id}/estimate").json

    assert (answer["basis"], answer["jobs"], answer["price"]) == ("config", 4, None)
    assert (answer["lowSeconds"], answer["highSeconds"]) == formula(800)
    assert answer["gpuMinutes"] == 47


def test_with_history_the_estimate_is_what_such_jobs_took(service: Service) -> None:
    job_id = service.create().json["id"]
    for seconds in (600, 610, 620, 630, 640, 650, 660, 670, 680, 6000):
        finished(service, seconds)
    finished(service, 1, state=State.FAILED)
    finished(service, 1, steps=10)
    finished(service, 1, method="lora")

    answer = service.call("POST", f"/v1/jobs/{job_id}/estimate").json

    assert (answer["basis"], answer["jobs"]) == ("history", 10)
    assert (answer["lowSeconds"], answer["highSeconds"], answer["gpuMinutes"]) == (620, 680, 12)


def test_an_estimate_has_a_price_where_the_stack_has_one(service: Service) -> None:
    priced = replace(service.parts.settings, training_price=3.6, currency="EUR", priced="2026-11-01")
    service.http.application.extensions["parts"] = replace(service.parts, settings=priced)

    answer = service.call("POST", f"/v1/jobs/{service.create().json['id']}/estimate").json

    assert answer["price"] == {"low": 0.74, "high": 2.78, "currency": "EUR", "asOf": "2026-11-01"}


def test_a_quantile_is_one_of_the_values() -> None:
    assert [quantile([1, 2, 3, 4], share) for share in (0.0, 0.25, 0.5, 0.9, 1.0)] == [1, 1, 2, 4, 4]
