"""The board of a pipeline."""

from django.urls import path

from deals.views import board

urlpatterns = [
    path("deals/board/", board.deal_kanban, name="deal_kanban"),
    path("deals/board/move/", board.deal_place, name="deal_place"),
    path("deals/<int:pk>/place/", board.deal_place_form, name="deal_place_form"),
]
