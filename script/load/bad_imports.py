"""Brings every file of a folder as an import to a real server, as a browser does."""

import csv
import re
from http.cookiejar import CookieJar
from io import BytesIO, StringIO
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener
from uuid import uuid4
from zipfile import ZipFile

from sqlalchemy.orm import Session

from auditapp.domain.spreadsheet_cells import as_cell
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.services.accounts import hash_password
from auditapp.services.checklists import publish_checklist
from auditapp.store.people import PersonRow
from load.world import BEGAN

LOGIN = "load-hq"
PATIENCE_SECONDS = 120
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_COLUMN = re.compile(r'name="column"')
_ZIP = b"PK"


def settle_bringer(session: Session) -> str:
    """Write somebody who may import, and the questions; return the password."""
    password = uuid4().hex
    session.add(
        PersonRow(
            login=LOGIN,
            role="headquarters",
            code="LHQ",
            region_ids=[],
            name_zh="压测",
            name_en="Load",
            password_hash=hash_password(password),
        )
    )
    publish_checklist(
        session,
        load_yaml(CHECKLIST_DIR / "sms_feedback.yaml").document,
        load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document,
        effective_month="2026-01",
        now=BEGAN,
    )
    session.commit()
    return password


class Browser:
    """A signed-in person who brings files; every answer is a status in words."""

    def __init__(self, port: int, password: str) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        page = self._get("/sign-in")[1]
        fields = {"login": LOGIN, "password": password, "csrf_token": _token(page)}
        self._send("/sign-in", urlencode(fields).encode())
        self._proof = _token(self._get("/imports")[1])

    def bring(self, path: Path) -> list[str]:
        """Bring a file, give its columns a meaning, start it; and as a checklist."""
        boundary = uuid4().hex
        part = f"--{boundary}\r\nContent-Disposition: form-data; name="
        head = (
            f'{part}"csrf_token"\r\n\r\n{self._proof}\r\n'
            f'{part}"source"\r\n\r\nsms\r\n'
            f'{part}"file"; filename="{path.suffix or "x"}"\r\n\r\n'
        ).encode()
        body = head + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        status, page, address = self._send("/imports", body, kind)
        told = [f"brought {status}"]
        if "/imports/" in address:
            width = len(_COLUMN.findall(page))
            names = ["hall", "day", "sms_rating", "sms_words"][:width]
            fields = [("csrf_token", self._proof), *(("column", n) for n in names)]
            address = address.removeprefix(self._url).partition("#")[0]
            for step in ("columns", "start"):
                answer = self._send(f"{address}/{step}", urlencode(fields).encode())
                told.append(f"{step} {answer[0]}")
        checklist = self._send("/standards/sms_feedback/import", body, kind)
        return [*told, f"as a checklist {checklist[0]}"]

    def unsafe_faults(self) -> tuple[int, int]:
        """Return how many imports have rows to correct, and how many cells compute."""
        addresses = set(re.findall(r'href="(/imports/[0-9a-f-]{36})"', self._list()))
        files = [self._fetch(f"{address}/faults") for address in addresses]
        found = [body for status, body in files if status == "200"]
        return len(found), sum(map(_formulas, found))

    def _list(self) -> str:
        return self._get("/imports")[1]

    def _fetch(self, path: str) -> tuple[str, bytes]:
        try:
            with self._opener.open(self._url + path, timeout=PATIENCE_SECONDS) as file:
                return str(file.status), file.read()
        except HTTPError as error:
            return str(error.code), b""

    def _get(self, path: str) -> tuple[str, str, str]:
        return self._open(Request(self._url + path))  # noqa: S310 (our own server)

    def _send(
        self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[str, str, str]:
        request = Request(self._url + path, body, {"Content-Type": kind})  # noqa: S310
        return self._open(request)

    def _open(self, request: Request) -> tuple[str, str, str]:
        """Return status, text and the address that redirects ended at."""
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                text = answer.read().decode(errors="replace")
                return str(answer.status), text, answer.url
        except HTTPError as error:
            return str(error.code), error.read().decode(errors="replace"), error.url
        except (URLError, OSError):
            return "dropped", "", ""


def _formulas(content: bytes) -> int:
    """Count the cells of a file that a spreadsheet would compute."""
    if content.startswith(_ZIP):
        with ZipFile(BytesIO(content)) as archive:
            return archive.read("xl/worksheets/sheet1.xml").count(b"<f>")
    rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    return sum(as_cell(cell) != cell for row in rows for cell in row)


def _token(page: str) -> str:
    found = _TOKEN.search(page)
    return found[1] if found else ""
