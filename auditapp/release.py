"""The name of what is served: it changes when any file a browser keeps changes."""

from hashlib import sha256
from pathlib import Path

WATCHED = (
    "static/**/*.js",
    "static/**/*.css",
    "static/**/*.svg",
    "templates/field/**/*.html",
)


def release_of(root: Path) -> str:
    """Return 12 hex digits over the names and bytes of the phone's files."""
    seen = sha256()
    for path in sorted({path for glob in WATCHED for path in root.glob(glob)}):
        seen.update(str(path.relative_to(root)).encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()[:12]
