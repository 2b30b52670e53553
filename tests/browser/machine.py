"""The browser of this machine, what a phone is to it, and pictures for its camera."""

import shutil
from contextlib import suppress
from pathlib import Path

from PIL import Image, ImageDraw

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--accept-lang=zh-CN",  # a context's locale does not reach its service workers
]
AT_THE_DOOR = {"latitude": 30.0121, "longitude": 120.5902, "accuracy": 18}  # of SX01
PHONE = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "geolocation": AT_THE_DOOR,
    "permissions": ["geolocation"],
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}


def process_with(argument):
    """Return the id of the first process that was started with an argument.

    LookupError: none was.
    """
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended just now
            if argument.encode() in entry.read_bytes().split(b"\0"):
                return int(entry.parent.name)
    raise LookupError(argument)


def draw(path, index):
    """Draw a picture of 2400 × 1800 that no other index gives."""
    image = (
        Image.effect_noise((300, 225), 40 + index).convert("RGB").resize((2400, 1800))
    )
    pen = ImageDraw.Draw(image)
    for step in range(12):
        left = (step * 197 + index * 311) % 2000
        top = (step * 151 + index * 89) % 1500
        colour = (step * 20 + index * 13) % 256, (index * 37) % 256, (step * 11) % 256
        pen.rectangle([left, top, left + 260, top + 180], fill=colour)
    image.save(path, quality=88)
    return path
