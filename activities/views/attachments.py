"""Files: kept with a customer or an activity, and handed out as downloads only."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.forms import AttachmentForm
from activities.models import Activity, Attachment
from activities.services.attachments import add_attachment, trash_attachment
from activities.views.base import back, customer_to_write, editable
from core.exceptions import RuleViolation
from core.files import download_response
from core.notices import done as done_notice
from core.views.access import visible_or_404


@login_required
@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The bytes with the type fixed when the file came in; a browser saves them and runs nothing."""
    attachment = visible_or_404(request, Attachment, pk)
    return download_response(attachment.file, name=attachment.name, content_type=attachment.content_type)


@login_required
@require_POST
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """Files for an activity."""
    activity = editable(Activity.objects.select_related("customer"), request, pk)
    customer = customer_to_write(request, activity.customer_id, "activities.add_attachment")
    form = AttachmentForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return back(request, activity.get_absolute_url())
    for file in form.cleaned_data["files"]:
        try:
            done = add_attachment(customer=customer, activity=activity, file=file, actor=request.user)
        except RuleViolation as error:
            messages.error(request, error.message)
        else:
            done_notice(request, _("%(name)s was added.") % {"name": done.record.name}, done.change_set)
    return back(request, activity.get_absolute_url())


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    attachment = editable(Attachment.objects.select_related("customer"), request, pk)
    done = trash_attachment(attachment=attachment, actor=request.user)
    done_notice(request, _("“%(title)s” is in the trash.") % {"title": attachment.name}, done.change_set)
    return back(request, attachment.customer.get_absolute_url())
