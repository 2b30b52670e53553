"""Look for a number wherever it must not stand, and say where was looked."""

import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import MetaData, create_engine, select

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from auditapp.domain.phone_number import dialled, read_phone_number  # noqa: E402
from auditapp.settings import Settings, SettingsError  # noqa: E402

CHUNK_BYTES = 1024 * 1024
OVERLAP_BYTES = 64
NEVER_READ = {".venv", "node_modules", ".git"}


@dataclass
class Search:
    """What was looked through, and where the number stood."""

    number: str  # +86…
    found: list[str] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    files: int = 0
    size_bytes: int = 0

    def __post_init__(self) -> None:
        digits = dialled(self.number).removeprefix("+")
        # people and programs write 138 0000 1234, 138-0000-1234, %2B86138…
        apart = rb"[\s\-.]?".join(digit.encode() for digit in digits)
        self._pattern = re.compile(apart)

    def is_in(self, content: bytes) -> bool:
        """Tell whether the number stands in the content."""
        return self._pattern.search(content) is not None

    def look_through_database(self, url: str) -> None:
        """Look at every value of every column of every table."""
        engine = create_engine(url)
        tables = MetaData()
        tables.reflect(engine)
        with engine.connect() as connection:
            for table in tables.sorted_tables:
                self.columns += len(table.columns)
                for row in connection.execution_options(stream_results=True).execute(
                    select(table)
                ):
                    self.rows += 1
                    for name, value in row._mapping.items():  # noqa: SLF001 (its name)
                        if self.is_in(_as_bytes(value)):
                            self.found.append(f"table {table.name}, column {name}")
        engine.dispose()

    def look_through_files(self, places: Iterable[Path]) -> None:
        """Look at every byte of these files and folders, and into zip files."""
        for path in _files(places):
            self.files += 1
            self.size_bytes += path.stat().st_size
            if any(self.is_in(piece) for piece in _pieces(path)):
                self.found.append(f"file {path}")


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_file():
            yield place
            continue
        for path in sorted(place.rglob("*")):
            if path.is_file() and not NEVER_READ & set(path.parts):
                yield path


def _pieces(path: Path) -> Iterator[bytes]:
    if zipfile.is_zipfile(path):  # also .xlsx
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)
        return
    with path.open("rb") as file:
        before = b""
        while piece := file.read(CHUNK_BYTES):
            yield before + piece
            before = piece[-OVERLAP_BYTES:]


def main() -> int:
    """Print what was looked through; the status is 1 when the number was found."""
    number = read_phone_number(sys.stdin.readline())
    if number is None:
        print("Write the number on standard input.", file=sys.stderr)
        return 2
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    search = Search(number)
    search.look_through_database(settings.database_url)
    if settings.queue_url.startswith("sqlite:///"):
        search.look_through_database(settings.queue_url)
    search.look_through_files([settings.data_dir, *map(Path, sys.argv[1:])])
    print(
        f"looked at {search.rows} rows of {search.columns} columns and"
        f" {search.files} files of {search.size_bytes / 1024**2:.1f} MiB"
    )
    for place in dict.fromkeys(search.found):
        print(f"FOUND in {place}")
    print("found" if search.found else "found nowhere")
    return 1 if search.found else 0


if __name__ == "__main__":
    sys.exit(main())
