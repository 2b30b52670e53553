"""What the business system and the provider of text messages may send."""

from auditapp.domain.reply_batch import MOST_REPLIES
from auditapp.domain.transaction import (
    LANGUAGES,
    LONGEST_BUSINESS,
    LONGEST_ID,
    LONGEST_PHONE,
    LONGEST_SURNAME,
    MOST_TRANSACTIONS,
)
from auditapp.web.openapi_paths import answer, json_of, operation, parameter
from auditapp.web.openapi_schemas import (
    INSTANT,
    TEXT,
    WHOLE,
    Schema,
    listed,
    record,
    reference,
)

SENDERS = ["Other systems"]
REFUSALS = ("400", "401", "404", "411", "413", "415", "422", "503", "507")
SIGNED = [
    parameter("header", "webhook-id", TEXT, "The message's own id."),
    parameter("header", "webhook-timestamp", TEXT, "Seconds since 1970, ±5 minutes."),
    parameter(
        "header",
        "webhook-signature",
        TEXT,
        "v1, and the base64 of HMAC-SHA256 over id.timestamp.body with the shared"
        " secret (Standard Webhooks); several may stand there, separated by spaces.",
    ),
]


def line(longest: int) -> Schema:
    """Describe a line of printable text."""
    return {"type": "string", "minLength": 1, "maxLength": longest}


def taking(name: str, summary: str, body: str, result: str) -> Schema:
    """Describe a signed batch that is taken in."""
    return {
        "post": operation(
            name,
            summary,
            {"200": answer("What became of the batch.", json_of(result))},
            REFUSALS,
            tags=SENDERS,
            security=[],
            parameters=SIGNED,
            requestBody={"required": True, "content": json_of(body)},
        )
    }


PATHS: Schema = {
    "/transactions": taking(
        "postTransactions",
        "Report finished transactions, again as often as needed: the same id with the"
        " same content counts as repeated. Rows with something wrong are named, the"
        " others are taken; 422 when none could be. 404 while no secret is set.",
        "Transactions",
        "TransactionsTaken",
    ),
    "/sms/replies": taking(
        "postReplies",
        "Hand on what customers text back; each id is taken once. Strange numbers and"
        " texts are counted, never refused; 404 while no secret is set.",
        "Replies",
        "RepliesTaken",
    ),
}

SCHEMAS: Schema = {
    "Transactions": record(
        "transactions",
        transactions=listed(reference("Transaction"), maxItems=MOST_TRANSACTIONS),
    ),
    "Transaction": {
        **record(
            "id hall business finished_at phone",
            "surname language",
            id=line(LONGEST_ID),
            hall=line(LONGEST_ID),
            business=line(LONGEST_BUSINESS),
            finished_at=INSTANT,
            phone=line(LONGEST_PHONE),
            surname=line(LONGEST_SURNAME),
            language={"type": "string", "enum": list(LANGUAGES)},
        ),
        "additionalProperties": False,
    },
    "Replies": record(
        "replies", replies=listed(reference("Reply"), maxItems=MOST_REPLIES)
    ),
    "Reply": record(
        "id phone text received_at", id=line(LONGEST_ID), received_at=INSTANT
    ),
    "RepliesTaken": record(
        "counts errors",
        counts={"type": "object", "additionalProperties": WHOLE},
        errors=listed(reference("ProblemPart")),
    ),
    "TransactionsTaken": record(
        "taken repeated refused errors",
        taken=WHOLE,
        repeated=WHOLE,
        refused=WHOLE,
        errors=listed(reference("ProblemPart")),
    ),
}
