"""How this organisation sells."""

from django.urls import path

from deals.views import settings

urlpatterns = [path("settings/sales/", settings.SettingsUpdate.as_view(), name="settings")]
