"""Pages of forecast, accuracy, pushed deals and the funnel."""

from django.urls import path

from deals.views import forecast, funnel, insight

urlpatterns = [
    path("forecast/", forecast.forecast_page, name="forecast"),
    path("forecast/accuracy/", insight.forecast_accuracy, name="forecast_accuracy"),
    path("forecast/pushed/", insight.slip_list, name="slip_list"),
    path("deals/funnel/", funnel.funnel_page, name="funnel"),
    path("deals/funnel/again/", funnel.funnel_again, name="funnel_again"),
]
