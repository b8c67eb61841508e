"""Forms of activities, tasks and cadence plans."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activities.constants import ATTACHMENT_TYPES, ActivityKind, Direction
from activities.models import Activity, CadencePlan, Task
from activities.services.activities import NextStep
from core.forms import DateInput, RecordForm, choice_field
from customers.models import Contact, Customer
from deals.models import Deal
from deals.selectors.record import customer_of

MAX_FILES = 5
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class LocalDateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=LOCAL_FORMAT)


class LocalDateTimeField(forms.DateTimeField):
    """A moment on the reader's clock, to the minute. What the form showed and nobody touched
    stays as it was, to the microsecond and in either of the two hours when clocks go back."""

    widget = LocalDateTimeInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        if initial is None or not data:
            return bool(data) or initial is not None
        typed = parse_datetime(str(data))
        return typed is None or typed.strftime(LOCAL_FORMAT) != _local(initial)

    def clean(self, value: Any) -> Any:
        shown = getattr(self, "shown", None)
        if shown and value and not self.has_changed(shown, value):
            return shown
        return super().clean(value)


def _local(moment: Any) -> str:
    return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).strftime(LOCAL_FORMAT)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Several files at once; the service looks into each."""

    def __init__(self, **options: Any) -> None:
        accept = ",".join(f".{ending}" for ending in ATTACHMENT_TYPES)
        super().__init__(widget=ManyFilesInput(attrs={"accept": accept}), allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MAX_FILES:
            raise forms.ValidationError(_("At most five files at once."), code="too_many_files")
        # Names are the service's business: it cuts what is too long and strips what is dangerous.
        return [file for file in files if file]


class FormKeyField(forms.UUIDField):
    """Names one copy of a form, so that sending it twice has one effect."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> UUID | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class ActivityForm(RecordForm):
    """An activity of one customer."""

    class Meta:
        model = Activity
        fields = [
            "kind", "subject", "body", "direction", "at", "duration_minutes", "outcome", "deal", "contacts",
            "users",
        ]  # fmt: skip
        field_classes = {"at": LocalDateTimeField}
        widgets = {
            "kind": forms.RadioSelect,
            "body": forms.Textarea(attrs={"rows": 3}),
            "contacts": forms.CheckboxSelectMultiple,
            "users": forms.CheckboxSelectMultiple,
        }

    def __init__(
        self, *args: Any, user: Any, customer: Customer, deal: Deal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.customer = customer
        self._offer_deals(deal)
        self.fields["kind"].choices = ActivityKind.choices  # type: ignore[attr-defined]
        self.fields["at"].required = False
        self.fields["at"].shown = self.instance.at if self.instance.pk else None  # type: ignore[attr-defined]
        self.fields["direction"].required = False
        if "contacts" in self.fields:
            people = Contact.objects.filter(memberships__customer=customer, memberships__deleted_at=None)
            if self.instance.pk:
                people = people | Contact.objects.filter(activities=self.instance.pk)
            chosen = self.fields["contacts"].queryset  # type: ignore[attr-defined]
            self.fields["contacts"].queryset = chosen.filter(  # type: ignore[attr-defined]
                pk__in=people.order_by().values("pk")
            )
            if not self._read_choice("contacts") and not self.is_bound:
                del self.fields["contacts"]
        users = self.fields["users"]
        users.queryset = users.queryset.exclude(pk=user.pk)  # type: ignore[attr-defined]
        self.colleagues = self._read_choice("users")

    def _offer_deals(self, deal: Deal | None) -> None:
        """The open deals with the customer; on a deal's page it is about that one."""
        field: Any = self.fields.get("deal")
        if field is None:
            return
        current = deal.pk if deal else self.instance.deal_id
        rows = field.queryset.filter(customer=self.customer).filter(Q(status="open") | Q(pk=current))
        field.queryset = rows.order_by("sort_name", "pk")
        if deal is not None:
            field.widget, self.initial["deal"] = forms.HiddenInput(), deal.pk
        elif not self._read_choice("deal"):
            del self.fields["deal"]
        else:
            field.widget.choices = [("", "—"), *field.widget.choices]

    def _read_choice(self, name: str) -> list[Any]:
        """Read the rows of a choice once, for the widget and for whoever else needs them."""
        field: Any = self.fields[name]
        rows = list(field.queryset)
        field.widget.choices = [(row.pk, str(row)) for row in rows]
        return rows

    def clean_direction(self) -> str:
        return self.cleaned_data["direction"] or Direction.OUT

    def clean_at(self) -> Any:
        return self.cleaned_data["at"] or (self.instance.at if self.instance.pk else timezone.now())


PLACEHOLDERS = {
    "subject": _("What was it about?"),
    "body": _("What was said?"),
    "next_title": _("What comes next?"),
}


class ComposerForm(ActivityForm):
    """Logs an activity and, in the same form, says what comes next."""

    files = ManyFilesField(label=_("Files"), required=False)  # type: ignore[assignment]
    next_title = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_due_on = forms.DateField(label=_("Next step on"), required=False, widget=DateInput)
    next_assignee = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label=_("Who"), required=False, empty_label=_("Me")
    )
    form_key = FormKeyField(required=False)

    def __init__(self, *args: Any, user: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, user=user, customer=customer, **kwargs)
        self.initial["at"] = None
        self.initial["kind"] = self.initial.get("kind") or ActivityKind.CALL
        self.initial.setdefault("form_key", uuid4())
        who: Any = self.fields["next_assignee"]
        who.queryset = who.queryset.exclude(pk=user.pk)
        active = [person for person in self.colleagues if person.is_active]
        who.widget.choices = [("", who.empty_label), *((person.pk, str(person)) for person in active)]
        self.fields["at"].help_text = _("Leave empty for now.")
        for name, text in PLACEHOLDERS.items():
            self.fields[name].widget.attrs["placeholder"] = text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("next_title") and not cleaned.get("next_due_on") and "next_due_on" not in self.errors:
            self.add_error("next_due_on", _("By when?"))
        if cleaned.get("next_due_on") and not cleaned.get("next_title"):
            self.add_error("next_title", _("What is to be done that day?"))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What `log_activity` is given."""
        data = self.cleaned_data
        names = ("kind", "subject", "body", "direction", "at", "duration_minutes", "outcome")
        given = {"deal": data.get("deal"), **{name: data[name] for name in names}}
        step = None
        if data.get("next_title"):
            step = NextStep(data["next_title"], data["next_due_on"], assignee=data.get("next_assignee"))
        return given | {
            "contacts": data.get("contacts") or [],
            "users": data.get("users") or [],
            "files": data.get("files") or [],
            "next_step": step,
            "form_key": data.get("form_key"),
        }


class ContactComposerForm(ComposerForm):
    """The composer on a person's page: it was with them, about one of the companies they work for."""

    about = forms.ModelChoiceField(Customer.objects.none(), label=_("Customer"), empty_label=None)

    def __init__(self, *args: Any, employers: list[Customer], **kwargs: Any) -> None:
        super().__init__(*args, customer=employers[0], **kwargs)
        for name in ("contacts", "deal"):
            self.fields.pop(name, None)
        about: Any = self.fields["about"]
        about.queryset = Customer.objects.filter(pk__in=[employer.pk for employer in employers])
        about.initial = employers[0].pk
        about.widget.choices = [(employer.pk, str(employer)) for employer in employers]
        if len(employers) == 1:
            about.required, about.widget = False, forms.HiddenInput()

    def clean_about(self) -> Customer:
        return self.cleaned_data["about"] or self.customer


class TaskForm(RecordForm):
    """A task, new or changed."""

    customer = choice_field(Customer, label=_("Customer"))
    form_key = FormKeyField(required=False)
    deal = choice_field(Deal, label=_("Deal"))
    searched = {"customer": "activities:customer_options", "deal": "deals:deal_options"}

    class Meta:
        model = Task
        fields = [
            "title", "due_on", "due_time", "priority", "assignee", "customer", "deal", "contact", "repeat",
            "repeat_until", "notes",
        ]  # fmt: skip
        widgets = {
            "due_on": DateInput,
            "due_time": TimeInput,
            "repeat_until": DateInput,
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.initial.setdefault("form_key", uuid4())
        for name in {"assignee", "priority", "repeat"} & self.fields.keys():  # they have defaults
            self.fields[name].required = False
        if not self.instance.pk:
            self.initial.setdefault("assignee", user.pk)
        self.fields["title"].widget.attrs["placeholder"] = _("What is to be done?")
        if "customer" in self.fields:
            self.fields["customer"].widget.attrs["data-placeholder"] = _("Customer")
        self._offer_contacts()

    def _offer_contacts(self) -> None:
        if "contact" not in self.fields:
            return
        chosen = self.initial.get("customer")
        customer = getattr(chosen, "pk", chosen)
        if self.is_bound:
            customer = self.data.get(self.add_prefix("customer"))
        field = self.fields["contact"]
        if not str(customer or "").isdigit():
            del self.fields["contact"]
            return
        field.queryset = field.queryset.filter(  # type: ignore[attr-defined]
            memberships__customer=int(str(customer)[:18]), memberships__deleted_at=None
        )

    def clean(self) -> dict[str, Any]:
        """A task on a deal is one with its customer, as far as the writer may see that."""
        cleaned = super().clean() or self.cleaned_data
        deal = cleaned.get("deal")
        if deal is not None and "customer" in self.fields and not cleaned.get("customer"):
            cleaned["customer"] = customer_of(deal, self.user)
        return cleaned

    def clean_assignee(self) -> Any:
        return self.cleaned_data["assignee"] or (self.instance.assignee if self.instance.pk else self.user)

    def clean_priority(self) -> Any:
        value = self.cleaned_data["priority"]
        return self.instance.priority if value in (None, "") else value

    def clean_repeat(self) -> str:
        return self.cleaned_data["repeat"] or self.instance.repeat

    def validate_constraints(self) -> None:
        """The rules of series are the service's business: it makes the series."""


class CadenceForm(RecordForm):
    class Meta:
        model = CadencePlan
        fields = ["interval", "channel", "starts_on", "not_before"]
        widgets = {"starts_on": DateInput, "not_before": DateInput}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        channel = self.fields["channel"]
        channel.choices = [("", _("Any contact")), *channel.choices[1:]]  # type: ignore[attr-defined]
        if not self.instance.pk:
            del self.fields["not_before"]


class CalendarLinkForm(forms.Form):
    name = forms.CharField(
        label=_("Where will you use it?"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Phone, Outlook…")}),
    )  # fmt: skip


class AttachmentForm(forms.Form):
    files = ManyFilesField(label=_("Files"))  # type: ignore[assignment]
