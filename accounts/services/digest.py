"""The daily e-mail: what waits under the bell, once in each person's morning."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.models import Notification, User
from accounts.organisation import get_organisation
from accounts.selectors.notifications import local_day, people_due_for_digest, waiting_for_mail
from accounts.tasks import DIGEST_JOB
from core.jobs import Running, job_handler

LONGEST = 50  # lines of one mail; the rest is counted


@job_handler(DIGEST_JOB)
def send_digests(job: Running) -> dict[str, Any]:
    """Write to everybody whose morning has come. Run twice, it writes once."""
    due = people_due_for_digest()
    sent = 0
    for number, pk in enumerate(due, start=1):
        sent += send_digest(person_id=pk, now=datetime.now(UTC))
        job.step(done=number, total=len(due))
    return {"sent": sent}


def send_digest(*, person_id: int, now: datetime) -> bool:
    """Send one person today's digest, unless somebody else just did."""
    person = User.objects.get(pk=person_id)
    day, _hour = local_day(person, now)
    before = person.digest_on
    # Claimed first: of two workers, one wins, and no lock is held while the mail server answers.
    mine = User.objects.filter(pk=person.pk).filter(Q(digest_on=None) | Q(digest_on__lt=day))
    if not mine.update(digest_on=day):
        return False
    news = list(waiting_for_mail(person, now))
    if not news:
        return False
    try:
        digest_mail(person, news).send()
    except Exception:
        User.objects.filter(pk=person.pk).update(digest_on=before)
        raise
    Notification.objects.filter(pk__in=[row.pk for row in news]).update(mailed_at=timezone.now())
    return True


def digest_mail(person: User, news: list[Notification]) -> EmailMessage:
    """The mail in the person's language. Texts of others stand in its body, never in a header."""
    preferences = settings.SITE_URL + reverse("accounts:notification_preferences")
    with translation.override(person.language or get_organisation().language):
        context = {
            "person": person,
            "news": [(row.message, settings.SITE_URL + row.url if row.url else "") for row in news[:LONGEST]],
            "more": max(0, len(news) - LONGEST),
            "preferences_url": preferences,
            "list_url": settings.SITE_URL + reverse("accounts:notification_list"),
        }
        return EmailMessage(
            subject=ngettext("%(count)d thing for you today", "%(count)d things for you today", len(news))
            % {"count": len(news)},
            body=render_to_string("accounts/email/digest.txt", context),
            to=[person.email],
            headers={"List-Unsubscribe": f"<{preferences}>", "Auto-Submitted": "auto-generated"},
        )
