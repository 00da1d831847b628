"""A base model on its way from a hub into a bucket or a folder: the command in a process of its own, real servers on both sides."""

import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from safetensors.numpy import save

from images.trainer.base_files import MANIFEST, BaseChanged, check_pinned
from images.trainer.buckets import Buckets
from scripts.bring.errors import NotSuitable, Occupied
from scripts.bring.places import Bucket
from scripts.bring.progress import Progress
from scripts.bring.selection import choose
from tests import serving
from tests.scripts.hub_server import TOKEN, HubServer, Repository

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "base-model"
MODEL = "makers/small-diffusion"
UNET = "unet/diffusion_pytorch_model.safetensors"
PARTS = ("scheduler", "tokenizer", "text_encoder", "unet", "vae")
CARD = {"license": "creativeml-openrail-m", "license_link": "https://example.com/terms"}


def whole() -> dict[str, bytes]:
    """The sample, with what lies beside a model on the hub."""
    files = {path.relative_to(SAMPLE).as_posix(): path.read_bytes() for part in PARTS for path in (SAMPLE / part).iterdir()}
    weights = [name for name in files if name.endswith(".safetensors")]
    beside = {
        "README.md": b"---\nlicense: creativeml-openrail-m\n---\n",
        "LICENSE.md": b"You may draw.\n",
        "v1-5-pruned.ckpt": pickle.dumps({"weights": 1}),
        "v1-5-pruned.safetensors": save({"one": np.zeros(1)}),
        "safety_checker/model.safetensors": save({"one": np.zeros(1)}),
        "safety_checker/config.json": b"{}",
        "feature_extractor/preprocessor_config.json": b"{}",
    }
    halves = {name.replace(".safetensors", ".fp16.safetensors"): save({"half": np.zeros(4, np.float16)}) for name in weights}
    pickles = {name.replace(".safetensors", ".bin"): pickle.dumps({"weights": 1}) for name in weights}
    return {"model_index.json": (SAMPLE / "model_index.json").read_bytes(), **files, **beside, **halves, **pickles}


NEEDED = sorted(
    name for name in whole() if name == "LICENSE.md" or (name.partition("/")[0] in (*PARTS, "model_index.json") and "fp16" not in name)
)
NEEDED = [name for name in NEEDED if not name.endswith(".bin")]


@pytest.fixture
def hub() -> Iterator[HubServer]:
    server = HubServer()
    server.repositories[MODEL] = Repository(whole(), CARD)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving.storage(tmp_path_factory.mktemp("cloud")) as address:
        yield address


@pytest.fixture
def bucket(cloud: str, request: pytest.FixtureRequest) -> storage.Bucket:
    client = storage.Client(project="p", credentials=AnonymousCredentials(), client_options={"api_endpoint": cloud})
    return client.create_bucket("".join(c for c in request.node.name if c.isalpha())[-40:].lower())


@dataclass(frozen=True)
class Command:
    environment: dict[str, str]
    staging: Path

    def line(self, to: str | Path, model: str = MODEL, **more: str) -> list[str]:
        given = {"model": model, "to": str(to), "staging": str(self.staging), **more}
        return [sys.executable, "-m", "scripts.bring", *(f"--{name}={value}" for name, value in given.items())]

    def __call__(self, to: str | Path, model: str = MODEL, token: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        environment = self.environment | ({"HF_TOKEN": token} if token else {})
        return subprocess.run(
            self.line(to, model, **more), cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=100
        )


@pytest.fixture
def bring(hub: HubServer, cloud: str, tmp_path: Path) -> Command:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "GOOGLE_"))}
    own = {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path / "home"), "STORAGE_EMULATOR_HOST": cloud, "GOOGLE_CLOUD_PROJECT": "p"}
    return Command(kept | own, tmp_path / "staging")


def in_folder(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def under(bucket: storage.Bucket) -> dict[str, int]:
    return {blob.name: blob.generation for blob in bucket.list_blobs()}


def read(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / MANIFEST).read_text()))


def test_a_model_comes_into_a_folder_with_what_the_trainer_needs_and_nothing_else(hub: HubServer, bring: Command, tmp_path: Path) -> None:
    done = bring(tmp_path / "base")

    assert (done.returncode, done.stderr) == (0, "")
    assert in_folder(tmp_path / "base") == sorted([*NEEDED, MANIFEST])
    assert (tmp_path / "base" / UNET).read_bytes() == whole()[UNET]
    assert f"baseModel: {tmp_path / 'base'}\n  sd-for-designers:resolution: 32" in done.stdout
    assert "Licence: creativeml-openrail-m (https://example.com/terms)" in done.stdout
    assert not any(bring.staging.iterdir())


def test_the_manifest_pins_what_the_trainer_verifies(hub: HubServer, bring: Command, tmp_path: Path) -> None:
    bring(tmp_path / "base", revision="main")

    told = read(tmp_path / "base")
    assert (told["model"], told["commit"], told["variant"]) == (MODEL, hub.repositories[MODEL].commit, "")
    assert told["licence"] == {"id": "creativeml-openrail-m", "name": None, "link": "https://example.com/terms"}
    assert sorted(told["files"]) == NEEDED  # type: ignore[call-overload]
    check_pinned(tmp_path / "base")
    (tmp_path / "base" / "vae" / "config.json").write_text("{}")
    with pytest.raises(BaseChanged, match=r"vae/config\.json"):
        check_pinned(tmp_path / "base")


def test_in_a_bucket_the_manifest_comes_last_and_the_index_before_it(bring: Command, bucket: storage.Bucket) -> None:
    done = bring(f"gs://{bucket.name}/bases/small/")

    made = sorted(bucket.list_blobs(), key=lambda blob: blob.generation)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(blob.name for blob in made) == [f"bases/small/{name}" for name in sorted([*NEEDED, MANIFEST])]
    assert [blob.name.rpartition("/")[2] for blob in made[-2:]] == ["model_index.json", MANIFEST]
    assert f"baseModel: gs://{bucket.name}/bases/small\n" in done.stdout


def test_the_trainer_finds_in_the_bucket_what_was_pinned(
    bring: Command, bucket: storage.Bucket, cloud: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", cloud)
    bring(f"gs://{bucket.name}/base")

    fetched = Buckets().fetch(f"gs://{bucket.name}/base", tmp_path / "fetched")

    check_pinned(fetched)
    assert in_folder(fetched) == sorted([*NEEDED, MANIFEST])


def test_a_model_that_is_there_already_is_left_alone(hub: HubServer, bring: Command, bucket: storage.Bucket) -> None:
    bring(f"gs://{bucket.name}/base")
    before = under(bucket)
    hub.log.clear()

    again = bring(f"gs://{bucket.name}/base")

    assert again.returncode == 0
    assert "nothing is done" in again.stdout
    assert "sd-for-designers:baseModel" in again.stdout
    assert under(bucket) == before
    assert [path for _, path, _ in hub.log if "/resolve/" in path] == []


def test_an_upload_that_broke_off_goes_on_with_what_is_missing(bring: Command, bucket: storage.Bucket) -> None:
    bring(f"gs://{bucket.name}/base")
    for name in (UNET, "model_index.json", MANIFEST):
        bucket.blob(f"base/{name}").delete()
    before = under(bucket)

    again = bring(f"gs://{bucket.name}/base")

    assert again.returncode == 0
    assert before.items() <= under(bucket).items()
    assert len(under(bucket)) == len(NEEDED) + 1


def test_another_model_at_that_place_is_not_replaced(hub: HubServer, bring: Command, bucket: storage.Bucket) -> None:
    bring(f"gs://{bucket.name}/base")
    before, first = under(bucket), hub.repositories[MODEL].commit
    hub.repositories[MODEL].files["unet/config.json"] += b"\n"

    newer = bring(f"gs://{bucket.name}/base")

    assert newer.returncode == 1
    assert f"holds {MODEL} at {first} already, and runs may be reading it: name another place" in newer.stderr
    assert under(bucket) == before


def test_other_files_at_that_place_are_told_before_anything_travels(hub: HubServer, bring: Command, bucket: storage.Bucket) -> None:
    bucket.blob("base/unet/config.json").upload_from_string("{}")
    bucket.blob("base/notes.txt").upload_from_string("mine")

    done = bring(f"gs://{bucket.name}/base")

    assert done.returncode == 1
    assert f"gs://{bucket.name}/base holds other files: notes.txt, unet/config.json" in done.stderr
    assert sorted(under(bucket)) == ["base/notes.txt", "base/unet/config.json"]
    assert hub.fetched(UNET) == []


def test_a_file_of_the_same_name_and_size_is_not_taken_for_the_models(bring: Command, bucket: storage.Bucket) -> None:
    size = len(whole()["unet/config.json"])
    bucket.blob("base/unet/config.json").upload_from_string(" " * size)

    done = bring(f"gs://{bucket.name}/base")

    assert done.returncode == 1
    assert "holds other files: unet/config.json" in done.stderr
    assert list(under(bucket)) == ["base/unet/config.json"]


def test_a_file_that_was_changed_in_the_bucket_is_told(bring: Command, bucket: storage.Bucket) -> None:
    bring(f"gs://{bucket.name}/base")
    bucket.blob("base/unet/config.json").upload_from_string("{}")

    done = bring(f"gs://{bucket.name}/base")

    assert done.returncode == 1
    assert f"these are not what {MANIFEST} pins: unet/config.json" in done.stderr


def test_an_object_that_came_meanwhile_is_taken_if_it_is_the_same(
    bucket: storage.Bucket, cloud: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", cloud)
    place = Bucket(bucket.name, "base")
    (tmp_path / "config.json").write_text("{}")
    bucket.blob("base/same.json").upload_from_string("{}")
    bucket.blob("base/other.json").upload_from_string("[]")
    before = under(bucket)

    place.put(tmp_path / "config.json", "same.json", lambda count: None)
    with pytest.raises(Occupied, match=r"base/other\.json meanwhile"):
        place.put(tmp_path / "config.json", "other.json", lambda count: None)

    assert under(bucket) == before


def test_a_bucket_that_is_not_there_is_told(bring: Command) -> None:
    done = bring("gs://nowhere-at-all/base")

    assert done.returncode == 1
    assert "gs://nowhere-at-all/base: its bucket is not there" in done.stderr


def test_the_half_precision_variant_takes_the_plain_names(hub: HubServer, bring: Command, tmp_path: Path) -> None:
    done = bring(tmp_path / "base", variant="fp16")

    assert done.returncode == 0
    assert in_folder(tmp_path / "base") == sorted([*NEEDED, MANIFEST])
    assert (tmp_path / "base" / UNET).read_bytes() == whole()[UNET.replace(".safetensors", ".fp16.safetensors")]
    assert read(tmp_path / "base")["variant"] == "fp16"


def large() -> bytes:
    """More than the library reads at once."""
    return save({"weights": np.arange(6 << 20, dtype=np.float32)})


def test_a_connection_that_breaks_in_mid_file_is_taken_up_there(hub: HubServer, bring: Command, tmp_path: Path) -> None:
    hub.repositories[MODEL].files[UNET] = large()
    hub.cut[UNET] = 15 << 20

    done = bring(tmp_path / "base")

    assert done.returncode == 0
    assert hub.fetched(UNET)[-1].startswith("bytes=10485760-")
    assert (tmp_path / "base" / UNET).read_bytes() == large()


def test_a_command_that_is_interrupted_in_mid_file_goes_on_there(hub: HubServer, bring: Command, tmp_path: Path) -> None:
    hub.repositories[MODEL].files[UNET] = large()
    hub.stall[UNET] = 15 << 20
    line = ["env", "--default-signal=INT", *bring.line(tmp_path / "base")]
    first = subprocess.Popen(line, cwd=ROOT, env=bring.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    hub.stalled.wait(60)
    arrived = next(bring.staging.rglob("*.partial"))
    while arrived.stat().st_size < 10 << 20:
        assert first.poll() is None
    first.send_signal(signal.SIGINT)
    _, told = first.communicate(timeout=60)
    assert not (tmp_path / "base").exists()
    hub.log.clear()

    again = bring(tmp_path / "base")

    assert (first.returncode, told) == (130, "interrupted: the same command goes on where it broke off\n")
    assert again.returncode == 0
    assert "are here already" in again.stdout
    assert hub.fetched(UNET)[-1] == "bytes=10485760-"
    assert hub.fetched("vae/diffusion_pytorch_model.safetensors") == [""]
    assert (tmp_path / "base" / UNET).read_bytes() == large()


@pytest.mark.parametrize("name", [UNET, "vae/config.json", "model_index.json"])
def test_bytes_that_are_not_the_hubs_are_thrown_away(hub: HubServer, bring: Command, tmp_path: Path, name: str) -> None:
    hub.corrupt.add(name)

    done = bring(tmp_path / "base")
    hub.corrupt.clear()
    again = bring(tmp_path / "base")

    assert done.returncode == 1
    assert f"{name} is not what the hub's checksum says: it was thrown away; run the same command again" in done.stderr
    assert again.returncode == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (UNET, pickle.dumps({"weights": 1}), "is not what its name says"),
        ("unet/config.json", pickle.dumps({"weights": 1}), "is not what its name says"),
        ("tokenizer/merges.txt", pickle.dumps({"weights": 1}), "is a pickle or an archive, not a text"),
        ("LICENSE.md", b"PK\x03\x04 weights", "is a pickle or an archive, not a text"),
    ],
)
def test_a_pickle_by_another_name_is_found_out(
    hub: HubServer, bring: Command, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    hub.repositories[MODEL].files[name] = content

    done = bring(tmp_path / "base")

    assert done.returncode == 1
    assert f"{name} {words}" in done.stderr
    assert not (tmp_path / "base").exists()


def test_a_gated_model_comes_to_who_has_agreed_and_the_token_goes_nowhere_else(hub: HubServer, bring: Command, tmp_path: Path) -> None:
    hub.repositories[MODEL].gated = True

    stranger, reader = bring(tmp_path / "base"), bring(tmp_path / "base", token=TOKEN)

    assert stranger.returncode == 1
    assert f"it is gated: agree to its terms at {hub.endpoint}/{MODEL}, then set HF_TOKEN" in stranger.stderr
    assert reader.returncode == 0
    assert hub.told_to_strangers == []


@pytest.mark.parametrize(
    ("model", "more", "words"),
    [
        (
            "makers/unknown",
            {},
            "makers/unknown: the hub shows no such model to this user: mend the name, or, if it is private, set HF_TOKEN",
        ),
        ("makers/unknown", {"token": TOKEN}, "makers/unknown: the hub shows no such model to this user: mend the name"),
        (MODEL, {"revision": "v9"}, "it has no revision v9: leave REVISION out"),
        ("https://example.com/model", {}, "is no model's name: give OWNER/NAME"),
        (MODEL, {"variant": "ema"}, "not there whole as variant 'ema': leave VARIANT out"),
    ],
)
def test_a_model_that_is_not_to_be_had_is_told_in_words(
    bring: Command, tmp_path: Path, model: str, more: dict[str, str], words: str
) -> None:
    done = bring(tmp_path / "base", model, **more)

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_vanishes_between_listing_and_download_is_told(hub: HubServer, bring: Command, tmp_path: Path) -> None:
    hub.gone.add(UNET)

    done = bring(tmp_path / "base")

    assert done.returncode == 1
    assert f"{UNET} is gone from {hub.repositories[MODEL].commit}: run the same command without REVISION" in done.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"HF_ENDPOINT": "http://127.0.0.1:9"}, "http://127.0.0.1:9 could not be reached"),
        ({"HF_HUB_OFFLINE": "1"}, "HF_HUB_OFFLINE is set"),
    ],
)
def test_without_a_network_the_command_says_so(bring: Command, tmp_path: Path, environment: dict[str, str], words: str) -> None:
    done = Command(bring.environment | environment, bring.staging)(tmp_path / "base")

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["StableDiffusionXLPipeline", "FluxPipeline", "StableDiffusionInpaintPipeline"])
def test_another_kind_of_model_is_refused_before_its_weights_travel(hub: HubServer, bring: Command, tmp_path: Path, kind: str) -> None:
    index = json.loads(hub.repositories[MODEL].files["model_index.json"]) | {"_class_name": kind}
    hub.repositories[MODEL].files["model_index.json"] = json.dumps(index).encode()

    done = bring(tmp_path / "base")

    assert done.returncode == 1
    assert f"it is no Stable Diffusion 1.x or 2.x for text to image: '{kind}' is unknown" in done.stderr
    assert hub.fetched(UNET) == []


def names(change: Callable[[str], str | None]) -> frozenset[str]:
    return frozenset(changed for name in whole() if (changed := change(name)))


def test_with_both_variants_there_the_plain_one_is_chosen() -> None:
    assert choose(frozenset(whole()))[0] == ""
    assert choose(names(lambda name: None if name == UNET else name))[0] == "fp16"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda name: None if name.endswith(".safetensors") else name,
            r"it has no text_encoder/model\.safetensors; pickles .* never taken",
        ),
        (lambda name: name if "/" not in name and name != "model_index.json" else None, r"no model_index\.json, only v1-5-pruned\.ckpt"),
        (
            lambda name: {UNET: UNET.replace(".safe", "-00001-of-00002.safe"), UNET.replace(".safe", ".fp16.safe"): None}.get(name, name),
            r"unet/diffusion_pytorch_model\.safetensors is not there whole, only .*-00001-of-00002\.safetensors",
        ),
        (lambda name: None if name == "scheduler/scheduler_config.json" else name, r"it lacks scheduler/scheduler_config\.json"),
        (lambda name: None if name.startswith("tokenizer/") else name, "its tokenizer has neither"),
    ],
    ids=["pickles only", "a single file", "in two files", "no scheduler", "no tokenizer"],
)
def test_a_model_without_what_the_trainer_needs_is_refused(change: Callable[[str], str | None], words: str) -> None:
    with pytest.raises(NotSuitable, match=words):
        choose(names(change))


def test_progress_promises_nothing_before_it_has_measured() -> None:
    now, told = [0.0], list[str]()
    progress = Progress("have", 4_000_000_000, told.append, lambda: now[0])

    progress.add(400_000_000)
    for now[0] in (6.0, 8.0, 20.0):
        progress.add(200_000_000)

    assert told == [
        "have 600.0 MB of 4.0 GB, 100.0 MB/s, about 34 s left at this pace",
        "have 1.0 GB of 4.0 GB, 50.0 MB/s, about 60 s left at this pace",
    ]
