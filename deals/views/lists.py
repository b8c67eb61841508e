"""The list of deals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.views.lists import ListPage
from customers.views.lists import BULK, DELETE
from deals.filters.deals import GROUPS


class DealList(ListPage):
    spec_key = "deals"
    title = _("Deals")
    create_url = "deals:deal_create"
    create_label = _("New deal")
    import_target = "deals.deal"
    permission = "deals.add_deal"
    export_url = "deals:deal_export"
    bulk_url = "deals:deal_bulk"
    cell_url = "deals:deal_cell"
    bulk_actions = (*BULK, ("stage", _("Move stage"), "arrow-right-circle"), DELETE)
    filter_groups = GROUPS
    empty_title = _("No deals yet")
    empty_text = _("A deal is one opportunity to sell, from the first talk to won or lost.")
    empty_icon = "currency-dollar"
    switches = (
        ("deals:deal_list", _("List"), "list-bullet"),
        ("deals:deal_kanban", _("Board"), "view-columns"),
    )
    same_rows = frozenset({"deals:deal_list", "deals:deal_kanban"})
    ready_views = (
        (_("My open deals"), "mine=on&status=open&sort=expected_close_on"),
        (_("Closing this month"), "status=open&close=this_month&sort=expected_close_on"),
        (_("Overdue to close"), "status=open&close=overdue&sort=expected_close_on"),
        (_("Rotting"), "rotting=true&sort=rotting"),
        (_("Without a next step"), "no_step=true&sort=-amount"),
        (_("One person or nobody knows us"), "single_thread=on&sort=-amount"),
        (_("Won this quarter"), "status=won&closed=this_quarter&sort=-closed_on"),
        (_("Lost this quarter"), "status=lost&closed=this_quarter&sort=-closed_on"),
        (_("Without an exchange rate"), "no_rate=true"),
    )
