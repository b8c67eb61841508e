"""Search has no namespace: every page's header names it."""

from django.urls import path

from core.views.search import search

urlpatterns = [path("", search, name="search")]
