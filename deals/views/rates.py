"""Exchange rates: the list and its forms."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from accounts.constants import MANAGE_SALES
from accounts.organisation import get_organisation
from core.models import ChangeSet
from core.views.generic import RecordCreateView, RecordDeleteView, RecordFormPage, RecordUpdateView
from core.views.lists import ListPage
from deals.filters.rates import GROUPS
from deals.forms.rates import RateForm
from deals.models import ExchangeRate
from deals.services.exchange_rates import create_rate, trash_rate, update_rate


class RateList(ListPage):
    spec_key = "exchange_rates"
    title = gettext_lazy("Exchange rates")
    create_url = "deals:exchangerate_create"
    create_label = gettext_lazy("New rate")
    import_target = "deals.exchangerate"
    permission = MANAGE_SALES
    export_url = "deals:exchangerate_export"
    filter_groups = GROUPS
    empty_title = gettext_lazy("No exchange rates yet")
    empty_text = gettext_lazy(
        "Deals and orders in other currencies are added up at the rate of their day. Without one they are "
        "counted, but not in the sums."
    )
    empty_icon = "banknotes"

    def _import_url(self, user: Any) -> str:
        return super()._import_url(user) if user.has_perm(self.permission) else ""


class RateFormPage(RecordFormPage):
    """What the two forms share."""

    model = ExchangeRate
    form_class = RateForm
    template_name = "deals/exchangerate_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        base = get_organisation().base_currency
        heading = _("Exchange rate") if getattr(self, "object", None) else _("New rate")
        return super().get_context_data(page_heading=heading, base=base, **kwargs)

    def get_success_url(self, result: Any) -> str:
        return reverse("deals:exchangerate_list")

    def get_cancel_url(self) -> str:
        return reverse("deals:exchangerate_list")


class RateCreate(RateFormPage, RecordCreateView):
    def prepare(self) -> None:
        if not self.request.user.has_perm(MANAGE_SALES):
            raise PermissionDenied

    def get_initial(self) -> dict[str, Any]:
        return {"on": today(), **super().get_initial()}

    def perform(self, form: RateForm, version: int | None) -> ExchangeRate:
        return create_rate(values=form.values(), actor=self.request.user)


class RateUpdate(RateFormPage, RecordUpdateView):
    def perform(self, form: RateForm, version: int | None) -> ChangeSet | None:
        return update_rate(
            self.object,  # type: ignore[arg-type]
            values=form.values(),
            actor=self.request.user,
            expected_version=version,
        )


class RateDelete(RecordDeleteView):
    model = ExchangeRate
    template_name = "deals/exchangerate_delete.html"

    def perform(self) -> ChangeSet:
        return trash_rate(self.object, actor=self.request.user)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return reverse("deals:exchangerate_list")
