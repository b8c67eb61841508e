"""Parts of a customer or contact: ways to reach it, consents, memberships, relations, dates.

One class for each act; the address names the owner or the part, never the form. Saved parts
answer htmx with their fresh card.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exceptions import StaleRecord
from core.models import Record
from core.notices import done
from core.views.access import go, is_fragment, require, visible_or_404
from core.views.generic import RecordFormPage, RecordPage
from customers.forms import ConsentForm, ImportantDateForm, MembershipForm, MethodForm, RelationForm
from customers.models import (
    Consent,
    Contact,
    ContactMethod,
    Customer,
    ImportantDate,
    Membership,
    Relation,
)
from customers.services import consents, contacts, methods
from customers.views.cards import card_response
from customers.views.records import record_of


class PartPage(RecordPage):
    """What the pages of parts share: the card they stand on and the way back."""

    card = ""
    heading: Any = ""
    template_name = "customers/part_form.html"
    fragment_name = "customers/_part_form.html"
    owner: Any

    def card_key(self) -> str:
        if self.card == "memberships" and isinstance(self.owner, Customer):
            return "people"
        return self.card

    def saved(self, change_set: Any = None, text: str = "") -> HttpResponse:
        request = self.request
        done(request, text or _("Saved."), change_set)
        if is_fragment(request):
            return card_response(request, type(self.owner), self.owner.pk, self.card_key())
        return go(request, self.owner.get_absolute_url())

    def get_cancel_url(self) -> str:
        return self.owner.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            owner=self.owner,
            kind=self.owner._meta.model_name,
            card_key=self.card_key(),
            heading=self.heading,
            **kwargs,
        )


class PartCreate(PartPage, RecordFormPage):
    """Adds a part to the customer or contact of the address."""

    action = "add"
    owner_kind = ""

    def prepare(self) -> None:
        kind = self.kwargs.get("kind") or self.owner_kind
        self.owner = record_of(self.request, kind, self.kwargs["pk"], action="change")

    def succeeded(self, form: Any, result: Any) -> HttpResponse:
        return self.saved(result.origin)


class ExistingPart(PartPage):
    """A part is seen and edited with its owner; `far_end` names another record it leads to."""

    far_end: tuple[type[Record], str] | None = None

    def prepare(self) -> None:
        self.object = visible_or_404(self.request, self.model, self.kwargs["pk"])
        self.owner = owner_of(self.object, self.request)
        require(self.request.user, type(self.owner), "change", self.owner)
        if self.far_end is not None:
            model, name = self.far_end
            visible_or_404(self.request, model, getattr(self.object, name))


class PartUpdate(ExistingPart, RecordFormPage):
    """Changes a part by its service, `update`."""

    heading = gettext_lazy("Edit")
    update: Any = staticmethod(contacts.update_part)

    def perform(self, form: Any, version: int | None) -> Any:
        return self.update(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )

    def conflict(self, form: Any, stale: StaleRecord) -> HttpResponse:
        """A part has few fields: the form comes back with what was typed and the new version."""
        form.add_error(
            None, _("Somebody changed this meanwhile. What you typed is kept: compare and save again.")
        )
        form.data = form.data.copy()
        form.data["version"] = stale.current.version
        return self.refused(form)

    def succeeded(self, form: Any, result: Any) -> HttpResponse:
        return self.saved()


class PartDelete(ExistingPart, RecordPage):
    """Asks, then moves a part to the trash by its service, `remove`."""

    template_name = "customers/part_delete.html"
    fragment_name = "customers/_part_delete.html"
    remove: Any = staticmethod(contacts.remove_part)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.saved(self.remove(self.object, actor=request.user), _("Removed."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(part=self.object, **kwargs)


def owner_of(part: Record, request: HttpRequest) -> Any:
    """The customer or contact a part belongs to, as this person sees it."""
    customer_id = getattr(part, "customer_id", None)
    contact_id = getattr(part, "contact_id", None)
    from_customer = request.GET.get("on") == "customer" and customer_id
    if contact_id and not from_customer:
        return record_of(request, "contact", contact_id)
    return record_of(request, "customer", customer_id or 0)


class MethodCreate(PartCreate):
    model = ContactMethod
    form_class = MethodForm
    card = "methods"
    heading = gettext_lazy("Add a way to reach them")

    def perform(self, form: Any, version: int | None) -> ContactMethod:
        return methods.add_method(self.owner, actor=self.request.user, **form.values())


class MethodUpdate(PartUpdate):
    model = ContactMethod
    form_class = MethodForm
    card = "methods"
    update = staticmethod(methods.update_method)


class MethodDelete(PartDelete):
    model = ContactMethod
    card = "methods"
    remove = staticmethod(methods.remove_method)


class MethodOptOut(PartDelete):
    """POST `opted_out=1` or `0`."""

    model = ContactMethod
    object: ContactMethod
    card = "methods"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        opted_out = request.POST.get("opted_out") == "1"
        methods.set_opted_out(self.object, opted_out=opted_out, actor=request.user)
        return self.saved(None, _("Noted: do not use it.") if opted_out else _("Noted: it may be used."))


class ConsentCreate(PartCreate):
    model = Consent
    form_class = ConsentForm
    card = "consents"
    heading = gettext_lazy("Note a consent")

    def perform(self, form: Any, version: int | None) -> Consent:
        return consents.give_consent(self.owner, values=form.values(), actor=self.request.user)


class ConsentWithdraw(PartDelete):
    model = Consent
    card = "consents"
    heading = gettext_lazy("Withdraw this consent?")
    remove = staticmethod(consents.withdraw_consent)


class MembershipCreate(PartCreate):
    """Places the contact of the address in a customer."""

    model = Membership
    form_class = MembershipForm
    owner_kind = "contact"
    card = "memberships"
    heading = gettext_lazy("Add a company")

    def perform(self, form: Any, version: int | None) -> Membership:
        return contacts.add_membership(self.owner, values=form.values(), actor=self.request.user)


class MembershipUpdate(PartUpdate):
    model = Membership
    form_class = MembershipForm
    card = "memberships"
    far_end = (Customer, "customer_id")
    update = staticmethod(contacts.update_membership)


class MembershipDelete(PartDelete):
    model = Membership
    card = "memberships"
    far_end = (Customer, "customer_id")


class _ContactPartCreate(PartCreate):
    owner_kind = "contact"

    def perform(self, form: Any, version: int | None) -> Any:
        model: type[Any] = self.model
        part = model(contact=self.owner, **form.values())
        return contacts.add_part(part, actor=self.request.user)


class RelationCreate(_ContactPartCreate):
    model = Relation
    form_class = RelationForm
    card = "relations"
    heading = gettext_lazy("Add a relation")


class RelationUpdate(PartUpdate):
    model = Relation
    form_class = RelationForm
    card = "relations"
    far_end = (Contact, "other_id")


class RelationDelete(PartDelete):
    model = Relation
    card = "relations"
    far_end = (Contact, "other_id")


class ImportantDateCreate(_ContactPartCreate):
    model = ImportantDate
    form_class = ImportantDateForm
    card = "dates"
    heading = gettext_lazy("Add a date")


class ImportantDateUpdate(PartUpdate):
    model = ImportantDate
    form_class = ImportantDateForm
    card = "dates"


class ImportantDateDelete(PartDelete):
    model = ImportantDate
    card = "dates"
