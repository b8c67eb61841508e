"""Pages of sales, subject by subject."""

from deals.urls import (
    board,
    contracts,
    deals,
    forecast,
    orders,
    people,
    pipelines,
    products,
    quotes,
    rates,
    settings,
    targets,
)

app_name = "deals"

urlpatterns = [
    *board.urlpatterns,
    *contracts.urlpatterns,
    *deals.urlpatterns,
    *forecast.urlpatterns,
    *orders.urlpatterns,
    *people.urlpatterns,
    *pipelines.urlpatterns,
    *products.urlpatterns,
    *quotes.urlpatterns,
    *rates.urlpatterns,
    *settings.urlpatterns,
    *targets.urlpatterns,
]
