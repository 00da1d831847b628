import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from images.trainer.base_files import MANIFEST, BaseChanged, check_pinned
from images.trainer.serve import load
from images.trainer.train import Places, train
from tests.trainer.test_training import CONFIG

FILES = {"model_index.json": b"{}", "unet/config.json": b"{}", "unet/weights.safetensors": b"weights"}


def pin(folder: Path) -> Path:
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    pinned = {name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()}
    (folder / MANIFEST).write_text(json.dumps({"model": "makers/model", "files": pinned}))
    return folder


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / "base" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "base" / name).write_bytes(content)
    return pin(tmp_path / "base")


def test_a_base_that_is_what_its_manifest_pins_is_taken(pinned: Path) -> None:
    check_pinned(pinned)


def test_a_base_without_a_manifest_is_taken_as_it_is(tmp_path: Path) -> None:
    check_pinned(tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda base: (base / "unet/weights.safetensors").write_bytes(b"weightz"), r"unet/weights\.safetensors has another sha256"),
        (lambda base: (base / "unet/weights.safetensors").write_bytes(b"weigh"), r"unet/weights\.safetensors has 5 bytes, not 7"),
        (lambda base: (base / "unet/weights.safetensors").unlink(), r"unet/weights\.safetensors is missing"),
        (lambda base: (base / "unet/weights.fp16.safetensors").touch(), r"unet/weights\.fp16\.safetensors does not belong to it"),
        (lambda base: (base / MANIFEST).write_text("{"), "is no manifest of a base"),
        (lambda base: (base / MANIFEST).write_text('{"files": {"unet/config.json": {}}}'), "is no manifest of a base"),
    ],
    ids=["other bytes", "cut short", "missing", "one more", "no JSON", "no checksum"],
)
def test_a_base_that_is_not_what_its_manifest_pins_is_refused(pinned: Path, change: Callable[[Path], object], words: str) -> None:
    change(pinned)

    with pytest.raises(BaseChanged, match=rf"{words}.*Bring the base anew"):
        check_pinned(pinned)


def test_many_differences_are_counted_not_listed(pinned: Path) -> None:
    for number in range(9):
        (pinned / "unet" / f"{number}.json").touch()

    with pytest.raises(BaseChanged, match=r"unet/4\.json does not belong to it and 4 more\."):
        check_pinned(pinned)


def test_a_likeness_network_may_be_laid_beside_a_pinned_base(pinned: Path) -> None:
    (pinned / "likeness").mkdir()
    (pinned / "likeness" / "model.safetensors").write_bytes(b"network")

    check_pinned(pinned)


def test_no_model_is_trained_or_served_from_a_base_that_has_changed(base: Path, pictures: Path, tmp_path: Path) -> None:
    copied = pin(Path(shutil.copytree(base, tmp_path / "base")))
    load(str(copied))
    with (copied / "unet" / "diffusion_pytorch_model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")

    with pytest.raises(BaseChanged, match=r"unet/diffusion_pytorch_model\.safetensors has another sha256"):
        load(str(copied))
    with pytest.raises(BaseChanged, match="Bring the base anew"):
        train(CONFIG, Places(copied, pictures, tmp_path / "out"))
