"""The close plan of a deal: the panel, its steps, the usual ones, and the link for the customer."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.clock import today
from core.exceptions import RuleViolation
from core.notices import done
from core.views.access import visible_or_404
from core.views.generic import add_errors
from customers.models import Contact
from deals.close_plan_catalogue import PLANS
from deals.forms.people import SharePlanForm, StepForm
from deals.models import ClosePlanStep, Deal
from deals.services import close_plan as services
from deals.views.part_panels import after, show
from deals.views.parts import PartCreate, PartDelete, PartUpdate


@login_required
@require_safe
def deal_close_plan(request: HttpRequest, pk: int) -> HttpResponse:
    return _panel(request, visible_or_404(request, Deal, pk))


def _panel(request: HttpRequest, deal: Deal, *, notices: bool = False) -> HttpResponse:
    steps = list(
        ClosePlanStep.objects.visible_to(request.user).filter(deal=deal).select_related("user", "contact")
    )
    contacts = Contact.objects.visible_to(request.user).filter(pk__in=[step.contact_id for step in steps])
    may_edit = request.user.has_perm("deals.change_deal", deal)
    link = services.shared(deal) if may_edit else None
    return show(
        request,
        deal,
        title=_("Close plan"),
        template="deals/_deal_close_plan.html",
        steps=steps,
        done=sum(1 for step in steps if step.done_on),
        seen=set(contacts.order_by().values_list("pk", flat=True)),
        day=today(),
        plans=PLANS.values(),
        link=link,
        until=services.last_day(link) if link else None,
        # Whoever has the address reads the plan, so it is shown to those who keep it.
        address=services.public_url(link) if link else "",
        notices=notices,
    )


class StepCreate(PartCreate):
    model, whole, form_class = ClosePlanStep, "deal", StepForm
    heading = gettext_lazy("Add a step")


class StepUpdate(PartUpdate):
    model, whole, form_class = ClosePlanStep, "deal", StepForm
    heading = gettext_lazy("Change the step")


class StepDelete(PartDelete):
    model, whole = ClosePlanStep, "deal"


@login_required
@require_POST
def step_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Done today, or not done after all."""
    rows = ClosePlanStep.objects.visible_to(request.user).select_related("deal")
    step = visible_or_404(request, ClosePlanStep, pk, action="change", queryset=rows)
    change = services.toggle_step(step, actor=request.user)
    text = _("Done: %(title)s") if step.done_on else _("Open again: %(title)s")
    done(request, text % {"title": step.title}, change)
    return after(request, step.deal, _panel)


@login_required
@require_POST
def usual_steps(request: HttpRequest, pk: int) -> HttpResponse:
    """Insert the usual steps of one kind of plan."""
    rows = Deal.objects.visible_to(request.user).select_related("customer", "owner")
    deal = visible_or_404(request, Deal, pk, action="change", queryset=rows)
    plan = PLANS.get(request.POST.get("plan", ""))
    if plan is None:
        raise Http404
    try:
        change = services.add_usual_steps(deal, plan, actor=request.user)
    except RuleViolation as error:
        messages.info(request, error.message)
    else:
        done(request, _("The usual steps were added."), change)
    return after(request, deal, _panel)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link that shows the plan to the customer until a day."""
    deal = visible_or_404(request, Deal, pk, action="change")
    form = SharePlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.share_plan(deal, until=form.cleaned_data["until"], actor=request.user)
        except (RuleViolation, ValidationError) as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The link is ready; one made before stopped working."))
            return redirect("deals:deal_close_plan", pk=deal.pk)
    status = 422 if form.errors else 200
    return render(request, "deals/close_plan_share.html", {"record": deal, "form": form}, status=status)


@login_required
@require_POST
def plan_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End the link at once."""
    deal = visible_or_404(request, Deal, pk, action="change")
    services.withdraw_plan(deal)
    messages.success(request, _("The link is withdrawn: its page is gone."))
    return after(request, deal, _panel)
