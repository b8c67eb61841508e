"""Contracts: list, record, forms, and the acts of signing, ending and renewing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.clock import today
from accounts.organisation import get_organisation
from core.exceptions import RuleViolation
from core.files import download_response
from core.models import ChangeSet
from core.notices import done
from core.search_registry import remember
from core.views.access import visible_or_404
from core.views.generic import (
    RecordCreateView,
    RecordDeleteView,
    RecordDetailView,
    RecordUpdateView,
    add_errors,
)
from core.views.lists import ListPage
from customers.models import Customer
from deals.filters.contracts import GROUPS
from deals.follow_ups import follow_up
from deals.forms.contracts import ContractForm, ObligationForm, SignForm, TerminateForm, VersionForm
from deals.models import Contract, ContractVersion, Deal, Obligation, Order
from deals.selectors.renewals import renewals, yearly
from deals.services import contracts as services
from deals.views.parts import PartCreate, PartDelete, PartUpdate

PDF = "application/pdf"
IN_PANEL = 5
WITHIN = {
    30: gettext_lazy("30 days"),
    90: gettext_lazy("90 days"),
    180: gettext_lazy("6 months"),
    365: gettext_lazy("1 year"),
}


class ContractList(ListPage):
    spec_key = "contracts"
    title = gettext_lazy("Contracts")
    create_url = "deals:contract_create"
    create_label = gettext_lazy("New contract")
    permission = "deals.add_contract"
    export_url = "deals:contract_export"
    filter_groups = GROUPS
    empty_title = gettext_lazy("No contracts yet")
    empty_text = gettext_lazy(
        "A contract keeps what both sides owe each other, when it ends, and the signed document."
    )
    empty_icon = "document-text"
    switches = (
        ("deals:contract_list", gettext_lazy("Contracts"), "document-text"),
        ("deals:renewal_list", gettext_lazy("Renewals"), "arrow-path"),
    )


class ContractDetail(RecordDetailView):
    model = Contract
    object: Contract
    template_name = "deals/contract_detail.html"

    def get_queryset(self) -> Any:
        rows = Contract.objects.visible_to(self.request.user)
        return rows.select_related("owner", "team", "renews", "deal")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contract, user = self.object, self.request.user
        remember(user, contract)
        return super().get_context_data(
            contract=contract,
            customer=Customer.objects.visible_to(user).filter(pk=contract.customer_id).first(),
            deal=Deal.objects.visible_to(user).filter(pk=contract.deal_id or 0).first(),
            before=Contract.objects.visible_to(user).filter(pk=contract.renews_id or 0).first(),
            after=Contract.objects.visible_to(user).filter(renews=contract).order_by("-pk").first(),
            orders=Order.objects.visible_to(user).filter(contract=contract)[:IN_PANEL],
            versions=contract.versions.alive().select_related("added_by"),
            obligations=contract.obligations.alive().select_related("responsible"),
            yearly=yearly(contract),
            day=today(),
            may_change=user.has_perm("deals.change_contract", contract),
            **kwargs,
        )


class ContractCreate(RecordCreateView):
    model = Contract
    form_class = ContractForm
    page_heading: Any = gettext_lazy("New contract")

    def get_initial(self) -> dict[str, Any]:
        """Of a renewal: what the contract before says; its number is in the address."""
        found = {"currency": get_organisation().base_currency, "owner": self.request.user.pk}
        before = self.before()
        if before is not None:
            told = services.renewal_of(before)
            return found | {name: getattr(value, "pk", value) for name, value in told.items()}
        return found | super().get_initial()

    def before(self) -> Contract | None:
        wanted = self.request.GET.get("renews", "")
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
            return None
        return get_object_or_404(Contract.objects.editable_by(self.request.user), pk=int(wanted))

    def perform(self, form: ContractForm, version: int | None) -> Contract:
        before = self.before()
        extra = {"renews": before} if before is not None else {}
        return services.create_contract(data=form.values() | extra, actor=self.request.user)

    def get_cancel_url(self) -> str:
        return reverse("deals:contract_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=self.page_heading, **kwargs)


class ContractUpdate(RecordUpdateView):
    model = Contract
    object: Contract
    form_class = ContractForm

    def perform(self, form: ContractForm, version: int | None) -> ChangeSet | None:
        return services.update_contract(
            contract=self.object, data=form.values(), actor=self.request.user, expected_version=version
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=str(self.object), **kwargs)


class ContractDelete(RecordDeleteView):
    model = Contract
    object: Contract

    def perform(self) -> ChangeSet:
        return services.delete_contract(contract=self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse("deals:contract_list")


def _act(
    request: HttpRequest, pk: int, form_class: Any, heading: str, submit: str, perform: Any
) -> HttpResponse:
    """A page with one form about a contract, and the service it calls."""
    contract = visible_or_404(request, Contract, pk, action="change")
    form = form_class(request.POST or None, request.FILES or None, contract=contract)
    if request.method == "POST" and form.is_valid():
        try:
            text, change = perform(contract, form.cleaned_data)
        except RuleViolation as error:
            add_errors(form, error)
        else:
            done(request, text, change)
            return redirect(contract)
    context = {
        "form": form,
        "owner": contract,
        "heading": heading,
        "submit_label": submit,
        "cancel_url": contract.get_absolute_url(),
    }
    return render(request, "deals/part_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contractversion_create(request: HttpRequest, pk: int) -> HttpResponse:
    """The next text of a contract; of a signed one an amendment."""

    def perform(contract: Contract, data: dict[str, Any]) -> tuple[str, ChangeSet | None]:
        version = services.add_version(
            contract, file=data["file"], summary=data["summary"], actor=request.user
        )
        return _("Version %(n)d was added.") % {"n": version.number}, version.origin

    return _act(request, pk, VersionForm, _("Add a version"), _("Add"), perform)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_sign(request: HttpRequest, pk: int) -> HttpResponse:
    def perform(contract: Contract, data: dict[str, Any]) -> tuple[str, ChangeSet]:
        change = services.sign_contract(
            contract, signed_on=data["signed_on"], file=data["file"], actor=request.user
        )
        return _("Signed."), change

    return _act(request, pk, SignForm, _("Signed by both sides"), _("Save"), perform)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_terminate(request: HttpRequest, pk: int) -> HttpResponse:
    def perform(contract: Contract, data: dict[str, Any]) -> tuple[str, ChangeSet]:
        return _("Notice is noted."), services.terminate_contract(contract, actor=request.user, **data)

    return _act(request, pk, TerminateForm, _("Notice was given"), _("Save"), perform)


@login_required
@require_safe
def contractversion_download(request: HttpRequest, pk: int, copy: str) -> HttpResponseBase:
    """The document of a version, or its signed copy."""
    version = visible_or_404(request, ContractVersion, pk)
    if copy == "signed":
        if not version.signed_document:
            return render(request, "404.html", status=404)
        return download_response(version.signed_document, name=version.signed_file_name, content_type=PDF)
    return download_response(version.document, name=version.file_name, content_type=PDF)


@login_required
@require_POST
def deal_contract(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the contract of a won deal."""
    deal = visible_or_404(request, Deal, pk, action="change")
    try:
        contract = services.contract_from_deal(deal, actor=request.user)
    except RuleViolation as error:
        messages.error(request, error.message)
        return redirect(deal)
    done(request, _("%(name)s was drafted.") % {"name": contract}, contract.origin)
    return redirect(contract)


@login_required
@require_safe
def deal_contracts(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel on a deal."""
    deal = visible_or_404(request, Deal, pk)
    rows = Contract.objects.visible_to(request.user).filter(deal=deal)
    may_make = deal.status == "won" and request.user.has_perm("deals.change_deal", deal)
    orders = Order.objects.visible_to(request.user).filter(deal=deal)[:IN_PANEL]
    return _panel(request, rows, {"deal": deal, "may_make": may_make, "orders": orders})


@login_required
@require_safe
def customer_contracts(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel on a customer."""
    customer = visible_or_404(request, Customer, pk)
    rows = Contract.objects.visible_to(request.user).filter(customer=customer)
    return _panel(request, rows, {"customer": customer})


def _panel(request: HttpRequest, rows: Any, context: dict[str, Any]) -> HttpResponse:
    found = list(rows.order_by("-pk")[: IN_PANEL + 1])
    context |= {"contracts": found[:IN_PANEL], "more": len(found) > IN_PANEL, "count": rows.count()}
    return render(request, "deals/_contracts_panel.html", context)


@login_required
@require_safe
def renewal_list(request: HttpRequest) -> HttpResponse:
    """What ends or must be given notice soon, with what it is worth in a year."""
    if not request.user.has_perm("deals.view_contract"):
        return render(request, "403.html", status=403)
    asked = request.GET.get("within", "")
    within = int(asked) if asked.isascii() and asked.isdigit() and int(asked[:4]) in WITHIN else 90
    found = renewals(request.user, day=today(), within=within)
    context = {
        "found": found,
        "base": get_organisation().base_currency,
        "choices": [(f"?within={days}", label, days == within) for days, label in WITHIN.items()],
        "switches": [(reverse(name), label, icon) for name, label, icon in ContractList.switches],
        "may_write": request.user.has_perm("deals.add_contract"),
        "deals_url": reverse("deals:deal_create"),
    }
    return render(request, "deals/renewal_list.html", context)


class ObligationCreate(PartCreate):
    model, whole, form_class = Obligation, "contract", ObligationForm
    heading = gettext_lazy("Add a duty")

    def follow(self, part: Obligation, log: Any) -> None:
        follow_up(part, log)


class ObligationUpdate(PartUpdate):
    model, whole, form_class = Obligation, "contract", ObligationForm
    heading = gettext_lazy("Change the duty")

    def follow(self, part: Obligation, log: Any) -> None:
        follow_up(part, log)


class ObligationDelete(PartDelete):
    model, whole = Obligation, "contract"

    def follow(self, part: Obligation, log: Any) -> None:
        follow_up(part, log)
