"""Addresses of the developers' page; the composition root includes them only with DEBUG."""

from django.urls import path

from core.views import styleguide

urlpatterns = [
    path("", styleguide.styleguide, name="styleguide"),
    path("options/", styleguide.options, name="styleguide_options"),
    path("inline/", styleguide.inline, name="styleguide_inline"),
    path("move/", styleguide.move, name="styleguide_move"),
    path("progress/", styleguide.progress, name="styleguide_progress"),
]
