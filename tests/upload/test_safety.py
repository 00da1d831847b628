"""The safety check's real model, its threshold, and what becomes of a picture when it does not answer."""

import io
from dataclasses import dataclass, replace

import pytest
from PIL import Image

from services.upload import safety
from tests.upload import cloud
from tests.upload.conftest import Service
from tests.upload.corpus import png_of, scene


@dataclass(frozen=True)
class Says:
    unsafe_: bool | None

    def unsafe(self, small: bytes) -> bool:
        if self.unsafe_ is None:
            raise safety.Unchecked("it is down")
        return self.unsafe_


def checked_by(service: Service, check: safety.Safety) -> str:
    service.http.application.extensions["parts"] = replace(service.parts, safety=check)
    job_id: str = service.create().json["id"]
    return job_id


def test_the_model_finds_nothing_in_harmless_pictures() -> None:
    scores = [safety.MODEL.score(safety.small(png_of(scene(number)))) for number in range(4)]

    assert all(0 <= score < 0.2 for score in scores)
    assert len(set(scores)) == 4


def test_the_model_is_the_one_that_its_package_describes() -> None:
    """Skin-coloured from edge to edge, which it finds far more doubtful than a blue field, as its authors' scores do."""
    skin, blue = (safety.MODEL.score(safety.shrunk(Image.new("RGB", (300, 300), colour))) for colour in ((224, 172, 150), (30, 60, 200)))

    assert skin == pytest.approx(0.3015, abs=0.02)
    assert blue < 0.1


def test_a_model_that_died_is_started_again() -> None:
    small = safety.small(cloud.picture(1))
    before = safety.MODEL.score(small)
    safety.MODEL.stop()

    assert safety.MODEL.score(small) == before


def test_what_the_check_finds_unsafe_is_refused_for_good_and_not_stored(service: Service) -> None:
    job_id = checked_by(service, Says(True))

    first, second = (service.put(job_id, "beach.png", cloud.picture(1)) for _ in range(2))

    assert (first.status_code, first.json["code"]) == (second.status_code, second.json["code"]) == (422, "PICTURE_REFUSED")
    upload = service.call("GET", f"/v1/jobs/{job_id}").json["uploads"][0]
    assert (upload["state"], upload["failure"]["code"]) == ("rejected", "NOT_SAFE")
    assert service.objects_of(job_id) == service.objects_of(job_id, "raw") == []


def test_a_picture_that_cannot_be_checked_stays_out_until_it_can(service: Service) -> None:
    job_id = checked_by(service, Says(None))
    data = cloud.picture(1)

    down = service.put(job_id, "one.png", data)
    service.http.application.extensions["parts"] = service.parts
    up = service.put(job_id, "one.png", data)

    assert (down.status_code, down.json["code"], down.json["retryable"]) == (503, "UNAVAILABLE", True)
    assert up.json["state"] == "verified"


def test_a_form_with_an_unsafe_picture_leaves_nothing(service: Service) -> None:
    checked_by(service, Says(True))
    files = [(io.BytesIO(cloud.picture(number)), f"{number}.png") for number in range(5)]

    answer = service.call("POST", "/upload", data={"images": files, "classWord": "cat"}, content_type="multipart/form-data")

    assert {error["code"] for error in answer.json["errors"]} == {"NOT_SAFE"}
    assert answer.status_code == 422


def test_the_check_can_be_switched_off() -> None:
    assert safety.check(False).unsafe(b"") is False
    assert safety.check(True) is safety.MODEL
