"""The child that opens pictures; nothing from outside is decoded anywhere else.

Run as a program by ``auditapp.gateways.images``, with an empty environment and hard
limits. It reads requests from standard input and writes answers to standard output; a
request and an answer are each one line of JSON followed by raw bytes whose lengths the
line gives. It imports Pillow and the standard library only, so it starts quickly.

    → {"bytes": 181234, "sides": [320, 1280], "covers": [[100, 80, 250, 300]]}
                                                   the picture follows
    ← {"width": …, "height": …, "dhash": …, "bytes": [9120, 80112]}   thumbnails follow
    ← {"fault": "broken"}

Covers are left, top, width and height in per mille of the upright picture. They are
filled flat: mosaics and blurs of writing and faces can be guessed back.
"""

import importlib
import io
import json
import resource
import sys
import warnings
from typing import Any

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
MEMORY_BYTES = 1024 * 1024 * 1024  # a 50-megapixel picture with alpha takes 600 MB
CPU_SECONDS = 10  # for one picture

# Never "MPO": with it hundreds of hostile files raise from inside Pillow. Source:
# design/security.md, row 14.
FORMATS = ["JPEG", "PNG", "WEBP"]
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
HASH_SIDE = 8
FLATTEST = 8  # grey levels between the darkest and the lightest of the 72 points
JPEG_QUALITY = 80
REDUCING_GAP = 2.0  # large pictures are first halved by whole steps
WHITE = (255, 255, 255)
COVER = (96, 104, 112)
PER_MILLE = 1000


class Fault(Exception):  # noqa: N818 (a finding about a picture, not an error of ours)
    """The picture cannot be used; the argument says why, in one word."""


def main() -> None:
    """Answer requests until there are none left."""
    prepare()
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        picture = sys.stdin.buffer.read(request["bytes"])
        allow_cpu()
        facts, thumbs = answer(picture, request["sides"], request["covers"])
        facts["bytes"] = [len(thumb) for thumb in thumbs]
        sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + b"".join(thumbs))
        sys.stdout.buffer.flush()


def prepare() -> None:
    """Set the limits that hold for every picture."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError:
        return  # an optional extra: its wheel bundles a GPL encoder
    FORMATS.append("HEIF")


def allow_cpu() -> None:
    """Give the next picture its own seconds; the kernel ends us when they are up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))


def answer(
    picture: bytes, sides: list[int], covers: list[list[int]]
) -> tuple[dict[str, Any], list[bytes]]:
    """Return what a picture is and its thumbnails, or its fault and none."""
    try:
        return examine(picture, sides, covers)
    except Fault as fault:
        return {"fault": str(fault)}, []
    except UnidentifiedImageError:
        return {"fault": "no-heic-decoder" if is_heic(picture) else "not-a-picture"}, []
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"fault": "too-many-pixels"}, []
    except MemoryError:
        return {"fault": "too-much-memory"}, []
    except Exception:  # noqa: BLE001 (hostile pictures raise whatever they like)
        return {"fault": "broken"}, []


def is_heic(picture: bytes) -> bool:
    """Tell whether these bytes begin as HEIC and HEIF do (ISO/IEC 23008-12)."""
    return picture[4:8] == b"ftyp" and picture[8:12] in HEIC_BRANDS


def examine(
    picture: bytes, sides: list[int], covers: list[list[int]]
) -> tuple[dict[str, Any], list[bytes]]:
    """Decode a picture once, as small as the request allows, and measure it."""
    with Image.open(io.BytesIO(picture), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise Fault("too-many-pixels")  # noqa: EM101
        if not sides:
            image.draft("L", (4 * HASH_SIDE, 4 * HASH_SIDE))
        else:
            image.draft("RGB", (max(sides), max(sides)))
        image.load()
        turned = ImageOps.exif_transpose(image)
        is_turned = (turned.width > turned.height) != (width > height)
        facts = {
            "width": height if is_turned else width,
            "height": width if is_turned else height,
        }
        smallest, thumbs = thumbnails(covered(turned, covers), sides)
        return facts | {"dhash": difference_hash(smallest)}, thumbs


def covered(image: Image.Image, covers: list[list[int]]) -> Image.Image:
    """Return the picture with every rectangle filled, rounded outwards.

    Before anything is made smaller: no pixel beneath reaches a neighbour.
    """
    if not covers:
        return image
    plate = plain(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    draw = ImageDraw.Draw(plate)
    for left, top, width, height in covers:
        right, bottom = left + width, top + height
        draw.rectangle(
            (
                left * plate.width // PER_MILLE,
                top * plate.height // PER_MILLE,
                -(-right * plate.width // PER_MILLE) - 1,
                -(-bottom * plate.height // PER_MILLE) - 1,
            ),
            fill=COVER,
        )
    return plate


def difference_hash(image: Image.Image) -> int | None:
    """Return 64 bits, one for each pair of neighbours that grows lighter.

    None for a picture without structure (a lens cap, a wall): all of those look alike.
    """
    size = (HASH_SIDE + 1, HASH_SIDE)
    grey = image.convert("L").resize(size, Image.Resampling.BOX).tobytes()
    if max(grey) - min(grey) < FLATTEST:
        return None
    bits = 0
    for index, level in enumerate(grey):
        if index % (HASH_SIDE + 1):
            bits = bits << 1 | (level > grey[index - 1])
    return bits


def thumbnails(image: Image.Image, sides: list[int]) -> tuple[Image.Image, list[bytes]]:
    """Return JPEGs with these long sides, each made from the next larger.

    The first value is the smallest picture that came of it, for measuring.
    """
    made: dict[int, bytes] = {}
    small = image
    if image.mode != "RGB" and sides:  # others shrink badly or not at all
        small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    for side in sorted(set(sides), reverse=True):
        small = shrunk(small, side)
        file = io.BytesIO()
        plain(small).save(file, "JPEG", quality=JPEG_QUALITY)
        made[side] = file.getvalue()
    return small, [made[side] for side in sides]


def plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone, on white: a new picture carries no metadata over."""
    paper = Image.new("RGB", image.size, WHITE)
    paper.paste(image, mask=image if image.mode == "RGBA" else None)
    return paper


def shrunk(image: Image.Image, side: int) -> Image.Image:
    """Return the picture with a long side of at most ``side``; it never grows."""
    longest = max(image.size)
    if longest <= side:
        return image
    width, height = (max(1, round(edge * side / longest)) for edge in image.size)
    # Hamming looks like bicubic when shrinking and costs half
    return image.resize(
        (width, height), Image.Resampling.HAMMING, reducing_gap=REDUCING_GAP
    )


if __name__ == "__main__":
    main()
