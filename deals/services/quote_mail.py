"""Mails to customers about quotes, sent by a job: a mail server that is away loses none."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.job_titles import register_job_page
from core.jobs import Running, enqueue, job_handler
from core.shared_links import live_link, token
from deals.constants import QuoteStatus
from deals.models import Quote

JOB = "deals.quote_mail"
LINK = "quote"  # the purpose of signed links to quotes


def register() -> None:
    """Called once when the app is ready."""
    register_job_page(JOB, gettext_lazy("Quote by e-mail"))


def enqueue_mail(
    quote: Quote, *, email: str, message: str = "", actor: Any = None, reminder: bool = False
) -> None:
    """Have a mail sent once the transaction is committed."""
    arguments = {"quote": quote.pk, "email": email, "message": message, "reminder": reminder}
    enqueue(JOB, arguments=arguments, actor=actor)


@job_handler(JOB)
def send(job: Running) -> dict[str, Any]:
    """Send one mail; called again after it went out, it does nothing."""
    quote = Quote._base_manager.select_related("deal__owner", "contact").get(pk=job.arguments["quote"])
    address = public_url(quote)
    if (
        job.cursor == "sent"
        or "email" not in job.arguments
        or quote.status != QuoteStatus.SENT
        or not address
    ):
        return {"sent": 0}
    said = job.arguments
    mail = quote_mail(quote, address, email=said["email"], message=said["message"], reminder=said["reminder"])
    with transaction.atomic():
        job.step(cursor="sent")
        mail.send()
    return {"sent": 1}


def quote_mail(quote: Quote, address: str, *, email: str, message: str, reminder: bool) -> EmailMessage:
    """The mail in the customer's language. What people wrote stands in its body; in a header only the
    number and the title on one line."""
    owner = quote.deal.owner
    with translation.override(quote.language):
        context = {
            "quote": quote,
            "name": quote.contact.name if quote.contact else "",
            "message": message.strip(),
            "reminder": reminder,
            "url": address,
            "sender": "\n".join(part for part in (owner.name if owner else "", quote.sender) if part),
        }
        subject = _("Quote %(number)s: %(title)s") % {"number": quote, "title": quote.title}
        return EmailMessage(
            subject=" ".join(subject.split())[:200],
            body=render_to_string("deals/email/quote.txt", context),
            to=[email],
            reply_to=[owner.email] if owner and owner.is_active else [],
        )


def public_url(quote: Quote) -> str:
    """The address of the public page; empty where there is no link in force."""
    link = live_link(purpose=LINK, object_id=quote.pk)
    return settings.SITE_URL + reverse("deals:public_quote", args=[token(link)]) if link else ""
