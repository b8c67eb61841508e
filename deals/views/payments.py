"""Money for orders, orders made from deals, and the revenue page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.organisation import get_organisation
from core.charts import Series, bar_chart
from core.exceptions import RuleViolation
from core.notices import done
from core.periods import Period, parse_period, period_of
from core.views.access import visible_or_404
from deals.forms.contracts import PaymentForm
from deals.models import Deal, Payment
from deals.selectors.periods import current_period, fiscal_start
from deals.selectors.revenue import Revenue, revenue
from deals.services import orders as services
from deals.views.parts import PartCreate, PartDelete, PartUpdate
from deals.views.targets import period_switch

CHANNELS = 7  # drawn; the others are summed up


class PaymentCreate(PartCreate):
    model, whole, form_class = Payment, "order", PaymentForm
    heading = gettext_lazy("Add a payment")

    def get_initial(self) -> dict[str, Any]:
        rest = services.rest_of(self.owner)
        return ({"amount": rest} if rest > 0 else {}) | super().get_initial()


class PaymentUpdate(PartUpdate):
    model, whole, form_class = Payment, "order", PaymentForm
    heading = gettext_lazy("Change the payment")


class PaymentDelete(PartDelete):
    model, whole = Payment, "order"


@login_required
@require_POST
def payment_paid(request: HttpRequest, pk: int) -> HttpResponse:
    """The money came in today."""
    payment = visible_or_404(request, Payment, pk, action="change")
    change = services.mark_paid(payment, actor=request.user)
    if change is not None:
        done(request, _("Paid."), change)
    return redirect(payment.order)


@login_required
@require_POST
def deal_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Book the order of a won deal."""
    deal = visible_or_404(request, Deal, pk, action="change")
    try:
        order = services.order_from_deal(deal, actor=request.user)
    except RuleViolation as error:
        messages.error(request, error.message)
        return redirect(deal)
    done(request, _("Order %(number)s was booked.") % {"number": order.number}, order.origin)
    return redirect(order)


@login_required
@require_safe
def revenue_page(request: HttpRequest) -> HttpResponse:
    """Revenue of a year by month and channel, each number leading to its orders."""
    if not request.user.has_perm("deals.view_order"):
        raise PermissionDenied
    wanted = parse_period(request.GET.get("period", ""), fiscal_start=fiscal_start())
    period = wanted or current_period("year")
    found, address = revenue(request.user, period), reverse("deals:revenue")
    shown, rest = found.channels[:CHANNELS], found.channels[CHANNELS:]
    columns = [(name, name or _("No channel"), _link(period, name)) for name in shown]
    rows = [
        (
            month,
            _link(_of(month), None),
            [(found.cells.get((month, name)), _link(_of(month), name)) for name in shown],
            sum((found.cells.get((month, name), 0) for name in rest), 0) if rest else None,
            found.by_month.get(month, 0),
        )
        for month in found.months
    ]
    context = {
        "period": period,
        "switch": period_switch(period, address),
        "found": found,
        "columns": columns,
        "totals": [found.by_channel[name] for name in shown],
        "rest": sum((found.by_channel[name] for name in rest), 0) if rest else None,
        "rows": rows,
        "chart": _chart(found, columns),
        "base": get_organisation().base_currency,
        "all_url": _link(period, None),
    }
    return render(request, "deals/revenue.html", context)


def _chart(found: Revenue, columns: list[tuple[str, str, str]]) -> Any:
    series = [
        Series(label, [float(found.cells.get((month, name), 0)) for month in found.months])
        for name, label, _url in columns
    ]
    return bar_chart(_("Revenue"), [str(_of(month)) for month in found.months], series, head=_("Month"))


def _of(month: Any) -> Period:
    return period_of(month, "month")


def _link(period: Period, channel: str | None) -> str:
    """The orders a number is made of; those without a channel cannot be asked for."""
    if channel == "":
        return ""
    asked = {"ordered_from": period.start.isoformat(), "ordered_to": period.last_day.isoformat()}
    if channel:
        asked["channel"] = channel
    return f"{reverse('deals:order_list')}?{urlencode(asked)}"
