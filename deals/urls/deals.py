"""Pages of deals."""

from django.urls import path

from core.views.exports import export_list
from deals.views import bulk, cards, cells, customer, deals, lists, moves

urlpatterns = [
    path("deals/", lists.DealList.as_view(), name="deal_list"),
    path("deals/export/", export_list, {"spec_key": "deals"}, name="deal_export"),
    path("deals/bulk/", bulk.bulk_act, name="deal_bulk"),
    path("deals/new/", deals.DealCreate.as_view(), name="deal_create"),
    path("deals/options/", deals.options, name="deal_options"),
    path("deals/<int:pk>/", deals.DealDetail.as_view(), name="deal_detail"),
    path("deals/<int:pk>/edit/", deals.DealUpdate.as_view(), name="deal_update"),
    path("deals/<int:pk>/edit/<slug:group>/", deals.DealGroupEdit.as_view(), name="deal_group"),
    path("deals/<int:pk>/delete/", deals.DealDelete.as_view(), name="deal_delete"),
    path("deals/<int:pk>/stage/", moves.deal_stage, name="deal_stage"),
    path("deals/<int:pk>/reopen/", moves.deal_reopen, name="deal_reopen"),
    path("deals/<int:pk>/cell/<slug:column>/", cells.edit_cell, name="deal_cell"),
    path("deals/<int:pk>/card/<slug:card>/", cards.deal_card, name="deal_card"),
    path("deals/<int:pk>/star/", deals.star, name="deal_star"),
    path("deals/<int:pk>/tags/", deals.edit_tags, name="deal_tags"),
    path("deals/<int:pk>/history/", deals.deal_history, name="deal_history"),
    path("customers/<int:pk>/deals/", customer.customer_deals, name="customer_deals"),
]
