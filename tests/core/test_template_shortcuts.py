"""Addresses and sentences that are worked out once read as Django's own."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.template.base import TemplateSyntaxError
from django.urls import NoReverseMatch, reverse, set_script_prefix
from django.utils.translation import override

from core.addresses import page_url, row_url


def render(source: str, **values: object) -> str:
    return Template("{% load i18n %}" + source).render(Context(values))


def test_addresses_are_those_of_reverse() -> None:
    assert row_url("customers:customer_detail", 7) == reverse("customers:customer_detail", args=[7])
    assert page_url("customers:customer_list") == reverse("customers:customer_list")
    source = (
        "{% url 'customers:customer_detail' pk %} {% url 'customers:customer_list' %}"
        " {% url 'customers:customer_detail' pk=pk %} {% url 'core:saved_view_list' 'customers' %}"
    )
    expected = [
        reverse("customers:customer_detail", args=[7]), reverse("customers:customer_list"),
        reverse("customers:customer_detail", args=[7]), reverse("core:saved_view_list", args=["customers"]),
    ]  # fmt: skip
    assert render(source, pk=7).split() == expected


def test_an_address_follows_the_prefix_of_the_site() -> None:
    set_script_prefix("/crm/")
    try:
        assert row_url("customers:customer_detail", 7).startswith("/crm/")
        assert page_url("customers:customer_list").startswith("/crm/")
    finally:
        set_script_prefix("/")
    assert render("{% url 'customers:customer_detail' 7 %}") == "/customers/7/"


def test_a_page_that_is_not_there_is_empty_or_an_error() -> None:
    assert render("{% url 'no_such_page' as found %}[{{ found }}]") == "[]"
    assert render("{% url 'no_such_page' 3 as found %}[{{ found }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        render("{% url 'no_such_page' %}")


def test_a_sentence_is_looked_up_in_each_language() -> None:
    template = Template(
        "{% load i18n %}{% translate 'Customers' %} {% trans 'Save' as word %}{{ word }} {% translate word %}"
    )
    for language, expected in (
        ("en", "Customers Save Save"),
        ("zh-hans", "客户 保存 保存"),
        ("en", "Customers Save Save"),
    ):
        with override(language):
            assert template.render(Context()) == expected


def test_other_forms_of_translate_stay_djangos() -> None:
    with override("zh-hans"):
        assert render("{% translate 'Name' context 'person' %}") != ""
        assert render("{% translate 'Save' noop %}") == "Save"
        assert render("{% translate 'Save'|upper %}") == render("{{ word|upper }}", word="保存")
        assert render("{% get_current_language as now %}{{ now }}") == "zh-hans"
    with pytest.raises(TemplateSyntaxError):
        render("{% translate %}")
