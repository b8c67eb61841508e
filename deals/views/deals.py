"""Pages of deals: record, create, edit, delete, and what belongs to the record alone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import history
from core.exceptions import StaleRecord
from core.models import ChangeSet
from core.neighbours import neighbours
from core.notices import done
from core.search_registry import remember
from core.views.access import came_from, go, is_fragment, page_number, visible_or_404
from core.views.generic import RecordCreateView, RecordDeleteView, RecordDetailView, RecordUpdateView
from customers.forms import TagsForm
from customers.models import Customer, Tag
from customers.services.tags import set_tags, tags_named
from deals.forms.deals import GROUPS, DealForm, NewDealForm, QuickDealForm
from deals.models import Deal
from deals.selectors import record as selectors
from deals.services.deals import create_deal, trash_deal, update_deal
from deals.services.favourites import set_favourite
from deals.views.cards import card_response, page_cards, panels


class DealDetail(RecordDetailView):
    model = Deal
    template_name = "deals/deal_detail.html"

    def get_queryset(self) -> Any:
        return selectors.deal_rows(self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        remember(request.user, self.object)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deal: Any = self.object
        user = self.request.user
        move_url = reverse("deals:deal_stage", args=[deal.pk]) if deal.editable else ""
        stages = selectors.stage_path(deal, move_url)
        return super().get_context_data(
            record=deal,
            customer=selectors.customer_of(deal, user),
            stages=stages,
            ends={stage["kind"]: stage for stage in stages if stage["kind"] != "open"}
            if deal.editable
            else {},
            rotting=selectors.is_rotting(deal),
            cards=page_cards(deal, user),
            panels=panels(deal, user),
            neighbours=neighbours(self.request, deal, "deals"),
            **kwargs,
        )


class DealCreate(RecordCreateView):
    """`?customer=` and other fields of the address are filled in; `?dialog=1` answers a few fields."""

    model = Deal
    template_name = "deals/deal_create.html"

    @property
    def quick(self) -> bool:
        return "dialog" in self.request.GET

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return QuickDealForm if self.quick else NewDealForm

    def get_template_names(self) -> list[str]:
        return ["deals/_deal_quick.html"] if self.quick else [self.template_name]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "custom": not self.quick}

    def get_initial(self) -> dict[str, Any]:
        user: Any = self.request.user
        return {"owner": user.pk, "team": user.team_id, **super().get_initial()}

    def perform(self, form: Any, version: int | None) -> Deal:
        values = form.values()
        if not self.quick:
            values["tags"] = tags_named(form.tag_names())
        return create_deal(data=values, actor=self.request.user)

    def get_success_url(self, result: Any) -> str:
        return _seen_or_list(result, self.request.user)

    def get_cancel_url(self) -> str:
        customer = self.request.GET.get("customer", "")
        seen = Customer.objects.visible_to(self.request.user)
        if customer.isascii() and customer.isdigit() and len(customer) < 19:
            found = seen.filter(pk=int(customer)).first()
            if found is not None:
                return found.get_absolute_url()
        return reverse("deals:deal_list")


class DealUpdate(RecordUpdateView):
    model = Deal
    object: Deal
    form_class = DealForm
    template_name = "customers/record_update.html"

    def get_queryset(self) -> Any:
        return selectors.deal_rows(self.request.user)

    def perform(self, form: Any, version: int | None) -> ChangeSet | None:
        return update_deal(
            deal=self.object, data=form.values(), actor=self.request.user, expected_version=version
        )

    def get_success_url(self, result: Any) -> str:
        return _seen_or_list(self.object, self.request.user)


class DealGroupEdit(DealUpdate):
    """Inline edit: only the fields of one group, in place of its card."""

    template_name = "deals/deal_group.html"
    fragment_name = "deals/_deal_group.html"

    @property
    def group(self) -> Any:
        found = next((group for group in GROUPS if group.key == self.kwargs["group"]), None)
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "only": self.group.fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.object, group=self.group, **kwargs)

    def succeeded(self, form: Any, result: Any) -> HttpResponse:
        request, deal = self.request, self.object
        done(request, self.get_success_message(result), result)
        elsewhere = {"notes", "custom"}.isdisjoint({self.group.key})
        if is_fragment(request) and not elsewhere:
            return card_response(request, deal.pk, f"facts-{self.group.key}")
        return go(request, self.get_success_url(result))


class DealDelete(RecordDeleteView):
    model = Deal
    object: Deal

    def perform(self) -> ChangeSet:
        return trash_deal(self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse("deals:deal_list")


def _seen_or_list(deal: Deal, user: Any) -> str:
    """After giving a deal away one may not see it any more."""
    if Deal.objects.visible_to(user).filter(pk=deal.pk).exists():
        return deal.get_absolute_url()
    return reverse("deals:deal_list")


def deal_of(request: HttpRequest, pk: int, *, action: str = "view") -> Any:
    """The deal an address names, with what its page shows."""
    return visible_or_404(request, Deal, pk, action=action, queryset=selectors.deal_rows(request.user))


@login_required
@require_POST
def star(request: HttpRequest, pk: int) -> HttpResponse:
    """Star or unstar, for oneself."""
    deal = deal_of(request, pk)
    starred = request.POST.get("starred") == "1"
    set_favourite(deal, user=request.user, starred=starred)
    if is_fragment(request):
        deal.starred = starred
        return render(request, "deals/_deal_star.html", {"record": deal})
    return redirect(came_from(request, deal.get_absolute_url()))


@login_required
@require_http_methods(["GET", "POST"])
def edit_tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Tags as words with commas."""
    deal = deal_of(request, pk, action="change")
    names = ", ".join(tag.name for tag in deal.tags.all())
    form = TagsForm(request.POST or None, initial={"tags": names, "version": deal.version})
    if request.method == "POST" and form.is_valid():
        try:
            change_set = set_tags(
                deal, names=form.names(), actor=request.user, expected_version=form.cleaned_data["version"]
            )
        except StaleRecord:
            form.add_error(None, _("Somebody changed this record meanwhile. Look again and save once more."))
            form.data = {**request.POST.dict(), "version": deal.version}
        else:
            done(request, _("Saved."), change_set)
            if is_fragment(request):
                return card_response(request, deal.pk, "tags")
            return redirect(deal)
    template = "deals/_deal_tags_form.html" if is_fragment(request) else "deals/deal_tags.html"
    context = {"record": deal, "form": form, "known": Tag.objects.all()[:200]}
    return render(request, template, context, status=422 if form.errors else 200)


@login_required
@require_GET
def deal_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of the deal and its parts."""
    deal = deal_of(request, pk)
    number = page_number(request.GET.get("page"))
    acts, more = history.acts(deal, request.user, page=number)
    context = {"record": deal, "acts": acts, "more": more, "number": number}
    return render(request, "customers/history.html", context)


@login_required
@require_GET
def options(request: HttpRequest) -> HttpResponse:
    """The lines of a searched choice: only deals this person may see."""
    customer = request.GET.get("customer", "")
    of = int(customer) if customer.isascii() and customer.isdigit() and len(customer) < 19 else None
    rows = selectors.deal_choices(request.user, request.GET.get("q", "")[:200], customer=of)
    lines = [{"pk": row.pk, "name": row.name, "meta": str(row.stage)} for row in rows]
    return render(request, "customers/_options.html", {"lines": lines})
