"""People on a deal: the panel with the stakeholder map, and its forms."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.models import ChangeSet
from core.views.access import visible_or_404
from customers.models import Contact
from deals.forms.people import NewPersonForm, PersonForm
from deals.models import Deal, DealContact
from deals.selectors.people import people_of, stakeholder_map, warnings_of
from deals.selectors.record import customer_of
from deals.services.stakeholders import add_person, update_person
from deals.views.part_panels import show
from deals.views.parts import PartCreate, PartDelete, PartUpdate


@login_required
@require_safe
def deal_people(request: HttpRequest, pk: int) -> HttpResponse:
    deal = visible_or_404(request, Deal, pk)
    people = people_of(deal, request.user)
    return show(
        request,
        deal,
        title=_("People"),
        template="deals/_deal_people.html",
        people=people,
        chart=stakeholder_map(people),
        warnings=warnings_of(deal, people),
    )


class PersonCreate(PartCreate):
    model, whole, form_class = DealContact, "deal", NewPersonForm
    heading = gettext_lazy("Add a person")
    template_name = "deals/person_form.html"

    def perform(self, form: NewPersonForm, version: int | None) -> DealContact:
        return add_person(self.owner, values=form.values(), actor=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        may_add = user.has_perm("customers.add_contact")
        return super().get_context_data(
            customer=customer_of(self.owner, user) if may_add else None, may_add_contact=may_add, **kwargs
        )


class _OfSeenContact:
    """Whoever may not see the contact has no page that would name them."""

    request: Any

    def get_queryset(self) -> Any:
        user = self.request.user
        seen = Contact.objects.visible_to(user).order_by().values("pk")
        return DealContact.objects.visible_to(user).filter(contact__in=seen).select_related("contact", "deal")


class PersonUpdate(_OfSeenContact, PartUpdate):
    model, whole, form_class = DealContact, "deal", PersonForm
    object: DealContact

    @property
    def heading(self) -> str:
        return str(self.object)

    def perform(self, form: PersonForm, version: int | None) -> ChangeSet | None:
        return update_person(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )


class PersonDelete(_OfSeenContact, PartDelete):
    model, whole = DealContact, "deal"
