import io
import os
import random
import signal
import struct
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms, ImageFilter, ImageOps, ImageStat

from services.upload import decode, pictures
from services.upload.bodies import Held
from services.upload.pictures import NotUsable
from services.upload.png import png
from services.upload.zygote import CRASH, DONE, LIMIT
from tests.upload import stuck
from tests.upload.cloud import png_of
from tests.upload.corpus import display_p3, scene

RESOLUTION = 512


@dataclass(frozen=True)
class Checked:
    width: int
    height: int
    look: str
    png: bytes


def check(data: bytes, name: str) -> Checked:
    with Held() as raw:
        raw.write(data)
        picture = pictures.check(raw, name, RESOLUTION)
        with picture.png:
            return Checked(picture.width, picture.height, picture.look, picture.png.read())


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def refusal(data: bytes) -> NotUsable:
    with pytest.raises(NotUsable) as refused:
        check(data, "IMG_2207")
    return refused.value


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of that size in a few kilobytes."""
    rows = zlib.compressobj(9)
    body = b"".join(rows.compress(bytes(width // 8 + 1)) for _ in range(height)) + rows.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def test_a_picture_comes_back_as_png_of_its_size() -> None:
    picture = check(png_of(Image.new("RGB", (300, 200), "red"), "JPEG"), "red.jpg")

    assert (picture.width, picture.height) == (300, 200)
    assert opened(picture.png).format == "PNG"
    assert opened(picture.png).getpixel((5, 5)) == (254, 0, 0)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 nothing", "it is a PDF"),
        (b"PK\x03\x04....", "it is a ZIP archive"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "it is a HEIC photo, but a damaged one"),
        (b"GIF89a......", "it is a GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is an SVG drawing"),
        (b"<!doctype html><script>", "it is a web page"),
        (b"hello", "not a picture we can read."),
        (b"\0", "not a picture we can read."),
    ],
)
def test_what_is_not_a_picture_is_named(data: bytes, kind: str) -> None:
    refused = refusal(data)

    assert refused.code == "NOT_A_PICTURE"
    assert str(refused).startswith("IMG_2207 is not a picture we can read")
    assert kind in str(refused)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_picture_is_refused(kind: str, share: float) -> None:
    data = png_of(Image.effect_noise((200, 200), 80), kind)

    assert refusal(data[: int(len(data) * share)]).code in {"DAMAGED", "NOT_A_PICTURE"}


def test_a_pixel_bomb_is_refused_before_it_is_decoded() -> None:
    assert refusal(bomb(16000, 16000)).code == "TOO_MANY_PIXELS"
    assert refusal(bomb(50000, 50)).code == "TOO_MANY_PIXELS"


def test_a_bomb_in_the_metadata_is_refused() -> None:
    plain = png_of(Image.new("RGB", (100, 100)))
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80 * 2**20), 9))

    assert refusal(plain[:33] + text + plain[33:]).code == "DAMAGED"


def test_a_tiny_picture_and_a_moving_one_are_refused() -> None:
    frames = [Image.new("RGB", (80, 80), colour) for colour in ("red", "blue")]

    assert refusal(png_of(Image.new("RGB", (63, 400)))).code == "TOO_SMALL"
    assert refusal(png_of(frames[0], "WEBP", save_all=True, append_images=frames[1:])).code == "ANIMATED"
    assert refusal(png_of(frames[0], "PNG", save_all=True, append_images=frames[1:])).code == "ANIMATED"


def test_a_phone_picture_with_a_second_view_behind_it_counts_as_one() -> None:
    views = [Image.new("RGB", (80, 80), colour) for colour in ("lime", "blue")]

    picture = check(png_of(views[0], "MPO", save_all=True, append_images=views[1:]), "phone.jpg")

    assert opened(picture.png).getpixel((5, 5)) == (0, 255, 1)


def test_sixteen_bits_keep_their_tones() -> None:
    picture = check(png_of(Image.new("I;16", (80, 80), 30000)), "deep.png")

    assert opened(picture.png).getpixel((5, 5)) == (117, 117, 117)


def test_transparency_lies_on_white() -> None:
    see_through = Image.new("RGBA", (80, 80), (255, 0, 0, 0))
    palette = Image.new("P", (80, 80), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])

    assert opened(check(png_of(see_through), "a.png").png).getpixel((5, 5)) == (255, 255, 255)
    assert opened(check(png_of(palette, transparency=1), "b.png").png).getpixel((5, 5)) == (255, 255, 255)


def test_cmyk_becomes_rgb() -> None:
    picture = check(png_of(Image.new("CMYK", (80, 80), (0, 255, 255, 0)), "JPEG"), "print.jpg")

    image = opened(picture.png)
    assert image.mode == "RGB"
    assert image.getpixel((5, 5)) == (255, 0, 0)


def test_a_wide_gamut_is_brought_to_srgb_and_its_profile_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    picture = check(png_of(Image.new("RGB", (80, 80), "red"), icc_profile=profile), "wide.png")

    assert "icc_profile" not in opened(picture.png).info


def test_a_rotated_photo_stands_upright_without_place_or_camera() -> None:
    photo = Image.new("RGB", (200, 100), "blue")
    photo.paste("red", (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Ada"
    exif.get_ifd(0x8825)[1] = "N"

    picture = check(png_of(photo, "JPEG", exif=exif, quality=95), "turned.jpg")

    image = opened(picture.png)
    assert (picture.width, picture.height) == image.size == (100, 200)
    assert image.getpixel((50, 20))[0] > 200
    assert not dict(image.getexif())
    assert b"Camera of Ada" not in picture.png


def test_text_hidden_in_a_picture_does_not_come_out() -> None:
    polyglot = png_of(Image.new("RGB", (80, 80))) + b"<?php system('id'); ?>"

    assert b"php" not in check(polyglot, "trick.png").png


def test_a_large_picture_is_kept_smaller_and_told_at_its_own_size() -> None:
    picture = check(png_of(Image.new("RGB", (4000, 3000), "green"), "JPEG"), "large.jpg")

    assert (picture.width, picture.height) == (4000, 3000)
    assert opened(picture.png).size == (1000, 750)


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((4032, 3024), (1024, 768)),
        ((3024, 4032), (768, 1024)),
        ((1024, 1024), (1024, 1024)),
        ((640, 480), (640, 480)),
        ((6000, 2000), (1536, 512)),
        ((8000, 800), (2048, 205)),
        ((8192, 64), (2048, 16)),
    ],
)
def test_what_is_kept_has_the_trained_resolution_along_its_shorter_side(size: tuple[int, int], kept: tuple[int, int]) -> None:
    assert decode.kept(size, RESOLUTION) == kept


@pytest.mark.parametrize("size", [(2400, 1600), (1500, 2100), (4032, 3024), (1100, 700)])
def test_the_trainer_sees_the_same_in_the_clean_copy_as_in_the_whole_picture(size: tuple[int, int]) -> None:
    whole = scene(2, (300, 200)).resize(size, Image.Resampling.LANCZOS)
    whole.paste(scene(3, size).resize((size[0] // 2, size[1] // 2)), (size[0] // 4, size[1] // 4))
    data = png_of(whole, "JPEG", quality=95)

    clean = opened(check(data, "whole.jpg").png)

    original, copy = (_as_trained(image) for image in (Image.open(io.BytesIO(data)), clean))
    difference = ImageStat.Stat(ImageChops.difference(original, copy))
    assert max(difference.mean) < 1.0


def _as_trained(image: Image.Image) -> Image.Image:
    """As images/trainer/intake.py takes it."""
    return ImageOps.fit(image.convert("RGB"), (RESOLUTION, RESOLUTION), Image.Resampling.LANCZOS)


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (64, 64), (257, 65), (1024, 768)])
@pytest.mark.parametrize("kind", ["noise", "flat", "scene"])
def test_our_png_is_what_went_in(size: tuple[int, int], kind: str) -> None:
    image = {
        "noise": lambda: Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3)),
        "flat": lambda: Image.new("RGB", size, (9, 200, 30)),
        "scene": lambda: scene(4, size),
    }[kind]()

    back = opened(png(image))

    assert (back.mode, back.size, back.tobytes(), back.info) == ("RGB", size, image.tobytes(), {})


def test_our_png_is_no_larger_than_pillows_fastest() -> None:
    photo = Image.effect_noise((600, 400), 30).convert("RGB").filter(ImageFilter.GaussianBlur(2))
    for image in (photo, scene(5, (600, 400)), Image.new("RGB", (600, 400), "red")):
        fastest = len(png_of(image, compress_level=1))

        assert len(png(image)) <= fastest * 1.3 + 2000


def test_a_wide_gamut_becomes_the_colours_that_it_means() -> None:
    """Display P3, as phones write it: its red is redder than sRGB has, its grey the same."""
    flat = [Image.new("RGB", (80, 80), colour) for colour in ((200, 100, 100), (128, 128, 128))]

    clean = [check(png_of(image, icc_profile=display_p3()), "p3.png").png for image in flat]

    red_seen, grey_seen = (opened(each).getpixel((5, 5)) for each in clean)
    assert red_seen[0] > 205
    assert red_seen[1] < 97
    assert all(abs(tone - 128) <= 1 for tone in grey_seen)


def test_a_photo_in_heic_is_a_picture_like_any_other() -> None:
    picture = check(png_of(scene(1, (640, 480)), "HEIF", quality=95), "IMG_2207.HEIC")

    difference = ImageStat.Stat(ImageChops.difference(opened(picture.png), scene(1, (640, 480))))
    assert (picture.width, picture.height) == (640, 480)
    assert max(difference.mean) < 6


def test_a_decoder_that_was_killed_is_started_again() -> None:
    data = png_of(scene(1))
    before = check(data, "one.png")
    zygote = pictures._DECODER._zygote
    assert zygote
    zygote.kill()
    zygote.wait()

    assert check(data, "one.png") == before


def test_a_picture_whose_child_was_killed_from_outside_is_not_to_blame() -> None:
    raw = Held()
    raw.write(png_of(Image.effect_noise((5600, 5600), 90)))
    killer = threading.Thread(target=_kill_the_next_child)
    killer.start()

    with raw, pytest.raises(pictures.Undecided):
        pictures.check(raw, "big.png", RESOLUTION)
    killer.join()


def _kill_the_next_child() -> None:
    zygote = pictures._DECODER._zygote
    assert zygote
    children = Path(f"/proc/{zygote.pid}/task/{zygote.pid}/children")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if found := children.read_text().split():
            os.kill(int(found[0]), signal.SIGKILL)
            return


def test_a_child_is_held_to_its_limits_and_the_next_one_lives() -> None:
    decoder = pictures.Decoder("tests.upload.stuck")
    with Held() as raw, ThreadPoolExecutor(2) as pool:
        raw.write(b"x")

        def met(what: int) -> tuple[str, bytes]:
            with Held() as clean:
                facts, end = decoder.decode(raw, clean, what)
                return facts.get("code", ""), end

        answers = list(pool.map(met, (stuck.SLEEPS, stuck.WORKS, stuck.EATS, stuck.CRASHES, stuck.LIVES)))
    decoder.stop()

    assert answers == [("", LIMIT), ("", LIMIT), ("TOO_MANY_PIXELS", DONE), ("", CRASH), ("", DONE)]
