"""Anyone who holds a receipt may ask whether it is genuine."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from auditapp.domain.instants import parse_instant
from auditapp.extensions import reading
from auditapp.gateways.signing import LONGEST_RECEIPT, ReceiptSigner
from auditapp.reads.receipts import compare_receipt
from auditapp.web.security import public

bp = Blueprint("receipts", __name__, url_prefix="/receipts")


class ReceiptForm(FlaskForm):
    """The receipt as the phone shows it."""

    receipt = TextAreaField(
        lazy_gettext("Receipt"),
        [
            InputRequired(lazy_gettext("Please paste the receipt.")),
            Length(
                max=LONGEST_RECEIPT,
                message=lazy_gettext("A receipt is shorter than that."),
            ),
        ],
        filters=[lambda text: "".join((text or "").split())],
    )


@bp.get("/verify")
@public
def ask() -> str:
    """Ask for a receipt."""
    return render_template("receipts/verify.html", form=ReceiptForm(formdata=None))


@bp.post("/verify")
@public
def verify() -> ResponseReturnValue:
    """Say whether this server signed it and still holds what it names."""
    form = ReceiptForm()
    if not form.validate():
        return render_template("receipts/verify.html", form=form), 422
    signer: ReceiptSigner = current_app.extensions["receipts"]
    facts = signer.read(form.receipt.data)
    if facts is None:
        form.receipt.errors = [
            _("This server did not sign that. Copy it again in full.")
        ]
        return render_template("receipts/verify.html", form=form), 422
    with reading() as session:
        holding = compare_receipt(session, facts)
    return render_template(
        "receipts/verify.html",
        form=form,
        facts=facts,
        completed_at=parse_instant(facts["completed_at"]),
        holding=holding,
    )
