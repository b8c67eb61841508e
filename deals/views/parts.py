"""Pages for the parts of a record: a line of a plan, a duty of a contract, a payment.

    class ObligationCreate(PartCreate):
        model, whole, form_class = Obligation, "contract", ObligationForm
        heading = gettext_lazy("Add a duty")

A part is seen and edited with its whole; saved, it leads back to the page of the whole.
"""

from __future__ import annotations

from typing import Any

from core.changes import ChangeLog, change_set
from core.models import ChangeSet, Record
from core.views.access import safe_next, visible_or_404
from core.views.generic import RecordDeleteView, RecordFormPage, RecordUpdateView


class PartPage:
    """What the pages of parts share. `whole` is the relation from the part to its whole."""

    whole = ""
    heading: Any = ""
    template_name: Any = "deals/part_form.html"
    request: Any
    object: Any
    owner: Any  # the record the part belongs to

    def home(self) -> str:
        return safe_next(self.request, self.owner.get_absolute_url())

    def follow(self, part: Any, log: ChangeLog) -> None:
        """What else happens in the same act."""

    def get_success_url(self, result: Any = None) -> str:
        return self.home()

    def get_cancel_url(self) -> str:
        return self.home()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            owner=self.owner, heading=self.heading, cancel_url=self.home(), **kwargs
        )


class PartCreate(PartPage, RecordFormPage):
    """Adds a part to the record of the address."""

    def prepare(self) -> None:
        model: Any = self.model._meta.get_field(self.whole).related_model
        self.owner = visible_or_404(self.request, model, self.kwargs["pk"], action="change")
        self.object = None

    def get_initial(self) -> dict[str, Any]:
        return {k: v for k, v in self.request.GET.items() if k in self.form_class.base_fields and v}

    def perform(self, form: Any, version: int | None) -> Any:
        with change_set(kind=ChangeSet.Kind.CREATE, actor=self.request.user) as log:
            part: Record = log.create(self.model(**{self.whole: self.owner}, **form.values()))
            self.follow(part, log)
        return part


class PartUpdate(PartPage, RecordUpdateView):
    """Changes a part."""

    def prepare(self) -> None:
        super().prepare()
        self.owner = getattr(self.object, self.whole)

    def perform(self, form: Any, version: int | None) -> ChangeSet | None:
        with change_set(kind=ChangeSet.Kind.EDIT, actor=self.request.user) as log:
            log.update(self.object, form.values(), expected_version=version)
            self.follow(self.object, log)
        return log.row if log.touched else None


class PartDelete(PartPage, RecordDeleteView):
    """Removes a part, with Undo."""

    template_name = "core/record_delete.html"

    def prepare(self) -> None:
        super().prepare()
        self.owner = getattr(self.object, self.whole)

    def perform(self) -> ChangeSet:
        with change_set(kind=ChangeSet.Kind.TRASH, actor=self.request.user) as log:
            log.trash(self.object)
            self.follow(self.object, log)
        return log.row
