"""What the demonstration's pictures show, drawn with a few shapes each."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageDraw, ImageFont

Canvas = ImageDraw.ImageDraw
Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]

FONT = Path(__file__).parents[2] / "static/vendor/fonts/NotoSansSC-Bold-gbk.woff2"
FONT_STEP = 6  # few sizes: unpacking the font for one takes an eighth of a second
WIDTH, HEIGHT = 800, 600  # everything is drawn in these units, then scaled
INK, PAPER, STEEL, DARK = (38, 44, 48), (246, 244, 238), (176, 184, 188), (70, 76, 82)
BRAND = (24, 104, 78)  # the company's
WOOD, GLASS, RED, GREEN = (164, 122, 82), (196, 218, 226), (196, 52, 44), (42, 142, 92)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a picture shows: an item, in a hall, met or not met, on one occasion."""

    item_id: str
    hall_id: str
    hall_name: str
    is_bad: bool
    occasion: str


def draw_scene(draw: Canvas, subject: Subject, chance: random.Random) -> None:
    """Draw the subject's hall as a room, or its front, and in it what is asked."""
    hall = random.Random(subject.hall_id)  # noqa: S311 (repeatable on purpose)
    wall = _tint(hall, 190, 235)
    draw.rectangle((0, 0, WIDTH, HEIGHT), wall)
    _room(draw, wall, hall, chance)
    _SCENES.get(subject.item_id, _counter)(draw, subject, hall, chance)


def _room(
    draw: Canvas, wall: Colour, hall: random.Random, chance: random.Random
) -> None:
    """Draw floor, skirting and a window or lamp, a little off as a hand holds it."""
    horizon = chance.randint(360, 430)
    draw.rectangle((0, horizon, WIDTH, HEIGHT), _tint(hall, 130, 180))
    for x in range(-400, 1300, 110):
        draw.line((x, HEIGHT, 400 + (x - 400) * 0.4, horizon), _darker(wall, 0.7), 2)
    draw.rectangle((0, horizon - 8, WIDTH, horizon), _darker(wall, 0.8))
    x = chance.randint(-60, 620)
    draw.rectangle((x, 30, x + 170, 150), GLASS, DARK, 4)
    draw.line((x + 85, 30, x + 85, 150), DARK, 3)


def _front(
    draw: Canvas, subject: Subject, hall: random.Random, chance: random.Random
) -> None:
    """Draw the street front with the sign over the door."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), _tint(chance, 170, 225))
    left, top = chance.randint(20, 90), chance.randint(90, 170)
    right = WIDTH - chance.randint(20, 90)
    draw.rectangle((left, top, right, HEIGHT - 60), _tint(hall, 150, 200))
    draw.rectangle((left, top, right, top + 90), BRAND)
    name = f"澜桥通信 {subject.hall_name}"
    if subject.is_bad:
        gone = chance.randrange(5, len(name))
        name = f"{name[:gone]}　{name[gone + 1 :]}"
    _text(draw, (left, top, right, top + 90), name, PAPER)
    for pane in range(4):
        x = left + 20 + pane * (right - left - 40) / 4
        pane_right = x + (right - left) / 4 - 24
        draw.rectangle((x, top + 120, pane_right, HEIGHT - 70), GLASS, DARK, 5)
    door = left + (right - left) * chance.uniform(0.35, 0.55)
    draw.rectangle((door, top + 130, door + 130, HEIGHT - 62), _darker(GLASS, 0.7))
    draw.rectangle((0, HEIGHT - 62, WIDTH, HEIGHT), (142, 140, 136))
    draw.text((door + 15, top + 150), "08:30-18:00", PAPER, _font(18))


def _doorstep(
    draw: Canvas, subject: Subject, _hall: random.Random, chance: random.Random
) -> None:
    """Draw steps, and clutter on them when the item is not met."""
    for step in range(4):
        y = 330 + step * 62
        shade = 150 + step * 16
        draw.rectangle((60 - step * 18, y, 740 + step * 18, y + 62), (shade,) * 3, DARK)
    draw.polygon([(560, 560), (760, 560), (720, 330), (640, 330)], STEEL, DARK)
    for _ in range(26 if subject.is_bad else 2):
        x, y = chance.randint(80, 700), chance.randint(340, 560)
        size = chance.randint(8, 46)
        draw.rectangle((x, y, x + size, y + size * 0.7), _tint(chance, 60, 230))


def _board(
    draw: Canvas, subject: Subject, _hall: random.Random, chance: random.Random
) -> None:
    """Draw a notice on the wall: tariffs, posters, the way to complain."""
    x, y = chance.randint(120, 220), chance.randint(50, 110)
    width, height = chance.randint(380, 460), chance.randint(260, 320)
    title = _TITLES.get(subject.item_id, "公示")
    draw.rectangle((x, y, x + width, y + height), PAPER, DARK, 6)
    draw.rectangle((x, y, x + width, y + 60), BRAND)
    _text(draw, (x, y, x + width, y + 60), title, PAPER)
    rows = chance.randint(1, 2) if subject.is_bad else chance.randint(5, 7)
    for row in range(rows):
        line = y + 84 + row * 32
        end = x + width * chance.uniform(0.35, 0.55)
        draw.line((x + 26, line, end, line), INK, 6)
        price = f"{chance.randrange(19, 199, 10)}元"
        draw.text((x + width - 110, line - 14), price, RED, _font(24))
    if subject.is_bad:
        torn = [(x + width, y + height), (x + width - 190, y + height)]
        draw.polygon([*torn, (x + width, y + height - 150)], _tint(chance, 190, 220))


def _machine(
    draw: Canvas, subject: Subject, hall: random.Random, chance: random.Random
) -> None:
    """Draw kiosks or a ticket machine, dark and with a note when out of order."""
    count = 1 if subject.item_id == "wai_queue_machine" else chance.randint(2, 3)
    for index in range(count):
        x = 110 + index * 220 + chance.randint(-20, 40)
        y = chance.randint(120, 170)
        draw.rectangle((x, y, x + 150, 520), _tint(hall, 90, 160), DARK, 4)
        is_dark = subject.is_bad and index == count - 1
        screen = DARK if is_dark else (92, 158, 204)
        draw.rectangle((x + 15, y + 20, x + 135, y + 150), screen, INK, 3)
        if is_dark:
            _text(draw, (x + 5, y + 60, x + 145, y + 110), "暂停使用", RED)
        else:
            for line in range(4):
                top = y + 36 + line * 26
                draw.rectangle((x + 28, top, x + 118, top + 14), PAPER)
        draw.rectangle((x + 40, y + 190, x + 110, y + 206), INK)


def _rack(
    draw: Canvas, subject: Subject, _hall: random.Random, chance: random.Random
) -> None:
    """Draw an umbrella rack beside the door, or the empty corner it should be in."""
    x, y = chance.randint(180, 380), chance.randint(240, 290)
    draw.rectangle((20, 60, 130, 560), GLASS, DARK, 5)
    if subject.is_bad:
        draw.ellipse((x, 500, x + 260, 545), (120, 118, 112))
        return
    for bar in range(3):
        draw.line((x, y + bar * 110, x + 260, y + bar * 110), STEEL, 10)
    for slot in range(6):
        top = x + 14 + slot * 44
        draw.line((top, y - 12, top, y + 240), STEEL, 6)
        if chance.random() < 0.6:  # noqa: PLR2004 (most slots hold an umbrella)
            colour = _tint(chance, 30, 200)
            draw.line((top + 10, y - 60, top + 22, y + 210), colour, 18)


def _seats(
    draw: Canvas, subject: Subject, hall: random.Random, chance: random.Random
) -> None:
    """Draw a row of seats, one of them broken when the item is not met."""
    colour = _tint(hall, 40, 150)
    y = chance.randint(300, 350)
    for seat in range(5):
        x = 50 + seat * 145 + chance.randint(-6, 6)
        is_broken = subject.is_bad and seat == chance.randrange(1, 4)
        tilt = 36 if is_broken else 0
        back = [(x, y - 110), (x + 118, y - 110 + tilt), (x + 118, y), (x, y)]
        draw.polygon(back, colour, DARK)
        draw.polygon(
            [(x, y), (x + 118, y), (x + 130, y + 46), (x - 10, y + 46)], colour
        )
        draw.line((x + 10, y + 46, x + 10 + tilt, y + 150), DARK, 8)
        draw.line((x + 106, y + 46, x + 106, y + 150), DARK, 8)


def _shelf(
    draw: Canvas, subject: Subject, _hall: random.Random, chance: random.Random
) -> None:
    """Draw a shelf with what customers may use, or nothing on it."""
    y = chance.randint(290, 350)
    left = chance.randint(70, 160)
    draw.rectangle((left, y, left + 540, y + 30), WOOD, DARK, 3)
    draw.rectangle((left + 20, y + 30, left + 44, 560), WOOD)
    draw.rectangle((left + 496, y + 30, left + 520, 560), WOOD)
    for thing in range(1 if subject.is_bad else 5):
        x = left + 30 + thing * 100 + chance.randint(-10, 14)
        height = chance.randint(60, 150)
        shape = draw.ellipse if chance.random() < 0.4 else draw.rectangle  # noqa: PLR2004
        shape((x, y - height, x + 74, y), _tint(chance, 60, 220), DARK)
    title = _TITLES.get(subject.item_id, "便民服务")
    _text(draw, (left, y - 230, left + 240, y - 180), title, BRAND)


def _exit(
    draw: Canvas, subject: Subject, _hall: random.Random, chance: random.Random
) -> None:
    """Draw the emergency exit, with boxes before it when it is blocked."""
    x = chance.randint(220, 360)
    draw.rectangle((x, 140, x + 220, 540), (214, 214, 208), DARK, 6)
    draw.rectangle((x + 30, 80, x + 190, 128), GREEN)
    _text(draw, (x + 30, 80, x + 190, 128), "安全出口", PAPER)
    draw.rectangle((x + 250, 380, x + 300, 520), RED, DARK, 3)
    if subject.is_bad:
        for box in range(5):
            left, top = x - 30 + box % 3 * 86, 440 - box // 3 * 90
            draw.rectangle((left, top, left + 84, top + 88), WOOD, DARK, 3)


def _slip(
    draw: Canvas, subject: Subject, _hall: random.Random, chance: random.Random
) -> None:
    """Draw a printed slip held before the lens: a ticket, a receipt, a message."""
    x, y = chance.randint(180, 280), chance.randint(40, 90)
    draw.rectangle((x, y, x + 330, y + 480), (252, 252, 248), STEEL, 2)
    lines = ["澜桥通信", subject.hall_name, f"号码 A{chance.randint(1, 180):03d}"]
    for index, line in enumerate(lines):
        draw.text((x + 24, y + 24 + index * 46), line, INK, _font(24))
    for row in range(6):
        end = x + chance.randint(120, 300)
        draw.line((x + 24, y + 190 + row * 36, end, y + 190 + row * 36), DARK, 4)
    if subject.is_bad:
        _text(draw, (x + 24, y + 400, x + 300, y + 450), "金额不符", RED)


def _counter(
    draw: Canvas, _subject: Subject, hall: random.Random, chance: random.Random
) -> None:
    """Draw the counters of the hall with their numbers."""
    y = chance.randint(330, 380)
    draw.rectangle((0, y, WIDTH, y + 120), _tint(hall, 150, 210), DARK, 4)
    for counter in range(chance.randint(3, 5)):
        x = 40 + counter * 170 + chance.randint(-10, 10)
        draw.rectangle((x, y - 170, x + 140, y), GLASS, DARK, 3)
        draw.rectangle((x + 40, y - 226, x + 100, y - 176), INK)
        label = f"{counter + 1:02d}"
        _text(draw, (x + 40, y - 226, x + 100, y - 176), label, (240, 92, 60))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def _text(draw: Canvas, box: Box, text: str, colour: Colour) -> None:
    """Write a text as large as its box allows, in the middle."""
    width, height = box[2] - box[0], box[3] - box[1]
    size = int(min(height * 0.6, width * 0.92 / max(len(text), 1) * 1.05))
    size = max(size // FONT_STEP, 2) * FONT_STEP
    middle = (box[0] + width / 2, box[1] + height / 2)
    draw.text(middle, text, colour, _font(size), anchor="mm")


def _tint(chance: random.Random, low: int, high: int) -> Colour:
    red, green, blue = (chance.randint(low, high) for _ in range(3))
    return red, green, blue


def _darker(colour: Colour, factor: float) -> Colour:
    red, green, blue = (int(part * factor) for part in colour)
    return red, green, blue


_TITLES = {
    "int_tariff_public": "资费公示",
    "int_complaint_channel": "服务监督",
    "int_promo_current": "限时优惠",
    "int_lang_sign": "业务指南",
    "int_water": "饮水处",
    "int_reading_aids": "便民服务",
    "int_demo": "体验专区",
}
_Scene = Callable[[Canvas, Subject, random.Random, random.Random], None]
_SCENES: dict[str, _Scene] = {
    "ext_open": _front,
    "ext_signage": _front,
    "ext_clean": _doorstep,
    "ext_access": _doorstep,
    "ext_slip_mat": _doorstep,
    "int_umbrella_rack": _rack,
    "int_seats": _seats,
    "int_water": _shelf,
    "int_reading_aids": _shelf,
    "int_demo": _shelf,
    "int_tariff_public": _board,
    "int_complaint_channel": _board,
    "int_promo_current": _board,
    "int_lang_sign": _board,
    "int_fire_exit": _exit,
    "wai_kiosk": _machine,
    "wai_queue_machine": _machine,
    "con_receipt": _slip,
    "act_result": _slip,
}
