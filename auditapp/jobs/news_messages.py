"""How what a person is told looks on each way, in that person's language."""

from email.message import EmailMessage
from html import escape

from auditapp.domain.notification import Facts, NewsKind, news_address, news_text
from auditapp.domain.text import Text
from auditapp.services.notifications import Batch

ALL_NEWS = "/notifications"
LONGEST_PUSH = 300  # of a line that a phone's lock screen shows
MOST_SAID = 5  # in the chat: WeCom takes 2,048 bytes and refuses more with a 200
_COUNTED = Text("{count}条通知", "{count} notifications")
_MORE = Text("另有{count}条", "{count} more")
_SUBJECT = Text("Auditapp：{count}条通知", "Auditapp: {count} notifications")
_CONNECTED = Text(
    "Auditapp：机器人已接通，以后的通知会发到这里。",
    "Auditapp: this robot is connected; notifications will be said here.",
)
_HELLO = Text("{name}，您好：", "Dear {name},")
_WHY = Text(
    "您在“通知”里选了用邮件收这些消息，可以随时改。",
    "You chose to be told by e-mail on the page of notifications; change it any time.",
)


def email_of(batch: Batch, public_url: str) -> EmailMessage:
    """Return one mail; sent twice it is still one."""
    lines = _lines(batch, public_url)
    name = batch.name.in_language(batch.locale)
    hello = _HELLO.in_language(batch.locale).format(name=name)
    why = _WHY.in_language(batch.locale)
    message = EmailMessage()
    message["To"] = batch.address
    message["Subject"] = _SUBJECT.in_language(batch.locale).format(count=len(lines))
    message["Message-ID"] = f"<{batch.ids[0]}@auditapp>"
    message["Auto-Submitted"] = "auto-generated"
    text = "\n".join(f"- {words}\n  {link}" for words, link in lines)
    message.set_content(f"{hello}\n\n{text}\n\n{why}\n")
    items = "".join(
        f'<li><a href="{escape(link)}">{escape(words)}</a></li>'
        for words, link in lines
    )
    message.add_alternative(
        f"<p>{escape(hello)}</p><ul>{items}</ul><p>{escape(why)}</p>", subtype="html"
    )
    return message


def chat_text(batch: Batch, public_url: str) -> str:
    """Return what a robot says; it begins with the word its group may ask for."""
    lines = _lines(batch, public_url)
    heading = _SUBJECT.in_language(batch.locale).format(count=len(lines))
    said = [f"{words}\n{link}" for words, link in lines[:MOST_SAID]]
    if len(lines) > MOST_SAID:
        more = _MORE.in_language(batch.locale).format(count=len(lines) - MOST_SAID)
        said.append(f"{more}\n{public_url.rstrip('/')}{ALL_NEWS}")
    return "\n".join([heading, *said])


def greeting(locale: str) -> str:
    """Return what a robot says first; it holds the word its group may ask for."""
    return _CONNECTED.in_language(locale)


def push_message(batch: Batch) -> dict[str, str]:
    """Return what a browser shows, and where a touch of it leads."""
    lines = _lines(batch, "")
    if len(lines) == 1:
        words, address = lines[0]
    else:
        words = _COUNTED.in_language(batch.locale).format(count=len(lines))
        address = ALL_NEWS
    return {"title": "Auditapp", "body": words[:LONGEST_PUSH], "url": address}


def _lines(batch: Batch, public_url: str) -> list[tuple[str, str]]:
    return [
        (
            _told(row.kind, row.facts, batch.locale),
            public_url.rstrip("/") + news_address(NewsKind(row.kind), row.facts),
        )
        for row in batch.told
    ]


def _told(kind: str, facts: Facts, locale: str) -> str:
    return news_text(NewsKind(kind), facts).in_language(locale)
