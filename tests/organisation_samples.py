"""A small sound organisation to change one thing of."""

from copy import deepcopy

from auditapp.gateways.checklist_files import load_vocabulary

VOCABULARY = load_vocabulary()

_SMALL = {
    "company": {"id": "co", "zh": "公司", "en": "Company", "hotline": "+86 10000"},
    "departments": [{"id": "it", "zh": "信息部", "en": "IT"}],
    "agency": {"id": "ag", "zh": "第三方", "en": "Agency"},
    "regions": [{"id": "east", "zh": "东部", "en": "East", "traits": ["rainy"]}],
    "cities": [{"id": "sx", "region": "east", "zh": "绍兴", "en": "Shaoxing"}],
    "halls": [
        {
            "id": "SX01",
            "zh": "一厅",
            "en": "First",
            "city": "sx",
            "tier": "small",
            "traits_add": ["kiosk"],
            "traits_remove": [],
            "lat": 30.01,
            "lon": 120.59,
            "hours": "08:30-18:00",
            "counters": 2,
            "area_m2": 60,
            "staff": 4,
            "pace_per_day": 48,
        }
    ],
    "users": [
        {"login": "hq", "role": "headquarters", "zh": "总部", "en": "HQ"},
        {"login": "rm", "role": "region_manager", "zh": "大区", "region": "east"},
        {
            "login": "a1",
            "role": "auditor",
            "zh": "甲",
            "regions": ["east"],
            "agency": "ag",
        },
        {"login": "h1", "role": "hall_manager", "zh": "值班", "hall": "SX01"},
    ],
}


def small_organisation():
    """Return a fresh document."""
    return deepcopy(_SMALL)


def organisation_of(halls):
    """Return a document with this many halls."""
    document = small_organisation()
    first = document["halls"][0]
    document["halls"] = [{**first, "id": f"H{n:05d}"} for n in range(halls)]
    document["users"][3]["hall"] = "H00000"
    return document
