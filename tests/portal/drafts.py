"""Jobs that wait for their pictures, made as a page makes them: through the API."""

from collections.abc import Sequence

import requests
from PIL import Image

from services.upload.identifiers import crc32c
from tests.portal import painter

Picture = tuple[str, bytes]
_SIDES = (800, 600)


def empty(url: str, assertion: str) -> str:
    return _job(url, assertion, "Untitled sheet", "vase")


def chosen(url: str, assertion: str) -> str:
    """Six that can be used, two of them alike; one that is no picture and one that is too small."""
    pictures = [photo("vase", number) for number in range(5)]
    pictures += [twin("vase", 2), ("Invoice 2026-118.pdf", b"%PDF-1.7\n" + bytes(4000)), small()]
    return _with(url, assertion, "Studio vase, second try", pictures)


def full(url: str, assertion: str) -> str:
    """Enough to be developed."""
    return _with(url, assertion, "Kitchen bottle", [photo("bottle", number) for number in range(7)])


def photo(class_word: str, number: int) -> Picture:
    return f"IMG_{2201 + number}.jpg", painter.jpeg(class_word, number, _SIDES)


def twin(class_word: str, number: int) -> Picture:
    """The same moment again, saved by another program."""
    name, data = photo(class_word, number)
    return name.replace(".", " copy."), painter.again(data)


def small() -> Picture:
    return "thumbnail.png", painter.png(Image.new("RGB", (48, 36), (90, 80, 70)))


def _with(url: str, assertion: str, name: str, pictures: Sequence[Picture]) -> str:
    job_id = _job(url, assertion, name, "vase" if "vase" in name else "bottle")
    announced = [
        {"fileName": file_name, "size": len(data), "crc32c": crc32c(data), "contentType": "image/jpeg"} for file_name, data in pictures
    ]
    answer = _ask(url, assertion, "POST", f"/v1/jobs/{job_id}/uploads", json={"uploads": announced})
    for upload, (_, data) in zip(answer.json()["uploads"], pictures, strict=True):
        _ask(url, assertion, "PUT", upload["url"], data=data, may_be=(200, 422))
    return job_id


def _job(url: str, assertion: str, name: str, class_word: str) -> str:
    asked = {"name": name, "subject": "sks", "classWord": class_word}
    job_id: str = _ask(url, assertion, "POST", "/v1/jobs", json=asked, headers={"Idempotency-Key": f"draft {name}"}).json()["id"]
    return job_id


def _ask(
    url: str,
    assertion: str,
    method: str,
    path: str,
    *,
    json: object = None,
    data: bytes | None = None,
    headers: dict[str, str] | None = None,
    may_be: Sequence[int] = (200, 201),
) -> requests.Response:
    own = {"X-Goog-IAP-JWT-Assertion": assertion, "X-Requested-With": "XMLHttpRequest", **(headers or {})}
    answer = requests.request(method, url + path, headers=own, json=json, data=data, timeout=60)
    if answer.status_code not in may_be:
        raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
    return answer
