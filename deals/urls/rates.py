"""Pages of exchange rates."""

from django.urls import path

from core.views.exports import export_list
from deals.views import rates

urlpatterns = [
    path("rates/", rates.RateList.as_view(), name="exchangerate_list"),
    path("rates/export/", export_list, {"spec_key": "exchange_rates"}, name="exchangerate_export"),
    path("rates/new/", rates.RateCreate.as_view(), name="exchangerate_create"),
    path("rates/<int:pk>/", rates.RateUpdate.as_view(), name="exchangerate_update"),
    path("rates/<int:pk>/delete/", rates.RateDelete.as_view(), name="exchangerate_delete"),
]
