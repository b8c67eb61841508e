"""Each night: quotes past their last day expire, and owners hear of those that soon will."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models.notification import NotificationKind
from accounts.services.notifications import notify
from core.changes import change_set
from core.models import ChangeSet
from core.nightly import nightly_step
from customers.constants import MethodKind
from deals.constants import QuoteStatus
from deals.models import Quote, SalesSettings
from deals.services.quote_mail import enqueue_mail

EXPIRED = gettext_noop("The quote %(quote)s expired without an answer")
ENDING = gettext_noop("The quote %(quote)s is valid until %(day)s and has no answer yet")


@nightly_step("deals.expire_quotes")
def expire_quotes(day: date) -> int:
    """Quotes whose last day is over are expired; run again it finds none."""
    over = Quote.objects.alive().filter(status=QuoteStatus.SENT, valid_until__lt=day)
    count = 0
    for pk in list(over.order_by("pk").values_list("pk", flat=True)):
        with change_set(kind=ChangeSet.Kind.SYSTEM, actor=None, reason=_("The quote expired")) as log:
            rows = Quote._base_manager.select_for_update(of=("self",)).select_related("deal__owner")
            quote = rows.get(pk=pk)
            if quote.status != QuoteStatus.SENT:
                continue  # answered while this ran
            log.update(quote, {"status": QuoteStatus.EXPIRED})
            _tell(quote, EXPIRED)
            count += 1
    return count


@nightly_step("deals.remind_of_quotes")
def remind_of_quotes(day: date) -> int:
    """Owners hear once of each open quote that ends within the days set; the customer too, where the
    settings say so and there is an address."""
    rules = SalesSettings.load()
    if not rules.quote_reminder_days:
        return 0
    until = day + timedelta(days=rules.quote_reminder_days)
    ending = Quote.objects.alive().filter(
        status=QuoteStatus.SENT, reminded_at__isnull=True, valid_until__gte=day, valid_until__lte=until
    )
    count = 0
    for quote in ending.select_related("deal__owner", "contact").order_by("pk"):
        with transaction.atomic():
            # Claimed first: of two runs, one reminds.
            mine = Quote._base_manager.filter(pk=quote.pk, reminded_at=None)
            if not mine.update(reminded_at=timezone.now()):
                continue
            _tell(quote, ENDING)
            email = email_of(quote) if rules.quote_remind_customer else ""
            if email:
                enqueue_mail(quote, email=email, reminder=True)
            count += 1
    return count


def email_of(quote: Quote) -> str:
    """Where to write to about this quote: the main address of the person it is addressed to."""
    if quote.contact is None:
        return ""
    methods = quote.contact.methods.filter(kind=MethodKind.EMAIL, deleted_at=None, opted_out_at=None)
    found = methods.order_by("-primary", "pk").values_list("value", flat=True).first()
    return found or ""


def _tell(quote: Quote, text: str) -> None:
    owner = quote.deal.owner
    if owner is not None and quote.valid_until is not None:
        notify(
            user=owner,
            kind=NotificationKind.QUOTE,
            text=text,
            params={"quote": str(quote), "day": date_format(quote.valid_until, "Y-m-d")},
            url=quote.get_absolute_url(),
            dedupe=f"quote:{quote.pk}:{'expired' if text == EXPIRED else 'ending'}",
        )
