"""Files stay short, templates stay clean, models are whole."""

import importlib
import re

import pytest
from django.contrib import admin
from django.db.models import Model
from factory import Factory

from tests.architecture.sources import APPS, ROOT, SOURCE_FOLDERS, our_models, python_files, shown, templates

LONGEST_FILE = 500
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)(?![^>]*application/json)", re.I),
    "inline style": re.compile(r"<style(?![^>]*\bnonce=)|\sstyle\s*=\s*[\"'{]", re.I),
    "inline event handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"'{]", re.I),
    "javascript: address": re.compile(r"(?:href|src|action)\s*=\s*[\"']\s*javascript:", re.I),
    "text marked safe": re.compile(r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape\s+off"),
    "hx- without data-": re.compile(r"(?<![\w-])hx-[a-z]+(?:[:\w-]*)\s*="),
    "file from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?:https?:)?//", re.I
    ),
}
# Rows that only a part of the product writes, never a person: no page in the admin.
WITHOUT_ADMIN: dict[str, str] = {"deals.DealTotal": "kept by triggers of the database"}


def test_no_file_is_too_long() -> None:
    lengths = {shown(path): len(path.read_text().splitlines()) for path in python_files(*SOURCE_FOLDERS)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_hold_none_of(what: str) -> None:
    found = [
        f"{shown(path)}:{number}: {line.strip()[:80]}"
        for path in templates()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if FORBIDDEN[what].search(re.sub(r"{#.*?#}", "", line))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "bad", "good"),
    [
        ("inline script", "<script>", '<script src="a.js" defer>'),
        ("inline script", '<script type="module">', '<script type="application/json" id="x">'),
        ("inline style", '<p style="color:red">', '<p data-style="x">'),
        ("inline event handler", '<a onclick="x()">', '<a data-on="x">'),
        ("javascript: address", '<a href="javascript:x()">', '<a href="/x">'),
        ("text marked safe", "{{ note|safe }}", "{{ note|safename }}"),
        ("hx- without data-", '<a hx-get="/x">', '<a data-hx-get="/x">'),
        ("file from elsewhere", '<script src="https://cdn.example/x.js">', '<a href="https://example.org">'),
    ],
)
def test_the_template_rules_catch_what_they_should(what: str, bad: str, good: str) -> None:
    assert FORBIDDEN[what].search(bad)
    assert not FORBIDDEN[what].search(good)


def factory_models() -> set[type[Model]]:
    """Every model that some factory builds."""
    built = set()
    for app in APPS:
        folder = ROOT / "tests" / "factories"
        if (folder / f"{app}.py").exists() or (folder / app).is_dir():
            for value in vars(importlib.import_module(f"tests.factories.{app}")).values():
                if isinstance(value, type) and issubclass(value, Factory):
                    built.add(value._meta.model)
    return built


def written_by_hand() -> list[type[Model]]:
    """Our models, without the tables Django makes for many-to-many fields."""
    return [model for model in our_models() if not model._meta.auto_created]


def test_every_model_has_a_factory() -> None:
    missing = set(written_by_hand()) - factory_models()
    assert sorted(model._meta.label for model in missing) == []


def test_every_model_is_in_the_admin_or_excused() -> None:
    inlined = {inline.model for configured in admin.site._registry.values() for inline in configured.inlines}
    known = set(admin.site._registry) | inlined
    missing = {model._meta.label for model in written_by_hand() if model not in known}
    assert missing - set(WITHOUT_ADMIN) == set()
    assert set(WITHOUT_ADMIN) - missing == set(), "these have an admin page by now"


def test_every_model_has_readable_names_and_text() -> None:
    poor = [
        model._meta.label for model in written_by_hand()
        if model.__str__ is Model.__str__ or "_" in str(model._meta.verbose_name)
    ]  # fmt: skip
    assert poor == []
