"""Plain functions that make one thing each, committed, with defaults for the rest."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from secrets import token_urlsafe
from uuid import uuid4

from audit_samples import merged, small_form, sound_document
from auditapp.domain.canonical import canonical_json, digest
from auditapp.reads.people import key_hash
from auditapp.store.checklists import FormRow
from auditapp.store.organisation import CityRow, HallRow, RegionRow
from auditapp.store.people import AccessTokenRow, PersonRow
from auditapp.store.visits import VisitRow

NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
numbers = count(1)


def kept(session, row):
    session.add(row)
    session.commit()
    return row


def make_region(session, **changes):
    n = next(numbers)
    values = {
        "region_id": f"R{n}",
        "name_zh": f"大区{n}",
        "name_en": f"Region {n}",
        "traits": [],
    }
    return kept(session, RegionRow(**values | changes))


def make_city(session, region=None, **changes):
    n = next(numbers)
    values = {
        "city_id": f"C{n}",
        "region_id": (region or make_region(session)).region_id,
        "name_zh": f"城市{n}",
        "name_en": f"City {n}",
        "traits_add": [],
        "traits_remove": [],
    }
    return kept(session, CityRow(**values | changes))


def make_hall(session, city=None, **changes):
    n = next(numbers)
    values = {
        "hall_id": f"H{n}",
        "city_id": (city or make_city(session)).city_id,
        "name_zh": f"营业厅{n}",
        "name_en": f"Hall {n}",
        "tier": "standard",
        "traits_add": [],
        "traits_remove": [],
        "latitude": 23.1,
        "longitude": 113.3,
        "radius_metres": 120,
        "hours": "08:30-18:00",
        "counters": 4,
        "area_m2": 200,
        "staff": 8,
        "customers_per_day": 300,
    }
    return kept(session, HallRow(**values | changes))


def make_person(session, role="auditor", **changes):
    n = next(numbers)
    values = {
        "login": f"{role}{n}",
        "role": role,
        "name_zh": f"人员{n}",
        "name_en": f"Person {n}",
        "code": f"P{n}",
        "region_ids": [],
    }
    return kept(session, PersonRow(**values | changes))


def make_token(session, person, **changes):
    """Return the token itself; only its hash is stored."""
    token = token_urlsafe(32)
    values = {
        "token_hash": key_hash(token),
        "person_id": person.person_id,
        "name": "test",
        "created_at": NOW,
    }
    kept(session, AccessTokenRow(**values | changes))
    return token


def make_form(session, hall=None, **changes):
    hall_id = (hall or make_hall(session)).hall_id
    form = small_form(hall=hall_id, **changes)
    values = {
        "digest": digest(form),
        "hall_id": hall_id,
        "checklist_id": form["checklist"],
        "version": form["version"],
        "scenario": form.get("scenario"),
        "document": canonical_json(form),
        "created_at": NOW,
    }
    return kept(session, FormRow(**values))


def make_visit(session, auditor=None, hall=None, form=None, **changes):
    hall = hall or make_hall(session)
    region_id = session.get_one(CityRow, hall.city_id).region_id
    values = {
        "month": "2026-11",
        "kind": "mystery",
        "hall_id": hall.hall_id,
        "region_id": region_id,
        "auditor_id": (auditor or make_person(session)).person_id,
        "form_digest": (form or make_form(session, hall)).digest,
        "brief": {},
        "due_on": date(2026, 11, 30),
        "state": "assigned",
        "assigned_at": NOW,
    }
    return kept(session, VisitRow(**values | changes))


def make_document(visit, photos=(), change=None, **changes):
    """Return the document of a sound final audit, its manifest naming these photos."""
    document = sound_document({"answers": {"sig": {"photo_waived": "人多"}}})
    document = merged(document, change or {}) | {
        "id": str(uuid4()),
        "visit": str(visit.visit_id),
        "form": f"sha256:{visit.form_digest}",
        "device": "phone-1",
        "revision": 1,
        "state": "final",
        "evidence": [evidence_of(photo) for photo in photos],
    }
    return document | changes


def evidence_of(photo, **changes):
    """Return how a manifest names a photo."""
    values = {
        "sha256": sha256(photo).hexdigest(),
        "bytes": len(photo),
        "type": "image/jpeg",
        "source": "camera",
        "taken_at": "2026-11-17T02:00:00.000Z",
    }
    return values | changes


def make_photo(text="photo"):
    """Return bytes that begin as a JPEG does, different for each text."""
    return b"\xff\xd8\xff\xe0" + json.dumps(str(text)).encode() * 20
