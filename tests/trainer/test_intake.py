from pathlib import Path

import pytest
from PIL import Image

from images.trainer.intake import NoPictures, read_pictures
from tests.trainer.conftest import draw_pictures


def test_a_broken_picture_is_skipped_with_a_reason(pictures: Path) -> None:
    whole = (pictures / "0.png").read_bytes()
    (pictures / "cut.png").write_bytes(whole[: len(whole) // 2])
    (pictures / "notes.txt").write_text("no picture")
    (pictures / "again.png").write_bytes(whole)

    intake = read_pictures(pictures, 8)

    assert len(intake.pictures) == 5
    assert sorted(intake.skipped) == ["again.png", "cut.png", "notes.txt"] or sorted(intake.skipped) == ["0.png", "cut.png", "notes.txt"]
    assert intake.skipped["notes.txt"] == "not a picture"
    assert "truncated" in intake.skipped["cut.png"] or "incomplete" in intake.skipped["cut.png"].lower()


def test_names_and_order_of_files_make_no_difference(pictures: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for number, path in enumerate(sorted(pictures.iterdir(), reverse=True)):
        (renamed / f"{number}.png").write_bytes(path.read_bytes())

    one, other = read_pictures(pictures, 8), read_pictures(renamed, 8)

    assert one.digest == other.digest
    assert [picture.tobytes() for picture in one.pictures] == [picture.tobytes() for picture in other.pictures]


def test_a_rotated_photo_is_turned_upright(tmp_path: Path) -> None:
    sideways = Image.new("RGB", (32, 32), "white")
    sideways.paste("black", (0, 0, 32, 8))  # dark at the top, stored as to be turned by 180 degrees
    exif = Image.Exif()
    exif[0x0112] = 3
    (tmp_path / "photos").mkdir()
    sideways.save(tmp_path / "photos" / "phone.jpg", exif=exif, quality=95)

    upright = read_pictures(tmp_path / "photos", 32).pictures[0]

    assert max(upright.getpixel((16, 29))) < 60
    assert min(upright.getpixel((16, 2))) > 200


def test_transparency_becomes_white(tmp_path: Path) -> None:
    (tmp_path / "cut-outs").mkdir()
    Image.new("RGBA", (16, 16), (255, 0, 0, 0)).save(tmp_path / "cut-outs" / "empty.png")

    picture = read_pictures(tmp_path / "cut-outs", 8).pictures[0]

    assert (picture.mode, picture.getpixel((4, 4))) == ("RGB", (255, 255, 255))


def test_a_folder_without_pictures_is_refused_with_the_reasons(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")

    with pytest.raises(NoPictures, match=r"\.DS_Store: not a picture"):
        read_pictures(tmp_path / "none", 8)


def test_more_pictures_than_one_batch_are_each_used_once_before_any_twice() -> None:
    from images.trainer.draws import batch_of

    drawn = [int(number) for step in range(5) for number in batch_of(3, "half 0", step, 2, 5)]

    assert sorted(drawn[:5]) == sorted(drawn[5:]) == [0, 1, 2, 3, 4]


def test_draw_pictures_makes_different_pictures(tmp_path: Path) -> None:
    assert len(read_pictures(draw_pictures(tmp_path / "p", 5), 8).pictures) == 5
