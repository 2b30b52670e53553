"""Pictures are opened by children only; whatever the bytes, the parent lives on."""

import io
import os
import signal
import struct
import zlib
from pathlib import Path
from threading import Timer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from auditapp.gateways.images import PicturePool, UnreadableError

CORPUS = Path(os.environ.get("BAD_INPUT_DIR", "/work/shared/data/bad-input"))


@pytest.fixture(scope="module")
def pool():
    pool = PicturePool(1)
    yield pool
    pool.close()


def make_picture(width=640, height=480, kind="JPEG", **options):
    """Return the bytes of a picture with a light disc in its upper left."""
    image = Image.new("RGB", (width, height), "navy")
    ImageDraw.Draw(image).ellipse((0, 0, width // 2, height // 2), fill="white")
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(thumb):
    return Image.open(io.BytesIO(thumb))


def fault_of(pool, picture):
    with pytest.raises(UnreadableError) as caught:
        pool.open(picture, (320,))
    return caught.value.fault


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_thumbnails_keep_the_shape_and_never_grow(pool, kind):
    picture = pool.open(make_picture(1600, 1200, kind), (320, 1280, 4000))
    sizes = [opened(thumb).size for thumb in picture.thumbs]
    assert (picture.width, picture.height) == (1600, 1200)
    assert sizes == [(320, 240), (1280, 960), (1600, 1200)]


def test_a_turned_picture_is_shown_upright_and_tells_nothing_of_its_camera(pool):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "canary camera"
    exif.get_ifd(0x8825)[2] = (23.0, 7.0, 12.0)
    turned = make_picture(640, 480, exif=exif.tobytes())
    picture = pool.open(turned, (320,))
    assert (picture.width, picture.height) == (480, 640)
    thumb = opened(picture.thumbs[0])
    assert thumb.size == (240, 320)
    assert sum(thumb.getpixel((200, 40))) > 600  # the disc went to the upper right
    assert not thumb.getexif()
    assert b"canary" not in picture.thumbs[0]
    assert {"exif", "icc_profile", "comment", "xmp"}.isdisjoint(thumb.info)


@pytest.mark.parametrize("mode", ["L", "P", "1", "I;16", "RGBA", "LA", "CMYK"])
def test_every_colour_model_becomes_a_plain_thumbnail(pool, mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("L", (64, 64), 255).convert(mode if mode != "I;16" else "I;16")
    file = io.BytesIO()
    image.save(file, kind)
    thumb = opened(pool.open(file.getvalue(), (32,)).thumbs[0])
    assert thumb.mode == "RGB"
    assert min(thumb.getpixel((16, 16))) > 200


def test_what_is_transparent_becomes_white_paper(pool):
    file = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(file, "PNG")
    assert opened(pool.open(file.getvalue(), (32,)).thumbs[0]).getpixel((9, 9)) == (
        255,
        255,
        255,
    )


def test_a_resized_copy_has_nearly_the_same_hash_and_another_photo_has_not(pool):
    def distance(one, other):
        return (one ^ other).bit_count()

    original = Image.effect_mandelbrot((1600, 1200), (-2, -1.5, 1, 1.5), 60)
    file, small = io.BytesIO(), io.BytesIO()
    original.convert("RGB").save(file, "JPEG", quality=90)
    original.resize((800, 600)).convert("RGB").save(small, "JPEG", quality=60)
    first, copy = pool.open(file.getvalue()), pool.open(small.getvalue())
    other = pool.open(make_picture(1600, 1200))
    assert distance(first.dhash, copy.dhash) <= 3
    assert distance(first.dhash, other.dhash) > 10


def test_a_picture_of_nothing_resembles_no_other(pool):
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "black").save(file, "JPEG")
    assert pool.open(file.getvalue()).dhash is None


def test_the_hash_is_the_same_with_and_without_thumbnails(pool):
    picture = make_picture(1600, 1200)
    small, large = pool.open(picture).dhash, pool.open(picture, (1280,)).dhash
    assert (small ^ large).bit_count() <= 1


def test_more_than_twelve_mebibytes_are_not_even_tried(pool):
    assert fault_of(pool, bytes(12 * 1024 * 1024 + 1)) == "too-many-bytes"


def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused(pool):
    def chunk(name, content):
        body = name + content
        return (
            struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
        )

    head = struct.pack(">IIBBBBB", 9000, 9000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(9000), 9)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels)
    assert fault_of(pool, bomb) == "too-many-pixels"


def test_a_truncated_photo_is_broken_and_other_files_are_no_pictures(pool):
    assert fault_of(pool, make_picture()[:-2000]) == "broken"
    assert fault_of(pool, b"GIF89a" + bytes(400)) == "not-a-picture"
    assert (
        fault_of(pool, b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "not-a-picture"
    )
    assert fault_of(pool, b"") == "not-a-picture"
    assert fault_of(pool, b"\0\0\0\x18ftypheic" + bytes(100)) == "no-heic-decoder"


@given(st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_bytes_are_answered(pool, noise):
    for head in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "):
        fault_of(pool, head + noise)


def test_a_slow_child_is_replaced_and_its_photo_is_unreadable():
    pool = PicturePool(1, patience_seconds=0.6)
    pool.open(make_picture())
    (slow,) = pool.pids()
    os.kill(slow, signal.SIGSTOP)
    assert fault_of(pool, make_picture()) == "too-slow"
    assert pool.open(make_picture()).width == 640
    assert slow not in pool.pids()
    pool.close()


def test_a_child_that_the_machine_killed_costs_no_photo(pool):
    pool.open(make_picture())
    (victim,) = pool.pids()
    os.kill(victim, signal.SIGSTOP)  # it will be asked, and die before it answers
    Timer(0.2, os.kill, (victim, signal.SIGKILL)).start()
    assert pool.open(make_picture()).width == 640
    assert victim not in pool.pids()


def test_children_see_no_secret_and_may_write_no_file(pool):
    pool.open(make_picture())
    process = Path("/proc", str(pool.pids()[0]))
    limits = (process / "limits").read_text()
    assert b"SECRET" not in (process / "environ").read_bytes()
    assert "Max file size             0" in limits
    assert "Max address space         1073741824" in limits


@pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the collection of bad files is not here"
)
def test_real_bad_files_harm_nobody_and_real_good_ones_are_read(pool):
    unread = []
    for path in sorted(CORPUS.glob("images_*/*/*")):
        try:
            picture = pool.open(path.read_bytes(), (320,))
            assert max(opened(picture.thumbs[0]).size) <= 320
        except UnreadableError as error:
            if "images_valid" in path.parts and error.fault != "no-heic-decoder":
                unread.append(path)
    assert unread == []


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "CMYK"])
def test_what_is_covered_is_one_flat_colour_to_the_last_pixel(pool, mode):
    kind = "JPEG" if mode in ("RGB", "L", "CMYK") else "PNG"
    image = Image.new("RGB", (1000, 800), "white")
    ImageDraw.Draw(image).rectangle((200, 160, 399, 319), fill="black")
    file = io.BytesIO()
    image.convert(mode).save(file, kind)
    covers = [(200, 200, 200, 200)]
    for side in (320, 1000):
        thumb = pool.open(file.getvalue(), (side,), covers).thumbs[0]
        grey = opened(thumb).convert("L")
        assert (
            min(grey.get_flattened_data()) > 60
        )  # nothing of the black is left, nor mixed in
        width, height = grey.size
        inner = grey.crop(
            (width * 22 // 100, height * 22 // 100, width * 38 // 100, height * 2 // 5)
        )
        least, most = inner.resize((8, 8)).getextrema()
        assert most - least <= 12


def test_a_turned_picture_is_covered_where_it_is_seen(pool):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    turned = make_picture(640, 480, exif=exif.tobytes())
    whole = opened(pool.open(turned, (640,)).thumbs[0]).convert("L")
    assert (
        max(whole.crop((240, 0, 480, 320)).get_flattened_data()) > 250
    )  # the disc, upper right
    thumb = pool.open(turned, (640,), [(490, 0, 510, 510)]).thumbs[0]
    assert max(opened(thumb).convert("L").get_flattened_data()) < 130
