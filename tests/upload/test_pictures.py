import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from services.upload.pictures import NotUsable, check
from tests.upload.cloud import png_of


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
        (b"\0\0\0\x18ftypheic\0\0\0\0", "it is a HEIC photo"),
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
    assert opened(picture.png).size == (2048, 1536)
