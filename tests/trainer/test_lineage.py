import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from safetensors import safe_open

from images.trainer.train import Places, train
from tests.trainer.test_base_files import pin
from tests.trainer.test_training import CONFIG

ONCE = replace(CONFIG, steps=1, prior_weight=0)
COMMIT = "58eb52c" * 5


@pytest.fixture
def places(base: Path, pictures: Path, tmp_path: Path) -> Places:
    return Places(pin(shutil.copytree(base, tmp_path / "base")), pictures, tmp_path / "out")


def tell(base: Path, **told: Any) -> None:
    manifest = base / "base-model.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | told))


def front_matter(card: str) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(card.split("---")[1])
    return told


def header(model: Path) -> dict[str, str]:
    with safe_open(model / "unet/diffusion_pytorch_model.safetensors", "pt") as file:
        told: dict[str, str] = file.metadata()
    return told


def test_a_tuned_model_names_its_base_and_the_licence_that_binds_both(places: Places) -> None:
    licence = {"id": "other", "name": "makers-open-1.0", "link": "https://example.com/licence"}
    tell(places.base, commit=COMMIT, licence=licence)

    train(ONCE, places)

    card = (places.output / "model_card.md").read_text()
    assert front_matter(card).items() >= {"base_model": "makers/model", "license": "other", "license_name": "makers-open-1.0"}.items()
    assert f"from makers/model at {COMMIT}." in card
    assert "makers-open-1.0 (https://example.com/licence)" in card
    assert header(places.output / "model")["modelspec.license"] == "makers-open-1.0"


def test_a_base_whose_makers_name_no_licence_sends_the_reader_to_them(places: Places) -> None:
    train(ONCE, places)

    card = (places.output / "model_card.md").read_text()
    assert "license" not in front_matter(card)
    assert "None is recorded: ask the base's makers" in card
    assert "modelspec.license" not in header(places.output / "model")
