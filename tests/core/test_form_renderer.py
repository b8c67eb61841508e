"""Widgets written by Python are what Django's own templates write."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from core.form_renderer import WRITTEN, FormRenderer

NASTY = "<b>\"&'</b>"
CHOICES = [("", "–"), (1, NASTY), (NASTY, "plain"), (True, mark_safe("<i>ours</i>")), (1500, 1500)]
GROUPED = [("Group <1>", [("a", "A"), ("b", gettext_lazy("Yes"))]), ("c", "C")]
ATTRS = {"id": "x", "class": 'a "b"', "required": True, "disabled": False, "data-n": 1200, "title": NASTY}
CASES: list[tuple[forms.Widget, list[Any]]] = [
    (forms.TextInput(), ["", None, NASTY, 1234567, "Æ 王"]),
    (forms.EmailInput(), ["a@b.example"]),
    (forms.NumberInput(), [0, 1234.5, None]),
    (forms.PasswordInput(), ["secret"]),
    (forms.HiddenInput(), [7, ""]),
    (forms.URLInput(), ["https://a.example/?a=1&b=2"]),
    (forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), [date(2026, 11, 22), None]),
    (forms.CheckboxInput(), [True, False, None, "yes"]),
    (forms.FileInput(), [None]),
    (forms.Textarea(), [None, "", "\n two\nlines", NASTY]),
    (forms.Select(choices=CHOICES), [None, "", 1, NASTY, 1500]),
    (forms.Select(choices=GROUPED), ["b", "c", None]),
    (forms.NullBooleanSelect(), [True, None]),
    (forms.SelectMultiple(choices=GROUPED), [["a", "c"], [], None]),
    (forms.RadioSelect(choices=CHOICES), [None, 1]),
    (forms.CheckboxSelectMultiple(choices=GROUPED), [["a", "c"], None]),
]


def squeezed(html: str) -> str:
    """White space as a reader sees it: none between tags, one elsewhere."""
    return re.sub(r"> <", "><", re.sub(r"\s+", " ", html.strip()))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("widget", "values"), CASES, ids=lambda case: type(case).__name__)
def test_a_widget_is_what_its_template_writes(widget: forms.Widget, values: list[Any], language: str) -> None:
    assert widget.template_name in WRITTEN
    with override(language):
        for value in values:
            for attrs in ({}, ATTRS):
                ours = widget.render("na<me", value, attrs, renderer=FormRenderer())
                theirs = widget.render("na<me", value, attrs, renderer=TemplatesSetting())
                assert squeezed(ours) == squeezed(theirs)


def test_text_in_an_area_keeps_its_first_line_break() -> None:
    html = forms.Textarea().render("a", "\nx", {}, renderer=FormRenderer())
    assert html == '<textarea name="a" cols="40" rows="10">\n\nx</textarea>'


def test_a_widget_with_a_template_of_its_own_keeps_it() -> None:
    assert forms.ClearableFileInput.template_name not in WRITTEN
    assert 'type="file"' in forms.ClearableFileInput().render("a", None, {}, renderer=FormRenderer())
