"""The PDF maker: its world is closed, its fonts are whole, its time is short."""

import subprocess
import sys
from socket import create_server
from threading import Thread

import pypdfium2
import pytest

from auditapp.gateways.pdf import PdfError, render_pdf
from pictures import picture

FONT = """
@font-face { font-family: Report; src: url("font:regular") }
body { font: 40px Report; margin: 0 }
"""
CANARY = "canary-in-a-file"
IMAGE = 3  # FPDF_PAGEOBJ_IMAGE

# every way in which a page can name something else; {0} is its address
CHANNELS = [
    '<img src="{0}">',
    '<img srcset="{0} 2x" src="{0}">',
    '<picture><source srcset="{0}"><img src="{0}"></picture>',
    '<object data="{0}"></object>',
    '<object data="{0}" type="image/svg+xml"></object>',
    '<embed src="{0}">',
    '<iframe src="{0}"></iframe>',
    '<video poster="{0}"></video>',
    '<input type="image" src="{0}">',
    '<link rel="stylesheet" href="{0}">',
    '<link rel="attachment" href="{0}">',
    '<a rel="attachment" href="{0}">x</a>',
    '<link rel="icon" href="{0}">',
    '<base href="{0}"><img src="x.png">',
    '<style>@import url("{0}");</style>',
    '<style>@import "{0}";</style>',
    '<style>@font-face {{ font-family: X; src: url("{0}") }}</style>',
    '<style>@page {{ background: url("{0}") }}</style>',
    '<style>@page {{ @top-left {{ content: url("{0}") }} }}</style>',
    "<style>p::before {{ content: url('{0}') }}</style>",
    '<p style="background: url({0})">x</p>',
    '<p style="border-image: url({0}) 30">x</p>',
    '<ul style="list-style: url({0})"><li>x</ul>',
    '<p style="mask-image: url({0}); cursor: url({0})">x</p>',
    '<p style="content: url({0})">x</p>',
    '<p style="background: image-set(url({0}) 1x)">x</p>',
    '<svg><image href="{0}" width="9" height="9"/></svg>',
    '<svg><image xlink:href="{0}" width="9" height="9"/></svg>',
    '<svg><use href="{0}#x"/></svg>',
    '<svg><rect fill="url({0}#x)" width="9" height="9"/></svg>',
    "<svg><style>@import url('{0}'); rect {{ fill: url('{0}') }}</style><rect/></svg>",
    '<svg><foreignObject><img src="{0}"></foreignObject></svg>',
    '<math><mi href="{0}">x</mi></math>',
    '<meta http-equiv="refresh" content="0; url={0}">',
]


@pytest.fixture
def listener():
    """Return an address nobody should ask for, and the list of who did."""
    calls = []
    server = create_server(("127.0.0.1", 0))
    server.settimeout(10)

    def answer():
        while True:
            try:
                connection, _address = server.accept()
            except OSError:
                return
            calls.append(connection.recv(100))
            connection.sendall(b"HTTP/1.0 404 no\r\n\r\n")
            connection.close()

    thread = Thread(target=answer, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
    server.shutdown(2)
    server.close()
    thread.join(timeout=5)


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    attached = document.count_attachments()
    document.close()
    return text, attached


def page_of(address):
    return "".join(channel.format(address) for channel in CHANNELS)


def test_no_channel_reaches_the_network(listener):
    address, calls = listener
    pdf = render_pdf(page_of(f"{address}/x"), FONT, {})
    assert calls == []
    assert text_of(pdf)[1] == 0


def test_the_same_page_would_reach_it_from_an_open_world(listener, tmp_path):
    """The probe itself works: plain WeasyPrint asks for nearly all of it."""
    address, calls = listener
    pages = "".join(
        channel.format(f"{address}/{number}") for number, channel in enumerate(CHANNELS)
    )
    program = "import sys, weasyprint; weasyprint.HTML(sys.argv[1]).write_pdf()"
    (tmp_path / "page.html").write_text(pages)
    subprocess.run([sys.executable, "-c", program, tmp_path / "page.html"], check=True)
    assert len({call.split()[1] for call in calls}) >= 10


@pytest.mark.parametrize(
    "form", ["file://{0}", "file:{0}", "{0}", "FILE://localhost{0}"]
)
def test_no_channel_reads_a_file(tmp_path, form):
    secret = tmp_path / "secret.html"
    secret.write_text(f"<p>{CANARY}</p>")
    pdf = render_pdf(page_of(form.format(secret)), FONT, {})
    text, attached = text_of(pdf)
    assert CANARY not in text
    assert CANARY.encode() not in pdf
    assert attached == 0


def test_only_the_photos_handed_in_are_there():
    page = '<img src="photo:here" alt="x"><img src="photo:elsewhere" alt="y">'
    document = pypdfium2.PdfDocument(render_pdf(page, FONT, {"here": picture()}))
    images = [found for found in document[0].get_objects() if found.type == IMAGE]
    assert len(images) == 1
    document.close()


def test_rare_characters_are_printed_and_can_be_copied():
    rare = "垚犇骉龘"
    pdf = render_pdf(f"<p>门店{rare}</p>", FONT, {})
    assert rare in text_of(pdf)[0]


def test_each_rare_character_has_its_own_ink():
    """A font that lacks a character prints a blank or the same box for all."""
    pictures = set()
    for character in "垚犇骉":
        document = pypdfium2.PdfDocument(render_pdf(f"<p>{character}</p>", FONT, {}))
        image = document[0].render(scale=0.5, grayscale=True).to_pil()
        assert sum(image.histogram()[:128]) > 40
        pictures.add(image.tobytes())
        document.close()
    assert len(pictures) == 3


def test_a_page_that_takes_too_long_is_given_up():
    with pytest.raises(PdfError, match="not done in"):
        render_pdf("<p>" * 20000, FONT, {}, patience_seconds=0.8)


def test_a_page_that_cannot_be_printed_is_an_error_and_reaches_nothing(listener):
    """WeasyPrint takes a missing colour profile for fatal."""
    address, calls = listener
    page = f'<style>@color-profile --x {{ src: url("{address}") }}</style>'
    with pytest.raises(PdfError, match="ended with 1"):
        render_pdf(page, FONT, {})
    assert calls == []
