"""What the demo stands on."""

import json
from pathlib import Path

import pytest
from PIL import Image

from images.trainer.base_files import MANIFEST, check_pinned
from samples.subject import SUBJECTS, share, shows, tiles

SAMPLES = Path(__file__).parents[2] / "samples"


def pictures_of(subject: str) -> list[Image.Image]:
    return [Image.open(path) for path in sorted((SAMPLES / "pictures" / subject).glob("*.png"))]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_measure_knows_its_subject_and_not_the_other(subject: str) -> None:
    pictures = pictures_of(subject)

    assert len(pictures) >= 5
    assert share(pictures, subject) == 1
    assert share([picture.resize((32, 32)) for picture in pictures], subject) == 1
    assert all(share(pictures, other) == 0 for other in SUBJECTS if other != subject)


@pytest.mark.parametrize("colours", [("magenta", "magenta"), ("magenta", "white"), ("red", "lime"), ("lime", "magenta")])
def test_another_picture_is_not_the_badge(colours: tuple[str, str]) -> None:
    body, bar = colours
    picture = Image.new("RGB", (32, 32), "white")
    picture.paste(body, (8, 8, 24, 24))
    picture.paste(bar, (10, 14, 22, 18))

    assert not shows(picture, "badge")


def test_a_grid_is_cut_into_its_pictures() -> None:
    grid = Image.new("RGB", (256, 128), "white")
    grid.paste("black", (128, 0, 256, 128))

    assert [tile.getpixel((5, 5)) for tile in tiles(grid)] == [(255, 255, 255), (0, 0, 0)]


def test_the_base_model_is_small_whole_and_free_of_pickles() -> None:
    base = SAMPLES / "base-model"
    files = [path for path in base.rglob("*") if path.is_file()]

    assert {path.suffix for path in files} <= {".json", ".txt", ".safetensors"}
    assert sum(path.stat().st_size for path in files) < 6 * 2**20
    assert json.loads((base / "scheduler" / "scheduler_config.json").read_text())["prediction_type"] == "v_prediction"
    assert (base / "likeness" / "config.json").is_file()


def test_the_base_model_is_pinned_to_the_file() -> None:
    base = SAMPLES / "base-model"
    files = {path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file()}

    check_pinned(base)

    assert json.loads((base / MANIFEST).read_text())["files"].keys() == files - {MANIFEST}
