import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from images.trainer.captions import read_captions
from images.trainer.config import Contradiction
from images.trainer.intake import NoPictures, read_pictures
from tests.trainer import odd_files as odd
from tests.trainer.conftest import draw_pictures

USED: dict[str, tuple[odd.Maker, tuple[str, ...]]] = {
    "square.png": (odd.drawn(1), ()),
    "grey16.png": (odd.deep, ("brought down to 8 bits",)),
    "colour16.png": (odd.deep_in_colour, ()),
    "palette.png": (odd.palette, ("flattened on white",)),
    "print.jpg": (odd.print_colours, ("converted from CMYK",)),
    "moving.gif": (odd.frames, ("first of 3 frames",)),
    "moving.webp": (odd.drawn(11, save_all=True, append_images=[odd.corner(12)], lossless=True), ("first of 2 frames",)),
    "pages.tiff": (odd.drawn(13, save_all=True, append_images=[odd.corner(14)]), ("first of 2 frames",)),
    "plain.bmp": (odd.drawn(15), ()),
    "plain.avif": (odd.drawn(10), ()),
    "plain.jp2": (odd.drawn(-4), ()),
    "plain.ppm": (odd.drawn(-5), ()),
    "plain.ico": (odd.drawn(-6), ()),
    "phone.jpg": (odd.drawn(-7, format="MPO", save_all=True, append_images=[odd.corner()]), ("first of 2 frames",)),
    "scan.png": (lambda path: odd.corner(-8).convert("L").save(path), ("converted from grey",)),
    "broken-exif.jpg": (odd.broken_orientation, ()),
    "wrong-name.txt": (odd.drawn(2, format="PNG"), ()),
    "a.jpg/inside.png": (odd.drawn(-1), ()),
    "Ünïcødé 图片 \U0001f3a8.png": (odd.drawn(-2), ()),
    "dot.png": (odd.sized(1, 1), ("scaled up from 1 px",)),
    "stripe.png": (odd.sized(2000, 4), ("cropped from 2000 x 4", "scaled up from 4 px")),
    "tower.png": (odd.sized(40, 3000), ("cropped from 40 x 3000",)),
}
SKIPPED: dict[str, tuple[odd.Maker, str]] = {
    "the-same.png": (odd.drawn(1), "the same picture as square.png"),
    "z/the-same-again.bmp": (odd.drawn(1), "the same picture as square.png"),
    "cut.jpg": (odd.cut, "image file is truncated (6 bytes not processed)"),
    "empty.jpg": (odd.holding(b""), "it is empty"),
    "letter.jpg": (odd.holding(b"Dear all,\n"), "not a picture"),
    ".DS_Store": (odd.holding(b"\0\0\0\1Bud1"), "not a picture"),
    "phone.heic": (odd.holding(b"\0\0\0\x18ftypheic" + bytes(99)), "a HEIC photo, which is not read here: export it as JPEG or PNG"),
    "drawing.eps": (odd.holding(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"), "not a picture"),
    "bomb.png": (odd.bomb, "it has too many pixels"),
    "large.png": (odd.large, "11000 x 10000 pixels are too many"),
    "dangling.jpg": (lambda path: path.symlink_to("nowhere.jpg"), "a link that leads nowhere"),
    "endless.jpg": (lambda path: path.symlink_to("endless.jpg"), "it cannot be read: Too many levels of symbolic links"),
    "elsewhere": (lambda path: path.symlink_to(path.parent), "a link to a folder, which is not followed"),
    "pipe.jpg": (os.mkfifo, "not a file"),
}


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


def test_captions_go_with_their_pictures_and_make_another_run(pictures: Path) -> None:
    silent = read_pictures(pictures, 8)
    captions = {"2.png": "on a mat", "gone.png": "outside", "notes.txt": "words"}
    (pictures / "notes.txt").write_text("no picture")

    told = read_pictures(pictures, 8, captions)

    assert dict(zip(told.used, told.captions, strict=True)) == {f"{number}.png": "on a mat" if number == 2 else "" for number in range(5)}
    assert told.skipped == {"notes.txt": "not a picture", "gone.png": "it has a caption, but there is no such picture"}
    assert silent.captions == ("",) * 5
    assert silent.digest == read_pictures(pictures, 8, {"2.png": ""}).digest != told.digest


@pytest.mark.parametrize("text", ["{", "[]", '{"0.png": 7}'])
def test_captions_that_are_no_object_of_texts_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "captions.json").write_text(text)

    with pytest.raises(Contradiction, match=r"captions\.json"):
        read_captions(tmp_path / "captions.json")


def test_a_caption_of_nothing_but_space_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "captions.json").write_text('{"0.png": "  ", "1.png": " on a mat "}')

    assert (read_captions(tmp_path / "captions.json"), read_captions(None)) == ({"1.png": "on a mat"}, {})


@pytest.mark.parametrize("orientation", odd.UNDO)
def test_a_photo_lies_as_its_camera_was_held(tmp_path: Path, orientation: int) -> None:
    folder = odd.lay_out(tmp_path / "photos", {"phone.jpg": odd.turned(orientation)})

    intake = read_pictures(folder, 32)

    assert intake.notes == {"phone.jpg": ("turned upright",) if orientation > 1 else ()}
    difference = ImageChops.difference(intake.pictures[0], odd.corner(size=32))
    assert max(ImageStat.Stat(difference).mean) < 12


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


def everything(folder: Path, backwards: bool = False) -> Path:
    return odd.lay_out(folder, {name: maker for name, (maker, _) in (USED | SKIPPED).items()}, backwards)  # type: ignore[operator]


def test_what_people_put_into_a_folder_is_used_or_skipped_with_a_reason(tmp_path: Path) -> None:
    intake = read_pictures(everything(tmp_path / "folder"), 32)

    assert intake.skipped == {name: reason for name, (_, reason) in SKIPPED.items()}
    assert intake.notes == {name: notes for name, (_, notes) in USED.items()}
    assert tuple(intake.notes) == intake.used
    assert {(picture.mode, picture.size) for picture in intake.pictures} == {("RGB", (32, 32))}


def test_the_order_in_which_a_file_system_shows_files_makes_no_difference(tmp_path: Path) -> None:
    forwards, backwards = read_pictures(everything(tmp_path / "one"), 32), read_pictures(everything(tmp_path / "other", True), 32)

    assert (forwards.digest, forwards.used, forwards.notes) == (backwards.digest, backwards.used, backwards.notes)
    assert forwards.skipped == backwards.skipped


def test_sixteen_bits_of_grey_keep_their_shades(tmp_path: Path) -> None:
    folder = odd.lay_out(tmp_path / "deep", {"grey.png": odd.deep, "colour.png": odd.deep_in_colour})

    for picture in read_pictures(folder, 64).pictures:
        assert [picture.getpixel((x, 5))[0] for x in (0, 32, 63)] == pytest.approx([0, 129, 255], abs=2)


def test_ink_becomes_the_colours_that_were_printed(tmp_path: Path) -> None:
    picture = read_pictures(odd.lay_out(tmp_path / "ink", {"print.jpg": odd.print_colours}), 32).pictures[0]

    assert picture.getpixel((3, 3)) == pytest.approx(odd.LIGHT, abs=12)
    assert picture.getpixel((28, 28)) == pytest.approx(odd.DARK, abs=12)


def test_a_see_through_palette_is_seen_on_white(tmp_path: Path) -> None:
    picture = read_pictures(odd.lay_out(tmp_path / "palette", {"p.png": odd.palette}), 32).pictures[0]

    assert picture.getpixel((28, 28)) == (255, 255, 255)
    assert picture.getpixel((3, 3)) == pytest.approx(odd.LIGHT, abs=12)


def test_a_name_that_is_no_text_can_be_told(tmp_path: Path) -> None:
    folder = odd.lay_out(tmp_path / "names", {"good.png": odd.drawn(1)})
    odd.drawn(2)(Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.png")))

    assert sorted(name.encode() for name in read_pictures(folder, 8).used) == [b"caf\\xe9.png", b"good.png"]


READER = """
import json, sys
from pathlib import Path
from images.trainer.intake import read_pictures
intake = read_pictures(Path(sys.argv[1]), 8)
print(json.dumps([intake.used, intake.skipped]))
"""


def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    folder = odd.lay_out(tmp_path / "mine", {"good.png": odd.drawn(1), "secret.png": odd.drawn(2), "closed/lost.png": odd.drawn(3)})
    (folder / "secret.png").chmod(0)
    (folder / "closed").chmod(0)
    as_nobody_special = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []

    read = subprocess.run([*as_nobody_special, sys.executable, "-c", READER, str(folder)], check=True, capture_output=True, text=True)

    (folder / "closed").chmod(0o700)
    assert json.loads(read.stdout) == [
        ["good.png"],
        {"closed": "a folder that cannot be read", "secret.png": "it cannot be read: Permission denied"},
    ]
