"""Pages of customers: record, create, edit, delete, stage."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.exceptions import RuleViolation
from core.models import ChangeSet
from core.notices import done
from core.views.access import go, is_fragment, visible_or_404
from core.views.generic import RecordDeleteView, RecordUpdateView
from customers.constants import CustomerKind
from customers.forms import StageForm, customer_form, groups_of
from customers.models import Customer
from customers.selectors import record as selectors
from customers.services.customers import create_customer, update_customer
from customers.services.stages import change_stage
from customers.services.tags import tags_named
from customers.services.trash import trash_record
from customers.views.records import GroupEdit, NewRecordView, RecordPageView, list_of, seen_or_list


class CustomerDetail(RecordPageView):
    model = Customer
    template_name = "customers/customer_detail.html"
    list_key = "customers"

    def get_queryset(self) -> Any:
        return selectors.customer_rows(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer: Any = self.object
        url = f"{reverse('customers:customer_stage', args=[customer.pk])}?was={customer.stage_id}"
        return super().get_context_data(
            stages=selectors.stage_path(customer, url if customer.editable else ""), **kwargs
        )


class CustomerCreate(NewRecordView):
    """`?kind=person` makes a person."""

    model = Customer

    @property
    def kind(self) -> str:
        wanted = self.request.POST.get("kind") or self.request.GET.get("kind")
        return wanted if wanted in CustomerKind.values else CustomerKind.COMPANY

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return customer_form(self.kind, new=True, quick=self.quick)

    def perform(self, form: Any, version: int | None) -> Customer:
        values = form.values()
        collaborators = values.pop("collaborators", ())
        names = [] if self.quick else form.tag_names()
        return create_customer(
            values={**values, "kind": self.kind},
            actor=self.request.user,
            methods=form.methods(),
            tags=tags_named(names),
            collaborators=collaborators,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, kinds=CustomerKind.choices, what="customer", **kwargs)


class CustomerUpdate(RecordUpdateView):
    model = Customer
    object: Customer
    template_name = "customers/record_update.html"

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return customer_form(self.object.kind)

    def perform(self, form: Any, version: int | None) -> ChangeSet | None:
        return update_customer(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )

    def get_success_url(self, result: Any) -> str:
        return seen_or_list(self.object, self.request.user)


class CustomerGroupEdit(GroupEdit, CustomerUpdate):
    """Inline edit of one group of fields."""

    def groups(self) -> Any:
        return groups_of(self.object)


class CustomerDelete(RecordDeleteView):
    model = Customer

    def perform(self) -> ChangeSet:
        return trash_record(self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return list_of(Customer)


@login_required
@require_http_methods(["GET", "POST"])
def customer_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Move through the funnel. A lost stage asks for the reason on a page (or dialog) of its own."""
    customer = visible_or_404(request, Customer, pk, action="change")
    if request.method == "GET":
        form = StageForm(initial={"stage": request.GET.get("stage", customer.stage_id)})
        return _stage_page(request, customer, form)
    form = StageForm(request.POST)
    was = request.GET.get("was", "")
    if was.isdigit() and int(was) != customer.stage_id and "reason" not in request.POST:
        form.is_valid()
        form.add_error(None, _("Somebody moved this customer meanwhile; it is now in “%s”.") % customer.stage)
        return _stage_page(request, customer, form, status=409)
    if not form.is_valid():
        return _stage_page(request, customer, form, status=422 if "reason" in request.POST else 200)
    try:
        change_set = change_stage(
            customer, stage=form.cleaned_data["stage"], reason=form.cleaned_data["reason"], actor=request.user
        )
    except RuleViolation as error:
        form.add_error(error.field, error.message)
        return _stage_page(request, customer, form, status=422)
    done(
        request,
        _("%(name)s is now in “%(stage)s”.") % {"name": customer, "stage": customer.stage},
        change_set,
    )
    return go(request, customer.get_absolute_url())


def _stage_page(request: HttpRequest, customer: Customer, form: StageForm, status: int = 200) -> HttpResponse:
    if "reason" not in request.POST and status == 200 and request.method == "POST":
        stage = request.POST.get("stage", "")
        form = StageForm(initial={"stage": stage}, data=None)
        form.lost = True
        form.fields["reason"].required = True
    template = "customers/_stage_form.html" if is_fragment(request) else "customers/stage_form.html"
    return render(request, template, {"record": customer, "form": form}, status=status)
