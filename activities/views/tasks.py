"""The list of tasks and everything one does to a task."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.clock import today
from accounts.constants import SEE_TEAM
from activities.constants import Priority
from activities.forms import TaskForm
from activities.models import Task
from activities.selectors.names import hide_unseen_customers
from activities.selectors.people import MINE, TEAM, scope_of, team_members
from activities.services.tasks import (
    complete_task,
    create_task,
    edit_task,
    postpone_task,
    reopen_task,
    trash_task,
)
from activities.views.base import back, customer_seen, editable, number, require
from core.exceptions import RuleViolation
from core.notices import done as done_notice
from core.views.access import safe_next, visible_or_404
from core.views.generic import RecordUpdateView
from deals.models import Deal
from deals.selectors.record import customer_of

PAGE = 25
QUICK = ("title", "due_on", "customer")


@login_required
@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """My tasks or the team's: overdue, due today, coming and done."""
    day = today()
    scope = scope_of(request.user, request.GET.get("who", ""))
    everyone = _scoped(request, scope)
    chosen = _filtered(everyone, request)
    tab = request.GET.get("when", "")
    tab = tab if tab in ("overdue", "today", "upcoming", "done") else "open"
    rows = _of_tab(chosen, tab, day)
    page = Paginator(rows.with_people(), PAGE).get_page(request.GET.get("page"))
    page.object_list = hide_unseen_customers(page.object_list, request.user)
    may_write = request.user.has_perm("activities.add_task")
    leads = request.user.has_perm(SEE_TEAM)
    context = {
        "page": page,
        "groups": _groups(page.object_list, tab, day),
        "tab": tab,
        "tabs": _tabs(request, chosen, tab, day),
        "scopes": _scopes(request, scope) if leads else [],
        "scope": scope,
        "members": team_members(request.user).order_by("name", "pk")[:200] if scope == TEAM else [],
        "day": day,
        "form": TaskForm(user=request.user, only=QUICK, initial={"due_on": day}) if may_write else None,
        "may_write": may_write,
        "priorities": Priority.choices,
        "filtering": any(request.GET.get(name) for name in ("q", "priority", "person")),
        "here": request.get_full_path(),
    }
    return render(request, "activities/task_list.html", context)


def _scoped(request: HttpRequest, scope: str) -> Any:
    rows = Task.objects.visible_to(request.user)
    if (customer := number(request.GET.get("customer"))) is not None:
        return rows.filter(customer=customer_seen(request, customer))
    if (deal := number(request.GET.get("deal"))) is not None:
        return rows.filter(deal=visible_or_404(request, Deal, deal))
    return rows.of_team(request.user) if scope == TEAM else rows.filter(assignee=request.user.pk)


def _filtered(rows: Any, request: HttpRequest) -> Any:
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    if text:
        rows = rows.filter(title__icontains=text)
    priority = request.GET.get("priority", "")
    if priority in {str(value) for value in Priority.values}:
        rows = rows.filter(priority=int(priority))
    if (person := number(request.GET.get("person"))) is not None:
        rows = rows.filter(assignee=person)
    return rows


def _of_tab(rows: Any, tab: str, day: date) -> Any:
    if tab == "done":
        return rows.done().order_by("-done_at", "-pk")
    by_tab = {"overdue": rows.overdue, "today": rows.due, "upcoming": rows.upcoming}
    return (by_tab[tab](day) if tab in by_tab else rows.open()).in_order()


def _groups(rows: list[Any], tab: str, day: date) -> list[tuple[str, list[Any]]]:
    """The open list by overdue, today and later; other tabs are one group."""
    if tab != "open":
        return [("", rows)]
    groups = [
        (_("Overdue"), [row for row in rows if row.due_on < day]),
        (_("Today"), [row for row in rows if row.due_on == day]),
        (_("Coming up"), [row for row in rows if row.due_on > day]),
    ]
    return [group for group in groups if group[1]]


def _tabs(request: HttpRequest, rows: Any, tab: str, day: date) -> list[dict[str, Any]]:
    counts = (
        rows.open()
        .order_by()
        .aggregate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_on__lt=day)),
            today=Count("pk", filter=Q(due_on=day)),
            upcoming=Count("pk", filter=Q(due_on__gt=day)),
        )
    )
    labels = {
        "open": _("Open"),
        "overdue": _("Overdue"),
        "today": _("Today"),
        "upcoming": _("Coming up"),
        "done": _("Done"),
    }
    return [
        {"label": label, "url": _with(request, when=key), "active": key == tab, "count": counts.get(key)}
        for key, label in labels.items()
    ]


def _scopes(request: HttpRequest, scope: str) -> list[dict[str, Any]]:
    labels = {MINE: _("Mine"), TEAM: _("The team's")}
    return [
        {"label": label, "url": _with(request, who=key, person=None), "active": key == scope}
        for key, label in labels.items()
    ]


def _with(request: HttpRequest, **changes: str | None) -> str:
    params = request.GET.copy()
    params.pop("page", None)
    for name, value in changes.items():
        params.pop(name, None)
        if value:
            params[name] = value
    return f"{reverse('activities:task_list')}?{params.urlencode()}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new task, from its own page or the short form above a list."""
    require(request, "activities.add_task")
    form = TaskForm(request.POST or None, user=request.user, initial=_start(request))
    if request.method == "POST" and form.is_valid():
        try:
            done = create_task(actor=request.user, **_arguments(form))
        except (RuleViolation, ValidationError) as error:
            form.add_errors_of(error)
        else:
            done_notice(request, _("Task added: %(title)s") % {"title": done.record.title}, done.change_set)
            return back(request, reverse("activities:task_list"))
    context = {"form": form, "next": safe_next(request, reverse("activities:task_list"))}
    return render(request, "activities/task_form.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest) -> dict[str, Any]:
    """What a link into the form has filled in already."""
    start: dict[str, Any] = {"due_on": today() + timedelta(days=1)}
    if (customer := number(request.GET.get("customer"))) is not None:
        start["customer"] = customer_seen(request, customer).pk
    if (deal := number(request.GET.get("deal"))) is not None:
        about = visible_or_404(request, Deal, deal)
        seen = customer_of(about, request.user)
        start |= {"deal": about.pk, "customer": seen.pk if seen else None}
    if title := request.GET.get("title", "").strip()[:200]:
        start["title"] = title
    return start


def _arguments(form: TaskForm) -> dict[str, Any]:
    names = (
        "title", "due_on", "due_time", "priority", "assignee", "customer", "deal", "contact", "repeat",
        "repeat_until", "notes", "form_key",
    )  # fmt: skip
    return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}


class TaskUpdate(RecordUpdateView):
    """A task's own page: to read for whoever sees it, to change for whoever may."""

    model = Task
    object: Task
    action = "view"
    form_class = TaskForm
    template_name = "activities/task_form.html"

    def get_queryset(self) -> QuerySet:
        return Task.objects.with_people()

    def may_edit(self) -> bool:
        return bool(self.request.user.has_perm("activities.change_task", self.object))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.may_edit():
            return super().get(request, *args, **kwargs)
        return self.render_to_response(self.get_context_data(form=None))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_edit():
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any, version: int | None) -> Any:
        values = form.values()
        return edit_task(
            task=self.object, values=values, actor=self.request.user, expected_version=version
        ).change_set

    def get_success_url(self, result: Any) -> str:
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return safe_next(self.request, reverse("activities:task_list"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hide_unseen_customers([self.object], self.request.user)
        return super().get_context_data(task=self.object, next=self.get_cancel_url(), **kwargs)


@login_required
@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, by one click. A second click finds it done and does nothing."""
    task = editable(Task.objects.all(), request, pk)
    done = complete_task(task=task, actor=request.user)
    if done.change_set:
        done_notice(request, _("Done: %(title)s") % {"title": task.title}, done.change_set)
    return back(request, reverse("activities:task_list"))


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    task = editable(Task.objects.all(), request, pk)
    done = reopen_task(task=task, actor=request.user)
    if done.change_set:
        done_notice(request, _("Open again: %(title)s") % {"title": task.title}, done.change_set)
    return back(request, reverse("activities:task_list"))


@login_required
@require_POST
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """To tomorrow or to the same day next week, counted from today."""
    task = editable(Task.objects.all(), request, pk)
    day = later(request.POST.get("to", ""))
    try:
        done = postpone_task(task=task, due_on=day, actor=request.user)
    except RuleViolation as error:
        messages.warning(request, error.message)
    else:
        if done.change_set:
            done_notice(request, _("Put off: %(title)s") % {"title": task.title}, done.change_set)
    return back(request, reverse("activities:task_list"))


def later(to: str) -> date:
    """Tomorrow, or next week for everything else."""
    return today() + timedelta(days=1 if to == "tomorrow" else 7)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    task = editable(Task.objects.all(), request, pk)
    done = trash_task(task=task, actor=request.user)
    done_notice(request, _("“%(title)s” is in the trash.") % {"title": task.title}, done.change_set)
    return back(request, reverse("activities:task_list"))


@login_required
@require_POST
def plan_step(request: HttpRequest, pk: int) -> HttpResponse:
    """The one-click next step of Today: be in touch with this customer tomorrow."""
    customer = customer_seen(request, pk)
    require(request, "activities.add_task")
    title = _("Be in touch with %(customer)s") % {"customer": customer}
    done = create_task(
        title=title[:200],
        due_on=later(request.POST.get("to", "tomorrow")),
        customer=customer,
        actor=request.user,
    )
    done_notice(request, _("Task added: %(title)s") % {"title": title}, done.change_set)
    return back(request, reverse("activities:today"))
