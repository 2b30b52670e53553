"""The child that makes one PDF and ends.

Run as a program by ``auditapp.gateways.pdf`` with an empty environment and hard limits.
Standard input brings one line of JSON, which names the parts and their lengths, then
the parts: the page, the style sheet, the pictures. Standard output takes the PDF.
"""

import json
import logging
import resource
import sys
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 30
LARGEST_FILE_BYTES = 64 * 1024 * 1024  # WeasyPrint unpacks fonts into temporary files
DOTS_PER_INCH = 200


class ClosedWorld(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Serves what was handed in and denies everything else.

    By default WeasyPrint fetches from the network and from files through some thirty
    kinds of reference. Every one of them comes through ``fetch``; ``super`` is never
    asked. Source: design/security.md, row 17.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._files = files

    def fetch(
        self, url: str, _headers: dict[str, str] | None = None
    ) -> URLFetcherResponse:
        """Return one of the files; WeasyPrint goes on without what is denied."""
        if url not in self._files:
            message = "not part of this document"
            raise ValueError(message)
        return URLFetcherResponse(url, self._files[url], {"Content-Type": kind(url)})


def kind(url: str) -> str:
    """Return the media type of what we serve."""
    return "image/jpeg" if url.startswith("photo:") else "font/woff2"


def main() -> None:
    """Read the parts, write the PDF."""
    limit()
    logging.getLogger("weasyprint").addHandler(logging.StreamHandler(sys.stderr))
    header = json.loads(sys.stdin.buffer.readline())
    parts = {
        name: sys.stdin.buffer.read(size) for name, size in header["parts"].items()
    }
    html, css = parts.pop("html").decode(), parts.pop("css").decode()
    for name, path in header["fonts"].items():
        parts[f"font:{name}"] = Path(path).read_bytes()
    world, fonts = ClosedWorld(parts), FontConfiguration()
    style = CSS(string=css, base_url=None, url_fetcher=world, font_config=fonts)
    page = HTML(string=html, base_url=None, url_fetcher=world)
    page.write_pdf(
        sys.stdout.buffer,
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        optimize_images=True,
        dpi=DOTS_PER_INCH,
    )
    sys.stdout.buffer.flush()


def limit() -> None:
    """Set the limits; the kernel ends a child that runs away."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE_BYTES, LARGEST_FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
