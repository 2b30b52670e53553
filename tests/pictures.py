"""Real pictures for tests, and audits that have them in their manifest."""

import io
from datetime import timedelta
from hashlib import sha256

from PIL import Image, ImageDraw

from auditapp.gateways.storage import photo_key
from auditapp.services.jobs import request_job
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoHolderRow, PhotoRow
from desk_world import NOW, make_audit

BROKEN = b"\xff\xd8\xff\xe0" + b"no picture" * 40


def picture(number=0, size=(640, 480), **options):
    """Return a JPEG; each number has another shape in it."""
    image = Image.new("RGB", size, (30 * number % 255, 90, 120))
    draw = ImageDraw.Draw(image)
    for step in range(8):
        left = (number * 97 + step * 61 * (number + 1)) % (size[0] - 80)
        top = (number * 53 + step * 47) % (size[1] - 80)
        draw.rectangle((left, top, left + 80, top + 60), fill=(255 - 30 * step, 220, 9))
    file = io.BytesIO()
    image.save(file, "JPEG", **({"quality": 90} | options))
    return file.getvalue()


def attach(app, session, audit_id, photos, items=()):
    """Store photos, put them into an audit's manifest, ask for their check."""
    audit = session.get_one(AuditRow, audit_id)
    for position, photo in enumerate(photos):
        name = sha256(photo).hexdigest()
        app.extensions["storage"].put(photo_key(name), photo)
        if session.get(PhotoRow, name) is None:
            session.add(
                PhotoRow(
                    sha256=name,
                    size_bytes=len(photo),
                    media_type="image/jpeg",
                    stored_at=NOW,
                )
            )
            session.flush()
            request_job(session, "photo.check", name, now=NOW)
        holder = (name, audit.auditor_id)
        if session.get(PhotoHolderRow, holder) is None:
            session.add(PhotoHolderRow(sha256=name, person_id=audit.auditor_id))
        session.add(
            EvidenceRow(
                audit_id=audit_id,
                sha256=name,
                position=position,
                item_id=items[position] if position < len(items) else None,
                source="camera",
                taken_at=NOW + timedelta(minutes=position),
            )
        )
    session.commit()
    return [sha256(photo).hexdigest() for photo in photos]


def make_audit_with(app, session, world, photos, **changes):
    """Return an audit with these photos, and their names."""
    audit_id = make_audit(session, world, photos=0, **changes)
    audit = session.get_one(AuditRow, audit_id)
    names = [sha256(photo).hexdigest() for photo in photos]
    manifest = ",".join(
        f'{{"sha256":"{name}","bytes":{len(photo)},"type":"image/jpeg"}}'
        for name, photo in zip(names, photos, strict=True)
    )
    audit.document = audit.document.replace(
        b'"evidence": []', f'"evidence": [{manifest}]'.encode()
    )
    return audit_id, attach(app, session, audit_id, photos)
