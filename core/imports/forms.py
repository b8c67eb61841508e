"""What the pages of an import post, read into a mapping."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.importing.sniff import ENCODINGS
from core.imports import registry
from core.imports.plan import POLICIES

DELIMITERS = ((",", _("Comma")), (";", _("Semicolon")), ("\t", _("Tab")), ("|", _("Vertical bar")))
UNITS = (
    ("1", _("as they stand")),
    ("1000", _("thousands")),
    ("10000", _("ten thousands (万)")),
    ("1000000", _("millions")),
    ("100000000", _("hundred millions (亿)")),
    ("1000000000", _("billions")),
)
ORDERS = (("dmy", _("day first: 31/12/2026")), ("mdy", _("month first: 12/31/2026")))
SIGNS = ((".", _("point: 1,234.56")), (",", _("comma: 1.234,56")))


class UploadForm(forms.Form):
    """The file, and what it holds when the person wants to say so."""

    file = forms.FileField(
        label=_("File"),
        error_messages={"empty": _("The file is empty. Check that it was saved completely.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.vcf,text/csv,text/vcard"}),
    )
    target = forms.ChoiceField(label=_("What is in it"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", _("Find out from the file")), *targets_for(user)]  # type: ignore[attr-defined]


class ReadingForm(forms.Form):
    """How the file is read."""

    target = forms.ChoiceField(label=_("What is in it"))
    encoding = forms.ChoiceField(label=_("Characters"), required=False)
    delimiter = forms.ChoiceField(label=_("Columns are parted by"), required=False)
    header_row = forms.IntegerField(
        label=_("Row of the headers"),
        min_value=0,
        max_value=200,
        required=False,
        help_text=_("0: there are none"),
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(self, *args: Any, user: Any, reading: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["target"].choices = targets_for(user)
        fields["encoding"].choices = [
            ("", _("detected: %s") % reading["encoding"]),
            *((n, n) for n in ENCODINGS),
        ]
        names = dict(DELIMITERS)
        found = names.get(reading["delimiter"], reading["delimiter"])
        fields["delimiter"].choices = [("", _("detected: %s") % found), *DELIMITERS]
        fields["sheet"].choices = [(name, name) for name in reading["sheets"]]
        if reading["kind"] != "csv":
            del fields["encoding"], fields["delimiter"]
        if reading["kind"] == "vcf":
            del fields["header_row"]
        if len(reading["sheets"]) < 2:
            del fields["sheet"]

    def chosen(self) -> dict[str, Any]:
        """The options as an ImportRun keeps them."""
        names = ("encoding", "delimiter", "header_row", "sheet")
        data = {name: self.cleaned_data.get(name) for name in names}
        return {name: value for name, value in data.items() if value not in (None, "")}


def targets_for(user: Any) -> list[tuple[str, Any]]:
    """Kinds of records this person may import."""
    return [
        (importer.key, importer.label)
        for importer in registry.all_importers()
        if not importer.permission or user.has_perm(importer.permission)
    ]


def posted_mapping(data: QueryDict, headers: list[str], before: dict[str, Any]) -> dict[str, Any]:
    """The mapping a mapping page posts: inputs are named by the place of the column."""
    columns: dict[str, str] = {}
    formats: dict[str, dict[str, str]] = {}
    for place, header in enumerate(headers):
        key = data.get(f"column-{place}", "")
        if not key:
            continue
        columns[header] = key
        chosen = dict(before.get("formats", {}).get(header, {}))
        for name, allowed in (("date", ORDERS), ("decimal", SIGNS), ("unit", UNITS)):
            value = data.get(f"{name}-{place}", "")
            if value in dict(allowed):
                chosen[name] = value
        if chosen:
            formats[header] = chosen
    constants = {
        name.removeprefix("constant-"): value.strip()[:200]
        for name, value in data.items()
        if name.startswith("constant-") and isinstance(value, str) and value.strip()
    }
    policy = data.get("duplicates", "")
    return {
        "columns": columns,
        "formats": formats,
        "constants": constants,
        "values": before.get("values", {}),
        "duplicates": policy if policy in POLICIES else before.get("duplicates", "skip"),
        "fill": "overwrite" if data.get("fill") == "overwrite" else "empty",
        "match": data.getlist("match"),
        "options": before.get("options", {}),
    }


def posted_values(data: QueryDict, found: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Corrections: `fix-<column>-<place>` beside the value shown there."""
    values: dict[str, dict[str, str]] = {}
    for item in found:
        column = item["column"]
        for place, (text, _count) in enumerate(item["values"]):
            new = data.get(f"fix-{column.index}-{place}")
            if new is not None and new.strip() != text:
                values.setdefault(column.field.key, {})[text] = new.strip()[:200]
    return values
