"""A statutory form that has expired is issued anew, on a second signature."""

from __future__ import annotations

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Signer
from counterapp.core.business_day import latest_day
from counterapp.core.store_settings import store_settings
from counterapp.desks.till.services.form_acceptance import is_expired, take_form
from counterapp.errors import Refused
from counterapp.return_forms.closure import close_form
from counterapp.return_forms.issuing import issue_from
from counterapp.return_forms.models import FROM_EXPIRED, RENEW_ACT, RENEWED, Renewal
from counterapp.return_forms.settlement import sign_for
from counterapp.words import N_


def renew(session: Session, actor: Actor, signer: Signer, code: str) -> int:
    """Issue the form that bears `code` anew, with the same amount, and print it here; return its number.

    Raises NotFound, NotAllowed, Refused where it has not expired, has ended, or only the house gave it; Overtaken.
    """
    form = take_form(session, actor, code, expired=True)
    if not is_expired(form, latest_day(session, actor.today())):
        raise Refused(
            N_("Form {number} is good until {day}. It is taken as it is."),
            number=f"{form.number:06}", day=f"{form.expires_on:%Y-%m-%d}",
        )  # fmt: skip
    approval = sign_for(session, actor, signer, form, RENEW_ACT, store_settings(session).till)
    end = close_form(session, actor, form, RENEWED)
    new_form = issue_from(session, actor, form, form.amount, FROM_EXPIRED, end.booked_on, approval)
    session.add(
        Renewal(
            form_id=form.id, how=RENEWED, case_id=form.case_id, amount=form.amount, statutory=form.statutory,
            ended_by=end.ended_by, next_id=new_form.id, approval_id=approval.id, signed_by=signer.person_id,
        )
    )  # fmt: skip
    session.flush()
    return new_form.number
