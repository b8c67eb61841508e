"""The URL tree of the whole product. Each app lists its own paths explicitly."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from crm_project.demo.views import sample_data_remove

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    # Before the log-in package: some of its pages are replaced by ours.
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("customers.urls")),
    path("", include("deals.urls")),
    path("", include("activities.urls")),
    path("accounts/", include("allauth.urls")),
    path("sample-data/remove/", sample_data_remove, name="sample_data_remove"),
    path("search/", include("core.urls_search")),
]
if settings.DEBUG:
    urlpatterns += [path("styleguide/", include("core.urls_styleguide"))]
