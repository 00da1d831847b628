import base64
import re
from datetime import timedelta

import pytest

from jobs import names
from jobs.documents import Failure, Job, Progress, Result, Upload, changed, new_id, wire
from jobs.job import State
from jobs.library import Generation
from jobs.message import Poison, Submitted
from jobs.methods import Method
from jobs.settings import MissingSettings, PortalSettings, UploadSettings


def job() -> Job:
    return Job(
        id=new_id(),
        owner="accounts.google.com:1",
        name="Teapot",
        subject="sks",
        class_word="teapot",
        progress=Progress(stage="training", step=3, total=9, samples=("gs://b/1", "gs://b/2")),
        result=Result(model="m", likeness_after=0.9),
        failure=Failure("QUALITY", "Too few sides"),
    )


def test_a_job_survives_the_way_to_firestore_and_back() -> None:
    before = job()

    after = Job.read(wire(before))

    assert after == before


def test_a_document_is_camel_case_and_plain() -> None:
    document = wire(job())

    assert document["classWord"] == "teapot"
    assert type(document["state"]) is str
    assert document["progress"]["samples"] == ["gs://b/1", "gs://b/2"]


def test_fields_of_a_newer_version_are_left_out() -> None:
    document = wire(job()) | {"brandNew": 1}

    assert Job.read(document).name == "Teapot"


def test_a_document_that_is_older_than_methods_is_of_dreambooth() -> None:
    document = {name: value for name, value in wire(job()).items() if name != "method"}

    assert Job.read(document).method is Method.DREAMBOOTH


def test_an_update_carries_only_what_changed() -> None:
    assert changed(class_word="cup", state=State.READY) == {"classWord": "cup", "state": "ready"}


def test_an_upload_and_a_generation_survive_the_way_too() -> None:
    upload = Upload("u", "j", "o", "a.png", "image/png", 5, base64.b64encode(b"abcd").decode(), failure=Failure("TORN", "cut off"))
    generation = Generation("g", "j", "o", "a cat", "", 1, 20, 7.5, pictures=("gs://b/g-0.png",))

    assert Upload.read(wire(upload)) == upload
    assert Generation.read(wire(generation)) == generation


def test_ids_are_26_characters_and_sort_by_time() -> None:
    first, second = new_id(), new_id()

    assert re.fullmatch(r"[0-9a-z]{26}", first)
    assert first[:9] <= second[:9]


def test_names_of_vertex_fit_its_limits() -> None:
    identity = new_id()

    assert re.fullmatch(r"[a-z][-a-z0-9]{0,127}", names.pipeline(identity, 3))
    assert len(names.endpoint(identity)) <= 63
    assert len(names.model(identity, 3)) <= 63
    assert all(re.fullmatch(r"[a-z0-9_-]{0,63}", value) for value in names.labels("local", identity, 3, Method.LORA).values())


def test_a_message_comes_back_as_it_went() -> None:
    message = Submitted(new_id(), 2)

    assert Submitted.parse(message.data(), message.attributes()) == message


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"jobId": 5}', b'{"jobId": "../x"}', b'{"other": 1}', b"\xff\xfe"])
def test_a_message_that_is_no_job_is_poison(data: bytes) -> None:
    with pytest.raises(Poison):
        Submitted.parse(data, {})


def test_settings_name_every_missing_variable_at_once() -> None:
    with pytest.raises(MissingSettings, match=r"PROJECT is not set; .*IDLE_HOURS is 'soon', not float"):
        UploadSettings.from_env({"IDLE_HOURS": "soon"})


def test_what_infra_writes_is_what_a_container_reads() -> None:
    written = PortalSettings.env(upload_url="http://upload")

    assert PortalSettings.from_env(written).upload_url == "http://upload"


def test_a_setting_that_the_class_does_not_have_is_refused_before_anything_is_deployed() -> None:
    with pytest.raises(TypeError, match="upload_uri"):
        UploadSettings.env(upload_uri="http://upload")


def test_a_deadline_follows_from_the_state() -> None:
    one = job()

    assert one.due(State.READY, one.created) == one.created + timedelta(hours=8)
    assert one.due(State.FAILED, one.created) is None
