"""Pictures for the demonstration: drawn, never photographed, different every time.

Each shows roughly what its item asks about, in the colours of its hall, in a light of
its own; no two resemble one another more than two real photos would.
"""

import math
import random
from functools import cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw

from auditapp.gateways.demo_scenes import HEIGHT, WIDTH, Subject, draw_scene

LIGHT_CELLS = (7, 5)
SIGNATURE_SIZE, STROKES = (600, 240), 5
FINER = 2
GRAIN = 9  # grey levels either way


def draw_picture(subject: Subject, *, width: int = 640, quality: int = 74) -> bytes:
    """Return a JPEG; the same subject gives the same picture."""
    chance = random.Random(repr(subject))  # noqa: S311 (repeatable on purpose)
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw_scene(ImageDraw.Draw(image), subject, chance)
    return _taken(image, chance, width, quality)


def draw_signature(key: str) -> bytes:
    """Return a PNG of what a finger wrote on the glass; the same for the same key."""
    chance = random.Random(f"signature {key}")  # noqa: S311 (repeatable on purpose)
    image = Image.new("L", SIGNATURE_SIZE, 255)
    pen, (width, height) = ImageDraw.Draw(image), SIGNATURE_SIZE
    for stroke in range(STROKES):
        left = width * (stroke + 0.5) / (STROKES + 1)
        points = [
            (
                left + step * 9 + chance.uniform(-12, 12),
                height / 2 + height / 3 * math.sin(step * chance.uniform(0.7, 1.4)),
            )
            for step in range(8)
        ]
        pen.line(points, fill=30, width=5, joint="curve")
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _taken(
    image: Image.Image, chance: random.Random, width: int, quality: int
) -> bytes:
    """Turn a drawing into something a phone took: light, grain, a slight tilt."""
    size = (width, width * HEIGHT // WIDTH)
    # the nearest point at twice the size, then the mean of four: as smooth as weighing
    # neighbours, in less than half the time
    fine = (FINER * size[0], FINER * size[1])
    aim = _aim(chance, fine[0])
    shot = image.transform(fine, Image.Transform.AFFINE, aim).reduce(FINER)
    cells = LIGHT_CELLS[0] * LIGHT_CELLS[1]
    light = Image.frombytes("L", LIGHT_CELLS, chance.randbytes(cells))
    spread = light.resize(size, Image.Resampling.BICUBIC).convert("RGB")
    shot = Image.blend(shot, ImageChops.soft_light(shot, spread), 0.8)
    shot = ImageChops.add(shot, _grain().crop(_window(chance, size)), offset=-GRAIN)
    file = BytesIO()
    shot.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _aim(chance: random.Random, width: int) -> tuple[float, ...]:
    """Return the affine transform of a camera held nearly, not quite, level."""
    turn, zoom = math.radians(chance.uniform(-3, 3)), chance.uniform(0.86, 0.94)
    scale = zoom * WIDTH / width
    across, down = scale * math.cos(turn), scale * math.sin(turn)
    half_width, half_height = width / 2, width * HEIGHT / WIDTH / 2
    return (
        across,
        -down,
        WIDTH / 2 - across * half_width + down * half_height,
        down,
        across,
        HEIGHT / 2 - down * half_width - across * half_height,
    )


@cache
def _grain() -> Image.Image:
    """Return noise to cut a different window from for every picture."""
    size = (2 * WIDTH, 2 * HEIGHT)
    chance = random.Random("grain")  # noqa: S311
    noise = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
    return noise.point(lambda level: level * 2 * GRAIN // 255).convert("RGB")


def _window(chance: random.Random, size: tuple[int, int]) -> tuple[int, int, int, int]:
    x = chance.randint(0, 2 * WIDTH - size[0])
    y = chance.randint(0, 2 * HEIGHT - size[1])
    return x, y, x + size[0], y + size[1]
