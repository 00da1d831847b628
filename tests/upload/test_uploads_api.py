import io
from concurrent.futures import ThreadPoolExecutor

from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from jobs import names
from services.upload.identifiers import crc32c
from tests.upload import cloud
from tests.upload.cloud import png_of
from tests.upload.conftest import Service
from tests.upload.corpus import scene


def test_a_picture_is_kept_raw_and_clean(service: Service) -> None:
    job_id, data = service.create().json["id"], cloud.picture(1)

    answer = service.put(job_id, "one.png", data)

    upload = answer.json
    assert (answer.status_code, upload["state"], upload["width"], upload["height"]) == (200, "verified", 96, 80)
    assert service.parts.pictures.read(names.raw(job_id, upload["id"])) == data
    assert service.objects_of(job_id) == [names.clean(job_id, upload["id"])]
    assert service.call("GET", upload["picture"]).content_type == "image/png"
    assert service.call("GET", f"/v1/jobs/{job_id}").json["state"] == "uploading"


def test_the_same_picture_twenty_times_is_one(service: Service) -> None:
    job_id, data = service.create().json["id"], cloud.picture(1)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: service.put(job_id, "one.png", data), range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert len(service.objects_of(job_id)) == 1


def test_a_picture_can_be_sent_again_after_the_job_was_submitted(service: Service) -> None:
    job_id = service.job_with_pictures()
    upload = service.call("GET", f"/v1/jobs/{job_id}").json["uploads"][0]
    service.call("POST", f"/v1/jobs/{job_id}/submit")

    assert service.call("PUT", upload["url"], data=cloud.picture(0)).json["state"] == "verified"


def test_no_picture_is_added_after_the_job_was_submitted(service: Service) -> None:
    job_id = service.job_with_pictures()
    service.call("POST", f"/v1/jobs/{job_id}/submit")

    assert service.register(job_id, ("late.png", cloud.picture(9))).json["code"] == "NOT_ALLOWED"


def test_bytes_that_changed_on_their_way_are_not_stored(service: Service) -> None:
    job_id, data = service.create().json["id"], cloud.picture(1)
    upload = service.register(job_id, ("one.png", data)).json["uploads"][0]

    wrong = service.call("PUT", upload["url"], data=data[:-1] + b"x")
    short = service.call("PUT", upload["url"], data=data[:-1])
    long = service.call("PUT", upload["url"], data=data + b"x")
    chunked = service.call("PUT", upload["url"], input_stream=io.BytesIO(data), headers={"Transfer-Encoding": "chunked"})

    assert [answer.json["code"] for answer in (wrong, short, long, chunked)] == [
        "CHECKSUM",
        "SIZE_MISMATCH",
        "SIZE_MISMATCH",
        "LENGTH_REQUIRED",
    ]
    assert wrong.json["retryable"] is True
    assert service.objects_of(job_id) == service.objects_of(job_id, "raw") == []
    assert service.call("PUT", upload["url"], data=data).json["state"] == "verified"


def test_what_is_not_a_picture_is_refused_for_good_and_its_siblings_are_not(service: Service) -> None:
    job_id = service.job_with_pictures(1)

    first, second = (service.put(job_id, "notes.pdf", b"%PDF-1.7") for _ in range(2))

    assert first.status_code == second.status_code == 422
    assert first.json["code"] == second.json["code"] == "PICTURE_REFUSED"
    assert first.json["detail"] == "notes.pdf is not a picture we can read (it is a PDF). Export it as JPEG, PNG, WebP or HEIC."
    job = service.call("GET", f"/v1/jobs/{job_id}").json
    assert job["counts"] == {"pending": 0, "verified": 1, "rejected": 1}
    assert [upload["failure"]["code"] for upload in job["uploads"] if upload["failure"]] == ["NOT_A_PICTURE"]
    assert service.objects_of(job_id, "raw") == []


def test_too_many_pictures_are_refused(service: Service) -> None:
    job_id = service.create().json["id"]
    twenty = [(f"{number}.png", b"%d" % number) for number in range(20)]

    service.register(job_id, *twenty)
    again, one_more = service.register(job_id, *twenty), service.register(job_id, ("more.png", b"more"))
    at_once = service.register(service.create().json["id"], *twenty, ("more.png", b"more"))

    assert again.status_code == 201
    assert [(answer.status_code, answer.json["code"]) for answer in (one_more, at_once)] == [(422, "TOO_MANY_PICTURES")] * 2


def test_a_picture_that_is_too_large_is_refused_before_it_comes(service: Service) -> None:
    job_id = service.create().json["id"]
    body = {"uploads": [{"fileName": "huge.png", "size": 26 * 2**20, "crc32c": "AAAAAA==", "contentType": "image/png"}]}

    answer = service.call("POST", f"/v1/jobs/{job_id}/uploads", json=body)

    assert (answer.status_code, answer.json["code"]) == (413, "TOO_LARGE")
    assert "huge.png is larger than 25 MiB" in answer.json["detail"]


def test_a_body_over_the_limit_is_refused(service: Service) -> None:
    job_id = service.create().json["id"]
    upload = service.register(job_id, ("one.png", b"x")).json["uploads"][0]

    answer = service.call("PUT", upload["url"], data=b"x" * (25 * 2**20 + 1))

    assert (answer.status_code, answer.json["code"]) == (413, "TOO_LARGE")


def test_a_removed_picture_leaves_no_bytes_and_can_be_added_again(service: Service) -> None:
    job_id, data = service.create().json["id"], cloud.picture(1)
    upload = service.put(job_id, "one.png", data).json

    removed = [service.call("DELETE", upload["url"]).status_code for _ in range(2)]

    assert removed == [204, 204]
    assert service.objects_of(job_id) == service.objects_of(job_id, "raw") == []
    assert service.call("PUT", upload["url"], data=data).json["code"] == "PICTURE_REMOVED"
    again = service.put(job_id, "one.png", data).json
    assert again["state"] == "verified"
    assert again["id"] != upload["id"]


def test_names_are_text_and_never_a_path(service: Service) -> None:
    job_id = service.create().json["id"]
    names_sent = ["../../etc/passwd", "日本.png", "a\u202egnp.exe", "x" * 300, "con.png", "n\u0303.png"]

    answers = [service.put(job_id, name, cloud.picture(number)) for number, name in enumerate(names_sent)]

    assert [answer.status_code for answer in answers] == [200] * len(names_sent)
    assert [answer.json["fileName"] for answer in answers][1:3] == ["日本.png", "agnp.exe"]
    assert all(name.startswith(f"clean/{job_id}/") and ".." not in name for name in service.objects_of(job_id))
    assert service.register(job_id, ("\u202e\0", b"x")).json["code"] == "VALIDATION"


def test_an_upload_of_another_job_is_not_found(service: Service) -> None:
    one, two = service.create().json["id"], service.create().json["id"]
    upload = service.put(one, "one.png", cloud.picture(1)).json

    assert service.call("PUT", f"/v1/jobs/{two}/uploads/{upload['id']}", data=b"x").status_code == 404


def form(count: int, *more: tuple[str, bytes]) -> dict[str, object]:
    files = [(io.BytesIO(cloud.picture(number)), f"{number}.png") for number in range(count)]
    return {"images": [*files, *((io.BytesIO(data), name) for name, data in more)], "classWord": "cat", "name": "By form"}


def test_one_form_makes_a_whole_job(service: Service) -> None:
    answer = service.call("POST", "/upload", data=form(5), content_type="multipart/form-data")

    job = service.call("GET", f"/v1/jobs/{answer.json['jobId']}").json
    assert (answer.status_code, set(answer.json)) == (202, {"message", "jobId"})
    assert (job["state"], job["name"], job["pictures"]) == ("uploaded", "By form", 5)
    assert service.topic.messages == [({"jobId": job["id"]}, {"attempt": "1", "schema": "1"})]


def test_a_repeated_form_with_a_key_is_one_job(service: Service) -> None:
    answers = [
        service.call("POST", "/upload", data=form(5), content_type="multipart/form-data", headers={"Idempotency-Key": "form"})
        for _ in range(2)
    ]

    assert answers[0].json == answers[1].json
    assert len(service.parts.jobs.outbox()) == 1


def test_a_form_with_a_bad_picture_leaves_nothing(service: Service) -> None:
    bad = service.call("POST", "/upload", data=form(5, ("notes.pdf", b"%PDF-1.7")), content_type="multipart/form-data")
    few = service.call("POST", "/upload", data=form(4), content_type="multipart/form-data")
    many = service.call("POST", "/upload", data=form(21), content_type="multipart/form-data")
    large = service.call("POST", "/upload", data=b"x" * 31 * 2**20, content_type="multipart/form-data; boundary=x")
    wrong = service.call("POST", "/upload", data={**form(5), "classWord": "7"}, content_type="multipart/form-data")

    assert [(answer.status_code, answer.json["code"]) for answer in (bad, few, many, large, wrong)] == [
        (422, "PICTURE_REFUSED"),
        (409, "TOO_FEW_PICTURES"),
        (422, "TOO_MANY_PICTURES"),
        (413, "TOO_LARGE"),
        (422, "VALIDATION"),
    ]
    assert bad.json["errors"][0]["fileName"] == "notes.pdf"
    assert service.call("GET", "/v1/jobs").json["jobs"] == []


def test_other_bytes_under_the_same_name_are_not_overwritten(service: Service) -> None:
    job_id, data = service.create().json["id"], cloud.picture(1)
    upload = service.register(job_id, ("one.png", data)).json["uploads"][0]
    service.parts.pictures.write(names.raw(job_id, upload["id"]), b"something else", "image/png")

    answer = service.call("PUT", upload["url"], data=data)

    assert (answer.status_code, answer.json["code"]) == (409, "PICTURE_CONFLICT")
    assert crc32c(service.parts.pictures.read(names.raw(job_id, upload["id"]))) == crc32c(b"something else")


def test_a_picture_is_read_and_described(service: Service) -> None:
    job_id = service.create().json["id"]
    url = service.put(job_id, "one.png", cloud.picture(1)).json["url"]

    described = service.call("PATCH", url, json={"caption": " a cat\u202e on \n a mat "})

    assert (described.status_code, described.json["caption"]) == (200, "a cat on a mat")
    read = service.call("GET", url)
    assert read.json == described.json
    assert service.call("GET", url, headers={"If-None-Match": read.headers["ETag"]}).status_code == 304
    assert service.call("PATCH", url, json={"caption": "x" * 501}).json["code"] == "VALIDATION"
    assert service.call("GET", url, as_="eve@example.com").status_code == 404
    assert service.call("PATCH", url, as_="eve@example.com", json={"caption": "mine"}).status_code == 404


def test_what_was_left_out_or_submitted_is_not_described_any_more(service: Service) -> None:
    job_id = service.job_with_pictures()
    first, second = (upload["url"] for upload in service.call("GET", f"/v1/jobs/{job_id}").json["uploads"][:2])

    service.call("DELETE", first)
    removed = service.call("PATCH", first, json={"caption": "gone"})
    service.put(job_id, "another.png", cloud.picture(9))
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    submitted = service.call("PATCH", second, json={"caption": "late"})

    assert [(answer.status_code, answer.json["code"]) for answer in (removed, submitted)] == [
        (409, "PICTURE_REMOVED"),
        (409, "NOT_ALLOWED"),
    ]


def test_copies_of_a_picture_are_told_of_one_another(service: Service) -> None:
    """Resized, in another format, brighter, stripped of its rotation: what a folder of phone pictures has twice."""
    job_id, picture = service.create().json["id"], scene(1, (640, 480))
    turned = Image.Exif()
    turned[0x0112] = 6
    copies = {
        "one.png": png_of(picture),
        "one again.png": png_of(picture),
        "small.png": png_of(picture.resize((320, 240))),
        "photo.jpg": png_of(picture, "JPEG", quality=60),
        "photo.webp": png_of(picture, "WEBP", quality=50),
        "phone.heic": png_of(picture, "HEIF", quality=60),
        "bright.png": png_of(picture.point(lambda tone: min(255, tone + 12))),
        "turned.jpg": png_of(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=turned),
    }
    others = {f"other {number}.png": png_of(scene(number, (640, 480))) for number in range(2, 7)}

    ids = {name: service.put(job_id, name, data).json["id"] for name, data in {**copies, **others}.items()}

    uploads = {upload["fileName"]: upload for upload in service.call("GET", f"/v1/jobs/{job_id}").json["uploads"]}
    for name in copies:
        assert set(uploads[name]["alike"]) == {ids[copy] for copy in copies} - {ids[name]}
    assert all(uploads[name]["alike"] == [] for name in others)
    assert service.call("GET", uploads["turned.jpg"]["url"]).json == uploads["turned.jpg"]


def test_one_colour_is_like_nothing(service: Service) -> None:
    job_id = service.create().json["id"]

    uploads = [service.put(job_id, f"{number}.png", cloud.picture(number)).json for number in range(2)]

    assert [upload["alike"] for upload in uploads] == [[], []]


def test_a_form_that_was_cut_off_leaves_nothing(service: Service) -> None:
    files = [FileStorage(io.BytesIO(cloud.picture(number)), f"{number}.png") for number in range(5)]
    boundary, body = encode_multipart({"classWord": "cat", "images": files})

    answers = [
        service.call("POST", "/upload", data=body[: int(len(body) * share)], content_type=f"multipart/form-data; boundary={boundary}")
        for share in (0.1, 0.5, 0.9, 0.99)
    ]

    assert all(400 <= answer.status_code < 500 for answer in answers)
    assert service.call("GET", "/v1/jobs").json["jobs"] == []


def test_a_form_may_hold_the_same_picture_twice(service: Service) -> None:
    twice = [("0.png", cloud.picture(0)), ("copy.png", cloud.picture(0))]

    answer = service.call("POST", "/upload", data=form(5, *twice), content_type="multipart/form-data")

    assert answer.status_code == 202
    assert service.call("GET", f"/v1/jobs/{answer.json['jobId']}").json["pictures"] == 6


def test_a_form_takes_pictures_whose_names_are_too_long(service: Service) -> None:
    pictures = [(io.BytesIO(cloud.picture(number)), f"{'x' * 300}{number}.png") for number in range(5)]

    answer = service.call("POST", "/upload", data={"images": pictures})

    names = [upload.file_name for upload in service.parts.uploads.of_job(answer.json["jobId"])]
    assert answer.status_code == 202
    assert sorted(name[-6:] for name in names) == [f"x{number}.png" for number in range(5)]
    assert {len(name) for name in names} == {255}
