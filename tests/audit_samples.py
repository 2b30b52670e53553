"""A small form with every kind of item, a sound audit of it, and ways to change it."""

import json
from copy import deepcopy
from pathlib import Path

VECTORS = Path(__file__).parent / "vectors"


def vectors(name):
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))


def small_form(**changes):
    return {**vectors("completeness")["form"], **changes}


def sound_document(change=None):
    return merged(vectors("completeness")["document"], change or {})


def merged(target, patch):
    """Return the target after a JSON merge patch (RFC 7396): null removes."""
    if not isinstance(patch, dict):
        return deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result
