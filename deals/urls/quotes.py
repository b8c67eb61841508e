"""Lines of deals, quotes, and the page a customer opens from a link."""

from django.urls import path

from core.views.exports import export_list
from deals.views import lines, public_quotes, quote_acts, quotes

urlpatterns = [
    path("deals/<int:pk>/lines/", lines.deal_lines, name="deal_lines"),
    path("deals/<int:pk>/lines/edit/", lines.DealLines.as_view(), name="deal_lines_edit"),
    path("deals/<int:pk>/quotes/", quotes.deal_quotes, name="deal_quotes"),
    path("deals/<int:pk>/quotes/new/", quotes.QuoteCreate.as_view(), name="quote_create"),
    path("quotes/", quotes.QuoteList.as_view(), name="quote_list"),
    path("quotes/export/", export_list, {"spec_key": "quotes"}, name="quote_export"),
    path("quotes/<int:pk>/", quotes.QuoteDetail.as_view(), name="quote_detail"),
    path("quotes/<int:pk>/edit/", quotes.QuoteUpdate.as_view(), name="quote_update"),
    path("quotes/<int:pk>/lines/", lines.QuoteLines.as_view(), name="quote_lines"),
    path("quotes/<int:pk>/delete/", quotes.QuoteDelete.as_view(), name="quote_delete"),
    path("quotes/<int:pk>/pdf/", quotes.quote_document, name="quote_document"),
    path("quotes/<int:pk>/send/", quote_acts.quote_send, name="quote_send"),
    path("quotes/<int:pk>/revise/", quote_acts.quote_revise, name="quote_revise"),
    path("quotes/<int:pk>/answer/", quote_acts.quote_answer, name="quote_answer"),
    path("quotes/<int:pk>/win/", quote_acts.quote_win, name="quote_win"),
    path("quotes/<int:pk>/link/", quote_acts.quote_link, name="quote_link"),
    path("settings/sales/logo/", quote_acts.quote_logo, name="quote_logo"),
    path("q/<str:secret>/", public_quotes.public_quote, name="public_quote"),
    path("q/<str:secret>/pdf/", public_quotes.public_quote_document, name="public_quote_document"),
]
