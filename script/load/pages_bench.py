"""Measures first pages and dashboards: 20 people at once, 5,000 halls, twelve months.

Prints for every page how many statements it costs, how long they take alone, and what
people waited: the median, 95 of a hundred, and the longest.
"""

import argparse
import http.client
import os
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import create_engine

from auditapp.settings import DEMO_PASSWORD
from auditapp.store.engine import make_durable
from load import servers
from load.desk_world import THIS_MONTH, make_desk
from load.month_world import MONTH
from load.page_costs import measure_costs

SEE = f"/see/{MONTH}"
DESK = ("/", "/actions", "/appeals", "/appeals/rates", "/obstacles")
VIEWS = (
    SEE,
    f"{SEE}?span=3",
    f"{SEE}?span=12",
    f"{SEE}?span=12&trait=rainy",
    f"{SEE}/halls",
    f"{SEE}/halls?sort=alerts",
    f"{SEE}/items?dimension=rater&key=reliability",
    "/months",
    f"/months/{MONTH}",
    "/complaints",
    "/visits",
    f"/visits?month={THIS_MONTH}",
)
PAGES: Mapping[str, Sequence[str]] = {
    "hq": (*DESK, *VIEWS),
    "region": (*DESK, *VIEWS),
    "hall": ("/", "/actions", "/appeals", "/obstacles", "/visits"),
    "department": ("/actions", "/obstacles", "/complaints"),
    "agency": ("/", "/visits"),
    "inspector": ("/", "/visits"),
}
# who is there at the same time
CROWD = ("hq",) * 6 + ("region",) * 6 + ("hall",) * 4 + ("department",) * 2
PEOPLE = (*CROWD, "agency", "inspector")
WANTED_MILLISECONDS = 200
MOST_REDIRECTS = 3
Waits = dict[tuple[str, str], list[float]]


class Browser:
    """One person's signed-in, kept-alive connection."""

    def __init__(self, port: int, login: str) -> None:
        self._wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        page = self.get("/sign-in")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        form = {"login": login, "password": DEMO_PASSWORD}
        if found:
            form["csrf_token"] = found[1]
        self._send("POST", "/sign-in", urlencode(form))

    def get(self, path: str) -> str:
        """Return a page; where it leads on, the page behind it."""
        for _redirect in range(MOST_REDIRECTS):
            status, location, body = self._send("GET", path)
            if status < http.client.MULTIPLE_CHOICES:
                return body
            if status >= http.client.BAD_REQUEST or not location:
                break
            path = location
        message = f"{path}: {status}"
        raise RuntimeError(message)

    def wait_for(self, path: str) -> float:
        """Return how many milliseconds a page took."""
        began = time.monotonic()
        self.get(path)
        return 1000 * (time.monotonic() - began)

    def _send(
        self, method: str, path: str, body: str | None = None
    ) -> tuple[int, str | None, str]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._wire.request(method, path, body, headers)
        answer = self._wire.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.headers.get("Location"), text


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="script/bench pages", description=__doc__)
    parser.add_argument("--halls", type=int, default=5_000)
    parser.add_argument(
        "--only", nargs="+", default=["sqlite", "postgresql"], metavar="DATABASE"
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=2, help="mean seconds")
    parser.add_argument("--plan", action="store_true", help="show the plans")
    parser.add_argument("--keep", help="a folder whose SQLite is used again")
    wanted = parser.parse_args()
    for kind in wanted.only:
        with filled(kind, wanted) as (folder, url):
            measure(kind, folder, url, wanted)
    return 0


@contextmanager
def filled(kind: str, wanted: argparse.Namespace) -> Iterator[tuple[Path, str]]:
    """Lend a folder and a database that is full."""
    with ExitStack() as stack:
        if wanted.keep:
            folder = Path(wanted.keep)
        else:
            made = tempfile.mkdtemp(prefix="bench-", dir=os.environ.get("BENCH_DIR"))
            folder = Path(made)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        path = folder / "auditapp.db"
        url = f"sqlite:///{path}"
        if kind == "postgresql":
            url = stack.enter_context(servers.postgresql())
        if kind == "postgresql" or not path.exists():
            began = time.monotonic()
            engine = create_engine(url)
            make_durable(engine)
            make_desk(engine, wanted.halls)
            engine.dispose()
            print(f"{kind}: filled in {time.monotonic() - began:.0f} s", flush=True)
        yield folder, url


def measure(kind: str, folder: Path, url: str, wanted: argparse.Namespace) -> None:
    """Start the server, let people look, print."""
    costs = measure_costs(folder, url, PAGES, has_plan=wanted.plan)
    server = servers.product(folder, url)
    server.start()
    try:
        first, waits = crowd(server.port, wanted.seconds, wanted.think)
    finally:
        server.kill()
    print(f"\n{kind}, {wanted.halls:,} halls x 12 months, {len(PEOPLE)} people")
    print(f"{'':52} SQL  alone    n    p50    p95    max  ms")
    for line in table(waits, costs):
        print(line)
    print(f"{'all, first round':62} {spread(everything(first))}")


def table(
    waits: Waits, costs: Mapping[tuple[str, str], tuple[int, float]]
) -> Iterator[str]:
    """Yield a line for each page, and one for all of them."""
    for (login, page), found in sorted(waits.items()):
        statements, alone = costs[login, page]
        yield (
            f"{login:10} {page:40} {statements:>4} {alone:>6.0f} {spread(found)}"
            f"{'  slow' if at(found, 0.95) > WANTED_MILLISECONDS else ''}"
        )
    yield f"{'all, later rounds':62} {spread(everything(waits))}"


def everything(waits: Waits) -> list[float]:
    """Return what was waited for whatever page."""
    return [each for some in waits.values() for each in some]


def spread(found: Sequence[float]) -> str:
    """Say how many there were and how long they took."""
    middle, most = at(found, 0.5), at(found, 0.95)
    return f"{len(found):>4} {middle:>6.0f} {most:>6.0f} {max(found):>6.0f}"


def at(found: Sequence[float], share: float) -> float:
    """Return the value that a share of all stays under."""
    return sorted(found)[min(int(share * len(found)), len(found) - 1)]


def crowd(port: int, seconds: float, think: float) -> tuple[Waits, Waits]:
    """Let everybody go round their own pages, thinking between two of them.

    Returns what they waited in their first round, when each process meets each page
    for the first time, and in all later ones.
    """
    first: Waits = defaultdict(list)
    later: Waits = defaultdict(list)
    faults: list[Exception] = []
    until = time.monotonic() + seconds

    def look(number: int, who: str) -> None:
        chance = random.Random(number)
        login = f"region{number % 5}" if who == "region" else who
        try:
            browser = Browser(port, login)
            time.sleep(chance.uniform(0, think))
            pages, waits = list(PAGES[who]), first
            while time.monotonic() < until:
                chance.shuffle(pages)
                for page in pages:
                    waits[who, page].append(browser.wait_for(page))
                    time.sleep(chance.uniform(think / 2, think * 3 / 2))
                waits = later
        except (OSError, RuntimeError) as error:
            faults.append(error)

    people = [
        threading.Thread(target=look, args=each, daemon=True)
        for each in enumerate(PEOPLE)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    for fault in faults:
        print(f"fault: {fault}")
    return first, later


if __name__ == "__main__":
    sys.exit(main())
