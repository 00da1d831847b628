"""The client, against the service under gunicorn, with a front between them that does what a network does."""

import inspect
import json
import os
import re
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import InvalidArgument
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore, storage

from jobs.documents import Failure, Progress
from jobs.job import State
from jobs.library import GenerationState
from jobs.settings import UploadSettings
from services.upload import description, wire
from services.upload.app import create_app
from services.upload.client import Client, Damaged, Failed, NotDrawn, NoToken, Patience, PicturesRefused, TokenCommand, pictures_in
from services.upload.client.calls import Calls
from services.upload.client.commands import main
from services.upload.client.events import Told, parsed
from services.upload.client.paging import pages
from services.upload.identifiers import crc32c
from services.upload.identity import Verifier
from tests.upload import cloud, trained
from tests.upload.conftest import Service
from tests.upload.front import Front, Instead, front, problem

HASTY = Patience(answered_s=5, silent_s=10, first_s=0.01, longest_s=0.05)
TOKEN = "e30.eyJleHAiOiA5OTk5OTk5OTk5fQ.x"


@pytest.fixture(scope="module")
def settings() -> UploadSettings:
    project = f"test-{secrets.token_hex(4)}"
    return cloud.settings(project, max_open_jobs=50)


@pytest.fixture(scope="module")
def served(settings: UploadSettings, firestore_address: str, storage_url: str, provider: cloud.IdentityProvider) -> Iterator[str]:
    """Its streams end by themselves after a second."""
    port = cloud.free_port()
    own = {"FIRESTORE_EMULATOR_HOST": firestore_address, "TEST_STORAGE_URL": storage_url, "TEST_KEYS_URL": provider.url}
    named = cloud.environment(settings)
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--config", "python:services.upload.serving"]
    create = "tests.upload.served:create(stream_s=1.0, pace_s=0.01, linger_s=0.2)"
    with cloud.process([*gunicorn, create], port, env={"PATH": os.environ["PATH"], **own, **named}):
        requests.get(f"http://127.0.0.1:{port}/healthz", timeout=60).raise_for_status()
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def inside(settings: UploadSettings, firestore_address: str, storage_url: str, provider: cloud.IdentityProvider) -> Iterator[Service]:
    """The same service once more, for what a client cannot do: let training end, deliver what is to be drawn."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as held:
        patch.setenv("FIRESTORE_EMULATOR_HOST", firestore_address)
        documents = firestore.Client(project=settings.project)
        held.callback(documents.close)
        address = ClientOptions(api_endpoint=storage_url)
        objects = storage.Client(project=settings.project, credentials=AnonymousCredentials(), client_options=address)
        for bucket in (settings.uploads_bucket, settings.models_bucket):
            objects.create_bucket(bucket)
        topic, endpoint, verifier = cloud.Topic(), cloud.Endpoint(), Verifier(cloud.AUDIENCE, provider.url)
        app = create_app(settings, verifier=verifier, documents=documents, objects=objects, publisher=topic, prediction=endpoint)
        yield Service(app.test_client(), provider, app.extensions["parts"], documents, objects, topic, endpoint)


@pytest.fixture
def service(inside: Service) -> Service:
    """A designer of this test's own."""
    return replace(inside, email=f"{secrets.token_hex(4)}@example.com")


@pytest.fixture
def between(served: str) -> Iterator[Front]:
    with front(served) as found:
        yield found


@pytest.fixture
def client(service: Service, between: Front) -> Client:
    return Client(between.url, lambda: service.provider.assertion(service.email), HASTY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Cat"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.png").write_bytes(cloud.picture(number))
    (folder / "notes.txt").write_text("not a picture")
    return folder


@pytest.fixture
def words(service: Service, between: Front) -> list[str]:
    return ["--url", between.url, "--token", service.provider.assertion(service.email), "--patience", "3"]


def ready(service: Service, job_id: str) -> None:
    service.parts.jobs.advance(job_id, 1, State.READY, by="test")


def draws(service: Service, job_id: str) -> threading.Thread:
    """What is asked of this model from now on is delivered, as Pub/Sub would."""

    def deliver() -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for made in service.parts.generations.of_owner(service.parts.jobs.get(job_id).owner, 10, None, liked=False):
                if made.job_id == job_id and made.state is GenerationState.WAITING:
                    assert trained.push(service, made.id).status_code == 204
                    return
            time.sleep(0.05)

    thread = threading.Thread(target=deliver)
    thread.start()
    return thread


# --- asking again


def test_a_creation_whose_answer_was_lost_is_asked_again_with_the_same_key(client: Client, between: Front) -> None:
    between.instead = [Instead("POST", "/v1/jobs", lost=True)]

    job = client.create("Cat", "cat")

    asked = between.of("POST", "/v1/jobs")
    assert len(asked) == 2
    assert len({each.headers["Idempotency-Key"] for each in asked}) == 1
    assert [each.id for each in client.jobs()] == [job.id]


def test_two_creations_have_two_keys(client: Client) -> None:
    assert client.create("Cat", "cat").id != client.create("Cat", "cat").id


def test_only_what_may_help_is_asked_again(client: Client, between: Front) -> None:
    between.instead = [Instead("GET", "/v1/me", 409, problem("NOT_ALLOWED", 409, retryable=False))]

    with pytest.raises(Failed, match="NOT_ALLOWED is why"):
        client.me()

    assert len(between.of("GET", "/v1/me")) == 1


def test_a_service_that_asks_for_a_pause_gets_it(client: Client, between: Front) -> None:
    between.instead = [Instead("GET", "/v1/me", 503, problem("BUSY", 503), {"Retry-After": "1"})]
    began = time.monotonic()

    client.me()

    assert time.monotonic() - began >= 1
    assert len(between.of("GET", "/v1/me")) == 2


def test_nobody_waits_longer_than_they_are_patient(client: Client, between: Front) -> None:
    between.instead = [Instead("GET", "/v1/me", 429, problem("OVER_QUOTA", 429), {"Retry-After": "7000"})]
    began = time.monotonic()

    with pytest.raises(Failed, match="OVER_QUOTA"):
        client.me()

    assert time.monotonic() - began < 1


def test_what_stands_in_front_of_the_service_may_stumble_and_may_refuse(client: Client, between: Front) -> None:
    between.instead = [Instead("GET", "/v1/me", 502)]
    assert client.me().open_jobs == 0

    between.asked.clear()
    between.instead = [Instead("GET", "/v1/me", 302, headers={"Location": "https://accounts.example.com/"})]
    with pytest.raises(requests.HTTPError, match="not signed in"):
        client.me()
    assert len(between.of("GET", "/v1/me")) == 1


def test_pauses_grow_and_are_never_the_same_for_all() -> None:
    pauses = [[Patience().pause(tries) for _ in range(20)] for tries in range(7)]

    assert all(len(set(each)) > 1 for each in pauses)
    assert max(pauses[0]) <= 0.5 < min(pauses[3])
    assert max(map(max, pauses)) <= 8


def test_a_newer_service_may_tell_more(client: Client, between: Front, service: Service) -> None:
    told = service.call("GET", "/v1/me").json
    between.instead = [Instead("GET", "/v1/me", 200, {**told, "colour": "blue", "quota": {**told["quota"], "prints": 1}})]

    assert client.me().email == service.email


# --- pictures


def test_what_is_there_already_is_not_sent_again(client: Client, between: Front, folder: Path) -> None:
    job = client.create("Cat", "cat")
    client.upload(job.id, pictures_in(folder)[:3])
    between.asked.clear()
    heard: list[tuple[str, int, int]] = []

    sent = client.upload(job.id, pictures_in(folder), lambda path, sent, size: heard.append((path.name, sent, size)))

    assert len([each for each in between.asked if each.method == "PUT"]) == 2
    assert [upload.file_name for upload in sent] == [path.name for path in pictures_in(folder)]
    assert sorted(name for name, sent, size in heard if sent == size) == [f"{number}.png" for number in range(5)]
    assert client.job(job.id).counts.verified == 5


def test_a_picture_that_changed_on_its_way_is_sent_again(client: Client, between: Front, folder: Path) -> None:
    job = client.create("Cat", "cat")
    (upload,) = client.upload(job.id, pictures_in(folder)[:1])
    other = pictures_in(folder)[1]
    between.instead = [Instead("PUT", "", 422, problem("CHECKSUM", 422))]

    (again,) = client.upload(job.id, [other])

    puts = [each for each in between.asked if each.method == "PUT" and again.id in each.path]
    assert [crc32c(each.body) for each in puts] == [crc32c(other.read_bytes())] * 2
    assert upload.id != again.id


def test_pictures_that_cannot_be_used_are_named_once_the_others_are_there(client: Client, between: Front, folder: Path) -> None:
    (folder / "1.png").write_bytes(b"%PDF-1.7 one")
    (folder / "3.png").write_bytes(b"%PDF-1.7 three")
    job = client.create("Cat", "cat")

    with pytest.raises(PicturesRefused, match="is not a picture") as first:
        client.upload(job.id, pictures_in(folder))
    between.asked.clear()
    with pytest.raises(PicturesRefused) as second:
        client.upload(job.id, pictures_in(folder))

    assert [path.name for path in first.value.problems] == ["1.png", "3.png"]
    assert str(first.value) == str(second.value)
    assert [each for each in between.asked if each.method == "PUT"] == []
    assert client.job(job.id).counts.verified == 3


def test_a_picture_is_described_and_left_out(client: Client, folder: Path) -> None:
    job = client.create("Cat", "cat")
    one, two = client.upload(job.id, pictures_in(folder)[:2])

    described = client.describe(job.id, one.id, "a cat on a chair")
    client.remove(job.id, two.id)

    assert (described.caption, client.picture(job.id, one.id).caption) == ("a cat on a chair",) * 2
    assert [upload.id for upload in client.job(job.id).uploads] == [one.id]
    assert client.download(described.picture or "").startswith(b"\x89PNG")


def test_a_whole_job_goes_in_one_form(client: Client, folder: Path) -> None:
    accepted = client.submit_form("Cat", "cat", pictures_in(folder), key="form")
    again = client.submit_form("Cat", "cat", pictures_in(folder), key="form")

    assert (accepted, client.job(accepted.job_id).pictures) == (again, 5)


# --- jobs


def test_a_change_names_the_version_that_was_seen(client: Client, service: Service, served: str) -> None:
    job = client.create("Cat", "cat")
    other = Client(served, lambda: service.provider.assertion(service.email), HASTY)
    other.change(job.id, name="Dog")

    with pytest.raises(Failed, match="VERSION_STALE"):
        client.change(job.id, name="Bird")
    seen = client.job(job.id)
    changed = client.change(job.id, class_word="dog")

    assert (seen.name, changed.name, changed.class_word) == ("Dog", "Dog", "dog")


def test_what_did_not_change_is_not_told_again(client: Client, between: Front) -> None:
    job = client.create("Cat", "cat")

    again = client.job(job.id)

    assert again is client.job(job.id)
    assert [each.headers.get("If-None-Match", "")[:1] for each in between.of("GET", job.id)] == ['"', '"']


def test_lists_are_read_to_their_end(client: Client, service: Service, served: str) -> None:
    made = [client.create(name, "cat").id for name in ("One", "Two", "Three")]
    calls = Calls(served, lambda: service.provider.assertion(service.email), HASTY)

    found = [[job.id for job in page.jobs] for page in pages(calls, wire.JobList, "/v1/jobs", 1)]

    assert [each for page in found for each in page] == made[::-1] == [job.id for job in client.jobs()]
    assert len(found) == 3


def test_an_erasure_is_awaited(client: Client, service: Service) -> None:
    job = client.create("Cat", "cat")
    asked = client.delete(job.id)
    finish = {"done": firestore.SERVER_TIMESTAMP, "removed": ["gs://bucket/object"]}
    threading.Timer(0.3, lambda: service.documents.document(f"erasures/{asked.id}").update(finish)).start()

    receipt = client.erased(asked.id, timeout_s=10, every_s=0.05)

    assert (asked.state, receipt.state, receipt.removed) == ("due", "done", ["gs://bucket/object"])
    with pytest.raises(TimeoutError):
        client.erased(client.delete(client.create("Dog", "dog").id).id, timeout_s=0.1, every_s=0.05)


# --- watching


def submitted(service: Service) -> str:
    job_id = service.job_with_pictures()
    service.parts.jobs.submit(job_id, 5, by="test")
    return job_id


LIFE = [(State.QUEUED, 0), (State.TRAINING, 0), *((State.TRAINING, step) for step in (1, 2, 3)), (State.READY, 3)]


def live(service: Service, job_id: str, state: State, step: int) -> None:
    if state is State.TRAINING and step:
        service.parts.jobs.note(job_id, progress=Progress(step=step, total=3, loss=0.1))
    else:
        service.parts.jobs.advance(job_id, 1, state, by="test")


def test_a_job_is_watched_by_its_stream_which_is_resumed(client: Client, between: Front, service: Service) -> None:
    job_id = submitted(service)
    now, to_come = (State.UPLOADED, 0), list(LIFE)

    seen = []
    for job in client.watch(job_id, every_s=30, timeout_s=60):
        seen.append((job.state, job.progress.step))
        # what is overtaken while no stream is open would not be told; in all, this takes longer than a stream
        if seen[-1] == now and to_come:
            time.sleep(0.4)
            now = to_come.pop(0)
            live(service, job_id, *now)

    streams = between.of("GET", "/events")
    assert list(dict.fromkeys(seen)) == [(State.UPLOADED, 0), *LIFE]
    assert len(streams) > 1
    assert all("Last-Event-ID" in each.headers for each in streams[1:])
    # a progress is told by the stream alone
    assert len(between.of("GET", job_id)) < len(seen) + len(streams)


def test_a_job_is_asked_where_no_stream_can_be_had(client: Client, between: Front, service: Service) -> None:
    between.never = ("/events",)
    job_id = submitted(service)
    seen, to_come = [], list(LIFE)

    for job in client.watch(job_id, every_s=0.05, timeout_s=60):
        seen.append((job.state, job.progress.step))
        if to_come:
            live(service, job_id, *to_come.pop(0))

    assert seen == [(State.UPLOADED, 0), *LIFE]
    assert len(between.of("GET", "/events")) == 1


def test_a_watch_ends_when_its_time_is_over(client: Client, service: Service) -> None:
    job_id, began = submitted(service), time.monotonic()

    with pytest.raises(TimeoutError, match=r"is not ready after 1\.5 s"):
        list(client.watch(job_id, every_s=0.1, timeout_s=1.5))

    assert time.monotonic() - began < 5


def test_events_are_read_as_the_standard_says() -> None:
    stream = b"retry: 1000\n\n: still here\n\nid: 1-005.7\nevent: status\ndata: {\ndata:}\n\ndata: x\n\nevent: a\n\n"

    told = list(parsed(stream.split(b"\n")))

    assert told == [Told("status", "{\n}", "1-005.7"), Told("message", "x", "1-005.7")]


# --- models


def test_pictures_are_drawn_before_they_are_answered(client: Client, service: Service) -> None:
    job_id, heard = trained.job(service), []
    delivery = draws(service, job_id)

    made = client.generate(job_id, "a sks cat", seed=3, count=2, progress=lambda now: heard.append(now.state))

    delivery.join()
    assert (made.state, made.count, made.seed, heard[-1]) == ("done", 2, 3, "done")
    assert [client.download(picture.url or "")[:4] for picture in made.pictures] == [b"\x89PNG"] * 2
    assert [each.id for each in client.generations()] == [made.id]
    assert [each.id for each in client.generations(favourite=True)] == []
    assert client.like(made.id, 0).pictures[0].favourite
    assert not client.like(made.id, 0, liked=False).pictures[0].favourite
    client.delete_generation(made.id)
    assert client.generations() == []


def test_what_cannot_be_drawn_is_said(client: Client, service: Service) -> None:
    job_id = trained.job(service)
    service.endpoint.faults.append(InvalidArgument("the prompt is too long"))
    delivery = draws(service, job_id)

    with pytest.raises(NotDrawn, match="REFUSED: The model cannot draw this"):
        client.generate(job_id, "a sks cat")

    delivery.join()


def test_a_model_is_put_to_sleep_and_woken(client: Client, service: Service) -> None:
    job_id = trained.job(service)

    states = [client.deployment(job_id).state, client.sleep(job_id).state, client.deployment(job_id).state]

    assert states[0] == "awake"
    assert states[1:] == [client.model(job_id).deployment.state] * 2
    with pytest.raises(Failed, match="ASLEEP"):
        client.ask(job_id, "a sks cat")


@pytest.fixture
def store() -> Iterator["Store"]:
    found = Store()
    try:
        yield found
    finally:
        found.end()


class Store:
    """Serves one file by ranges, and breaks off as often as it is told to."""

    def __init__(self) -> None:
        self.data, self.breaks, self.ranges = secrets.token_bytes(3 * 2**20), 0, list[str]()
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers.get("Range", "")
                store.ranges.append(asked)
                assert "Authorization" not in self.headers
                data = store.data[int(asked[6:-1] or 0) if asked else 0 :]
                self.send_response(206 if asked else 200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                store.breaks -= 1
                self.wfile.write(data[: len(data) // 2] if store.breaks >= 0 else data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.link = f"http://127.0.0.1:{self._server.server_port}/weights"

    def end(self) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


def links(between: Front, store: Store, count: int) -> None:
    """As the service answers where an account signs for it."""
    between.instead = [Instead("GET", "/weights/unet/w.safetensors", 302, headers={"Location": store.link}) for _ in range(count)]


def with_weights(service: Service, data: bytes) -> str:
    job_id = trained.job(service)
    trained.weights(service, job_id, model__unet__w__safetensors=b"", **{"model__unet__w.safetensors": data})
    service.objects.bucket(service.parts.settings.models_bucket).blob(f"runs/{job_id}/a1/model/unet/w/safetensors").delete()
    return job_id


def test_weights_that_broke_off_go_on_where_they_stopped(
    client: Client, between: Front, service: Service, store: Store, tmp_path: Path
) -> None:
    job_id = with_weights(service, store.data)
    links(between, store, 3)
    store.breaks = 2
    heard: list[tuple[str, int, int]] = []

    (path,) = client.download_weights(job_id, 1, tmp_path, lambda *told: heard.append(told))
    (again,) = client.download_weights(job_id, 1, tmp_path)

    size = len(store.data)
    assert path == again == tmp_path / "unet" / "w.safetensors"
    assert path.read_bytes() == store.data
    whole, *rest = [int(asked[6:-1] or 0) for asked in store.ranges]
    assert (whole, len(rest), rest) == (0, 2, sorted(rest))
    assert rest[0] > 0
    assert heard[-1] == ("unet/w.safetensors", size, size)
    assert list(tmp_path.rglob("*.part")) == []


def test_weights_that_are_not_the_ones_are_not_kept(client: Client, between: Front, service: Service, store: Store, tmp_path: Path) -> None:
    job_id = with_weights(service, secrets.token_bytes(len(store.data)))
    links(between, store, 1)

    with pytest.raises(Damaged, match="Download it again"):
        client.download_weights(job_id, 1, tmp_path)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# --- the whole API


NOT_BY_THESE = {"changeJob", "readHealth", "readReadiness", "watchJob", "putPicture", "readWeights"}
DUMMIES: dict[str, Any] = {
    "pictures": [],
    "announced": [wire.NewUpload(file_name="a.png", size=1, crc32c="AAAAAA==", content_type="image/png")],
    "fields": {},
    "options": {},
    "number": 1,
    "folder": Path(),
    "url": "https://example.com",
}


def test_every_operation_of_the_api_has_a_call(between: Front) -> None:
    between.never = ("",)
    client = Client(between.url, lambda: TOKEN, HASTY)
    for name, call in inspect.getmembers(client, inspect.ismethod):
        needed = [p.name for p in inspect.signature(call).parameters.values() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
        if name.startswith("_") or name in {"upload", "watch"}:
            continue
        with pytest.raises(requests.HTTPError):
            call(*(DUMMIES.get(each, "/v1/jobs/ID/pictures/before" if each == "picture" else "ID") for each in needed))

    with pytest.raises(requests.HTTPError):
        client.like("ID", 1, liked=False)
    paths = json.loads(description.text())["paths"]
    missing = {
        operation["operationId"]
        for path, methods in paths.items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and not any(_fits(method, path, asked.method, asked.path) for asked in between.asked)
    }
    assert missing - NOT_BY_THESE == {operation for operation in missing if operation.startswith("readProblem")}


def _fits(method: str, template: str, asked: str, path: str) -> bool:
    pattern = re.sub(r"\{[^}]+\}", "[^/]+", template).replace("/pictures/[^/]+", "/pictures/.+")
    return method.upper() == asked and bool(re.fullmatch(pattern, path.partition("?")[0]))


# --- tokens


def test_a_token_is_asked_for_when_the_last_one_ends(tmp_path: Path) -> None:
    (tmp_path / "asked").write_text("")
    command = TokenCommand(f"echo . >> {tmp_path}/asked; echo {TOKEN}")

    tokens = [command(), command()]

    assert tokens == [TOKEN] * 2
    assert (tmp_path / "asked").read_text() == ".\n"
    with pytest.raises(NoToken, match=r"exit code 3.*not signed in"):
        TokenCommand("echo not signed in >&2; exit 3")()


# --- the command line


def test_a_folder_is_uploaded_gone_on_with_and_followed(
    client: Client, service: Service, folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    job = client.create("Cat", "cat")
    client.upload(job.id, pictures_in(folder)[:3])
    ready_soon = threading.Timer(3, lambda: ready(service, job.id))
    ready_soon.start()

    code = main(["upload", str(folder), "--class-word", "a cat", *words])

    ready_soon.join()
    out, err = capsys.readouterr()
    assert (code, out.splitlines()[-1]) == (0, f"{job.id} is ready")
    assert f"going on with job {job.id}" in err
    assert "4.png  " in err
    assert "training takes" in err
    assert err.splitlines()[-1].endswith("  ready")


def test_whoever_uploads_a_folder_says_that_its_pictures_may_be_used(
    client: Client, folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    silent = client.create("Cat", "cat", method="lora", preset="quick", consent=False)

    code = main(
        ["upload", str(folder), "--name", "Cat", "--class-word", "cat", "--method", "lora", "--preset", "quick", "--no-watch", *words]
    )

    submitted = client.job(silent.id)
    assert (code, silent.consented, capsys.readouterr().out) == (0, None, f"{silent.id}\n")
    assert submitted.consented is not None
    assert (submitted.state, submitted.method, submitted.preset, submitted.steps) == (State.UPLOADED, "lora", "quick", 400)


def test_a_job_that_trains_is_stopped_and_kept(
    client: Client, service: Service, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    job = client.create("Cat", "cat")
    service.parts.jobs.submit(job.id, 5, by="test")
    service.parts.jobs.advance(job.id, 1, State.TRAINING, by="test")
    capsys.readouterr()

    code = main(["finish", job.id, *words])

    assert (code, capsys.readouterr().out) == (0, f"{job.id} is training, and will be kept\n")
    assert client.job(job.id).finishing is not None


def test_refused_pictures_are_named_and_nothing_is_submitted(
    client: Client, folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "9.png").write_bytes(b"%PDF-1.7 nine")

    code = main(["upload", str(folder), "--class-word", "cat", *words])
    skipped = main(["upload", str(folder), "--class-word", "cat", "--skip-refused", "--no-watch", *words])

    out, err = capsys.readouterr()
    (job,) = client.jobs()
    assert (code, skipped, out) == (1, 0, f"{job.id}\n")
    assert "9.png: 9.png is not a picture" in err
    assert (job.state, job.pictures) == (State.UPLOADED, 5)


def test_an_answer_is_json_for_programs(client: Client, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    job = client.create("Cat", "cat")

    assert main(["jobs", "--json", *words]) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)] == [job.id]
    assert main(["cancel", job.id, "--json", *words]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "cancelling"


def test_a_model_is_drawn_with_downloaded_and_listed(
    service: Service, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job_id = trained.job(service)
    delivery = draws(service, job_id)

    drawn = main(["generate", job_id, "A sks cat, in snow!", "--seed", "5", "--into", str(tmp_path / "drawn"), *words])
    delivery.join()
    fetched = main(["download", job_id, str(tmp_path / "model"), *words])
    listed = main(["models", *words])

    out, _ = capsys.readouterr()
    (picture,) = (tmp_path / "drawn").iterdir()
    assert (drawn, fetched, listed) == (0, 0, 0)
    assert picture.name.startswith("a-sks-cat-in-snow-")
    assert (tmp_path / "model" / "pictures" / picture.name).read_bytes() == picture.read_bytes()
    assert "# Cat" in (tmp_path / "model" / "card.md").read_text()
    assert f"{job_id}  awake until" in out


def test_a_picture_that_was_held_back_is_said(
    service: Service, client: Client, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job_id = trained.job(service)
    asked = client.ask(job_id, "a sks cat", count=1, seed=7)
    service.parts.generations.begin(asked.id)
    service.parts.generations.drew(asked.id, 0, "")

    assert main(["download", job_id, str(tmp_path), "--only", "pictures", *words]) == 0

    assert "picture 0 (seed 7) was held back" in capsys.readouterr().err


def test_a_job_is_erased_only_if_somebody_says_yes(client: Client, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    job = client.create("Cat", "cat")

    assert main(["delete", job.id, *words]) == 1
    assert client.jobs()
    assert main(["delete", job.id, "--yes", "--no-wait", *words]) == 0
    assert client.jobs() == []
    assert "still under way" in capsys.readouterr().out


def test_the_exit_code_says_what_went_wrong(service: Service, client: Client, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    nobody = ["--url", f"http://127.0.0.1:{cloud.free_port()}", "--token", "x", "--patience", "0.1"]
    job_id = submitted(service)
    failure = Failure("OUT_OF_MEMORY", "The machine ran out of memory.", retryable=True)
    service.parts.jobs.advance(job_id, 1, State.FAILED, by="test", failure=failure)

    assert main(["watch", secrets.token_hex(13), *words]) == 1
    assert main(["watch", job_id, *words]) == 3
    assert main(["jobs", *nobody]) == 4
    assert main(["jobs", *words[:3], "not a token"]) == 5
    assert main(["jobs", *words[:2], "--token-command", "exit 1"]) == 5
    with pytest.raises(SystemExit, match="2"):
        main(["upload"])
    said = capsys.readouterr().err
    for text in ("There is no such thing here", "The machine ran out of memory.", "no answer", "You are not signed in", "printed no token"):
        assert text in said
