"""The sheet that shows what was learnt."""

from pathlib import Path

import pytest
from PIL import Image

from scripts import demo


def test_the_sheet_lies_in_the_folder_that_asks_for_it_and_the_demos_own_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = {"before": [Image.new("RGB", (8, 8), "#0000ff")], "after": [Image.new("RGB", (8, 8), "#ff0000")] * 2}
    own = demo.side_by_side(rows, demo.FOLDER).read_bytes()

    other = demo.side_by_side({**rows, "after": rows["before"]}, Path("preview-files"))

    assert other == Path("preview-files") / demo.PICTURE
    assert (demo.FOLDER / demo.PICTURE).read_bytes() == own != other.read_bytes()


def test_each_row_has_its_pictures_beside_one_another(tmp_path: Path) -> None:
    rows = {"before": [Image.new("RGB", (8, 8), "#0000ff")], "after": [Image.new("RGB", (8, 8), "#ff0000")] * 2}

    with Image.open(demo.side_by_side(rows, tmp_path)) as sheet:
        second = [sheet.getpixel((90 + column * 104 + 40, 8 + 104 + 40)) for column in (0, 1)]

    assert second == [(255, 0, 0), (255, 0, 0)]
