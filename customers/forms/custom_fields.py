"""Defining a custom field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import CustomField
from core.text import fold

WITH_CHOICES = (CustomField.Kind.CHOICE, CustomField.Kind.MULTI)
MOST_CHOICES = 200


class CustomFieldForm(forms.ModelForm):
    """The key and the kind are fixed once the field exists: values are stored by them."""

    options = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One in each line, for the kinds with choices."),
    )

    class Meta:
        model = CustomField
        fields = ("label", "key", "kind", "help_text", "required")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["options"].initial = "\n".join(str(choice) for choice in self.instance.choices)
        if self.instance.pk:
            del self.fields["key"]
            del self.fields["kind"]
        else:
            self.fields["key"].required = False
            self.fields["key"].help_text = _("Used in imports and exports. Empty: made from the name.")

    def clean_options(self) -> list[str]:
        lines = [" ".join(line.split())[:80] for line in self.cleaned_data["options"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))[:MOST_CHOICES]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind") or self.instance.kind
        if kind in WITH_CHOICES and not data.get("options"):
            self.add_error("options", _("Give at least one choice."))
        if not self.instance.pk and not data.get("key"):
            data["key"] = self._key_from(data.get("label", ""))
        return data

    def _key_from(self, label: str) -> str:
        """A free key made of the Latin letters of the name, else "field"."""
        bare = "".join(c if c.isascii() and c.isalnum() else "_" for c in fold(label)).strip("_")
        base = "_".join(part for part in bare.split("_") if part)[:34] or "field"
        base = base if base[0].isalpha() else f"field_{base}"[:34]
        taken = set(CustomField.objects.filter(model=self.instance.model).values_list("key", flat=True))
        return next(key for key in (base, *(f"{base}_{n}" for n in range(2, 1000))) if key not in taken)

    def _get_validation_exclusions(self) -> set[str]:
        # The key is unique among the fields of one kind of record, which the form does not show.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return excluded - {"model", "key"}

    def save(self, commit: bool = True) -> CustomField:
        kind = self.cleaned_data.get("kind") or self.instance.kind
        self.instance.choices = self.cleaned_data["options"] if kind in WITH_CHOICES else []
        if not self.instance.pk:
            self.instance.key = self.cleaned_data["key"]
        return super().save(commit=commit)
