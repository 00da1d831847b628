"""How a job learns: chosen while it takes pictures, kept from then on."""

import io
from datetime import timedelta
from typing import Any

import pytest

from images.trainer import adapter_files
from jobs.documents import Job, new_id, now
from jobs.job import State
from jobs.methods import Method
from services.upload.weights import FORMATS
from tests.upload import cloud, trained
from tests.upload.conftest import Service


def change(service: Service, job_id: str, **fields: Any) -> Any:
    return service.call("PATCH", f"/v1/jobs/{job_id}", json=fields, headers={"If-Match": "*"})


def adapted(service: Service) -> str:
    """A model of LoRA, with what the trainer leaves of one."""
    job_id = trained.job(service)
    service.parts.jobs.note(job_id, method=Method.LORA)
    adapters = {f"adapters__{name}": name.encode() for name in (adapter_files.PEFT, adapter_files.KOHYA, "notes.txt")}
    trained.weights(service, job_id, model__model_index=b"{}", **adapters)
    return job_id


@pytest.mark.parametrize("method", Method)
def test_a_job_learns_by_the_method_that_is_asked_for(service: Service, method: Method) -> None:
    made = service.create(method=method).json

    assert (made["method"], service.call("GET", f"/v1/jobs/{made['id']}").json["method"]) == (method, method)


def test_a_method_that_is_none_of_ours_is_refused(service: Service) -> None:
    images = [(io.BytesIO(cloud.picture(number)), f"{number}.png") for number in range(5)]
    form = {"images": images, "classWord": "cat", "method": "hypernetwork"}

    answers = [service.create(method="hypernetwork"), service.call("POST", "/upload", data=form, content_type="multipart/form-data")]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(422, "VALIDATION")] * 2


def test_a_whole_job_in_one_form_names_its_method_too(service: Service) -> None:
    images = [(io.BytesIO(cloud.picture(number)), f"{number}.png") for number in range(5)]

    answer = service.call(
        "POST", "/upload", data={"images": images, "classWord": "cat", "method": "lora"}, content_type="multipart/form-data"
    )

    assert service.call("GET", f"/v1/jobs/{answer.json['jobId']}").json["method"] == "lora"


def test_the_same_key_with_another_method_is_another_job(service: Service) -> None:
    service.create(key="one")

    assert service.create(key="one", method="lora").json["code"] == "KEY_REUSED"


def test_the_method_is_changed_as_long_as_the_job_takes_pictures_and_kept_by_a_retry(service: Service) -> None:
    job_id = service.job_with_pictures()

    changed = change(service, job_id, method="lora").json
    service.call("POST", f"/v1/jobs/{job_id}/submit")
    late = change(service, job_id, method="dreambooth")
    service.parts.jobs.advance(job_id, 1, State.FAILED, by="test")
    again = service.call("POST", f"/v1/jobs/{job_id}/retry").json

    assert (changed["method"], changed["steps"]) == ("lora", 800)
    assert (late.status_code, late.json["code"]) == (409, "NOT_ALLOWED")
    assert (again["attempt"], again["method"]) == (2, "lora")


def test_every_method_has_every_preset(service: Service) -> None:
    presets = service.call("GET", "/v1/config").json["presets"]

    ways = [(preset["method"], preset["id"], preset["steps"]) for preset in presets]
    assert ways == [(method, name, steps) for method in Method for name, steps in (("quick", 400), ("standard", 800), ("thorough", 1200))]


def test_an_estimate_goes_by_jobs_of_the_same_method(service: Service) -> None:
    job_id, submitted = service.create(method="lora").json["id"], now()
    for method, minutes in ((Method.LORA, 10), (Method.DREAMBOOTH, 30)):
        ready = Job(new_id(), "ada", "Teapot", "sks", "teapot", method, steps=800, state=State.READY)
        times = {"submitted": submitted, "finished": submitted + timedelta(minutes=minutes)}
        for _ in range(5):
            made = service.parts.jobs.create(Job(**{**vars(ready), "id": new_id()}), by="test")
            service.parts.jobs.note(made.id, **times)

    by_lora = service.call("POST", f"/v1/jobs/{job_id}/estimate").json
    change(service, job_id, method="dreambooth")
    by_dreambooth = service.call("POST", f"/v1/jobs/{job_id}/estimate").json

    assert [(told["basis"], told["lowSeconds"]) for told in (by_lora, by_dreambooth)] == [("history", 600), ("history", 1800)]


def test_the_library_tells_how_a_model_has_learnt(service: Service) -> None:
    job_id = adapted(service)

    model, version = (service.call("GET", f"/v1/models/{job_id}{path}").json for path in ("", "/versions/1"))
    card = service.call("GET", f"/v1/models/{job_id}/versions/1/card").text

    assert (model["method"], version["lineage"]["method"]) == ("lora", "lora")
    assert "tags: [stable-diffusion, lora]" in card
    assert "- Method: lora" in card
    assert f"| `adapters/{adapter_files.KOHYA}` |" in card
    assert 'load_lora_weights("FOLDER/adapters")' in card


def test_what_lora_has_learnt_is_offered_alone_in_each_format(service: Service) -> None:
    job_id = adapted(service)

    listed = service.call("GET", f"/v1/models/{job_id}/versions/1/weights").json

    assert [file["name"] for file in listed["files"]] == ["model_index"]
    assert {adapter["format"]: adapter["name"] for adapter in listed["adapters"]} == {
        "diffusers": f"adapters/{adapter_files.PEFT}",
        "kohya": f"adapters/{adapter_files.KOHYA}",
    }
    assert {adapter["size"] for adapter in listed["adapters"]} == {len(adapter_files.PEFT), len(adapter_files.KOHYA)}


def test_dreambooth_offers_nothing_alone(service: Service) -> None:
    job_id = adapted(service)
    service.parts.jobs.note(job_id, method=Method.DREAMBOOTH)

    listed = service.call("GET", f"/v1/models/{job_id}/versions/1/weights").json

    assert listed["adapters"] == []
    assert "load_lora_weights" not in service.call("GET", f"/v1/models/{job_id}/versions/1/card").text
    assert service.call("GET", f"/v1/models/{job_id}/versions/1/weights/adapters/{adapter_files.KOHYA}").status_code == 404


def test_the_formats_are_told_by_the_names_that_the_trainer_gives() -> None:
    assert dict(FORMATS) == {f"adapters/{adapter_files.PEFT}": "diffusers", f"adapters/{adapter_files.KOHYA}": "kohya"}
