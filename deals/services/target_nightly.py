"""When a period with targets is over, those who set them are told that the next ones can be proposed."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.constants import MANAGE_SALES, ROLE_ACTS
from accounts.models import User
from accounts.models.notification import NotificationKind
from accounts.services.notifications import notify
from core.nightly import nightly_step
from deals.models import Target
from deals.selectors.periods import period_of_target

OVER = gettext_noop("%(period)s is over: look at what was reached and set the next targets.")
# A night that was missed is made good.
WITHIN = timedelta(days=10)


@nightly_step("deals.targets_over")
def tell_of_closed_periods(day: date) -> int:
    """Tell whoever leads sales and sees the targets, once a period; returns how many were told."""
    over = Target.objects.alive().filter(ends_before__lte=day, ends_before__gt=day - WITHIN)
    leaders = [role for role, acts in ROLE_ACTS.items() if MANAGE_SALES in acts]
    told = 0
    for user in User.objects.filter(is_active=True, role__in=leaders).order_by("pk"):
        seen = Target.objects.editable_by(user).filter(pk__in=over.values("pk"))
        for period in sorted({period_of_target(target) for target in seen}):
            told += (
                notify(
                    user=user,
                    kind=NotificationKind.TARGET,
                    text=OVER,
                    params={"period": str(period)},
                    url=f"{reverse('deals:target_proposals')}?period={period.key}",
                    dedupe=f"targets-over:{period.key}",
                )
                is not None
            )
    return told
