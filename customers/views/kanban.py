"""The board of the lifecycle funnel, and the move of a card."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.clock import today
from core.boards import number, wants_json
from core.exceptions import RuleViolation, StaleRecord
from core.lists import ListState, find
from core.notices import done
from core.views.lists import SavedViews, hidden_fields
from customers.models import Customer, LifecycleStage
from customers.selectors.board import CARDS, FIRST, board, cards
from customers.services.stages import change_stage
from customers.views.lists import CustomerList


@login_required
@require_safe
def customer_kanban(request: HttpRequest) -> HttpResponse:
    """Customers by stage, with the filters of the list."""
    spec = find("customers")
    assert spec is not None
    views = SavedViews(spec, request.user, request.GET)
    state = ListState(spec, request.user, views.params)
    if "rest" in request.GET:
        return _rest(request, state)
    part = request.GET.get("part")
    if part == "filters" and getattr(request, "htmx", False):
        return render(request, "core/_list_filters.html", CustomerList().panel(state))
    columns = board(state.queryset, today=today(), now=timezone.now())
    text = state.text
    list_url = reverse("customers:customer_list")
    context = {
        "columns": [
            (
                column,
                f"{list_url}{state.url({'stage': column.stage.pk})}",
                state.url({"rest": column.stage.pk}),
            )
            for column in columns
        ],
        "chips": state.chips(),
        "state": state,
        "text": text,
        "hidden": hidden_fields(state.params, {"q"}),
        "query": state.url(),
        **_words(request),
        "switches": CustomerList.ways(request, state.url()),
        "nothing_yet": not state.filtered and not any(column.count for column in columns),
        "create_url": reverse("customers:customer_create"),
        "notices": list(dict.fromkeys(state.notices)),
    }
    if part == "filters":
        context |= CustomerList().panel(state)
    response = render(request, "customers/customer_kanban.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _rest(request: HttpRequest, state: ListState) -> HttpResponse:
    """The cards of one column after the first ones."""
    stage = number(request.GET["rest"])
    found = cards(
        state.queryset.filter(stage=stage), today=today(), now=timezone.now(), start=FIRST, end=CARDS
    )
    total = state.queryset.filter(stage=stage).order_by()[: CARDS + 1].count()
    url = f"{reverse('customers:customer_list')}{state.url({'stage': stage, 'rest': None})}"
    context = {"cards": found, "all_url": url if total > CARDS else "", "shown": CARDS, **_words(request)}
    return render(request, "customers/_board_rest.html", context)


def _words(request: HttpRequest) -> dict[str, Any]:
    """What every card says, worked out once: hundreds of cards must not ask for it one by one."""
    return {
        "lift_words": _("Lift"),
        "move_words": _("Move"),
        "may_move": request.user.has_perm("customers.change_customer"),
    }


@login_required
@require_POST
def customer_move(request: HttpRequest) -> HttpResponse:
    """Put a customer into another stage. The board gets JSON, a plain form a page."""
    customer = get_object_or_404(
        Customer.objects.visible_to(request.user), pk=number(request.POST.get("card"))
    )
    if not request.user.has_perm("customers.change_customer", customer):
        return _refused(request, _("You may see this customer but not change it."), 403)
    stage = get_object_or_404(LifecycleStage, pk=number(request.POST.get("stage")))
    version = number(request.POST.get("version")) or None
    reason = request.POST.get("reason", "")
    try:
        log = change_stage(customer, stage=stage, actor=request.user, reason=reason, expected_version=version)
    except StaleRecord as stale:
        return _refused(request, _stale_text(stale), 409)
    except RuleViolation as error:
        if error.field == "reason" and not wants_json(request):
            context = {
                "customer": customer,
                "stage": stage,
                "error": error.message if "reason" in request.POST else "",
            }
            return render(request, "customers/move_reason.html", context, status=422)
        return _refused(request, error.message, 422)
    customer.refresh_from_db()
    text = _("%(name)s is now in %(stage)s.") % {"name": customer.name, "stage": stage}
    if wants_json(request):
        return JsonResponse({"version": customer.version, "message": text})
    done(request, text, log)
    return redirect(_back(request))


def _stale_text(stale: StaleRecord) -> str:
    current: Any = stale.current
    return _("Somebody else changed %(name)s meanwhile; it is in %(stage)s. Reload the page.") % {
        "name": current.name,
        "stage": current.stage,
    }


def _refused(request: HttpRequest, text: str, status: int) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": text}, status=status)
    if status == 403:
        raise PermissionDenied
    return render(
        request, "customers/move_refused.html", {"text": text, "back": _back(request)}, status=status
    )


def _back(request: HttpRequest) -> str:
    return reverse("customers:customer_kanban")


@login_required
@require_safe
def customer_move_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The move without drag: choose a stage and, for a lost one, say why."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("customers.change_customer", customer):
        raise PermissionDenied
    context = {"customer": customer, "stages": LifecycleStage.objects.order_by("position", "pk")}
    return render(request, "customers/move_reason.html", context)
