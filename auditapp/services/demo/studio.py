"""Taking the demonstration's photos: drawn, stored and looked at, two at a time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from auditapp.gateways.demo_pictures import draw_picture, draw_signature
from auditapp.gateways.demo_scenes import Subject
from auditapp.gateways.images import PicturePool
from auditapp.gateways.storage import Storage, photo_key
from auditapp.services.photos import READABLE, as_signed, quarters_of

WORKERS = 2  # drawing lets go of the interpreter, so two processors are used
USUAL_WIDTH, QUICK_WIDTH = 640, 160  # pixels
USUAL_QUALITY, COPY_QUALITY = 74, 58  # a copy sent on by a messenger loses some


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored photo with all that its row says."""

    sha256: str
    size_bytes: int
    width: int
    height: int
    dhash: int | None
    media_type: str = "image/jpeg"

    def row(self, now: datetime) -> dict[str, Any]:
        """Return the row of a photo that was looked at."""
        quarters = quarters_of(self.dhash)
        names = ("dhash_1", "dhash_2", "dhash_3", "dhash_4")
        return {
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
            "media_type": self.media_type,
            "stored_at": now,
            "condition": READABLE,
            "width": self.width,
            "height": self.height,
            "dhash": as_signed(self.dhash),
            **dict(zip(names, quarters, strict=True)),
        }


@dataclass(frozen=True, slots=True)
class Studio:
    """Where photos are made and kept; a quick one makes them very small."""

    storage: Storage
    pictures: PicturePool
    is_quick: bool

    def shoot(
        self,
        wanted: Sequence[tuple[Subject, bool]],
        tell: Callable[[float], None] = lambda _share: None,
    ) -> list[Photo]:
        """Take the photos of subjects, copies where asked for, in their order."""
        photos = []
        with ThreadPoolExecutor(WORKERS) as pool:
            for photo in pool.map(self._take, wanted):
                photos.append(photo)
                tell(len(photos) / len(wanted))
        return photos

    def forget(self, photo: Photo) -> None:
        """Drop the bytes of a photo that is to be missing."""
        self.storage.delete(photo_key(photo.sha256))

    def sign(self, key: str) -> Photo:
        """Let somebody sign on the glass of a phone."""
        return self._keep(draw_signature(key), "image/png")

    def _take(self, wanted: tuple[Subject, bool]) -> Photo:
        subject, is_copy = wanted
        content = draw_picture(
            subject,
            width=QUICK_WIDTH if self.is_quick else USUAL_WIDTH,
            quality=COPY_QUALITY if is_copy else USUAL_QUALITY,
        )
        return self._keep(content)

    def _keep(self, content: bytes, media_type: str = "image/jpeg") -> Photo:
        name = sha256(content).hexdigest()
        self.storage.put(photo_key(name), content)
        seen = self.pictures.open(content)
        facts = (name, len(content), seen.width, seen.height, seen.dhash)
        return Photo(*facts, media_type)
