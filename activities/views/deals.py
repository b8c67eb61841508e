"""What lies ahead on a deal."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.clock import today
from activities.models import Task
from activities.services.tasks import create_task
from activities.views.base import back, here, require
from activities.views.tasks import later
from activities.views.timeline import PLANNED, render_part
from core.notices import done as done_notice
from core.views.access import visible_or_404
from deals.models import Deal
from deals.selectors.record import customer_of


@login_required
@require_safe
def planned(request: HttpRequest, pk: int) -> HttpResponse:
    """The open tasks of a deal, as a panel of its page."""
    deal = visible_or_404(request, Deal, pk)
    tasks = Task.objects.visible_to(request.user).open().filter(deal=deal)
    found = list(tasks.with_people().in_order()[: PLANNED + 1])
    context = {
        "deal": deal,
        "tasks": found[:PLANNED],
        "more": len(found) > PLANNED,
        "day": today(),
        "may_write": request.user.has_perm("activities.add_task"),
        "here": here(request),
    }
    return render_part(request, "activities/deal_planned.html", context)


@login_required
@require_POST
def plan_step(request: HttpRequest, pk: int) -> HttpResponse:
    """The one-click next step of Today: go on with this deal tomorrow."""
    deal = visible_or_404(request, Deal, pk)
    require(request, "activities.add_task")
    # Somebody who may not see the customer plans the step without it.
    customer = customer_of(deal, request.user)
    title = _("Go on with %(deal)s") % {"deal": deal}
    done = create_task(
        title=title[:200],
        due_on=later(request.POST.get("to", "tomorrow")),
        customer=customer,
        deal=deal,
        actor=request.user,
    )
    done_notice(request, _("Task added: %(title)s") % {"title": title}, done.change_set)
    return back(request, reverse("activities:today"))
