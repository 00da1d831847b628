"""Each file of the corpus through the API: taken or refused by name, soon, with nothing left over and nothing else touched."""

import io
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

import pytest
from PIL import Image

from jobs import names
from services.upload import safety
from tests.upload import cloud
from tests.upload.conftest import Service
from tests.upload.corpus import CLASSES, TAKEN, Case

SECONDS, IN_A_JOB = 2.0, 50
CASES = {name: list(make()) for name, make in CLASSES.items()}


@dataclass(frozen=True)
class Sent:
    case: Case
    upload_id: str
    status: int
    fate: str
    detail: str
    seconds: float


@pytest.fixture
def roomy(service: Service) -> Service:
    """Without the limits of a day and the safety check, which have tests of their own."""
    settings = replace(service.parts.settings, max_open_jobs=10**4, max_pictures=10**4, daily_pictures=10**6, daily_bytes=10**12)
    service.parts = replace(service.parts, settings=settings, safety=safety.OFF)
    service.http.application.extensions["parts"] = service.parts
    return service


def test_there_are_enough_of_them() -> None:
    assert sum(map(len, CASES.values())) >= 1500
    assert all(len({case.name for case in cases}) == len(cases) for cases in CASES.values())


@pytest.mark.parametrize("name", CASES)
def test_each_is_taken_or_refused_by_name_and_leaves_nothing_else(roomy: Service, name: str) -> None:
    cases = iter(CASES[name])
    while some := list(islice(cases, IN_A_JOB)):
        job_id = roomy.create().json["id"]
        sibling = roomy.put(job_id, "sibling.png", cloud.picture(1)).json

        sent = _send(roomy, job_id, some)

        assert [_wrong(each) for each in sent if _wrong(each)] == []
        _only(roomy, job_id, {sibling["id"], *(each.upload_id for each in sent if each.fate == TAKEN)})
        assert [_leak(roomy, job_id, each) for each in sent if each.fate == TAKEN and _leak(roomy, job_id, each)] == []
        assert roomy.call("GET", sibling["url"]).json["state"] == TAKEN


def _send(service: Service, job_id: str, cases: Sequence[Case]) -> list[Sent]:
    announced = service.register(job_id, *((case.name, case.data) for case in cases))
    assert announced.status_code == 201, announced.json
    urls = [upload["url"] for upload in announced.json["uploads"]]
    assert len(set(urls)) == len(cases)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda pair: _sent(service, *pair), zip(cases, urls, strict=True)))


def _sent(service: Service, case: Case, url: str) -> Sent:
    began = time.monotonic()
    answer = service.call("PUT", url, data=case.data)
    seconds = time.monotonic() - began
    upload = service.call("GET", url).json
    fate = upload["failure"]["code"] if upload["failure"] else upload["state"]
    return Sent(case, upload["id"], answer.status_code, fate, answer.json.get("detail", ""), seconds)


def _wrong(sent: Sent) -> str:
    """Empty if all is as it should be."""
    told = f"{sent.case.name!r}: {sent.status} {sent.fate} {sent.detail}"
    if sent.fate not in sent.case.fate:
        return f"{told}; it should be {sorted(sent.case.fate)}"
    if sent.status != (200 if sent.fate == TAKEN else 422) or (sent.fate != TAKEN and not sent.detail):
        return f"{told}; the answer does not say so"
    return f"{told} after {sent.seconds:.1f} s" if sent.seconds > SECONDS else ""


def _only(service: Service, job_id: str, uploads: set[str]) -> None:
    assert set(service.objects_of(job_id, "raw")) == {names.raw(job_id, each) for each in uploads}
    assert set(service.objects_of(job_id)) == {names.clean(job_id, each) for each in uploads}


def _leak(service: Service, job_id: str, sent: Sent) -> str:
    """What is wrong with what was kept."""
    case, png = sent.case, service.parts.pictures.read(names.clean(job_id, sent.upload_id))
    raw = service.parts.pictures.read(names.raw(job_id, sent.upload_id))
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        image.load()
    width, height = image.size
    seen = image.getpixel((width // 2, height // 2))
    if raw != case.data:
        return f"{case.name!r} was not kept as it came"
    if image.mode != "RGB" or image.info or any(trace in png for trace in case.traces):
        return f"{case.name!r} leaks: {image.mode} {image.info}"
    if case.size and (image.size != case.size or not _red_above_blue(image)):
        return f"{case.name!r} stands wrong: {image.size}"
    if case.pixel and max(abs(a - b) for a, b in zip(seen, case.pixel, strict=True)) > case.off:
        return f"{case.name!r} is {seen}, not {case.pixel}"
    return ""


def _red_above_blue(image: Image.Image) -> bool:
    red, _, blue = (band.resize((1, 2), Image.Resampling.BOX).tobytes() for band in image.split())
    return red[0] > 200 > blue[0] and blue[1] > 200 > red[1]
