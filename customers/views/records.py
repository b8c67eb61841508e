"""What the record pages of customers and contacts share."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import history
from core.exceptions import StaleRecord
from core.neighbours import neighbours
from core.notices import done
from core.search_registry import remember
from core.views.access import came_from, go, is_fragment, page_number, safe_next, visible_or_404
from core.views.generic import RecordCreateView, RecordDetailView, RecordUpdateView
from customers.forms import TagsForm
from customers.models import Contact, Customer, Tag
from customers.selectors import record as selectors
from customers.services.favourites import set_favourite
from customers.services.tags import set_tags
from customers.views.cards import card_response, page_cards, panels

MODELS: dict[str, type[Any]] = {"customer": Customer, "contact": Contact}


class RecordPageView(RecordDetailView):
    """A record page. A merged record's old address leads to where it lives on."""

    list_key = ""

    def get_object(self) -> Any:
        try:
            return super().get_object()
        except Http404:
            self.moved = selectors.moved_to(self.model, self.kwargs["pk"], self.request.user)  # type: ignore
            if self.moved is None:
                raise
            return self.moved

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        moved = getattr(self, "moved", None)
        if moved is not None:
            return redirect(moved)
        remember(request.user, self.object)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record: Any = self.object
        kind = record._meta.model_name
        return super().get_context_data(
            record=record,
            kind=kind,
            cards=page_cards(record, self.request.user),
            panels=panels(record, self.request.user, kind),
            neighbours=neighbours(self.request, record, self.list_key),
            **kwargs,
        )


class NewRecordView(RecordCreateView):
    """A new record in the full form, or in the few fields of the quick dialog (`?dialog=1`)."""

    template_name = "customers/customer_create.html"

    @property
    def quick(self) -> bool:
        return "dialog" in self.request.GET

    def get_template_names(self) -> list[str]:
        return ["customers/_quick_create.html"] if self.quick else [self.template_name]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "custom": not self.quick}

    def get_initial(self) -> dict[str, Any]:
        user: Any = self.request.user
        return {"owner": user.pk, "team": user.team_id, **super().get_initial()}

    def get_success_url(self, result: Any) -> str:
        return safe_next(self.request, seen_or_list(result, self.request.user))

    def get_cancel_url(self) -> str:
        return safe_next(self.request, list_of(self.model))


class GroupEdit(RecordUpdateView):
    """Stands before an update view: only the fields of one group, in place of its card."""

    template_name = "customers/group_edit.html"
    fragment_name = "customers/_group_edit.html"

    def groups(self) -> Any:
        raise NotImplementedError

    @property
    def group(self) -> Any:
        for group in self.groups():
            if group.key == self.kwargs["group"]:
                return group
        raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "only": self.group.fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.object
        return super().get_context_data(
            record=record, kind=record._meta.model_name, group=self.group, **kwargs
        )

    def succeeded(self, form: Any, result: Any) -> HttpResponse:
        request, record = self.request, self.object
        done(request, self.get_success_message(result), result)
        headline = {"name", "given_name", "family_name", "owner", "team"} & set(form.changed_data)
        if is_fragment(request) and not headline:
            return card_response(request, type(record), record.pk, f"facts-{self.group.key}")
        return go(request, self.get_success_url(result))


def record_of(request: HttpRequest, kind: str, pk: int, *, action: str = "view") -> Any:
    """The customer or contact an address names."""
    model = MODELS.get(kind)
    if model is None:
        raise Http404
    rows = (
        selectors.customer_rows(request.user) if model is Customer else selectors.contact_rows(request.user)
    )
    return visible_or_404(request, model, pk, action=action, queryset=rows)


@login_required
@require_POST
def star(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Star or unstar, for oneself."""
    record = record_of(request, kind, pk)
    starred = request.POST.get("starred") == "1"
    set_favourite(record, user=request.user, starred=starred)
    if is_fragment(request):
        record.starred = starred
        return render(request, "customers/_star.html", {"record": record, "kind": kind})
    return redirect(came_from(request, record.get_absolute_url()))


@login_required
@require_http_methods(["GET", "POST"])
def edit_tags(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Tags as words with commas."""
    record = record_of(request, kind, pk, action="change")
    names = ", ".join(tag.name for tag in record.tags.all())
    form = TagsForm(request.POST or None, initial={"tags": names, "version": record.version})
    if request.method == "POST" and form.is_valid():
        try:
            change_set = set_tags(
                record, names=form.names(), actor=request.user, expected_version=form.cleaned_data["version"]
            )
        except StaleRecord:
            form.add_error(None, _("Somebody changed this record meanwhile. Look again and save once more."))
            data = request.POST.copy()
            data["version"] = record.version
            form.data = data
        else:
            done(request, _("Saved."), change_set)
            if is_fragment(request):
                return card_response(request, type(record), record.pk, "tags")
            return redirect(record)
    template = "customers/_tags_form.html" if is_fragment(request) else "customers/tags_form.html"
    context = {"record": record, "kind": kind, "form": form, "known": Tag.objects.all()[:200]}
    return render(request, template, context, status=422 if form.errors else 200)


@login_required
@require_GET
def record_history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Every change of the record and its parts."""
    record = record_of(request, kind, pk)
    number = page_number(request.GET.get("page"))
    acts, more = history.acts(record, request.user, page=number)
    context = {"record": record, "kind": kind, "acts": acts, "more": more, "number": number}
    return render(request, "customers/history.html", context)


@login_required
@require_GET
def all_people(request: HttpRequest, pk: int) -> HttpResponse:
    """All people of a customer."""
    customer = record_of(request, "customer", pk)
    members = selectors.memberships_of_customer(customer, request.user, limit=500)
    page = Paginator(members.rows, 100).get_page(request.GET.get("page"))
    return render(request, "customers/people.html", {"record": customer, "members": members, "page": page})


@login_required
@require_GET
def options(request: HttpRequest, kind: str) -> HttpResponse:
    """The lines of a searched choice: only records this person may see."""
    text = request.GET.get("q", "")[:200]
    if kind == "customer":
        rows: list[Any] = selectors.customer_choices(request.user, text)
        lines = [{"pk": row.pk, "name": row.name, "meta": row.city or row.domain} for row in rows]
    else:
        rows = selectors.contact_choices(request.user, text)
        lines = [{"pk": row.pk, "name": row.name, "meta": row.job_title} for row in rows]
    return render(request, "customers/_options.html", {"lines": lines})


def list_of(model: type[Any]) -> str:
    return reverse(f"customers:{model._meta.model_name}_list")


def seen_or_list(record: Any, user: Any) -> str:
    """After giving a record away one may not see it any more."""
    if type(record).objects.visible_to(user).filter(pk=record.pk).exists():
        return str(record.get_absolute_url())
    return list_of(type(record))
