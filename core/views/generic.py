"""The shared pages of records: detail, create, update, delete.

They find the visible row or answer 404, ask for the permission or answer 403, call one service,
show what it refuses as form errors and a stale save as the conflict page. A subclass names the
model, the form and the service call:

    class CustomerUpdate(RecordUpdateView):
        model = Customer
        form_class = CustomerForm

        def perform(self, form, version):
            return update_customer(self.object, values=form.values(), actor=self.request.user,
                                   expected_version=version)
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core import conflicts
from core.exceptions import RuleViolation, StaleRecord
from core.forms import RecordForm
from core.models import ChangeSet, Record
from core.notices import done
from core.views.access import go, is_fragment, require, safe_next, visible_or_404


class RecordPage(LoginRequiredMixin, TemplateView):
    """A page about one record. `action` is the permission it asks for."""

    model: type[Record]
    action = "view"
    fragment_name = ""  # the template of the part that htmx swaps, where the page has one
    object: Record

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.prepare()

    def prepare(self) -> None:
        """Fetch what the page is about; runs before any handler."""
        self.object = self.get_object()

    def get_queryset(self) -> QuerySet:
        return self.model._default_manager.all()

    def get_object(self) -> Any:
        return visible_or_404(
            self.request, self.model, self.kwargs["pk"], action=self.action, queryset=self.get_queryset()
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ("HX-Request",))
        return response

    def get_template_names(self) -> list[str]:
        if self.fragment_name and is_fragment(self.request):
            return [self.fragment_name]
        return super().get_template_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=getattr(self, "object", None), **kwargs)


class RecordFormPage(RecordPage):
    """A page with one form that one service call answers."""

    form_class: type[Any]
    template_name = "core/record_form.html"
    submit_label: Any = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.refused(form)
        try:
            result = self.perform(form, self.expected_version(form))
        except StaleRecord as stale:
            return self.conflict(form, stale)
        except (RuleViolation, ValidationError) as error:
            add_errors(form, error)
            return self.refused(form)
        return self.succeeded(form, result)

    def get_form(self, data: Any = None) -> Any:
        return self.form_class(data, **self.get_form_kwargs())

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = {"user": self.request.user, "initial": self.get_initial()}
        if getattr(self, "object", None) is not None:
            kwargs["instance"] = self.object
        return kwargs

    def get_initial(self) -> dict[str, Any]:
        """A create page takes values from its address: prefilled "add" links."""
        if self.action != "add":
            return {}
        return {k: v for k, v in self.request.GET.items() if k in self.form_class.base_fields and v}

    def expected_version(self, form: Any) -> int | None:
        return form.cleaned_data.get("version")

    def perform(self, form: Any, version: int | None) -> Any:
        """Call the service."""
        raise ImproperlyConfigured(f"{type(self).__name__} needs perform()")

    def refused(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def conflict(self, form: Any, stale: StaleRecord) -> HttpResponse:
        raise stale

    def succeeded(self, form: Any, result: Any) -> HttpResponse:
        done(self.request, self.get_success_message(result), self.change_set_of(result))
        return go(self.request, self.get_success_url(result))

    def change_set_of(self, result: Any) -> ChangeSet | None:
        if isinstance(result, Record):
            return result.origin if result.version == 1 else None
        return result if isinstance(result, ChangeSet) else None

    def get_success_message(self, result: Any) -> str:
        return _("Saved.")

    def get_success_url(self, result: Any) -> str:
        record = result if isinstance(result, Record) else self.object
        return safe_next(self.request, record.get_absolute_url())  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {"submit_label": self.submit_label, "cancel_url": self.get_cancel_url(), **context}

    def get_cancel_url(self) -> str:
        record: Any = getattr(self, "object", None)
        return safe_next(self.request, record.get_absolute_url() if record is not None else "/")


class RecordDetailView(RecordPage):
    """The page of a record."""


class RecordCreateView(RecordFormPage):
    """A form for a new record."""

    action = "add"

    def prepare(self) -> None:
        require(self.request.user, self.model, "add")

    def get_success_message(self, result: Any) -> str:
        return _("%(name)s was created.") % {"name": result}


class RecordUpdateView(RecordFormPage):
    """A form for a record that exists; a save on an old version ends on the conflict page."""

    action = "change"
    conflict_template = "core/conflict.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "resolve" in request.POST:
            return self.resolve()
        return super().post(request, *args, **kwargs)

    def get_success_message(self, result: Any) -> str:
        return _("Saved.") if result is not None else _("Nothing was changed.")

    def conflict(self, form: RecordForm, stale: StaleRecord) -> HttpResponse:
        """Show theirs, yours and the original; nothing is saved and nothing is lost."""
        found = conflicts.compare(form, stale)
        return self._conflict_page(found, form.data)

    def resolve(self) -> HttpResponse:
        """Save what was chosen on the conflict page, unless somebody was faster again."""
        sent = self.request.POST
        mine = {
            n.removeprefix("choice-") for n, v in sent.items() if n.startswith("choice-") and v == "yours"
        }
        form = self.get_form(conflicts.chosen(sent, self.object, mine, self.get_form()))
        if not form.is_valid():
            return self.refused(form)
        try:
            result = self.perform(form, form.version)
        except StaleRecord as stale:
            return self.conflict(form, stale)
        except (RuleViolation, ValidationError) as error:
            form.add_errors_of(error)
            return self.refused(form)
        return self.succeeded(form, result)

    def _conflict_page(self, found: conflicts.Conflict, data: Any) -> HttpResponse:
        context = self.get_context_data(conflict=found, action=self.request.path)
        response = self.render_to_response(context, status=409)
        response.template_name = self.conflict_template  # type: ignore[attr-defined]
        if is_fragment(self.request):
            response["HX-Retarget"] = response["HX-Reselect"] = "#content"
            response["HX-Reswap"] = "innerHTML show:top"
        return response


class RecordDeleteView(RecordPage):
    """Asks, then moves the record to the trash; the notice offers Undo."""

    action = "delete"
    template_name = "core/record_delete.html"
    success_url = "/"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = str(self.object)
        try:
            change_set = self.perform()
        except RuleViolation as error:
            return self.render_to_response(self.get_context_data(error=error.message), status=422)
        done(request, _("%(name)s was moved to the trash.") % {"name": name}, change_set)
        return go(request, safe_next(request, self.get_success_url()))

    def perform(self) -> ChangeSet:
        """Call the service."""
        raise ImproperlyConfigured(f"{type(self).__name__} needs perform()")

    def get_success_url(self) -> str:
        return self.success_url


def add_errors(form: Any, error: RuleViolation | ValidationError) -> None:
    """Put what a service refused beside the field it belongs to; any kind of form."""
    if isinstance(error, RuleViolation):
        form.add_error(error.field if error.field in form.fields else None, error.message)
    elif hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)
