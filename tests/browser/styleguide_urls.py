"""The product's addresses and the developers' page, which a server without DEBUG does not have."""

from django.urls import include, path

from crm_project.urls import urlpatterns as product

urlpatterns = [path("styleguide/", include("core.urls_styleguide")), *product]
