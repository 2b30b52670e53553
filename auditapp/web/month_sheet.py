"""The ledger of a hall's month in thousandths, to be added up by hand."""

from auditapp.web import month_words as words
from auditapp.web.month_ledger import counts
from auditapp.web.month_page import official_part
from auditapp.web.month_view import HallView, Parts


def sheet_parts(view: HallView) -> Parts:
    """Return every number that the official score is made of, to three decimals."""
    document = view.document
    milli = document["official"]["milli"]
    present = [each for each in document["sources"] if counts(each)]
    return {
        "official": official_part(view, []),
        "official_exact": words.thousandths(milli or 0),
        "exact": [
            {
                "name": words.source_name(each["source"]),
                "evidence": words.evidence_text(each["source"], each, view.month),
                "weight": each["weight"],
                "score": words.thousandths(each["milli"]),
                "product": words.thousandths(each["weight"] * each["milli"]),
                "adds": words.thousandths(each["adds_milli"] or 0),
            }
            for each in present
        ],
        "product_sum": words.thousandths(
            sum(each["weight"] * each["milli"] for each in present)
        ),
        "exact_lines": [
            {
                "name": words.item_name(line["item"], view.names),
                "source": words.source_name(line["source"]),
                "cause": words.cause_name(line.get("cause") or ""),
                "owner": words.group_name("owner", line.get("owner") or "", view.names),
                "lost": words.thousandths(line["lost_milli"]),
            }
            for line in sorted(
                document["lines"], key=lambda line: (-line["lost_milli"], line["item"])
            )
            if line["lost_milli"]
        ],
        "lost_exact": words.thousandths(
            sum(line["lost_milli"] for line in document["lines"])
        ),
    }
