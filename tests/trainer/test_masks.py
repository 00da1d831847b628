from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from images.trainer.intake import read_pictures
from images.trainer.masks import latent_masks
from images.trainer.train import Places, train
from tests.trainer.test_training import CONFIG, same, weights

BOX = (6, 0, 24, 24)


def mask(path: Path, box: tuple[int, int, int, int] = BOX, size: tuple[int, int] = (24, 24)) -> None:
    grey = Image.new("L", size)
    grey.paste(255, box)
    grey.save(path)


def test_a_mask_lies_beside_its_picture_and_is_no_picture_itself(pictures: Path) -> None:
    bare = read_pictures(pictures, 8)
    mask(pictures / "2.mask.png")

    masked = read_pictures(pictures, 8)

    found = dict(zip(masked.used, masked.masks, strict=True))
    assert masked.used == bare.used
    assert [name for name, one in found.items() if one] == ["2.png"]
    assert [found["2.png"].getpixel((x, 4)) for x in (0, 1, 2, 7)] == [0, 0, 255, 255]  # type: ignore[union-attr]
    assert masked.digest != bare.digest
    assert bare.masks == (None,) * 5


def test_a_mask_is_cut_as_its_picture_is(tmp_path: Path) -> None:
    (tmp_path / "wide").mkdir()
    picture = Image.new("RGB", (48, 24), "black")
    picture.paste("white", (24, 0, 48, 24))
    picture.save(tmp_path / "wide" / "photo.jpg", quality=95)
    mask(tmp_path / "wide" / "photo.mask.png", (48, 0, 96, 48), (96, 48))

    read = read_pictures(tmp_path / "wide", 8)

    shown = [read.pictures[0].getpixel((x, 4))[0] > 127 for x in range(8)]
    assert shown == [read.masks[0].getpixel((x, 4)) > 127 for x in range(8)] == [False] * 4 + [True] * 4  # type: ignore[union-attr]


def test_a_mask_that_cannot_be_used_is_told_and_all_of_its_picture_counts(pictures: Path) -> None:
    mask(pictures / "0.mask.png", (0, 0, 0, 0))
    mask(pictures / "1.mask.png", size=(24, 12))
    (pictures / "2.mask.png").write_text("no picture")
    mask(pictures / "gone.mask.png")

    read = read_pictures(pictures, 8)

    assert read.masks == (None,) * 5
    assert read.skipped["0.mask.png"] == "it is black all over"
    assert read.skipped["1.mask.png"] == "its proportions are not those of its picture"
    assert "cannot identify" in read.skipped["2.mask.png"]
    assert read.skipped["gone.mask.png"] == "it is the mask of no picture that is used"


def test_a_latent_counts_by_the_share_of_its_pixels_that_do() -> None:
    grey = Image.new("L", (4, 4))
    grey.paste(255, (0, 0, 3, 2))

    masks = latent_masks((grey, None, grey), [torch.zeros(2, 4, 2, 2), torch.zeros(1, 4, 1, 2)])

    assert masks is not None
    assert masks[0].tolist() == [[[[1.0, 0.5], [0.0, 0.0]]], [[[1.0, 1.0], [1.0, 1.0]]]]
    assert masks[1].tolist() == [[[[0.5, 0.25]]]]
    assert latent_masks((None, None), [torch.zeros(2, 4, 2, 2)]) is None


@pytest.mark.parametrize(("floor", "alike"), [(0.0, False), (1.0, True)])
def test_a_run_learns_otherwise_by_masks_unless_black_counts_as_white(
    base: Path, pictures: Path, tmp_path: Path, floor: float, alike: bool
) -> None:
    config = replace(CONFIG, steps=2, mask_floor=floor, samples_per_prompt=1, sample_every=0)
    train(config, Places(base, pictures, tmp_path / "bare"))
    for number in range(5):
        mask(pictures / f"{number}.mask.png")

    train(config, Places(base, pictures, tmp_path / "masked"))

    one, other = weights(tmp_path / "bare"), weights(tmp_path / "masked")
    assert same(one, other) is alike
    assert all(torch.isfinite(tensor).all() for tensor in other.values())
