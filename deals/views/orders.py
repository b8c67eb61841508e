"""Orders: the list, one order, and the panel on the customer page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.clock import today
from core.search_registry import remember
from core.views.lists import ListPage
from customers.models import Customer
from deals.filters.orders import GROUPS
from deals.models import Order, Payment
from deals.selectors.revenue import paid_of

IN_PANEL = 5


class OrderList(ListPage):
    spec_key = "orders"
    title = _("Orders")
    create_label = ""
    import_target = "orders"
    permission = "deals.add_order"
    export_url = "deals:order_export"
    filter_groups = GROUPS
    empty_title = _("No orders yet")
    empty_text = _("Orders are what your customers bought: import them from your shop or books.")
    empty_icon = "shopping-bag"


@login_required
@require_safe
def order_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One order with its lines."""
    order = get_object_or_404(Order.objects.visible_to(request.user), pk=pk)
    remember(request.user, order)
    customer = Customer.objects.visible_to(request.user).filter(pk=order.customer_id or 0).first()
    payments = list(Payment.objects.visible_to(request.user).filter(order=order))
    context = {
        "order": order,
        "customer": customer,
        "lines": order.lines.order_by("position")[:1000],
        "payments": payments,
        "money": paid_of(order, payments, today()),
        "day": today(),
        "may_change": request.user.has_perm("deals.change_order", order),
    }
    return render(request, "deals/order_detail.html", context)


@login_required
@require_safe
def customer_orders(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel: the newest orders, how many there are and what they come to by currency."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    orders = Order.objects.visible_to(request.user).filter(customer=customer)
    totals = list(orders.order_by("currency").values("currency").annotate(total=Sum("total"), n=Count("pk")))
    context = {
        "customer": customer,
        "orders": orders.order_by("-ordered_at", "-pk")[:IN_PANEL],
        "totals": totals,
        "count": sum(row["n"] for row in totals),
    }
    return render(request, "deals/_customer_orders.html", context)
